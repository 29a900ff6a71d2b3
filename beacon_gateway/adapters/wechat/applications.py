"""Applications for device ids, in the words of the commands that make them."""

from typing import Final

from beacon_gateway.adapters.wechat import reviews
from beacon_gateway.adapters.wechat.account_reader import listed
from beacon_gateway.adapters.wechat.devices import Devices
from beacon_gateway.adapters.wechat.transport.client import Client
from beacon_gateway.core.files.inventory import ListedBeacon
from beacon_gateway.core.wechat.application import Decision, Verdict

ANOTHER_PENDING: Final = "9001023"
NEVER_BEGUN: Final = frozenset({"45009", "45011"})
"""Quota: refused before anything was done."""

_DECISIONS: Final = {
    reviews.Verdict.REJECTED: Decision.REJECTED,
    reviews.Verdict.PENDING: Decision.PENDING,
    reviews.Verdict.APPROVED: Decision.GRANTED,
}


class Applications:
    """What one account says about new devices."""

    def __init__(self, client: Client) -> None:
        self._devices = Devices(client)

    async def beacons(self) -> list[ListedBeacon]:
        return [listed(device) for device in await self._devices.all()]

    async def apply(self, quantity: int, reason: str, comment: str) -> int:
        """Apply; return the application's number. TryLater leaves open whether WeChat took it: no call tells."""
        return await self._devices.apply(quantity, reason, comment=comment)

    async def verdict(self, number: int) -> Verdict:
        review = await self._devices.application(number)
        return Verdict(_DECISIONS[review.verdict], review.comment)

    async def granted(self, number: int) -> list[ListedBeacon]:
        """Read the devices of a batch."""
        return [listed(device) for device in await self._devices.of_batch(number)]
