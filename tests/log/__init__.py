"""Structured events on standard error."""
