"""The plug pulled twenty times: once right after the first start, then at any moment while hits come."""

import random
from typing import Final

import pytest

from tests.vm.gateway import wait_for
from tests.vm.pi import ANSWERS, CURRENT, Pi
from tests.vm.power_cut import Outcome, cut_while_hits_come

pytestmark = pytest.mark.power

TIMES: Final = 20
SHORTEST, LONGEST = 1.0, 16.0
"""Seconds of hits before a cut: three commits, and whatever lies between."""


@pytest.mark.timeout(3600)
def test_twenty_power_cuts(pi: Pi, secret: str) -> None:
    pi.apt("install", CURRENT)
    pi.plug_chip()
    print(pi.machine.run("beacon-gateway", "setup", "--unattended", "--answers", ANSWERS))
    before = pi.look().configuration
    pi.cut_power()
    pi.switch_on()
    assert pi.found().configuration == before
    assert pi.machine.read("/etc/beacon-gateway/wechat-secret").strip() == secret
    pi.plug_chip()
    wait_for("it scans", lambda: pi.gateway.chip_state()["scanning"], within=180, every=1)

    rng = random.Random(6)
    outcomes: list[Outcome] = []
    for number in range(2, TIMES + 1):
        outcome = cut_while_hits_come(pi, after=rng.uniform(SHORTEST, LONGEST))
        print(f"{number}: {outcome}", flush=True)
        outcome.claim()
        outcomes.append(outcome)
    print(f"{TIMES} losses of power: at most {max(outcome.lost for outcome in outcomes):.1f} s of hits lost")
