"""Applications for device ids: `device/applyid`, `device/applystatus`, and the devices of one batch."""

from typing import Final

from beacon_gateway.adapters.wechat.account_reader import (
    LIST_LENGTH,
    AccountReader,
    Row,
    beacon_of,
    data_of,
    number_of,
    rows_of,
)
from beacon_gateway.adapters.wechat.client import Client
from beacon_gateway.core.application import Decision, Verdict
from beacon_gateway.core.inventory import ListedBeacon
from beacon_gateway.core.target import TryLater

ANOTHER_PENDING: Final = "9001023"
NEVER_BEGUN: Final = frozenset({"45009", "45011"})
"""Quota: refused before anything was done."""

_DECISIONS: Final = {0: Decision.REJECTED, 1: Decision.PENDING, 2: Decision.GRANTED}


class Applications:
    """What one account says about new devices."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def beacons(self) -> list[ListedBeacon]:
        return await AccountReader(self._client).beacons()

    async def apply(self, quantity: int, reason: str, comment: str) -> int:
        """Apply; give the application's number. TryLater leaves open whether WeChat took it: no call tells."""
        body: dict[str, object] = {"quantity": quantity, "apply_reason": reason}
        if comment:
            body["comment"] = comment
        return number_of(await self._data("/shakearound/device/applyid", body), "apply_id")

    async def verdict(self, number: int) -> Verdict:
        data = await self._data("/shakearound/device/applystatus", {"apply_id": number})
        decision = _DECISIONS.get(number_of(data, "audit_status"))
        if decision is None:
            raise TryLater("device/applystatus answers a status that is not known")
        return Verdict(decision, str(data.get("audit_comment") or ""))

    async def granted(self, number: int) -> list[ListedBeacon]:
        """Read the devices of a batch. Their list ends with a short page: `total_count` may be the account's."""
        found: dict[int, ListedBeacon] = {}
        while True:
            body = {"type": 3, "apply_id": number, "last_seen": max(found, default=0), "count": LIST_LENGTH}
            rows = rows_of(await self._data("/shakearound/device/search", body), "devices")
            before = len(found)
            found.update((beacon.number, beacon) for beacon in map(beacon_of, rows))
            if len(rows) < LIST_LENGTH or len(found) == before:
                return [found[number] for number in sorted(found)]

    async def _data(self, path: str, body: Row) -> Row:
        return data_of(await self._client.call(path, body))
