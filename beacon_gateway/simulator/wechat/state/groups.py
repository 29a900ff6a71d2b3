"""Groups of devices: only what is in one does an H5 page hear through the JS-SDK."""

import random
from collections.abc import Collection

from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.fields import width
from beacon_gateway.simulator.wechat.settings import EmulatorSettings
from beacon_gateway.simulator.wechat.state.serials import IdSequence

# "New groups" and "Add device to group" pages.
MAX_GROUP_NAME_WIDTH = 200  # width
MAX_GROUP_MEMBERS_PER_CALL = 1_000


class EmulatedGroups:
    """All groups of one account: names and members by `group_id`. Methods raise 9001058 for an unknown group."""

    def __init__(self, settings: EmulatorSettings, rng: random.Random) -> None:
        self._limit = settings.group_limit
        self._capacity = settings.group_capacity
        self._ids = IdSequence(901, rng)
        self.names: dict[int, str] = {}
        self._members: dict[int, set[int]] = {}

    def add(self, name: str) -> int:
        """A new group's id. Raises 9001050 at the limit, 9001055 for a name too wide."""
        self._check_name(name)
        if len(self.names) >= self._limit:
            raise EmulatedError(9001050)
        group_id = self._ids.take()
        self.names[group_id] = name
        self._members[group_id] = set()
        return group_id

    def rename(self, group_id: int, name: str) -> None:
        """Change the name. Raises 9001055."""
        self.members(group_id)
        self._check_name(name)
        self.names[group_id] = name

    def delete(self, group_id: int) -> None:
        """Delete an empty group. Raises 9001054 for any other."""
        if self.members(group_id):
            raise EmulatedError(9001054)
        del self.names[group_id], self._members[group_id]

    def members(self, group_id: int) -> list[int]:
        """Its device ids, ascending."""
        if group_id not in self.names:
            raise EmulatedError(9001058)
        return sorted(self._members[group_id])

    def join(self, group_id: int, device_ids: Collection[int]) -> None:
        """Put devices in; those inside already are no fault. Raises 9001052 (batch) and 9001051 (capacity)."""
        together = {*self.members(group_id), *device_ids}
        if len(device_ids) > MAX_GROUP_MEMBERS_PER_CALL:
            raise EmulatedError(9001052)
        if len(together) > self._capacity:
            raise EmulatedError(9001051)
        self._members[group_id] = together

    def leave(self, group_id: int, device_ids: Collection[int]) -> None:
        """Take devices out, all or nothing. Raises 9001053 (batch) and 9001056 for one that is not inside."""
        members = set(self.members(group_id))
        if len(device_ids) > MAX_GROUP_MEMBERS_PER_CALL:
            raise EmulatedError(9001053)
        if not members.issuperset(device_ids):
            raise EmulatedError(9001056)
        self._members[group_id] = members.difference(device_ids)

    def heard_by_h5(self, device_id: int) -> bool:
        """Whether `wx.onSearchBeacons` reports the device at all."""
        return any(device_id in members for members in self._members.values())

    def _check_name(self, name: str) -> None:
        if not 0 < width(name) <= MAX_GROUP_NAME_WIDTH:
            raise EmulatedError(9001055)
