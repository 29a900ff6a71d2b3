from collections.abc import AsyncIterator, Iterator, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.adapters.wechat.callback.scene import AES_KEY, OPENID, TOKEN, Scene, scene

Log = list[MutableMapping[str, Any]]


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Log]:
    """Whatever happens in a test here, no log names a customer, a secret or what was sent. Yield our own log."""
    with capture_logs() as logs:
        yield logs
    said = repr(logs) + caplog.text
    for never in (TOKEN, AES_KEY, OPENID, "signature=", "<xml", "Encrypt", "boom"):
        assert never not in said


@pytest.fixture
async def plain() -> AsyncIterator[Scene]:
    async with scene() as opened:
        yield opened


@pytest.fixture
async def safe() -> AsyncIterator[Scene]:
    """With an AES key."""
    async with scene(aes_key=AES_KEY) as opened:
        yield opened
