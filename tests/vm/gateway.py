"""One gateway in the guest, as store IT runs it and looks at it: a service, two files, the commands."""

import json
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from tests.vm.machine import Machine

UUID: Final = "FDA50693-A4E2-4FB1-AFCF-C6EB07647825"
MAJOR: Final = 10006
BEACONS: Final = ("resident", "counted", *(f"newcomer-{number}" for number in range(1, 60)))
"""All that a gateway of these tests knows; its place in this row is a beacon's minor."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A virtual controller, and the name that the gateway on it has."""

    name: str
    address: str
    dual_mode: bool = False
    filters_duplicates: bool = False
    extended: bool = False

    def beacon_address(self, beacon: str) -> str:
        return f"C0:00:00:00:{self.address[-2:]}:{BEACONS.index(beacon):02X}"


LE_ONLY: Final = Chip("le-only", "F0:F1:00:00:00:01")
DUAL_MODE: Final = Chip("dual-mode", "00:F1:00:00:00:02", dual_mode=True)
FILTERING: Final = Chip("filtering", "F0:F1:00:00:00:03", filters_duplicates=True)
"""As a dongle that reports each beacon once, when it is asked to."""
EXTENDED: Final = Chip("extended", "F0:F1:00:00:00:04", extended=True)
"""As a dongle of Bluetooth 5, which also hears advertisements of more than 31 bytes."""
CHIPS: Final = (LE_ONLY, DUAL_MODE, FILTERING, EXTENDED)


_FIRST_PORT: Final = 8080
"""Of the pages: several gateways on one machine need one each."""
_ASK: Final = r"""
exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&3 && tr -d '\r' <&3
"""
"""Asks the port $1 for the path $2."""


class TooLate(Exception):  # noqa: N818 - what happened
    """What was waited for did not come."""


def wait_for(what: str, is_so: Callable[[], bool], *, within: float, every: float = 2.0) -> float:
    """Wait until something is so; return the seconds that it took. Raises TooLate."""
    begun = time.monotonic()
    while not is_so():
        if time.monotonic() - begun > within:
            raise TooLate(f"not within {within:.0f} s: {what}")
        time.sleep(every)
    return time.monotonic() - begun


