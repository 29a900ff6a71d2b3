"""What monitors get over HTTP: the state, the metrics, and nothing else."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.pages.dependencies import PageDependencies
from beacon_gateway.adapters.web.pages.heat import HeatPage
from beacon_gateway.adapters.web.pages.pages_server import PagesServer
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.settings import STORE_ZONE, Language
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.report.report import Material
from beacon_gateway.core.report.report_request import ReportRequest
from beacon_gateway.core.tracking.strangers import Strangers
from beacon_gateway.core.tracking.tracker import BeaconState, FrameCounters
from beacon_gateway.core.tracking.tuning import Tuning
from beacon_gateway.services.tracking.live import LiveFeed
from tests.adapters.web.pages.test_metrics import read, whole_status
from tests.services.status.test_heartbeat import NOW


class Ear:
    adverts = 0
    reception = FrameCounters()

    def __init__(self) -> None:
        self.strangers = Strangers(Tuning())

    def states(self) -> Iterator[BeaconState]:
        return iter(())

    def beacon(self, key: BeaconKey) -> Beacon:
        raise KeyError(key)

    def silence(self, _: float) -> None:
        return None


class NoLog:
    """Material for reports where no log is."""

    async def material(self, _: ReportRequest) -> Material:
        raise OSError("there is no log")


class Answer:
    def __init__(self, text: str) -> None:
        head, _, self.body = text.partition("\r\n\r\n")
        self.code = int(head.split()[1])
        self.head = head.lower()


@asynccontextmanager
async def opened(status: Status, *, later: timedelta = timedelta()) -> AsyncIterator[PagesServer]:
    async with door_at(0, status, later=later) as door:
        yield door


def door_at(port: int, status: Status, *, later: timedelta = timedelta()) -> PagesServer:
    dependencies = PageDependencies(
        status=lambda: status,
        utc=lambda: NOW + later,
        zone=STORE_ZONE,
        language=Language.CHINESE,
        looks=LiveFeed(Ear(), lambda: 0.0),
        heat=lambda frame: HeatPage(frame, NoLog(), lambda: NOW).handlers(),
    )
    return PagesServer("127.0.0.1", port, dependencies)


async def ask(
    door: Listener, path: str, *, host: str = "localhost", method: str = "GET", body: str = "", cookie: str = ""
) -> Answer:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    kept = f"Cookie: {cookie}\r\n" if cookie else ""
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{kept}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write((head + body).encode())
    said = await reader.read()
    writer.close()
    return Answer(said.decode())


async def test_a_gateway_that_works_is_fit() -> None:
    async with opened(whole_status()) as door:
        answer = await ask(door, "/healthz")
    said = json.loads(answer.body)
    assert (answer.code, said["fit"], said["reasons"], said["gateway"]) == (200, True, [], "f6-east")
    assert "cache-control: no-store" in answer.head


@pytest.mark.parametrize(
    ("trouble", "reasons"),
    [
        (lambda status: replace(status, radio=replace(status.radio, state="deaf")), ["radio:deaf"]),
        (lambda status: replace(status, radio=replace(status.radio, state="recovering")), ["radio:recovering"]),
        (lambda status: replace(status, log_trouble="disk full"), ["log"]),
    ],
)
async def test_one_that_does_not_says_why(trouble: object, reasons: list[str]) -> None:
    assert callable(trouble)
    async with opened(trouble(whole_status())) as door:
        answer = await ask(door, "/healthz")
    assert (answer.code, json.loads(answer.body)["reasons"]) == (503, reasons)


async def test_a_heart_that_does_not_beat_is_noticed() -> None:
    async with opened(whole_status(), later=timedelta(seconds=1)) as door:
        answer = await ask(door, "/healthz")
    assert (answer.code, json.loads(answer.body)["reasons"]) == (503, ["heartbeat"])


async def test_faulty_files_are_no_reason_to_ring_a_bell() -> None:
    status = whole_status()
    async with opened(replace(status, store=replace(status.store, errors=3, sync="operator"))) as door:
        assert (await ask(door, "/healthz")).code == 200
        assert read((await ask(door, "/metrics")).body)["beacon_gateway_file_errors", ()] == 3


async def test_metrics_come_as_prometheus_wants_them() -> None:
    async with opened(whole_status()) as door:
        answer = await ask(door, "/metrics")
    assert answer.code == 200
    assert "content-type: text/plain; version=0.0.4; charset=utf-8" in answer.head
    assert ("beacon_gateway_radio_silent_seconds", ()) in read(answer.body)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "localhost:9"])
async def test_this_machine_is_asked_by_its_names(host: str) -> None:
    async with opened(whole_status()) as door:
        assert (await ask(door, "/healthz", host=host)).code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", ""])
async def test_a_page_that_had_its_name_lead_here_learns_nothing(host: str) -> None:
    async with opened(whole_status()) as door:
        answer = await ask(door, "/metrics", host=host)
    assert answer.code in {400, 421}
    assert "beacon_gateway" not in answer.body


@pytest.mark.parametrize(
    "path",
    [
        "/status",
        "/healthz/",
        "/../etc/passwd",
        "/static/../door.py",
        "/static/%2e%2e/door.py",
        "/metrics%00",
        "//metrics",
    ],
)
async def test_there_is_nothing_else(path: str) -> None:
    async with opened(whole_status()) as door:
        assert (await ask(door, path)).code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_nothing_can_be_written(method: str) -> None:
    async with opened(whole_status()) as door:
        assert (await ask(door, "/metrics", method=method, body="x" * 100)).code == 405


async def test_a_port_that_is_taken_is_an_os_error_and_the_door_can_be_tried_again() -> None:
    async with opened(whole_status()) as door:
        second = door_at(door.port, whole_status())
        with pytest.raises(OSError, match="address already in use"):
            await second.__aenter__()
    async with second:
        assert (await ask(second, "/healthz")).code == 200
