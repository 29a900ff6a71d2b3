"""What the log keeps, when it was, and what it adds up to."""
