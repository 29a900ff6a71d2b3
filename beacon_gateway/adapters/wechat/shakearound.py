"""Shake Nearby's pages, devices and relations as a binding target.

"Device" is WeChat's word for a beacon, and stays in this file. `device/bindpage` replaces a device's whole set of
pages; `relation/search` is the only call that tells what is bound.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

from beacon_gateway.adapters.wechat.client import Client, Upload
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.plan import mark
from beacon_gateway.core.store import OwnPage
from beacon_gateway.core.target import Existing, ExistingPage, PageRef, Refused, TryLater

LIST_LENGTH: Final = 50
"""Rows of one answer at most (errors 9001024 and 9001030 above it)."""

Row = Mapping[str, Any]


class Shakearound:
    """One account's pages and bindings. Remembers ids, icons and where lists went on from its last `read`."""

    def __init__(self, client: Client, icon: Callable[[OwnPage], bytes]) -> None:
        self._client, self._icon = client, icon
        self._device_ids: dict[BeaconKey, int] = {}
        self._icons: dict[PageRef, tuple[str, str]] = {}
        """Mark and icon address of each page as last read."""
        self._went_on_after: tuple[int, ...] = (0,)
        """The device id that each answer of the last list of devices began after."""

    async def read(self) -> Existing:
        """Read everything: ⌈devices/50⌉ + ⌈pages/50⌉ calls, and one for each 50 devices of each page."""
        async with _together() as tasks:
            reading_pages = tasks.create_task(self._read_pages())
            reading_devices = tasks.create_task(self._read_devices())
        pages, (bindings, last_active) = reading_pages.result(), reading_devices.result()
        async with _together() as tasks:
            relations = [tasks.create_task(self._devices_of(ref)) for ref in pages]
        for relation in relations:
            for key, ref in relation.result():
                bindings.setdefault(key, set()).add(ref)
        return Existing(pages, {key: frozenset(refs) for key, refs in bindings.items()}, last_active)

    async def read_back(self, beacons: Sequence[BeaconKey], pages: Sequence[PageRef]) -> Existing:
        """Read only these: one call a beacon, one for each 50 pages."""
        found: dict[PageRef, ExistingPage] = {}
        for start in range(0, len(pages), LIST_LENGTH):
            ids = [int(ref) for ref in pages[start : start + LIST_LENGTH]]
            data = await self._data("/shakearound/page/search", {"type": 1, "page_ids": ids})
            found.update(self._remember(row) for row in _rows(data, "pages"))
        async with _together() as tasks:
            reads = {key: tasks.create_task(self._pages_of(key)) for key in beacons}
        return Existing(found, {key: read.result() for key, read in reads.items()})

    async def make_page(self, page: OwnPage) -> PageRef:
        body = {**_body(page), "icon_url": await self._upload(page)}
        data = await self._data("/shakearound/page/add", body)
        return PageRef(str(_number(data, "page_id")))

    async def edit_page(self, ref: PageRef, page: OwnPage) -> None:
        """Overwrite a page in full; the icon is uploaded again only if its content changed."""
        old_mark, icon_url = self._icons.get(ref, ("", ""))
        if old_mark != mark(page):
            icon_url = await self._upload(page)
        await self._data("/shakearound/page/update", {**_body(page), "icon_url": icon_url, "page_id": int(ref)})

    async def bind(self, beacon: BeaconKey, pages: Iterable[PageRef]) -> None:
        """Make a device's pages exactly these; an empty set clears it."""
        body = {"device_identifier": self._identifier(beacon), "page_ids": sorted(int(ref) for ref in pages)}
        await self._data("/shakearound/device/bindpage", body)

    async def _read_pages(self) -> dict[PageRef, ExistingPage]:
        """Read all pages. They are paged by offset: one deleted meanwhile shifts another out of sight."""
        found: dict[PageRef, ExistingPage] = {}
        total = 0
        while True:
            body = {"type": 2, "begin": len(found), "count": LIST_LENGTH}
            data = await self._data("/shakearound/page/search", body)
            rows = _rows(data, "pages")
            total = _number(data, "total_count")
            before = len(found)
            found.update(self._remember(row) for row in rows)
            if len(rows) < LIST_LENGTH or len(found) in (before, total):
                break
        if len(found) != total:
            raise TryLater(f"page/search lists {len(found)} pages and counts {total}")
        return found

    async def _read_devices(self) -> tuple[dict[BeaconKey, set[PageRef]], dict[BeaconKey, datetime | None]]:
        """Read all devices: the keys, yet without pages, and when each was last shaken.

        `total_count` counts the account, whatever was asked. Each answer begins after the last device of the one
        before: so they would come one by one. All that the last list took are asked for at once; an answer that ends
        elsewhere than then is followed from where it ends.
        """
        async with _together() as tasks:
            asked = {begin: tasks.create_task(self._devices_after(begin)) for begin in self._went_on_after}
        went_on_after: list[int] = []
        found: dict[BeaconKey, set[PageRef]] = {}
        last_active: dict[BeaconKey, datetime | None] = {}
        last_seen = total = 0
        while True:
            data = asked[last_seen].result() if last_seen in asked else await self._devices_after(last_seen)
            went_on_after.append(last_seen)
            rows = _rows(data, "devices")
            total = _number(data, "total_count")
            before = len(found)
            for row in rows:
                key = _key(row)
                found[key] = set()
                self._device_ids[key] = _number(row, "device_id")
                if "last_active_time" in row:
                    last_active[key] = _moment(row, "last_active_time")
            if len(rows) < LIST_LENGTH or len(found) in (before, total):
                break
            last_seen = max(_number(row, "device_id") for row in rows)
        if len(found) != total:
            raise TryLater(f"device/search lists {len(found)} devices and counts {total}")
        self._went_on_after = tuple(went_on_after)
        return found, last_active

    async def _devices_after(self, device_id: int) -> Row:
        body = {"type": 2, "last_seen": device_id, "count": LIST_LENGTH}
        return await self._data("/shakearound/device/search", body)

    async def _devices_of(self, ref: PageRef) -> list[tuple[BeaconKey, PageRef]]:
        return [(_key(row), ref) async for row in self._relations_of_page(ref)]

    async def _relations_of_page(self, ref: PageRef) -> AsyncIterator[Row]:
        begin = 0
        while True:
            body = {"type": 2, "page_id": int(ref), "begin": begin, "count": LIST_LENGTH}
            data = await self._data("/shakearound/relation/search", body)
            rows = _rows(data, "relations")
            for row in rows:
                yield row
            begin += len(rows)
            total = _number(data, "total_count")
            if len(rows) < LIST_LENGTH or begin >= total:
                break
        if begin != total:
            raise TryLater(f"relation/search lists {begin} devices of page {ref} and counts {total}")

    async def _pages_of(self, key: BeaconKey) -> frozenset[PageRef]:
        body = {"type": 1, "device_identifier": self._identifier(key)}
        data = await self._data("/shakearound/relation/search", body)
        return frozenset(PageRef(str(_number(row, "page_id"))) for row in _rows(data, "relations"))

    async def _upload(self, page: OwnPage) -> str:
        try:
            content = await asyncio.to_thread(self._icon, page)
        except OSError as error:
            raise Refused(f"the icon {page.icon} of page {page.slug} went away") from error
        file = Upload(PurePath(page.icon).name, content)
        address = _data_of(await self._client.upload("/shakearound/material/add", "icon", file)).get("pic_url")
        if not isinstance(address, str) or not address:
            raise TryLater("an answer without the icon's address")
        return address

    async def _data(self, path: str, body: Mapping[str, Any]) -> Row:
        return _data_of(await self._client.call(path, body))

    def _remember(self, row: Row) -> tuple[PageRef, ExistingPage]:
        ref = PageRef(str(_number(row, "page_id")))
        comment = str(row.get("comment", ""))
        self._icons[ref] = (comment, str(row.get("icon_url", "")))
        return ref, ExistingPage(
            title=str(row.get("title", "")),
            description=str(row.get("description", "")),
            url=str(row.get("page_url", "")),
            mark=comment,
        )

    def _identifier(self, key: BeaconKey) -> dict[str, object]:
        if key in self._device_ids:
            return {"device_id": self._device_ids[key]}
        return {"uuid": str(key.uuid).upper(), "major": key.major, "minor": key.minor}


