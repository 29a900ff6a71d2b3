"""What is laid over an image when a guest starts: our source and the guest's own files, as one tar archive on a disk.

The image stays the same whatever is edited here.
"""

import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from .image import PROJECT

_SOURCE: Final = ("beacon_gateway/**/*.py", "tests/__init__.py", "tests/vm/**/*.py")
_UNITS: Final = (PROJECT / "deploy" / "raspberry-pi" / "systemd", Path(__file__).parent / "guest" / "systemd")
_SYSTEM: Final = "etc/systemd/system"
_FILES: Final = {
    "etc/hostname": "gateway\n",
    "etc/machine-id": "5f1d6b2ac0e04d0d9c4e4b7a7d1f9e3b\n",
    "etc/modules-load.d/radio.conf": "hci_vhci\nuhid\nvirtio_console\nvirtio_rng\n",
    "etc/beacon-gateway/wechat-secret": "",
    # Several gateways on one machine: the unit file of the one, with a folder and a state of its own for each.
    f"{_SYSTEM}/beacon-gateway@.service.d/instance.conf": """\
[Service]
ExecStart=
ExecStart=/opt/beacon-gateway/.venv/bin/python -m beacon_gateway run --config /etc/beacon-gateway/%i/gateway.yaml
StateDirectory=beacon-gateway-%i
RuntimeDirectory=beacon-gateway-%i
""",
}
_LINKS: Final = {
    f"{_SYSTEM}/default.target": "/usr/lib/systemd/system/multi-user.target",
    f"{_SYSTEM}/multi-user.target.wants/agent.service": "../agent.service",
    f"{_SYSTEM}/multi-user.target.wants/air.service": "../air.service",
    # Nothing to do in a machine that lives for some minutes.
    **{
        f"{_SYSTEM}/{unit}": "/dev/null"
        for unit in (
            *(
                "apt-daily.timer",
                "apt-daily-upgrade.timer",
                "dpkg-db-backup.timer",
                "e2scrub_all.timer",
                "fstrim.timer",
            ),
            *("getty.target", "systemd-tmpfiles-clean.timer", "systemd-update-utmp.service"),
        )
    },
}


def load(target: Path) -> None:
    """Write the archive."""
    with tarfile.open(target, "w") as archive:
        for name, data in (*_source(), *_units(), *((name, text.encode()) for name, text in _FILES.items())):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, BytesIO(data))
        for name, aim in _LINKS.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, aim
            archive.addfile(entry)


def _source() -> Iterator[tuple[str, bytes]]:
    for pattern in _SOURCE:
        for path in sorted(PROJECT.glob(pattern)):
            yield f"opt/beacon-gateway/{path.relative_to(PROJECT)}", path.read_bytes()


def _units() -> Iterator[tuple[str, bytes]]:
    for folder in _UNITS:
        for path in sorted(
            path for path in folder.rglob("*") if path.suffix in {".service", ".path", ".timer", ".conf"}
        ):
            name = str(path.relative_to(folder))
            yield f"{_SYSTEM}/{name}", path.read_bytes()
            if name == "beacon-gateway.service":
                yield f"{_SYSTEM}/beacon-gateway@.service", path.read_bytes()
