"""When a service is ready, and for how long it is fed."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from beacon_gateway.core.model.liveness import Liveness, stalled
from beacon_gateway.core.model.status import RadioStatus, Status, StoreStatus
from beacon_gateway.services.status.heartbeat import Heartbeat
from tests.patience import until

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def status() -> Status:
    radio = RadioStatus(
        state="listening",
        since=NOW,
        cause=None,
        reason="",
        adapter="hci0",
        mode="active",
        monitor=True,
        advertisements=7,
        silent_seconds=0.5,
        deaf_seconds=0.0,
        phantoms=0,
        faults=0,
        rungs={},
        unknown=0,
        malformed=0,
    )
    return Status(
        schema=1,
        version="1",
        gateway="f6-east",
        floor="F6",
        started=NOW,
        written=NOW,
        expires=NOW,
        radio=radio,
        store=StoreStatus(revision="r", errors=0, warnings=0, sync=None),
        hits={"F6": 3, "F1": 1},
        unwritten=0,
        dropped=0,
        log_trouble="",
        time_known=True,
        shakes=None,
        figures=None,
        account=None,
        process=None,
        beacons=(),
    )


@dataclass
class Book:
    """Takes what is shown and said; a card that is full shows nothing."""

    full: bool = False
    shown: int = 0
    removed: bool = False
    said: list[str] = field(default_factory=list)

    def write(self, _: Status) -> None:
        if self.full:
            raise OSError("no room")
        self.shown += 1

    def remove(self) -> None:
        self.removed = True

    def ready(self) -> None:
        self.said.append("ready")

    def alive(self) -> None:
        self.said.append("alive")

    def stopping(self) -> None:
        self.said.append("stopping")

    def status(self, text: str) -> None:
        self.said.append(text)


@dataclass
class Scene:
    book: Book = field(default_factory=Book)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    pulses: list[Liveness] = field(default_factory=list)
    now: float = 1000.0

    def heartbeat(self) -> Heartbeat:
        return Heartbeat(
            status, self.book, self.book, pulses=lambda: self.pulses, monotonic=lambda: self.now, begun=self.begun
        )


@pytest.fixture
def scene() -> Scene:
    return Scene()


@contextlib.contextmanager
def errors() -> Iterator[list[tuple[str, object]]]:
    found: list[tuple[str, object]] = []
    with capture_logs() as logs:
        yield found
    found += [(entry["event"], entry.get("parts")) for entry in logs]


async def test_a_service_is_ready_once_the_first_scan_has_begun_and_not_before(scene: Scene) -> None:
    running = asyncio.create_task(scene.heartbeat().run())
    await until(lambda: scene.book.said)
    assert scene.book.said == ["alive", "radio listening, 0 of 0 beacons heard, 4 hits, sync off"]
    scene.begun.set()
    await until(lambda: "ready" in scene.book.said)
    assert scene.book.shown == 2  # a status of now is there for those that waited for it
    running.cancel()
    await asyncio.wait({running})
    assert scene.book.said[-1] == "stopping"
    assert scene.book.removed


def test_a_part_that_stands_still_is_told_once_by_name_and_the_watchdog_goes_hungry(scene: Scene) -> None:
    heartbeat = scene.heartbeat()
    scene.pulses = [Liveness("sweep", 1000.0, 60.0), Liveness("log", 1000.0, 600.0)]
    with errors() as told:
        scene.now = 1060.0
        heartbeat.beat()
        assert scene.book.said.count("alive") == 1
        for later in (1061.0, 1067.0, 1073.0):
            scene.now = later
            heartbeat.beat()
    assert scene.book.said.count("alive") == 1
    assert told == [("heartbeat.standing_still", ("sweep",))]


def test_a_part_that_turns_again_in_time_is_fed_again(scene: Scene) -> None:
    heartbeat = scene.heartbeat()
    scene.pulses = [Liveness("radio", 600.0, 300.0)]
    heartbeat.beat()
    scene.pulses = [Liveness("radio", 999.0, 300.0)]
    heartbeat.beat()
    assert scene.book.said.count("alive") == 1


def test_a_status_that_cannot_be_written_is_no_reason_to_be_ended(scene: Scene) -> None:
    scene.book.full = True
    with errors() as told:
        heartbeat = scene.heartbeat()
        heartbeat.beat()
        heartbeat.beat()
    assert scene.book.said.count("alive") == 2
    assert told == [("status.not_written", None)]


def test_all_that_stand_still_are_named() -> None:
    pulses = [Liveness("sweep", 0.0, 10.0), Liveness("radio", 5.0, 10.0), Liveness("log", 0.0, 20.0)]
    assert stalled(pulses, 15.0) == ("sweep",)
    assert stalled(pulses, 15.1) == ("sweep", "radio")
