"""Finds the commonest faults: each check takes what was seen of one thing and gives one finding."""
