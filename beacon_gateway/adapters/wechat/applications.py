"""Applications for device ids, in the words of the commands that make them."""

from typing import Final

from beacon_gateway.adapters.wechat import reviews
from beacon_gateway.adapters.wechat.account_reader import listed
from beacon_gateway.adapters.wechat.devices import DeviceCalls
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.core.files.inventory import ListedBeacon
from beacon_gateway.core.wechat.application import ApplicationVerdict, ReviewDecision

ANOTHER_PENDING: Final = "9001023"
NEVER_BEGUN: Final = frozenset({"45009", "45011"})
"""Quota: refused before anything was done."""

_DECISIONS: Final = {
    reviews.ReviewVerdict.REJECTED: ReviewDecision.REJECTED,
    reviews.ReviewVerdict.PENDING: ReviewDecision.PENDING,
    reviews.ReviewVerdict.APPROVED: ReviewDecision.GRANTED,
}


class ApplicationCalls:
    """What one account says about new devices."""

    def __init__(self, client: WeChatClient) -> None:
        self._devices = DeviceCalls(client)

    async def beacons(self) -> list[ListedBeacon]:
        return [listed(device) for device in await self._devices.all()]

    async def apply(self, quantity: int, reason: str, comment: str) -> int:
        """Apply; return the application's number. TryLater leaves open whether WeChat took it: no call tells."""
        return await self._devices.apply(quantity, reason, comment=comment)

    async def verdict(self, number: int) -> ApplicationVerdict:
        review = await self._devices.application(number)
        return ApplicationVerdict(_DECISIONS[review.verdict], review.comment)

    async def granted(self, number: int) -> list[ListedBeacon]:
        """Read the devices of a batch."""
        return [listed(device) for device in await self._devices.of_batch(number)]
