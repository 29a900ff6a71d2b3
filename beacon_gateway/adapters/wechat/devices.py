"""Devices: WeChat's word for the beacons that it allocated to an account."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from beacon_gateway.adapters.wechat.lists import (
    ROWS_PER_LIST,
    RowCollector,
    by_number,
    counted_list,
    uncounted_list,
    understood,
)
from beacon_gateway.adapters.wechat.reviews import Review, read_review
from beacon_gateway.adapters.wechat.transport.answers import (
    Row,
    beacon_key,
    data_of,
    moment,
    number,
    number_or_none,
    text,
)
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.core.bindings.target import TargetError
from beacon_gateway.core.model.ibeacon import BeaconKey

SEARCH: Final = "/shakearound/device/search"
BIND_PAGE: Final = "/shakearound/device/bindpage"
APPLY: Final = "/shakearound/device/applyid"
APPLY_STATUS: Final = "/shakearound/device/applystatus"

ALL: Final = 2
BY_BATCH: Final = 3

DeviceName = int | BeaconKey
"""A `device_id`, which WeChat prefers, or the key that the beacon sends."""


@dataclass(frozen=True, slots=True)
class WeChatDevice:
    device_id: int
    key: BeaconKey
    comment: str
    activated: bool
    """Whether customers have shaken it; WeChat counts at night."""
    last_active: datetime | None
    """When a customer last shook it (aware), a day late; None for never."""
    dated: bool
    """Whether WeChat reported `last_active` at all: the interface of 2015 does not."""


@dataclass(frozen=True, slots=True)
class ListedDevices:
    """All devices of an account."""

    devices: Sequence[WeChatDevice]
    unread: Mapping[int, TargetError]
    """Those of which the key or another field makes no sense, by `device_id`, and why."""
    nameless: Mapping[int, TargetError]
    """Those of which the `device_id` makes no sense, by their place in the list, from 1, and why."""


class DeviceCalls:
    """The devices of one account."""

    def __init__(self, client: WeChatClient) -> None:
        self._client = client
        self._went_on_after: tuple[int, ...] = (0,)
        """The device id that each answer of the last list began after."""

    async def all(self) -> Sequence[WeChatDevice]:
        """Read every device that can be read; see `listed`."""
        return (await self.listed()).devices

    async def listed(self) -> ListedDevices:
        """Read every device, ascending by id: a call for each 50. `total_count` counts the account.

        A device that cannot be read is its own trouble; several one after another are the whole list's.
        Each answer begins after the last device of the one before, so they would come one by one. All that the last
        list took are asked for at once; where an answer ends elsewhere than then, it is followed from where it ends.
        """
        ahead = {begin: asyncio.ensure_future(self._after(begin)) for begin in self._went_on_after}
        went_on_after: list[int] = []

        async def ask(found: RowCollector[int]) -> Row:
            begin = max(found.rows, default=0)
            went_on_after.append(begin)
            return await (ahead[begin] if begin in ahead else self._after(begin))

        try:
            found = await counted_list(ask, "devices", by_number("device_id"))
        finally:
            for asked in ahead.values():
                asked.cancel()
            await asyncio.gather(*ahead.values(), return_exceptions=True)
        self._went_on_after = tuple(went_on_after)
        read = understood(found, _device)
        nameless = {item.place: item.error for item in read.nameless}
        return ListedDevices([*read.items.values()], read.unread, nameless)

    async def _after(self, device_id: int) -> Row:
        return await self._search({"type": ALL, "last_seen": device_id, "count": ROWS_PER_LIST})

    async def count(self) -> int:
        """Return how many devices there are."""
        return number(await self._search({"type": ALL, "last_seen": 0, "count": 1}), "total_count")

    async def of_batch(self, apply_id: int) -> list[WeChatDevice]:
        """Read the devices that an application brought; none while it is pending. Raises Refused (9001047).

        All or none: what a person does with a batch is done once.
        """

        async def ask(found: RowCollector[int], _: int) -> Row:
            last_seen = max(found.rows, default=0)
            return await self._search(
                {"type": BY_BATCH, "apply_id": apply_id, "last_seen": last_seen, "count": ROWS_PER_LIST}
            )

        found = await uncounted_list(ask, "devices", by_number("device_id"), by_name=True)
        return understood(found, _device).whole()

    async def apply(self, quantity: int, reason: str, *, comment: str = "") -> int:
        """Ask for new devices; return the application's number, the only way to ask after it.

        Up to 500 are approved by machine within seconds, more by staff within three days. After a TryLater the
        application may exist all the same, and there is no way to list applications: asking again is refused (9001023)
        while one is pending, and allocates a second batch after that.
        """
        body: dict[str, object] = {"quantity": quantity, "apply_reason": reason}
        if comment:
            body["comment"] = comment
        return number(data_of(await self._client.call(APPLY, body)), "apply_id")

    async def application(self, apply_id: int) -> Review:
        """Tell how an application stands. Raises Refused (9001047) for an unknown one."""
        return read_review(data_of(await self._client.read(APPLY_STATUS, {"apply_id": apply_id})))

    async def bind(self, device: DeviceName, page_ids: Iterable[int]) -> None:
        """Make a device's pages exactly these; none clears it. At most 30 (9001037).

        The flags `bind` and `append` of 2015 are never sent: today's interface ignores them, and would bind what was
        to be removed.
        """
        await self._client.call(BIND_PAGE, {"device_identifier": identifier(device), "page_ids": sorted(page_ids)})

    async def _search(self, body: Row) -> Row:
        return data_of(await self._client.read(SEARCH, body))


def identifier(device: DeviceName) -> dict[str, object]:
    """Return a device as WeChat wants it named: never with keys that are null."""
    if isinstance(device, int):
        return {"device_id": device}
    return {"uuid": str(device.uuid).upper(), "major": device.major, "minor": device.minor}


def _device(row: Row) -> WeChatDevice:
    return WeChatDevice(
        device_id=number(row, "device_id"),
        key=beacon_key(row),
        comment=text(row, "comment"),
        activated=bool(number_or_none(row, "status")),
        last_active=moment(row, "last_active_time"),
        dated="last_active_time" in row,
    )
