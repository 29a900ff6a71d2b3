"""Pretends to be the outside world: the radio and WeChat."""
