"""Reads all that an account holds: devices, pages, and which page is bound to which device."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from beacon_gateway.adapters.wechat.client import Client
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.inventory import Inventory, ListedBeacon, ListedPage
from beacon_gateway.core.target import TryLater

LIST_LENGTH: Final = 50
"""Rows of one answer at most (errors 9001024 and 9001030 above it)."""

Row = Mapping[str, Any]


class AccountReader:
    """One account. Every list is counted against what WeChat says its length is: half an account is no account."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def read(self) -> Inventory:
        """Read everything: ⌈devices/50⌉ + ⌈pages/50⌉ calls, and one for each 50 devices of each page."""
        async with _together() as tasks:
            reading_beacons, reading_pages = tasks.create_task(self.beacons()), tasks.create_task(self.pages())
        beacons, pages = reading_beacons.result(), reading_pages.result()
        async with _together() as tasks:
            shown = [(page, tasks.create_task(self._devices_of(page.number))) for page in pages]
        bindings: dict[BeaconKey, list[int]] = {beacon.key: [] for beacon in beacons}
        for page, keys in shown:
            for key in keys.result():
                if key not in bindings:
                    raise TryLater(f"page {page.number} is bound to {key}, which the list of devices does not name")
                bindings[key].append(page.number)
        return Inventory(tuple(beacons), tuple(pages), {key: tuple(sorted(set(n))) for key, n in bindings.items()})

    async def beacons(self) -> list[ListedBeacon]:
        """Read all devices, ascending."""
        found: dict[int, ListedBeacon] = {}
        last_seen = total = 0
        while True:
            data = await self._data(
                "/shakearound/device/search", {"type": 2, "last_seen": last_seen, "count": LIST_LENGTH}
            )
            rows, total = rows_of(data, "devices"), number_of(data, "total_count")
            before = len(found)
            found.update((beacon.number, beacon) for beacon in map(beacon_of, rows))
            if len(rows) < LIST_LENGTH or len(found) == before:
                break
            last_seen = max(found)
        if len(found) != total:
            raise TryLater(f"device/search lists {len(found)} devices and counts {total}")
        return [found[number] for number in sorted(found)]

    async def pages(self) -> list[ListedPage]:
        """Read all pages, ascending."""
        rows = await self._paged("/shakearound/page/search", {}, "pages")
        found = {page.number: page for page in map(_page_of, rows)}
        if len(found) != len(rows):
            raise TryLater("page/search lists a page twice: the list shifted while it was read")
        return [found[number] for number in sorted(found)]

    async def counts(self) -> tuple[int, int]:
        """Give how many devices and how many pages there are, from the shortest lists that WeChat gives."""
        devices = await self._data("/shakearound/device/search", {"type": 2, "last_seen": 0, "count": 1})
        pages = await self._data("/shakearound/page/search", {"type": 2, "begin": 0, "count": 1})
        return number_of(devices, "total_count"), number_of(pages, "total_count")

    async def _devices_of(self, page: int) -> list[BeaconKey]:
        rows = await self._paged("/shakearound/relation/search", {"page_id": page}, "relations")
        return [key_of(row) for row in rows]

    async def _paged(self, path: str, body: Mapping[str, Any], name: str) -> list[Row]:
        """Read a list that is paged by offset: a row deleted meanwhile shifts another out of sight."""
        found: list[Row] = []
        while True:
            data = await self._data(path, {"type": 2, **body, "begin": len(found), "count": LIST_LENGTH})
            rows, total = rows_of(data, name), number_of(data, "total_count")
            found += rows
            if len(rows) < LIST_LENGTH or len(found) >= total:
                break
        if len(found) != total:
            raise TryLater(f"{path} lists {len(found)} {name} and counts {total}")
        return found

    async def _data(self, path: str, body: Mapping[str, Any]) -> Row:
        return data_of(await self._client.read(path, body))


@asynccontextmanager
async def _together() -> AsyncIterator[asyncio.TaskGroup]:
    """Run tasks side by side; the first that fails ends them all, with its own error and not a group."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None


def data_of(answer: Row) -> Row:
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def rows_of(data: Row, name: str) -> list[Row]:
    """Give the rows of a list; an answer without one was not understood, and is never "nothing there"."""
    rows = data.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TryLater(f"an answer without {name}")
    return rows


def number_of(row: Row, name: str) -> int:
    """Read a number that may come as a string."""
    try:
        return int(row[name])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise TryLater(f"an answer without a number as {name}") from error


def key_of(row: Row) -> BeaconKey:
    try:
        return BeaconKey(UUID(str(row["uuid"])), number_of(row, "major"), number_of(row, "minor"))
    except (KeyError, ValueError) as error:
        raise TryLater("an answer with a device that has no UUID") from error


def beacon_of(row: Row) -> ListedBeacon:
    last_active = _moment(row, "last_active_time")
    return ListedBeacon(
        number=number_of(row, "device_id"),
        key=key_of(row),
        comment=_text(row, "comment"),
        activated=str(row.get("status", 0)) not in {"0", ""} or last_active is not None,
        last_active=last_active,
    )


def _page_of(row: Row) -> ListedPage:
    return ListedPage(
        number=number_of(row, "page_id"),
        title=_text(row, "title"),
        description=_text(row, "description"),
        url=_text(row, "page_url"),
        icon_url=_text(row, "icon_url"),
        comment=_text(row, "comment"),
    )


def _text(row: Row, name: str) -> str:
    """Give a text that can be written: half of a surrogate pair cannot."""
    return str(row.get(name) or "").encode("utf-8", "replace").decode()


def _moment(row: Row, name: str) -> datetime | None:
    """Read Unix seconds; 0, nothing and nonsense are "never": nothing is decided by it."""
    try:
        seconds = int(row[name])
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None
