"""What waits to be written: in order, and never more rows than fit."""

from collections import deque
from typing import Final

from beacon_gateway.core.log.logged import LoggedMinute, Record

MOST_ROWS: Final = 50_000
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
        self._drop_oldest()

    def take(self) -> list[Record]:
        """Give all of it, oldest first, and be empty."""
        batch = list(self._waiting)
        self._waiting.clear()
        self.rows = 0
        return batch

    def put_back(self, batch: list[Record]) -> None:
        """Put what was taken before what came since."""
        self._waiting.extendleft(reversed(batch))
        self.rows += sum(map(_rows, batch))
        self._drop_oldest()

    def _drop_oldest(self) -> None:
        while self.rows > MOST_ROWS:
            lost = _rows(self._waiting.popleft())
            self.rows -= lost
            self.dropped += lost


def _rows(record: Record) -> int:
    return 1 + len(record.heard) if isinstance(record, LoggedMinute) else 1
