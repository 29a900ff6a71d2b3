from collections.abc import AsyncIterator

import pytest

from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from tests.services.bindings.scene import SECRET, SETTINGS, WeChatSide, wechat_side


@pytest.fixture
async def wechat() -> AsyncIterator[WeChatSide]:
    async with wechat_side() as side:
        yield side


@pytest.fixture
async def client(wechat: WeChatSide) -> AsyncIterator[WeChatClient]:
    async with WeChatClient(api_base=wechat.url, appid=SETTINGS.appid, secret=SECRET) as client:
        yield client
