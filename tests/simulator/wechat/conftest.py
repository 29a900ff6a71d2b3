from collections.abc import AsyncIterator

import pytest

from tests.simulator.wechat.wechat_client import Wechat, serving


@pytest.fixture
async def wechat() -> AsyncIterator[Wechat]:
    async with serving() as wechat:
        yield wechat
