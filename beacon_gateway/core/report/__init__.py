"""From what the log adds up to, to what a report shows."""
