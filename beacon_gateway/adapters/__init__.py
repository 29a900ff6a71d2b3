"""Touches the outside, one thing and one third-party library each. Knows core only."""
