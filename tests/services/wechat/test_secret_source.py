"""A secret is asked for whenever it is needed: missing, faulty or hanging, it is said so and costs one thread."""

import asyncio
import threading
from functools import partial
from pathlib import Path

import pytest

from beacon_gateway.adapters.secrets.secret import VARIABLE, NoSecret, read_secret
from beacon_gateway.core.bindings.target import NO_SECRET, SECRET_SLOW, NeedsOperator, TryLater
from beacon_gateway.services.wechat.secret_source import SecretSource


class Share:
    """A file on a share that hangs until somebody mends it."""

    def __init__(self) -> None:
        self.mended = threading.Event()
        self.readings = 0

    def read(self) -> str:
        self.readings += 1
        self.mended.wait()
        return "s3cret"


async def test_it_is_read_anew_each_time_so_that_another_one_needs_no_restart(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    source = SecretSource(partial(read_secret, {VARIABLE + "_FILE": str(file)}))
    with pytest.raises(NeedsOperator, match="cannot be read: FileNotFoundError") as missing:
        await source()
    assert missing.value.code == NO_SECRET
    for secret in ("first", "second"):
        file.write_text(secret)
        assert await source() == secret


async def test_a_share_that_hangs_is_said_to_be_slow_and_keeps_one_thread() -> None:
    share = Share()
    source = SecretSource(share.read, timeout_s=0.0)
    for _ in range(3):
        with pytest.raises(TryLater) as slow:
            await source()
        assert slow.value.code == SECRET_SLOW
    share.mended.set()
    while True:
        try:
            assert await source() == "s3cret"
        except TryLater:
            await asyncio.sleep(0)
        else:
            break
    assert share.readings == 1


async def test_all_who_ask_at_once_wait_for_one_reading() -> None:
    share = Share()
    source = SecretSource(share.read)
    asking = [asyncio.create_task(source()) for _ in range(5)]
    await asyncio.sleep(0)
    share.mended.set()
    assert await asyncio.gather(*asking) == ["s3cret"] * 5
    assert share.readings == 1


async def test_who_gives_up_asking_leaves_the_reading_to_the_others() -> None:
    share = Share()
    source = SecretSource(share.read)
    leaving, staying = asyncio.create_task(source()), asyncio.create_task(source())
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.wait({leaving})
    share.mended.set()
    assert await staying == "s3cret"


async def test_what_a_faulty_file_holds_is_in_no_exception_on_the_way(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes("密钥 s3cret".encode("gbk"))
    with pytest.raises(NoSecret) as raised:
        await SecretSource(partial(read_secret, {VARIABLE + "_FILE": str(file)}))()
    error: BaseException | None = raised.value
    while error:
        assert "s3cret" not in f"{error!r}{error.args!r}"
        error = error.__cause__ or error.__context__
