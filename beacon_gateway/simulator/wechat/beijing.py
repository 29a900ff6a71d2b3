"""Days as WeChat counts them: unix seconds of 00:00 in Asia/Shanghai.

The official pages never name the zone, but every day stamp in their samples (1425052800, 1438704000, 1435075200) is a
midnight at UTC+8. China keeps no summer time, so a fixed offset says it all.
"""

from datetime import UTC, datetime, timedelta

SECONDS_A_DAY = 86_400
BEIJING_OFFSET_S = 8 * 3_600


def midnight(when: float) -> int:
    """The midnight that begins the day of `when`."""
    return int((when + BEIJING_OFFSET_S) // SECONDS_A_DAY * SECONDS_A_DAY) - BEIJING_OFFSET_S


def month(when: float) -> tuple[int, int]:
    """Year and calendar month of `when`."""
    local = datetime.fromtimestamp(when, UTC) + timedelta(seconds=BEIJING_OFFSET_S)
    return local.year, local.month
