"""`make bench-vm`: what it costs with the real bluetoothd that each report brings data of its own.

CPU of all that works for a report in the guest: our process, bluetoothd and dbus-daemon. Two ways in turns: the one
that takes bluetoothd's memory of a device for what was received, and the gateway's. The guest is emulated, so only
their ratio means anything; its beacons never catch up, so what is compared is the cost of an advertisement.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.bench.stream import KEYS, address
from tests.equipment import Missing
from tests.places import PROJECT
from tests.vm.bluetoothd import Bluetoothd
from tests.vm.cargo import GUEST, Entry, equipment, from_source
from tests.vm.equipment import bring
from tests.vm.gateway import LE_ONLY
from tests.vm.image import SUITES, image
from tests.vm.machine import Machine

BEACONS: Final = 50
INTERVAL_S: Final = 0.1
RSSI: Final = (-73, -61)
"""dBm, the weakest and the strongest."""
WAYS: Final = ("merged", "ours")
TURNS: Final = 3


def main(suite: str, seconds: int) -> int:
    try:
        bring()
        debian = image(SUITES[suite])
    except Missing as reason:
        print(f"SKIPPED: no virtual machine here: {reason}")
        return int(os.environ.get("BEACON_GATEWAY_VM") == "required")
    with (
        tempfile.TemporaryDirectory() as folder,
        Machine(debian, Path(folder), [*equipment(), *from_source(), *benches()]) as machine,
    ):
        machine.run("python", "-m", "compileall", "-q", f"/{GUEST}", "/opt/wheels/beacon_gateway")
        machine.air("plug", chip=LE_ONLY.address)
        bluetoothd = Bluetoothd(machine)
        bluetoothd.start(experimental=False)
        send_all(machine)
        helpers = (bluetoothd.process(), int(machine.run("systemctl", "show", "-P", "MainPID", "dbus")))
        costs: dict[str, list[float]] = {way: [] for way in WAYS}
        for _ in range(TURNS):
            for way in WAYS:
                costs[way].append(cost(machine, way, seconds, helpers))
    # The least: a guest takes for work of its own what other work of this machine takes from it.
    ratio = min(costs["ours"]) / min(costs["merged"])
    print(f"  {suite}, {BEACONS} beacons, CPU with data of its own against without: {ratio:.2f}   <= 1.5")
    return 0


def benches() -> Iterator[Entry]:
    """Return what the guest's program needs of the benches."""
    for path in sorted((PROJECT / "tests" / "bench").glob("*.py")):
        yield Entry(f"{GUEST}/{path.relative_to(PROJECT)}", path.read_bytes())


def send_all(machine: Machine) -> None:
    for number, key in enumerate(KEYS[:BEACONS]):
        machine.air(
            "send",
            chip=LE_ONLY.address,
            name=f"beacon {number}",
            address=address(number),
            uuid=str(key.uuid),
            major=key.major,
            minor=key.minor,
            interval=INTERVAL_S,
            rssi=RSSI,
        )


def cost(machine: Machine, way: str, seconds: int, helpers: tuple[int, int]) -> float:
    """Return the guest's seconds of CPU for an advertisement, in all three processes."""
    said = machine.run("python", "-m", "tests.vm.guest.report_cost", way, str(seconds), *map(str, helpers))
    told = json.loads(said.splitlines()[-1])
    adverts, cpu = int(told["adverts"]), [float(taken) for taken in told["cpu"]]
    shares = ", ".join(
        f"{name} {1000 * taken / adverts:.2f}"
        for name, taken in zip(("gateway", "bluetoothd", "dbus-daemon"), cpu, strict=True)
    )
    print(f"  {way:6}: {adverts / seconds:.0f} advertisements a second; ms of CPU for each: {shares}", flush=True)
    return sum(cpu) / adverts


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.vm.report_cost", description=__doc__)
    parser.add_argument("--suite", choices=sorted(SUITES), default="bookworm", help="the Debian release in the guest")
    parser.add_argument("--seconds", type=int, default=60, help="how long each turn is measured")
    arguments = parser.parse_args()
    sys.exit(main(arguments.suite, arguments.seconds))
