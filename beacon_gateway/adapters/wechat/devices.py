"""Devices: WeChat's word for the beacons that it allocated to an account."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from beacon_gateway.adapters.wechat.lists import (
    LIST_LENGTH,
    Found,
    blocks,
    by_number,
    counted_list,
    uncounted_list,
    understood,
)
from beacon_gateway.adapters.wechat.reviews import Review, Verdict, read_review, read_verdict
from beacon_gateway.adapters.wechat.transport.answers import (
    Row,
    beacon_key,
    data_of,
    moment,
    number,
    number_or_none,
    rows_of,
    text,
)
from beacon_gateway.adapters.wechat.transport.client import Client
from beacon_gateway.core.bindings.target import TargetError
from beacon_gateway.core.model.ibeacon import BeaconKey

SEARCH: Final = "/shakearound/device/search"
UPDATE: Final = "/shakearound/device/update"
BIND_LOCATION: Final = "/shakearound/device/bindlocation"
BIND_PAGE: Final = "/shakearound/device/bindpage"
APPLY: Final = "/shakearound/device/applyid"
APPLY_STATUS: Final = "/shakearound/device/applystatus"

BY_LIST: Final = 1
ALL: Final = 2
BY_BATCH: Final = 3
FOREIGN_STORE: Final = 2
NO_STORE: Final = 0

DeviceName = int | BeaconKey
"""A `device_id`, which WeChat prefers, or the key that the beacon sends."""


@dataclass(frozen=True, slots=True)
class Device:
    device_id: int
    key: BeaconKey
    comment: str
    activated: bool
    """Whether customers have shaken it; WeChat counts at night."""
    last_active: datetime | None
    """When a customer last shook it (aware), a day late; None for never."""
    dated: bool
    """Whether WeChat told of `last_active` at all: the interface of 2015 does not."""
    poi_id: int | None
    """The store (门店) that it is linked to."""
    poi_appid: str
    """The account of that store, if it is another's."""


@dataclass(frozen=True, slots=True)
class Listed:
    """All devices of an account."""

    devices: Sequence[Device]
    unread: Mapping[int, TargetError]
    """Those of which the key or another field makes no sense, by `device_id`, and why."""
    nameless: Mapping[int, TargetError]
    """Those of which the `device_id` makes no sense, by their place in the list, from 1, and why."""


@dataclass(frozen=True, slots=True)
class Application:
    """A request for new devices. Its number is the only way to ask after it."""

    apply_id: int
    verdict: Verdict
    comment: str


class Devices:
    """The devices of one account."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._went_on_after: tuple[int, ...] = (0,)
        """The device id that each answer of the last list began after."""

    async def all(self) -> Sequence[Device]:
        """Read every device that can be read; see `listed`."""
        return (await self.listed()).devices

    async def listed(self) -> Listed:
        """Read every device, ascending by id: a call for each 50. `total_count` counts the account.

        A device that cannot be read is its own trouble; several one after another are the whole list's.
        Each answer begins after the last device of the one before, so they would come one by one. All that the last
        list took are asked for at once; where an answer ends elsewhere than then, it is followed from where it ends.
        """
        ahead = {begin: asyncio.ensure_future(self._after(begin)) for begin in self._went_on_after}
        went_on_after: list[int] = []

        async def ask(found: Found[int]) -> Row:
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
        return Listed([*read.items.values()], read.unread, nameless)

    async def _after(self, device_id: int) -> Row:
        return await self._search({"type": ALL, "last_seen": device_id, "count": LIST_LENGTH})

    async def count(self) -> int:
        """Return how many devices there are."""
        return number(await self._search({"type": ALL, "last_seen": 0, "count": 1}), "total_count")

    async def of_batch(self, apply_id: int) -> list[Device]:
        """Read the devices that an application brought; none while it is pending. Raises Refused (9001047).

        All or none: what a person does with a batch is done once.
        """

        async def ask(found: Found[int], _: int) -> Row:
            last_seen = max(found.rows, default=0)
            return await self._search(
                {"type": BY_BATCH, "apply_id": apply_id, "last_seen": last_seen, "count": LIST_LENGTH}
            )

        found = await uncounted_list(ask, "devices", by_number("device_id"), by_name=True)
        return understood(found, _device).whole()

    async def find(self, names: Sequence[DeviceName]) -> list[Device]:
        """Read these, a call for each 50. Raises Refused (9001025) if one is not the account's."""
        found: list[Device] = []
        for block in blocks(names):
            identifiers = [identifier(name) for name in block]
            data = await self._search({"type": BY_LIST, "device_identifiers": identifiers})
            found += [_device(row) for row in rows_of(data, "devices")]
        return found

    async def apply(self, quantity: int, reason: str, *, comment: str = "", poi_id: int | None = None) -> Application:
        """Ask for new devices. Up to 500 are approved by machine within seconds, more by staff within three days.

        After a TryLater the application may exist all the same, and there is no way to list applications: asking
        again is refused (9001023) while one is pending, and allocates a second batch after that.
        """
        body: dict[str, object] = {"quantity": quantity, "apply_reason": reason}
        if comment:
            body["comment"] = comment
        if poi_id is not None:
            body["poi_id"] = poi_id
        data = data_of(await self._client.call(APPLY, body))
        # The interface of 2015 gave small batches out at once, and no word on a review.
        at_once = "audit_status" not in data and isinstance(data.get("device_identifiers"), list)
        verdict = Verdict.APPROVED if at_once else read_verdict(data)
        return Application(number(data, "apply_id"), verdict, text(data, "audit_comment"))

    async def application(self, apply_id: int) -> Review:
        """Tell how an application stands. Raises Refused (9001047) for an unknown one."""
        return read_review(data_of(await self._client.read(APPLY_STATUS, {"apply_id": apply_id})))

    async def describe(self, device: DeviceName, comment: str) -> None:
        """Overwrite the comment, the only thing about a device that can be edited; 30 wide at most (9001034)."""
        await self._client.call(UPDATE, {"device_identifier": identifier(device), "comment": comment})

    async def place(self, device: DeviceName, poi_id: int | None, *, poi_appid: str = "") -> None:
        """Link a device to a store, of the account `poi_appid` if given; None ends the link."""
        body: dict[str, object] = {"device_identifier": identifier(device), "poi_id": poi_id or NO_STORE}
        if poi_appid:
            body |= {"type": FOREIGN_STORE, "poi_appid": poi_appid}
        await self._client.call(BIND_LOCATION, body)

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


def _device(row: Row) -> Device:
    return Device(
        device_id=number(row, "device_id"),
        key=beacon_key(row),
        comment=text(row, "comment"),
        activated=bool(number_or_none(row, "status")),
        last_active=moment(row, "last_active_time"),
        dated="last_active_time" in row,
        poi_id=number_or_none(row, "poi_id"),
        poi_appid=text(row, "poi_appid"),
    )
