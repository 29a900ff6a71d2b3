"""One loss of power in the middle of work, and what it cost."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.vm.gateway import BEACONS, wait_for
from tests.vm.pi import Pi

COMMIT_EVERY: Final = 5.0
"""As gateway.yaml has it where it says nothing."""
LATE: Final = 3.0
"""Seconds from a beacon's first word to the hit, and what a busy, emulated machine takes for a commit."""
_EVERY: Final = 0.5
_SOUND: Final = "ok"
_STARTS: Final = 180.0


@dataclass(frozen=True, slots=True)
class Outcome:
    sent: Mapping[str, float]
    """When each newcomer began, in seconds before the cut."""
    kept: frozenset[str]
    databases: Mapping[str, str]
    configuration_is_whole: bool
    state: list[str]
    up_after: float
    """Seconds from the machine's boot until the service scans again."""

    @property
    def lost(self) -> float:
        """Return the seconds of hits that are not in the log."""
        return max((before for name, before in self.sent.items() if name not in self.kept), default=0.0)

    def claim(self) -> None:
        assert self.lost <= COMMIT_EVERY + LATE, self
        assert self.databases
        assert set(self.databases.values()) == {_SOUND}, self
        assert self.configuration_is_whole
        assert not [name for name in self.state if "damaged" in name], self

    def __str__(self) -> str:
        return (
            f"{len(self.sent)} came in {max(self.sent.values()):.1f} s, {len(self.kept)} kept, {self.lost:.1f} s lost; "
            f"scans again {self.up_after:.0f} s after the machine is up; databases {dict(self.databases)}"
        )


def cut_while_hits_come(pi: Pi, *, after: float) -> Outcome:
    """Let a newcomer come each half second, pull the plug after so many, put it back, and look."""
    before, configuration = len(pi.gateway.hits()), pi.look().configuration
    here = {row["beacon"] for row in pi.gateway.status()["beacons"] if row["present"]}
    began, sent = time.monotonic(), dict[str, float]()
    for newcomer in (beacon for beacon in BEACONS if beacon not in here):
        if time.monotonic() - began > after:
            break
        sent[newcomer] = time.monotonic()
        pi.gateway.send(newcomer, interval=0.2, adverts=20)
        time.sleep(max(0.0, began + len(sent) * _EVERY - time.monotonic()))
    time.sleep(max(0.0, began + after - time.monotonic()))
    moment = pi.cut_power()
    pi.switch_on()
    up = time.monotonic()
    found = pi.found()
    pi.plug_chip()
    wait_for("it scans again", lambda: pi.gateway.chip_state()["scanning"], within=_STARTS, every=1)
    up_after = time.monotonic() - up
    kept = {beacon for kind, beacon in pi.gateway.hits()[before:] if kind == "enter"}
    return Outcome(
        sent={name: moment - when for name, when in sent.items()},
        kept=frozenset(kept & set(sent)),
        databases=found.databases,
        configuration_is_whole=found.configuration == configuration,
        state=found.state,
        up_after=up_after,
    )