class Gateway:
    """One gateway that listens with one chip: the service `beacon-gateway`, or an instance of it beside others."""

    def __init__(self, machine: Machine, chip: Chip, *, alone: bool = False, mode: str = "active") -> None:
        self._machine, self.chip, self._mode = machine, chip, mode
        self.unit = "beacon-gateway.service" if alone else f"beacon-gateway@{chip.name}.service"
        self._folder = "/etc/beacon-gateway" if alone else f"/etc/beacon-gateway/{chip.name}"
        own = "beacon-gateway" if alone else f"beacon-gateway-{chip.name}"
        self._state, self._runtime = f"/var/lib/{own}", f"/run/{own}"
        self._port = _FIRST_PORT if alone else _FIRST_PORT + int(chip.address[-2:])

    def start(self) -> None:
        """Start from nothing, and return when it scans."""
        self._machine.run("rm", "-rf", f"{self._folder}/store", self._state)
        for name, text in self._files().items():
            self._machine.write(f"{self._folder}/{name}", text)
        self._machine.run("systemctl", "restart", self.unit)
        wait_for(f"{self.unit} scans", lambda: self.chip_state()["scanning"], within=60, every=0.5)

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
        """Return what became of a beacon's advertisements: how many were sent, and reported by the chip."""
        counts: dict[str, Any] = self._machine.air("state")["beacons"][self._air_name(beacon)]
        return counts

    def chip_state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._machine.air("state")["chips"][self.chip.address]
        return state

    def hits(self) -> list[tuple[str, str]]:
        """Return (kind, beacon) of every hit in the log."""
        return [(hit["kind"], hit["beacon"]) for hit in self.log("hits")]

    def log(self, what: str) -> list[dict[str, Any]]:
        """Return what the log has of `hits` or `events`."""
        said = self._machine.run("beacon-gateway", what, "--json", "--limit", "1000000", "--config", self._config())
        return [json.loads(line) for line in said.splitlines()]

    def doctor(self) -> dict[str, dict[str, Any]]:
        """Return what `doctor` finds, by check."""
        said = self._machine.run("beacon-gateway", "doctor", "--json", "--config", self._config(), check=False)
        return {finding["check"]: finding for finding in json.loads(said)["findings"]}

    def status(self) -> dict[str, Any]:
        """Return what the gateway says of itself, of some seconds ago; nothing if it does not run."""
        status: dict[str, Any] = json.loads(self._machine.read(f"{self._runtime}/status.json") or "{}")
        return status

    def rungs(self) -> dict[str, int]:
        """Return how often each rung of the ladder was taken."""
        rungs: dict[str, int] = self.status()["radio"]["rungs"]
        return rungs

    def samples(self, beacon: str) -> int:
        """Return how many advertisements of a beacon the gateway has counted."""
        return next(int(row["samples"]) for row in self.status()["beacons"] if row["beacon"] == beacon)

    def process(self) -> int:
        return int(self._machine.run("systemctl", "show", "--property", "MainPID", "--value", self.unit))

    def hears(self, newcomer: str, *, within: float) -> float:
        """Let a beacon come that was never here; return the seconds until it stands in the hit log. Raises TooLate."""
        self.send(newcomer)
        return self.has_logged("enter", newcomer, within=within)

    def has_logged(self, kind: str, beacon: str, *, within: float) -> float:
        """Wait until a hit stands in the log; return the seconds that it took. Raises TooLate."""
        what = f"{self.unit} logs `{kind}` of {beacon}"
        return wait_for(what, lambda: self._knows(kind, beacon), within=within)

    def _knows(self, kind: str, beacon: str) -> bool:
        """True if there is such a hit, as the pages' interface says, or where it does not answer, the log itself.

        A command of ours costs an emulated machine seconds of its processor, and the gateway answers at once.
        """
        answer = self._machine.run(
            *("bash", "-c", _ASK, "ask", str(self._port), f"/api/hits?beacon={beacon}&kind={kind}&limit=1"), check=False
        )
        head, _, body = answer.partition("\n\n")
        return bool(json.loads(body)) if " 200 " in head else (kind, beacon) in self.hits()

    def _config(self) -> str:
        return f"{self._folder}/gateway.yaml"

    def _air_name(self, beacon: str) -> str:
        return f"{beacon} at {self.chip.name}"

    def _files(self) -> dict[str, str]:
        return {
            "gateway.yaml": f"gateway: {self.chip.name}\nfloor: F6\nlanguage: en\n"
            f"state: {self._state}\nruntime: {self._runtime}\n"
            f'radio: {{adapter: "{self.chip.address}", mode: {self._mode}}}\nhits: {{commit_every: 1s}}\n'
            f"web: {{listen: 127.0.0.1:{self._port}}}\n",
            **store_files(),
        }


def store_files() -> dict[str, str]:
    """Return the files of a store with these beacons."""
    beacons = "".join(f"  {name}: {{major: {MAJOR}, minor: {minor}}}\n" for minor, name in enumerate(BEACONS))
    return {
        "store/pages.yaml": "pages:\n",
        "store/floors/F6.yaml": f"floor: F6\nuuid: {UUID}\nbeacons:\n{beacons}",
    }


@contextmanager
def running(
    machine: Machine, *chips: Chip, alone: bool = False, passive: Collection[Chip] = ()
) -> Iterator[Sequence[Gateway]]:
    """Run a gateway on each chip for the length of the block, begun from nothing."""
    with ExitStack() as stack:
        gateways = [
            Gateway(machine, chip, alone=alone, mode="passive" if chip in passive else "active") for chip in chips
        ]
        for gateway in gateways:
            stack.callback(gateway.stop)
            gateway.start()
        yield gateways
