"""Draws a bar of a day, and says its times."""

from itertools import groupby
from typing import Final

from beacon_gateway.adapters.web.server.words import say_plainly
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.monitoring.heartbeat_bar import Bar, Beat
from beacon_gateway.core.sentences.messages import say

BEAT_WIDTH: Final = 4
"""Width of a half hour, with the gap after it."""
LEGEND: Final = tuple(Beat)
_MINUTE_S: Final = 60
_HOUR_S: Final = 3600


def bar_words(bar: Bar, language: Language, phrases: str = "bar") -> str:
    """Return a bar in words: what it comes to, without what there was none of. `phrases` is how their names begin."""
    parts = (("heard", bar.heard), ("silent", bar.silent), ("deaf", bar.deaf), ("unknown", bar.unknown))
    told = [
        say_plainly(language, f"{phrases}.{what}", time=_time(seconds, language))
        for what, seconds in parts
        if seconds >= _MINUTE_S
    ]
    return say("bar.and", language).join(told)


def bar_lines(bar: Bar) -> list[tuple[str, str]]:
    """Return one class and path for each kind of beat: a line along each of its runs, cut into beats by the style."""
    paths: dict[Beat, str] = {}
    place = 0
    for beat, members in groupby(bar.beats):
        length = len(list(members))
        paths[beat] = paths.get(beat, "") + _path(place, length)
        place += length
    return [(beat.value, path) for beat, path in paths.items()]


def legend() -> list[tuple[str, str]]:
    """Return class and path of a sample of each kind."""
    return [(beat.value, _path(0, 2)) for beat in LEGEND]


def _time(seconds: float, language: Language) -> str:
    """Return minutes, or hours to a tenth."""
    if seconds < _HOUR_S:
        return say_plainly(language, "ago.minutes", count=int(seconds // _MINUTE_S))
    return say_plainly(language, "ago.hours", count=f"{seconds / _HOUR_S:.1f}".removesuffix(".0"))


def _path(place: int, length: int) -> str:
    return f"M{place * BEAT_WIDTH} 8h{length * BEAT_WIDTH - 1}"
