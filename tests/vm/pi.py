"""A machine as store IT has it: the Debian package on a disk that outlives every loss of power."""

import json
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.vm.cargo import GUEST, Entry, equipment
from tests.vm.gateway import LE_ONLY, Gateway, store_files
from tests.vm.image import Image
from tests.vm.machine import Machine
from tests.vm.packages import Packages

UNIT: Final = "beacon-gateway.service"
STATE: Final = "/var/lib/beacon-gateway"
APT: Final = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes", "--quiet")
"""Offline as always here."""
PREVIOUS: Final = f"/{GUEST}/previous.deb"
CURRENT: Final = f"/{GUEST}/current.deb"
ANSWERS: Final = "/boot/firmware/beacon-gateway"
_GATEWAY: Final = """\
gateway: f6-east
floor: F6
language: en
wechat: {appid: wx0123456789abcdef}
"""
_LOOK: Final = "/run/found.json"


@dataclass(frozen=True, slots=True)
class Found:
    """What a power cut had left, before the gateway began again."""

    configuration: dict[str, str]
    """Each file's digest."""
    databases: dict[str, str]
    """What SQLite says of each."""
    state: list[str]
    """Names in the state folder."""


class Pi:
    """Its chip is not plugged in at a boot."""

    def __init__(self, image: Image, folder: Path, first_cargo: Iterable[Entry], *, card: Path | None = None) -> None:
        """`first_cargo` is laid on the disk at the first boot only; `card` is a second disk, /dev/vdc."""
        self._image, self._folder = image, folder
        self._next_cargo = list(first_cargo)
        self._cards = [card] if card else []
        self._disk = folder / "disk"
        self._boots = 0
        self._power = ExitStack()

    def __enter__(self) -> Self:
        subprocess.run(["cp", "--sparse=always", "--reflink=auto", self._image.disk, self._disk], check=True)
        self.switch_on()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._power.close()
        self._disk.unlink()

    def switch_on(self) -> None:
        self._boots += 1
        folder = self._folder / str(self._boots)
        folder.mkdir()
        cargo = [*equipment(), *self._next_cargo]
        self._next_cargo = []
        machine = Machine(self._image, folder, cargo, disk=self._disk, more_disks=self._cards)
        self.machine = self._power.enter_context(machine)
        self.gateway = Gateway(self.machine, LE_ONLY, alone=True)

    def cut_power(self) -> float:
        """End it without a warning; return the moment (monotonic)."""
        moment = time.monotonic()
        self._power.close()
        return moment

    def plug_chip(self) -> None:
        self.machine.air("plug", chip=LE_ONLY.address)

    def apt(self, *words: str) -> str:
        return self.machine.run(*APT, *words)

    def property(self, name: str, unit: str = UNIT) -> str:
        """Return what systemd says of a unit."""
        return self.machine.run("systemctl", "show", "--property", name, "--value", unit)

    def found(self) -> Found:
        """Return what this boot found."""
        self.machine.run("systemctl", "start", "look.service")  # waits for it
        return Found(**json.loads(self.machine.read(_LOOK)))

    def look(self) -> Found:
        """Return what is there now; of databases only while nobody writes."""
        self.machine.run("rm", "-rf", "/run/found")
        self.machine.run("systemctl", "restart", "look.service")
        return self.found()


def first_cargo(debs: Packages, secret: str) -> Iterator[Entry]:
    """Return both packages, and a folder for `setup` on the boot partition."""
    for name, package in ((PREVIOUS, debs.previous), (CURRENT, debs.current)):
        yield Entry(name.removeprefix("/"), package.read_bytes())
    answers = {"gateway.yaml": _GATEWAY, "wechat-secret": secret, **store_files()}
    for name, text in answers.items():
        yield Entry(f"{ANSWERS.removeprefix('/')}/{name}", text.encode())
