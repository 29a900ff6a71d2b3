"""Decides about a radio: what is wrong with it, what to do next, for how long it received nothing."""
