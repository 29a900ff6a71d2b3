"""Whatever the status is made of, the heart beats on: the watchdog is fed, and what can be shown is shown."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from beacon_gateway.adapters.state.status_file import StatusFile
from beacon_gateway.core.model.status import Status
from beacon_gateway.services.status.heartbeat import Heartbeat
from beacon_gateway.services.supervise import PartFailures
from tests.services.status.test_heartbeat import Book, Scene, status
from tests.services.supervise.test_supervise import Notes
from tests.services.tracking.manual_clock import ManualClock
from tests.wiring.whole_gateway import whole_gateway

HALF_AN_EMOJI = "半价\ud83d"


@dataclass
class Beating:
    """A heartbeat of which the failures are counted."""

    compose: Callable[[], Status]
    out: StatusFile | Book
    book: Book = field(default_factory=Book)
    failures: PartFailures = field(default_factory=lambda: PartFailures(Notes(), ManualClock()))

    def beat(self) -> None:
        Heartbeat(
            self.compose,
            self.out,
            self.book,
            pulses=lambda: (),
            monotonic=lambda: 0.0,
            begun=Scene().begun,
            guard=self.failures.guard,
        ).beat()


def odd_status() -> Status:
    return replace(status(), radio=replace(status().radio, reason=HALF_AN_EMOJI), unwritten=10**400)


def broken() -> Status:
    raise UnicodeEncodeError("utf-8", HALF_AN_EMOJI, 2, 3, "surrogates not allowed")


def test_what_is_no_text_is_shown_as_one(tmp_path: Path) -> None:
    beating = Beating(odd_status, StatusFile(tmp_path))
    beating.beat()
    found = json.loads((tmp_path / "status.json").read_bytes())
    assert (found["radio"]["reason"], found["unwritten"]) == ("半价\ufffd", 10**400)
    assert beating.failures.status() == {}


@pytest.mark.parametrize("value", [object(), 10**5000], ids=["object", "long"])
def test_a_status_that_cannot_be_written_down_is_counted_and_the_watchdog_is_fed(tmp_path: Path, value: int) -> None:
    beating = Beating(lambda: replace(status(), unwritten=value), StatusFile(tmp_path))
    beating.beat()
    beating.beat()
    assert beating.failures.status()["status"].failures == 2
    assert beating.book.said.count("alive") == 2


def test_a_status_that_cannot_be_composed_is_counted_and_the_watchdog_is_fed() -> None:
    beating = Beating(broken, Book())
    beating.beat()
    assert beating.failures.status()["status"].last_error.startswith("UnicodeEncodeError in test_status.py:")
    assert "alive" in beating.book.said


async def test_a_section_that_cannot_be_composed_leaves_the_others(tmp_path: Path) -> None:
    async with whole_gateway(tmp_path) as (gateway, _):
        history = gateway.figures_history
        assert history
        history._counts = "no pair"  # type: ignore[assignment]  # what only a bug would put there
        gateway.heartbeat.beat()
        shown = gateway.heartbeat.latest()
        assert shown.figures is None
        assert [beacon.beacon for beacon in shown.beacons] == ["escalator"]
        assert set(shown.targets) == {"wechat"}
        assert gateway.failures.status()["status-figures"].failures == 1
        assert [name for name, part in gateway.failures.status().items() if part.failing_since] == ["status-figures"]
