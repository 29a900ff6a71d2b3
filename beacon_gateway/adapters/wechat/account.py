"""The account itself: whether Shake Nearby was opened for it."""

from typing import Final

from beacon_gateway.adapters.wechat.reviews import Review, read_review
from beacon_gateway.adapters.wechat.transport.answers import data_of
from beacon_gateway.adapters.wechat.transport.client import WeChatClient

AUDIT_STATUS: Final = "/shakearound/account/auditstatus"


async def opening(client: WeChatClient) -> Review:
    """Tell how the account's application for Shake Nearby stands. Raises NeedsOperator (9001020) if there was none."""
    return read_review(data_of(await client.read(AUDIT_STATUS)))
