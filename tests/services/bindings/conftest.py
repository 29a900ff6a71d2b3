from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.bindings.scene import Gateway, WeChatSide, gateway_at, wechat_side


@pytest.fixture
async def wechat() -> AsyncIterator[WeChatSide]:
    async with wechat_side() as side:
        yield side


@pytest.fixture
async def gateway(wechat: WeChatSide, tmp_path: Path) -> AsyncIterator[Gateway]:
    async with gateway_at(wechat.url, tmp_path) as gateway:
        yield gateway
