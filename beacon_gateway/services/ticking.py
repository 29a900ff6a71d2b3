"""Ticks that fall together: what sleeps until the next one wakes the processor when it is awake anyway.

Timers of 3, 6 and 60 s that tick at whole multiples share their wake-ups: a gateway that hears nothing sleeps.
"""

import asyncio


def until_tick(period: float) -> float:
    """Return the seconds until the event loop's clock shows a whole multiple of `period` again, more than none."""
    return period - asyncio.get_running_loop().time() % period
