"""What waits to be written: in order, and never more rows than fit."""

from collections import deque
from typing import Final

from beacon_gateway.core.log.logged import LoggedMinute, Record

MAX_BACKLOG_ROWS: Final = 50_000
"""Half a day of fifty beacons, 20 MB. A minute is a row, and one for each beacon that was heard in it."""


class Backlog:
    """Drops the oldest when it is full."""

    def __init__(self) -> None:
        self._waiting: deque[Record] = deque()
        self.rows = 0
        self.dropped = 0
        """Rows, since the beginning."""

    def put(self, record: Record) -> None:
        self._waiting.append(record)
        self.rows += _rows(record)
        self._keep_within()

    def take(self, most: int | None = None) -> list[Record]:
        """Return so many of the oldest, or all, oldest first; they are not here any more."""
        if most is None:
            batch = list(self._waiting)
            self._waiting.clear()
            self.rows = 0
            return batch
        batch = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
        self.rows -= sum(map(_rows, batch))
        return batch

    def drop_oldest(self) -> str:
        """Lose the oldest record, and count its rows; return its kind."""
        record = self._waiting.popleft()
        self.rows -= _rows(record)
        self.dropped += _rows(record)
        return type(record).__name__

    def put_back(self, batch: list[Record]) -> None:
        """Put what was taken before what came since."""
        self._waiting.extendleft(reversed(batch))
        self.rows += sum(map(_rows, batch))
        self._keep_within()

    def _keep_within(self) -> None:
        while self.rows > MAX_BACKLOG_ROWS:
            self.drop_oldest()


def _rows(record: Record) -> int:
    return 1 + len(record.heard) if isinstance(record, LoggedMinute) else 1
