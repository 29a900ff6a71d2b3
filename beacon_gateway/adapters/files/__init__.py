"""The files that people write: reads YAML with the place of every word, says what is wrong, notices changes."""
