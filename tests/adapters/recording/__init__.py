"""Recorded radio: what is kept of it, and what becomes of a file that is not whole."""
