"""How often each path of WeChat's API was called this Beijing day, and which paths take no more calls.

An account's real limits are unpublished: what can be told is what was used, and which path was refused. WeChat counts
for the account; two processes with one appid each count their own calls only.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from beacon_gateway.core.model.beijing import beijing_day, beijing_midnight, next_beijing_midnight

ROLL_OVER: Final = timedelta(minutes=15)
"""That WeChat counts anew at midnight is inferred, and clocks differ: a path that is refused shortly after midnight is
tried again when this has passed, and not given up for another day."""
LONGEST_PARK: Final = timedelta(days=1)


class Quota:
    """Calls by Beijing day and path, and the paths that are parked. Moments are aware."""

    def __init__(self) -> None:
        self._calls: dict[date, Counter[str]] = {}
        self._parked: dict[str, datetime] = {}

    def count(self, path: str, at: datetime) -> None:
        self.add(beijing_day(at), path, 1)

    def add(self, day: date, path: str, calls: int) -> None:
        """Count calls that were made before; days that have passed are forgotten."""
        if day not in self._calls:
            self._calls = {known: counts for known, counts in self._calls.items() if known >= day - timedelta(days=1)}
        self._calls.setdefault(day, Counter())[path] += calls

    def used(self, at: datetime) -> Mapping[str, int]:
        """Return the calls of each path on the day of a moment."""
        return dict(self._calls.get(beijing_day(at), {}))

    def park(self, path: str, at: datetime) -> datetime:
        """Take a path out of use, because WeChat refused it (45009); return the moment (UTC) at which it is back."""
        free = beijing_midnight(beijing_day(at)) + ROLL_OVER
        until = free if at < free else next_beijing_midnight(at)
        self._parked[path] = until
        return until

    def remember(self, parked: Iterable[tuple[str, datetime]]) -> None:
        """Take in what was parked before a restart."""
        self._parked.update(parked)

    def parked_until(self, path: str, at: datetime) -> datetime | None:
        """Return until when a path takes no calls, None if it takes them."""
        until = self._parked.get(path)
        # A park that would last for more than a day is from when the clock was wrong.
        return until if until and at < until <= at + LONGEST_PARK else None

    def parked(self, at: datetime) -> Mapping[str, datetime]:
        """Return every path that takes no calls, and until when."""
        return {path: until for path in self._parked if (until := self.parked_until(path, at))}
