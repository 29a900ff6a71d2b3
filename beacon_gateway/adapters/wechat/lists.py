"""Reading WeChat's lists whole, however many answers they take; a list that is not whole is a `TryLater`.

A single row that cannot be understood is its own trouble: it is counted, reported with its place, and never taken for
"nothing there". Several one after another are the whole list's.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from beacon_gateway.adapters.wechat.transport.answers import Row, number, rows_of
from beacon_gateway.core.bindings.history.circuit_breaker import CircuitBreaker
from beacon_gateway.core.bindings.target import TryLater

ROWS_PER_LIST: Final = 50
"""Rows of one answer at most, for devices, pages and relations (errors 9001024 and 9001030 above it)."""

MAX_LIST_ROWS: Final = 200_000
"""Twice what any account may have; an answer that counts more would be followed for ever."""

Item = TypeVar("Item")
Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class UnidentifiedRow:
    """A row of which it cannot be read whose it is."""

    place: int
    """In its list, from 1."""
    row: Row
    error: TryLater


class RowCollector(Generic[Name]):
    """The rows of a list so far."""

    def __init__(self, name: Callable[[Row], Name]) -> None:
        self._name = name
        self._breaker = CircuitBreaker()
        self.rows: dict[Name, Row] = {}
        """By name, as they came."""
        self.nameless: list[UnidentifiedRow] = []

    def __len__(self) -> int:
        return len(self.rows) + len(self.nameless)

    def take(self, rows: Iterable[Row]) -> bool:
        """Add an answer's rows; return True if one is new. Raises TryLater where several in a row have no name."""
        before = len(self.rows)
        for row in rows:
            try:
                name = self._name(row)
            except TryLater as error:
                self._breaker.met(error)
                self.nameless.append(UnidentifiedRow(len(self) + 1, row, error))
            else:
                self._breaker.answered()
                self.rows[name] = row
        return len(self.rows) > before

    def without_nameless_end(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows up to the last one with a name: what follows on that begins with the others again."""
        end = len(rows)
        while end and not self._has_name(rows[end - 1]):
            end -= 1
        return rows[:end]

    def _has_name(self, row: Row) -> bool:
        try:
            self._name(row)
        except TryLater:
            return False
        return True


@dataclass(frozen=True, slots=True)
class ParsedRows(Generic[Name, Item]):
    """What the rows of a list say."""

    items: Mapping[Name, Item]
    unread: Mapping[Name, TryLater]
    """Rows with a name and something that makes no sense."""
    nameless: Sequence[UnidentifiedRow]

    def whole(self) -> list[Item]:
        """Return all items. Raises TryLater where a row could not be read."""
        for error in (*self.unread.values(), *(row.error for row in self.nameless)):
            raise error
        return [*self.items.values()]


def blocks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Cut what is too long for one call."""
    return (items[start : start + ROWS_PER_LIST] for start in range(0, len(items), ROWS_PER_LIST))


def by_number(name: str) -> Callable[[Row], int]:
    """Return what reads a row's name where that is a number. It raises TryLater."""
    return lambda row: number(row, name)


def understood(found: RowCollector[Name], read: Callable[[Row], Item]) -> ParsedRows[Name, Item]:
    """Read each row. Raises TryLater where several one after another make no sense: that is the whole list's."""
    breaker = CircuitBreaker()
    items: dict[Name, Item] = {}
    unread: dict[Name, TryLater] = {}
    for name, row in found.rows.items():
        try:
            items[name] = read(row)
        except TryLater as error:
            breaker.met(error)
            unread[name] = error
        else:
            breaker.answered()
    return ParsedRows(items, unread, found.nameless)


async def counted_list(
    ask: Callable[[RowCollector[Name]], Awaitable[Row]], rows_in: str, name: Callable[[Row], Name]
) -> RowCollector[Name]:
    """Read a list whose answers say in `total_count` how long all of it is.

    `ask` gives the `data` that follows on what was found: by its length, or by the last name. Where lists are paged by
    offset, a row deleted meanwhile shifts another out of sight; a count that changes tells.
    """
    found = RowCollector(name)
    counted: int | None = None
    while True:
        data = await ask(found)
        rows, total = rows_of(data, rows_in), number(data, "total_count", MAX_LIST_ROWS)
        if counted not in (None, total):
            raise TryLater(f"WeChat's {rows_in} changed from {counted} to {total} while they were read")
        counted = total
        is_full = len(rows) >= ROWS_PER_LIST
        brought_new = found.take(found.without_nameless_end(rows) if is_full else rows)
        if not (is_full and brought_new) or len(found) >= total:
            break
    if len(found) != total:
        raise TryLater(f"WeChat lists {len(found)} {rows_in} and counts {total}")
    return found


async def uncounted_list(
    ask: Callable[[RowCollector[Name], int], Awaitable[Row]],
    rows_in: str,
    name: Callable[[Row], Name],
    *,
    by_name: bool,
) -> RowCollector[Name]:
    """Read a list whose `total_count` may count something larger, until an answer is empty.

    `ask` gives the `data` that follows on what was found, and is told how many answers there were so far; `by_name`
    says that it follows on the last name.
    """
    found = RowCollector(name)
    answers = 0
    while True:
        data = await ask(found, answers)
        answers += 1
        rows = rows_of(data, rows_in)
        named = found.without_nameless_end(rows)
        brought_new = found.take(named if by_name and named else rows)
        if not rows or len(found) == data.get("total_count") or not named:
            return found
        if len(found) > MAX_LIST_ROWS:
            raise TryLater(f"WeChat lists more than {MAX_LIST_ROWS:,} {rows_in}")
        if not brought_new:
            raise TryLater(f"WeChat lists the same {rows_in} again and again")
