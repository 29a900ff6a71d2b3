"""What dpkg is told: the control file, the scripts, the check sums."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tree import HERE, units_at_boot
from words import MAINTAINER

_CONTROL: Final = """\
Package: beacon-gateway
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {kilobytes}
Depends: {depends}
Suggests: {suggests}
Section: net
Priority: optional
Description: listens to a store's iBeacons and keeps their pages bound
 A daemon for a Raspberry Pi on each floor of a store. It listens to the store's
 iBeacons through BlueZ, logs arrivals and departures, and makes WeChat's Shake
 Nearby show the pages that the store's staff write in YAML files.
 .
 All libraries are inside, so it installs without a network beyond Debian's own
 packages. After the installation: sudo beacon-gateway setup
"""

_DEPENDS: Final = (
    # Compiled modules are for these two only.
    *("python3 (>= 3.11)", "python3 (<< 3.14)", "python3 (<< 3.12) | python3 (>= 3.13)"),
    # The wheels are built for manylinux_2_34 at the newest; some are in C++ and Rust.
    *("libc6 (>= 2.34)", "libgcc-s1", "libstdc++6"),
    "bluez",
    "default-dbus-system-bus | dbus-system-bus",
    # LoadCredential= and NotifyAccess= as the units use them.
    "systemd (>= 252)",
    # userdel, for the purge
    "passwd",
)
# Not Recommends: apt would fetch what is missing of those, and a shop without internet could install nothing at all.
# Raspberry Pi OS has them all.
_SUGGESTS: Final = (
    # What `doctor` and the ladder of the radio ask.
    *("rfkill", "iw"),
    # Without a clock nothing is bound.
    "systemd-timesyncd | time-daemon",
    "ca-certificates",
)
_SCRIPTS: Final = ("postinst", "prerm", "postrm")
_KILOBYTE: Final = 1024


def write_control(root: Path, version: str, architecture: str) -> None:
    """Write DEBIAN/ for the tree as it is. `version` is Debian's."""
    folder = root / "DEBIAN"
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    control = _CONTROL.format(
        version=version,
        maintainer=MAINTAINER,
        architecture=architecture,
        kilobytes=sum(_kilobytes(root)),
        depends=", ".join(_DEPENDS),
        suggests=", ".join(_SUGGESTS),
    )
    folder.mkdir()
    (folder / "control").write_text(control, encoding="utf-8")
    sums = (f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(root)}\n" for path in files)  # noqa: S324 - dpkg's, against accidents
    (folder / "md5sums").write_text("".join(sums), encoding="utf-8")
    (folder / "triggers").write_bytes((HERE / "scripts" / "triggers").read_bytes())
    for name in _SCRIPTS:
        script = (HERE / "scripts" / name).read_text(encoding="utf-8")
        (folder / name).write_text(script.replace("@UNITS@", " ".join(units_at_boot())), encoding="utf-8")
        (folder / name).chmod(0o755)


def _kilobytes(root: Path) -> Iterator[int]:
    """Count as Debian's policy does: files in whole kilobytes, everything else as one."""
    for path in root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield -(-path.stat().st_size // _KILOBYTE)
        else:
            yield 1