@asynccontextmanager
async def _together() -> AsyncIterator[asyncio.TaskGroup]:
    """Run tasks side by side; the first that fails ends them all, with its own error and not a group."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None


def _body(page: OwnPage) -> dict[str, object]:
    return {
        "title": page.title,
        "description": page.description,
        "page_url": page.url,
        "comment": mark(page),
    }


def _data_of(answer: Row) -> Row:
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def _rows(data: Row, name: str) -> list[Row]:
    """Give the rows of a list; an answer without one was not understood, and is never "nothing there"."""
    rows = data.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TryLater(f"an answer without {name}")
    return rows


def _number(row: Row, name: str) -> int:
    """Read a number that may come as a string."""
    try:
        return int(row[name])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise TryLater(f"an answer without a number as {name}") from error


def _moment(row: Row, name: str) -> datetime | None:
    """Read Unix seconds; 0, nothing and nonsense are "never": nothing is decided by it but a word for staff."""
    try:
        return datetime.fromtimestamp(int(row[name]), UTC) if int(row[name]) > 0 else None
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def _key(row: Row) -> BeaconKey:
    try:
        return BeaconKey(UUID(str(row["uuid"])), _number(row, "major"), _number(row, "minor"))
    except (KeyError, ValueError) as error:
        raise TryLater("an answer with a device that has no UUID") from error
