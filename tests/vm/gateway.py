"""One gateway in the guest, as store IT runs it and looks at it: a service, two files, the commands."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from beacon_gateway.core.settings import Settings

from .journal import Journal
from .machine import Machine

UUID: Final = "FDA50693-A4E2-4FB1-AFCF-C6EB07647825"
MAJOR: Final = 10006
BEACONS: Final = ("resident", "counted", *(f"newcomer-{number}" for number in range(1, 10)))
"""All that a gateway of these tests knows; its place in this row is a beacon's minor."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A virtual controller, and the name that the gateway on it has."""

    name: str
    address: str
    dual_mode: bool = False
    filters_duplicates: bool = False

    def beacon_address(self, beacon: str) -> str:
        return f"C0:00:00:00:{self.address[-2:]}:{BEACONS.index(beacon):02X}"


LE_ONLY: Final = Chip("le-only", "F0:F1:00:00:00:01")
DUAL_MODE: Final = Chip("dual-mode", "00:F1:00:00:00:02", dual_mode=True)
FILTERING: Final = Chip("filtering", "F0:F1:00:00:00:03", filters_duplicates=True)
"""As a dongle that reports each beacon once, when it is asked to."""
CHIPS: Final = (LE_ONLY, DUAL_MODE, FILTERING)


class TooLate(Exception):  # noqa: N818
    """What was waited for did not come."""


def wait_for(what: str, is_so: Callable[[], bool], *, within: float, every: float = 2.0) -> float:
    """Wait until something is so; give the seconds that it took. Raises TooLate."""
    begun = time.monotonic()
    while not is_so():
        if time.monotonic() - begun > within:
            raise TooLate(f"not within {within:.0f} s: {what}")
        time.sleep(every)
    return time.monotonic() - begun


class Gateway:
    """The service `beacon-gateway@<chip>`: one gateway that listens with one chip."""

    def __init__(self, machine: Machine, journal: Journal, chip: Chip) -> None:
        self._machine, self._journal, self.chip = machine, journal, chip
        self.unit = f"beacon-gateway@{chip.name}.service"
        self._folder = f"/etc/beacon-gateway/{chip.name}"
        self.runtime = f"/run/beacon-gateway-{chip.name}"

    def start(self) -> None:
        """Start from nothing, and return when it listens."""
        self._machine.run("rm", "-rf", self._folder, f"/var/lib/beacon-gateway-{self.chip.name}")
        for name, text in self._files().items():
            self._machine.write(f"{self._folder}/{name}", text)
        begun = self._journal.mark()
        self._machine.run("systemctl", "restart", self.unit)
        self._journal.wait_for(self.unit, "radio.listening", since=begun, within=60)

    def stop(self) -> None:
        self._machine.run("systemctl", "stop", self.unit)
        self._machine.air("silence_all", chip=self.chip.address)

    def send(self, beacon: str, **how: Any) -> None:  # noqa: ANN401 - what `guest.air.Air.send` takes
        """Let a beacon send near this gateway."""
        self._machine.air(
            "send",
            chip=self.chip.address,
            name=self._air_name(beacon),
            address=self.chip.beacon_address(beacon),
            uuid=UUID,
            major=MAJOR,
            minor=BEACONS.index(beacon),
            **how,
        )

    def air(self, beacon: str) -> dict[str, Any]:
        """Give what became of a beacon's advertisements: how many were sent, and reported by the chip."""
        counts: dict[str, Any] = self._machine.air("state")["beacons"][self._air_name(beacon)]
        return counts

    def chip_state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._machine.air("state")["chips"][self.chip.address]
        return state

    def hits(self, beacon: str | None = None) -> list[tuple[str, str]]:
        """Give (kind, beacon) of every hit in the log, or of one beacon's."""
        said = self._machine.run("python", "-m", "beacon_gateway", "hits", "--json", "--config", self._config())
        hits = [json.loads(line) for line in said.splitlines()]
        return [(hit["kind"], hit["beacon"]) for hit in hits if beacon in {None, hit["beacon"]}]

    def status(self) -> dict[str, Any]:
        said = self._machine.run("python", "-m", "beacon_gateway", "status", "--json", "--config", self._config())
        status: dict[str, Any] = json.loads(said)
        return status

    def samples(self, beacon: str) -> int:
        """Give how many advertisements of a beacon the gateway has counted."""
        return next(int(row["samples"]) for row in self.status()["beacons"] if row["beacon"] == beacon)

    def process(self) -> int:
        return int(self._machine.run("systemctl", "show", "--property", "MainPID", "--value", self.unit))

    def hears(self, newcomer: str, *, within: float) -> float:
        """Let a beacon come that was never here; give the seconds until it stands in the hit log. Raises TooLate."""
        self.send(newcomer)
        what = f"{self.unit} logs that {newcomer} came"
        return wait_for(what, lambda: ("enter", newcomer) in self.hits(newcomer), within=within)

    def _config(self) -> str:
        return f"{self._folder}/gateway.yaml"

    def _air_name(self, beacon: str) -> str:
        return f"{beacon} at {self.chip.name}"

    def _files(self) -> dict[str, str]:
        beacons = "".join(f"  {name}: {{major: {MAJOR}, minor: {minor}}}\n" for minor, name in enumerate(BEACONS))
        return {
            "gateway.yaml": f"gateway: {self.chip.name}\nfloor: F6\nlanguage: en\n"
            f"state: /var/lib/beacon-gateway-{self.chip.name}\n{_runtime_key(self.runtime)}"
            f'radio: {{adapter: "{self.chip.address}"}}\nhits: {{commit_every: 1s}}\n',
            "store/pages.yaml": "pages:\n",
            "store/floors/F6.yaml": f"floor: F6\nuuid: {UUID}\nbeacons:\n{beacons}",
        }


def _runtime_key(folder: str) -> str:
    return f"runtime: {folder}\n" if "runtime" in Settings.__dataclass_fields__ else ""
