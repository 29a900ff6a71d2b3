"""What is laid over an image when a guest starts, as one tar archive on a disk: the guest's own files, and the gateway,
from our source as the Debian package would have installed it, or as that package.

The image stays the same whatever is edited here.
"""

import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from tests.places import PROJECT
from tests.vm.image import GATEWAY_PACKAGES, SUITES

GUEST: Final = "opt/guest"
"""Where the guest's own programs are."""

_SYSTEM: Final = "etc/systemd/system"
_GUEST_SOURCE: Final = ("tests/__init__.py", "tests/vm/**/*.py")
_GUEST_UNITS: Final = Path(__file__).parent / "guest" / "systemd"
_UNITS: Final = PROJECT / "deploy" / "raspberry-pi" / "systemd"
_NO_UNITS: Final = "journald.conf.d"
_IDLE: Final = (
    *("apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "fstrim.timer"),
    *("getty.target", "systemd-tmpfiles-clean.timer", "systemd-update-utmp.service"),
)
"""Nothing to do in a machine that lives for some minutes."""

_OPT: Final = "opt/beacon-gateway"
_COMMAND: Final = f"""\
#!/{_OPT}/bin/python -I
import sys

from beacon_gateway.__main__ import main

sys.exit(main())
"""
_INSTANCE: Final = f"""\
[Unit]
ConditionPathExists=
[Service]
ExecStart=
ExecStart=/{_OPT}/bin/beacon-gateway run --config /etc/beacon-gateway/%i/gateway.yaml
StateDirectory=beacon-gateway-%i
RuntimeDirectory=beacon-gateway-%i
"""
"""Several gateways on one machine: the unit file of the one, with a folder and a state of its own for each."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the archive, or with an `aim` a link."""

    name: str
    data: bytes = b""
    aim: str = ""
    mode: int = 0o644


def load(target: Path, entries: Iterable[Entry]) -> None:
    """Write the archive."""
    with tarfile.open(target, "w") as archive:
        for entry in entries:
            info = tarfile.TarInfo(entry.name)
            info.size, info.mode = len(entry.data), entry.mode
            if entry.aim:
                info.type, info.linkname = tarfile.SYMTYPE, entry.aim
            archive.addfile(info, BytesIO(entry.data))


def equipment() -> Iterator[Entry]:
    """Return what every guest has: its hands, its air, its name."""
    yield Entry("etc/hostname", b"gateway\n")
    yield Entry("etc/machine-id", b"5f1d6b2ac0e04d0d9c4e4b7a7d1f9e3b\n")
    yield Entry("etc/modules-load.d/radio.conf", b"hci_vhci\nuhid\nvirtio_console\nvirtio_rng\n")
    for pattern in _GUEST_SOURCE:
        for path in sorted(PROJECT.glob(pattern)):
            yield Entry(f"{GUEST}/{path.relative_to(PROJECT)}", path.read_bytes())
    yield Entry(f"{_SYSTEM}/default.target", aim="/usr/lib/systemd/system/multi-user.target")
    for path in sorted(_GUEST_UNITS.glob("*.service")):
        yield Entry(f"{_SYSTEM}/{path.name}", path.read_bytes())
        yield Entry(f"{_SYSTEM}/multi-user.target.wants/{path.name}", aim=f"../{path.name}")
    for unit in _IDLE:
        yield Entry(f"{_SYSTEM}/{unit}", aim="/dev/null")


def from_source() -> Iterator[Entry]:
    """Return our source where the package would put it, the unit files, and instances of the service."""
    for path in sorted(PROJECT.glob("beacon_gateway/**/*.*")):
        if path.suffix == ".pyc":
            continue
        yield Entry(f"{GATEWAY_PACKAGES}/{path.relative_to(PROJECT)}", path.read_bytes())
    yield Entry(f"{_OPT}/lib/site-packages", aim=f"/{GATEWAY_PACKAGES}")
    for suite in SUITES.values():
        yield Entry(f"{_OPT}/lib/python{suite.python}/site-packages", aim="../site-packages")
    yield Entry(f"{_OPT}/pyvenv.cfg", b"home = /usr/bin\ninclude-system-site-packages = false\n")
    yield Entry(f"{_OPT}/bin/python", aim="/usr/bin/python3")
    yield Entry(f"{_OPT}/bin/beacon-gateway", _COMMAND.encode(), mode=0o755)
    yield Entry("etc/beacon-gateway/wechat-secret")
    for path in sorted(path for path in _UNITS.rglob("*") if path.suffix in {".service", ".path", ".timer", ".conf"}):
        name = path.relative_to(_UNITS)
        if name.parts[0] == _NO_UNITS:
            continue
        yield Entry(f"{_SYSTEM}/{name}", path.read_bytes())
        if path.name == "beacon-gateway.service":
            yield Entry(f"{_SYSTEM}/beacon-gateway@.service", path.read_bytes())
    yield Entry(f"{_SYSTEM}/beacon-gateway@.service.d/instance.conf", _INSTANCE.encode())
