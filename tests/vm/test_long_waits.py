"""Bluetoothd as Debian starts it, and three scenes that need a minute or two; side by side where they do not meet."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pytest

from tests.vm.bluetoothd import Bluetoothd
from tests.vm.gateway import FILTERING, LE_ONLY, Gateway, running, wait_for
from tests.vm.machine import Machine

IDLE = 45.0
"""Seconds for which a gateway with nothing to do is watched: in a minute of silence it begins a new scan."""
LONG = pytest.mark.on("bookworm")
"""The ladder is the same on each release; its last rung is climbed on the other one (`test_last_resort`)."""
BURST = 0.1
"""Seconds between two wake-ups up to which one is the other's doing, on a busy machine too."""
WATCHED = 60.0
"""Seconds for which a beacon is, that is reported rarely."""


@pytest.fixture(scope="module", autouse=True)
def plain(bluetoothd: Bluetoothd) -> None:
    bluetoothd.start(experimental=False)


def test_with_nothing_on_the_air_a_gateway_wakes_twice_a_second_at_most(machine: Machine) -> None:
    with running(machine, LE_ONLY) as (gateway,):
        time.sleep(5)  # what a start leaves behind
        moments = _woken(machine, gateway, IDLE)
    rate = _bursts(moments) / (moments[-1] - moments[0])
    print(f"{rate:.2f} wake-ups a second, {len(moments) / IDLE:.2f} of its threads")
    assert rate <= 2


def _woken(machine: Machine, gateway: Gateway, seconds: float) -> list[float]:
    """Return when the kernel woke a thread of the gateway, in seconds, ascending."""
    trace = f"""
        cd /sys/kernel/tracing
        echo "comm == \\"$(cat /proc/{gateway.process()}/comm)\\"" > events/sched/sched_wakeup/filter
        echo > trace
        echo 1 > events/sched/sched_wakeup/enable
        sleep {seconds}
        echo 0 > events/sched/sched_wakeup/enable
        cat trace
    """
    return sorted(map(float, re.findall(r" (\d+\.\d+): sched_wakeup: ", machine.run("sh", "-ec", trace))))


def _bursts(moments: Sequence[float]) -> int:
    """Return how often something woke the gateway: what its threads wake in each other belongs to it."""
    return 1 + sum(after - before > BURST for before, after in pairwise(moments))


@dataclass(frozen=True, slots=True)
class Scene:
    """A chip that hears nothing until it is reset, and one that reports each beacon once in a scan."""

    deaf: Gateway
    filtering: Gateway
    began: float
    """When their beacons began to send; seconds of the monotonic clock."""


@pytest.fixture(scope="module")
def scene(machine: Machine) -> Iterator[Scene]:
    with running(machine, LE_ONLY, FILTERING) as (deaf, filtering):
        began = time.monotonic()
        for gateway in (deaf, filtering):
            gateway.send("resident", interval=0.1)
        deaf.has_logged("enter", "resident", within=60)
        machine.air("deafen", chip=LE_ONLY.address, until_reset=True)
        yield Scene(deaf, filtering, began)


@LONG
def test_a_chip_that_is_deaf_until_it_is_reset_is_reset(scene: Scene) -> None:
    took = wait_for("the chip hears", lambda: not scene.deaf.chip_state()["deaf"], within=240)
    print(f"the chip was reset after {took:.0f} s")
    scene.deaf.hears("newcomer-1", within=60)
    assert "exit" not in {kind for kind, _ in scene.deaf.hits()}
    assert scene.deaf.rungs().get("power-cycle") == 1
    assert "restart-bluetoothd" not in scene.deaf.rungs()


@LONG
def test_a_beacon_that_is_reported_once_in_ten_seconds_comes_and_stays(scene: Scene) -> None:
    filtering = scene.filtering
    assert filtering.chip_state()["asked_to_filter"]
    filtering.has_logged("enter", "resident", within=90)
    time.sleep(max(0.0, WATCHED - (time.monotonic() - scene.began)))
    gap = (time.monotonic() - scene.began) / filtering.air("resident")["reported"]
    print(f"one report in {gap:.1f} s")
    assert 9 < gap < 12
    assert "exit" not in {kind for kind, _ in filtering.hits()}
