"""Bluetoothd as Debian starts it, and three scenes that need a minute or two; side by side where they do not meet."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from .bluetoothd import Bluetoothd
from .gateway import FILTERING, LE_ONLY, Gateway, wait_for
from .journal import Journal
from .machine import Machine

WATCHED = 60.0
"""Seconds for which a gateway with nothing to do is watched."""


@pytest.fixture(scope="module", autouse=True)
def plain(bluetoothd: Bluetoothd) -> None:
    bluetoothd.start(experimental=False)


def test_with_nothing_on_the_air_a_gateway_wakes_twice_a_second_at_most(machine: Machine, journal: Journal) -> None:
    gateway = Gateway(machine, journal, LE_ONLY)
    gateway.start()
    time.sleep(5)  # what a start leaves behind
    began, before = time.monotonic(), _wake_ups(machine, gateway)
    time.sleep(WATCHED)
    rate = (_wake_ups(machine, gateway) - before) / (time.monotonic() - began)
    gateway.stop()
    print(f"{rate:.2f} wake-ups a second")
    assert rate <= 2


def _wake_ups(machine: Machine, gateway: Gateway) -> int:
    tasks = machine.run("sh", "-c", f"cat /proc/{gateway.process()}/task/*/status")
    return sum(int(count) for count in re.findall(r"^voluntary_ctxt_switches:\s*(\d+)", tasks, re.MULTILINE))


@dataclass(frozen=True, slots=True)
class Scene:
    """A chip that hears nothing until it is reset, and one that reports each beacon once in a scan."""

    deaf: Gateway
    filtering: Gateway


@pytest.fixture(scope="module")
def scene(machine: Machine, journal: Journal) -> Iterator[Scene]:
    scene = Scene(deaf=Gateway(machine, journal, LE_ONLY), filtering=Gateway(machine, journal, FILTERING))
    for gateway in (scene.deaf, scene.filtering):
        gateway.start()
        gateway.send("resident", interval=0.1)
    wait_for("the resident is there", lambda: ("enter", "resident") in scene.deaf.hits(), within=60)
    machine.air("deafen", chip=LE_ONLY.address, until_reset=True)
    yield scene
    for gateway in (scene.deaf, scene.filtering):
        gateway.stop()


def test_a_chip_that_is_deaf_until_it_is_reset_is_reset(scene: Scene) -> None:
    took = wait_for("the chip hears", lambda: not scene.deaf.chip_state()["deaf"], within=240)
    print(f"the chip was reset after {took:.0f} s")
    scene.deaf.hears("newcomer-1", within=60)
    assert "exit" not in {kind for kind, _ in scene.deaf.hits()}
    rungs = scene.deaf.status()["radio"]["rungs"]
    assert rungs["power-cycle"] == 1
    assert rungs["restart-bluetoothd"] == 0


def test_a_beacon_that_is_reported_once_in_ten_seconds_comes_and_stays(scene: Scene) -> None:
    filtering = scene.filtering
    assert filtering.chip_state()["asked_to_filter"]
    wait_for("the resident has come", lambda: ("enter", "resident") in filtering.hits(), within=90)
    began, before = time.monotonic(), filtering.air("resident")["reported"]
    time.sleep(65)
    gap = (time.monotonic() - began) / (filtering.air("resident")["reported"] - before)
    print(f"one report in {gap:.1f} s")
    assert 9 < gap < 12
    assert "exit" not in {kind for kind, _ in filtering.hits()}
