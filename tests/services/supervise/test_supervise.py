"""How a part that fails is started again, counted and told."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from beacon_gateway.core.log.event import EventKind
from beacon_gateway.services.supervise import (
    MAX_RESTART_AFTER_S,
    SETTLED_AFTER_S,
    PartFailures,
    SupervisedPart,
    Supervisor,
)
from tests import patience
from tests.services.tracking.manual_clock import ManualClock


class Notes(list[tuple[EventKind, dict[str, str]]]):
    def event(self, kind: EventKind, _when: float, details: Mapping[str, str]) -> None:
        self.append((kind, dict(details)))


@dataclass
class Scene:
    clock: ManualClock = field(default_factory=ManualClock)
    notes: Notes = field(default_factory=Notes)

    def __post_init__(self) -> None:
        self.failures = PartFailures(self.notes, self.clock)

    async def run(self, *parts: SupervisedPart, until: Callable[[], bool]) -> None:
        """Run the parts until the claim is true; they end as cancelled."""
        running = asyncio.create_task(Supervisor(self.failures, first_pause_s=0.0).run(parts))
        await patience.until(until)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def broken() -> None:
    raise ValueError("secret words from outside")


async def cancels_itself() -> None:
    raise asyncio.CancelledError


async def returns() -> None:
    pass


async def in_groups() -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(broken())


async def forever() -> None:
    await asyncio.Event().wait()


async def fails_at_its_end() -> None:
    try:
        await forever()
    finally:
        raise OSError("the file could not be closed")


@pytest.mark.parametrize(
    ("run", "error"),
    [
        (broken, "ValueError in test_supervise.py:"),
        (in_groups, "ValueError in test_supervise.py:"),
        (cancels_itself, "Ended"),
        (returns, "Ended"),
    ],
)
async def test_whatever_a_part_ends_by_it_is_started_again_and_told_once(
    scene: Scene, run: Callable[[], Coroutine[None, None, None]], error: str
) -> None:
    with capture_logs() as logs:
        part = SupervisedPart("sync", run)
        await scene.run(part, SupervisedPart("watch", forever, is_vital=True), until=lambda: failures_of(scene) >= 5)
    [(kind, details)] = scene.notes
    assert kind is EventKind.PART
    assert details["part"] == "sync"
    assert details["error"].startswith(error)
    assert "secret" not in str(scene.notes) + str(scene.failures.status())
    assert [entry["event"] for entry in logs] == ["part.exception"]
    assert logs[0]["exc_info"]


def failures_of(scene: Scene, name: str = "sync") -> int:
    status = scene.failures.status()
    return status[name].failures if name in status else 0


async def test_what_a_part_fails_at_when_it_is_to_end_keeps_nothing_from_ending(scene: Scene) -> None:
    async def ready() -> None:
        await forever()

    await scene.run(
        SupervisedPart("web", fails_at_its_end),
        SupervisedPart("watch", ready, is_vital=True),
        until=lambda: bool(scene.failures.status()),
    )
    assert failures_of(scene, "web") <= 1


async def test_a_vital_part_that_cancels_itself_ends_the_daemon(scene: Scene) -> None:
    with pytest.raises(ExceptionGroup):
        await Supervisor(scene.failures).run(
            [SupervisedPart("watch", cancels_itself, is_vital=True), SupervisedPart("sync", forever)]
        )


def test_pauses_grow_and_have_an_end(scene: Scene) -> None:
    for _ in range(5000):
        scene.failures.note("sync", ValueError(), pause_s=1.0)
    assert min(2.0 ** min(scene.failures.in_a_row("sync"), 16), MAX_RESTART_AFTER_S) == MAX_RESTART_AFTER_S


def test_while_it_waits_the_status_says_until_when_and_then_that_it_runs(scene: Scene) -> None:
    scene.failures.note("sync", ValueError(), pause_s=30.0)
    status = scene.failures.status()["sync"]
    assert status.restarting_at
    assert (status.restarting_at - scene.clock.utc()).total_seconds() == 30.0
    assert status.failing_since == scene.clock.utc()
    scene.clock.advance(30.0)
    scene.failures.started("sync")
    status = scene.failures.status()["sync"]
    assert (status.restarting_at, status.failures) == (None, 1)
    assert status.failing_since  # it is watched for a while


def test_a_part_that_has_worked_for_long_works_again_and_its_next_failure_is_news(scene: Scene) -> None:
    scene.failures.note("sync", ValueError(), pause_s=1.0)
    scene.failures.started("sync")
    scene.clock.advance(SETTLED_AFTER_S)
    status = scene.failures.status()["sync"]
    assert (status.failing_since, status.failures, scene.failures.in_a_row("sync")) == (None, 1, 0)
    scene.failures.note("sync", ValueError(), pause_s=1.0)
    assert len(scene.notes) == 2


def test_another_kind_of_failure_is_news(scene: Scene) -> None:
    for error in (ValueError(), ValueError(), KeyError(), KeyError(), ValueError()):
        scene.failures.note("sync", error)
    assert [details["error"] for _, details in scene.notes] == ["ValueError", "KeyError", "ValueError"]


def test_a_guarded_block_that_works_again_is_well_at_once(scene: Scene) -> None:
    for failing in (True, False):
        with scene.failures.guard("status"):
            if failing:
                raise ValueError
        assert bool(scene.failures.status()["status"].failing_since) is failing


async def test_what_fails_in_the_loop_and_in_no_part_is_counted_and_told_once(scene: Scene) -> None:
    def fail() -> None:
        raise LookupError

    async def calls() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(3):
            loop.call_soon(fail)
        loop.call_exception_handler({"message": "socket.accept() out of system resource"})
        await forever()

    await scene.run(SupervisedPart("web", calls), until=lambda: failures_of(scene, "event-loop") == 4)
    errors = [details["error"].partition(" ")[0] for _, details in scene.notes]
    assert sorted(errors) == ["LookupError", "RuntimeError"]
    scene.clock.advance(SETTLED_AFTER_S)
    assert not scene.failures.status()["event-loop"].failing_since


def test_what_ends_the_process_is_not_guarded(scene: Scene) -> None:
    with pytest.raises(KeyboardInterrupt), scene.failures.guard("status"):
        raise KeyboardInterrupt
