"""Groups of devices. Only devices in a group are told to an H5 page by `wx.onSearchBeacons`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from beacon_gateway.adapters.wechat.devices import DeviceName, identifier
from beacon_gateway.adapters.wechat.lists import GROUP_LENGTH, Found, blocks, by_number, counted_list, understood
from beacon_gateway.adapters.wechat.transport.answers import Row, beacon_key, data_of, number, number_or_none, text
from beacon_gateway.adapters.wechat.transport.client import Client
from beacon_gateway.core.model.ibeacon import BeaconKey

ADD: Final = "/shakearound/device/group/add"
UPDATE: Final = "/shakearound/device/group/update"
DELETE: Final = "/shakearound/device/group/delete"
LIST: Final = "/shakearound/device/group/getlist"
DETAIL: Final = "/shakearound/device/group/getdetail"
ADD_DEVICES: Final = "/shakearound/device/group/adddevice"
DELETE_DEVICES: Final = "/shakearound/device/group/deletedevice"


@dataclass(frozen=True, slots=True)
class Group:
    group_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    device_id: int
    key: BeaconKey
    comment: str
    poi_id: int | None


class Groups:
    """The groups of one account. Each method raises Refused (9001058) for a group that is not there."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def add(self, name: str) -> Group:
        """Make a group; names are 200 wide at most (9001055). After a TryLater it may exist: look before repeating."""
        data = data_of(await self._client.call(ADD, {"group_name": name}))
        return Group(number(data, "group_id"), text(data, "group_name") or name)

    async def rename(self, group_id: int, name: str) -> None:
        await self._client.call(UPDATE, {"group_id": group_id, "group_name": name})

    async def delete(self, group_id: int) -> None:
        """Delete an empty group. Raises Refused (9001054) for any other."""
        await self._client.call(DELETE, {"group_id": group_id})

    async def all(self) -> list[Group]:
        """Read every group: a call for each 1,000."""

        async def ask(found: Found[int]) -> Row:
            return data_of(await self._client.read(LIST, {"begin": len(found), "count": GROUP_LENGTH}))

        found = await counted_list(ask, "groups", by_number("group_id"), length=GROUP_LENGTH)
        return understood(found, lambda row: Group(number(row, "group_id"), text(row, "group_name"))).whole()

    async def members(self, group_id: int) -> list[Member]:
        """Read the devices of a group: a call for each 1,000."""

        async def ask(found: Found[int]) -> Row:
            body = {"group_id": group_id, "begin": len(found), "count": GROUP_LENGTH}
            return data_of(await self._client.read(DETAIL, body))

        found = await counted_list(ask, "devices", by_number("device_id"), length=GROUP_LENGTH)
        return understood(found, _member).whole()

    async def add_devices(self, group_id: int, devices: Sequence[DeviceName]) -> None:
        """Put devices in, a call for each 1,000. Those inside already are no fault: it can be repeated."""
        await self._for_each_thousand(ADD_DEVICES, group_id, devices)

    async def remove_devices(self, group_id: int, devices: Sequence[DeviceName]) -> None:
        """Take devices out, a call for each 1,000. Raises Refused (9001056) if one of a thousand is not inside."""
        await self._for_each_thousand(DELETE_DEVICES, group_id, devices)

    async def _for_each_thousand(self, path: str, group_id: int, devices: Sequence[DeviceName]) -> None:
        for block in blocks(devices, GROUP_LENGTH):
            identifiers = [identifier(device) for device in block]
            await self._client.call(path, {"group_id": group_id, "device_identifiers": identifiers})


def _member(row: Row) -> Member:
    return Member(number(row, "device_id"), beacon_key(row), text(row, "comment"), number_or_none(row, "poi_id"))
