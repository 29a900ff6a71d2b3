"""Reading WeChat's lists whole, however many answers they take; a list that is not whole is a `TryLater`."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from beacon_gateway.adapters.wechat.answers import Row, number, rows_of
from beacon_gateway.core.target import TryLater

LIST_LENGTH: Final = 50
"""Rows of one answer at most, for devices, pages and relations (errors 9001024 and 9001030 above it)."""
GROUP_LENGTH: Final = 1_000
"""The same for groups, and for the devices that are put in or taken out at once (9001052, 9001053)."""

MAX_LIST_ROWS: Final = 200_000
"""Twice what any account may have; an answer that counts more would be followed for ever."""

Item = TypeVar("Item")

Found = Mapping[int, Row]
"""The rows so far, by id, as they came."""


def blocks(items: Sequence[Item], length: int = LIST_LENGTH) -> Iterator[Sequence[Item]]:
    """Cut what is too long for one call."""
    return (items[start : start + length] for start in range(0, len(items), length))


async def counted_list(
    ask: Callable[[Found], Awaitable[Row]], name: str, identity: str, *, length: int = LIST_LENGTH
) -> list[Row]:
    """Read a list whose answers say in `total_count` how long all of it is.

    `ask` gives the `data` that follows on what was found. Where lists are paged by offset, a row deleted meanwhile
    shifts another out of sight; a count that changes tells.
    """
    found: dict[int, Row] = {}
    counted: int | None = None
    while True:
        data = await ask(found)
        rows, total, before = rows_of(data, name), number(data, "total_count", MAX_LIST_ROWS), len(found)
        if counted not in (None, total):
            raise TryLater(f"WeChat's {name} changed from {counted} to {total} while they were read")
        counted = total
        found.update((number(row, identity), row) for row in rows)
        if len(rows) < length or len(found) in (before, total):
            break
    if len(found) != total:
        raise TryLater(f"WeChat lists {len(found)} {name} and counts {total}")
    return [*found.values()]


async def uncounted_list(ask: Callable[[Found, int], Awaitable[Row]], name: str, identity: str) -> list[Row]:
    """Read a list whose `total_count` may count something larger, until an answer is empty.

    `ask` gives the `data` that follows on what was found, and is told how many answers there were so far.
    """
    found: dict[int, Row] = {}
    answers = 0
    while True:
        data = await ask(found, answers)
        answers += 1
        rows, before = rows_of(data, name), len(found)
        found.update((number(row, identity), row) for row in rows)
        if not rows or len(found) == data.get("total_count"):
            return [*found.values()]
        if len(found) > MAX_LIST_ROWS:
            raise TryLater(f"WeChat lists more than {MAX_LIST_ROWS:,} {name}")
        if len(found) == before:
            raise TryLater(f"WeChat lists the same {name} again and again")
