"""Seconds as they stand in the log."""


def milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
