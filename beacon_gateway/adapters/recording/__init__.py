"""Recorded radio: one file, written while the air is heard and read back at a desk. Its form: docs/recording.md."""
