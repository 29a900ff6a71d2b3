"""One step of the low-pass that smooths levels and rates, for those that are asked less often than the tracker.

`Tracker.hear` has the same step written out: it runs for every advertisement, and a call would cost a twentieth more.
"""


def smoothed(level: float, sample: float, gap: float, time_constant: float) -> float:
    """Return the level after a sample that came `gap` seconds after the last one; `gap` may be infinite.

    An implicit Euler step: it needs no exp() and never overshoots, however long the gap.
    """
    return level + (sample - level) * (1 - time_constant / (gap + time_constant))
