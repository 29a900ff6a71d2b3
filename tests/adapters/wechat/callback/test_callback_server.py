"""A door that cannot be opened is told, tried again, and keeps nobody from anything."""

import asyncio
from contextlib import suppress
from datetime import UTC
from pathlib import Path

from structlog.testing import capture_logs

from beacon_gateway.adapters.secrets.daily_key_file import DailyKeyFile
from beacon_gateway.adapters.wechat.callback.callback_server import CallbackServer
from beacon_gateway.core.log.shake import Shake
from beacon_gateway.services.wechat.shake_receiver import ShakeReceiver
from beacon_gateway.services.wechat.shakes import Shakes
from tests.patience import until
from tests.services.tracking.manual_clock import ManualClock


def reception_at(port: int, folder: Path) -> ShakeReceiver:
    clock = ManualClock()
    noted: list[Shake] = []
    shakes = Shakes(gateway="gw", zone=UTC, keys=DailyKeyFile(folder), note=noted.append, clock=clock)

    async def door() -> CallbackServer:
        return CallbackServer(
            host="127.0.0.1",
            port=port,
            path="/e",
            appid="wx0123456789abcdef",
            token="gatewaytoken",
            aes_key=None,
            take=shakes.take,
            clock=clock,
        )

    return ShakeReceiver(door, shakes, try_again=0.0)


async def test_a_taken_port_is_told_once_and_the_door_opens_when_it_is_free(tmp_path: Path) -> None:
    other = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    reception = reception_at(port, tmp_path)
    with capture_logs() as said:
        running = asyncio.create_task(reception.run())
        await until(lambda: reception.status().trouble)
        assert reception.status().trouble
        other.close()
        await other.wait_closed()
        await until(lambda: not reception.status().trouble)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    assert [line["event"] for line in said if line["event"].startswith("reception")] == [
        "reception.closed",
        "reception.open",
    ]


async def test_what_knocked_wrongly_stands_in_the_status(tmp_path: Path) -> None:
    reception = reception_at(0, tmp_path)
    running = asyncio.create_task(reception.run())
    await until(lambda: reception._door and reception._door.port)
    assert reception._door
    reader, writer = await asyncio.open_connection("127.0.0.1", reception._door.port)
    writer.write(b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.1 404")
    writer.close()
    status = reception.status()
    assert (status.taken, sum(status.refused.values()), status.trouble) == (0, 1, "")
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
