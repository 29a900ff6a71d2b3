"""Debian for arm64 in a folder, as far as a Pi has it before our package; and commands in it."""

import hashlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.equipment import Missing

SUITES: Final = {"bookworm": "3.11", "trixie": "3.13"}
"""Debian releases, of those that Raspberry Pi OS is made of, and their Python."""

_PACKAGES: Final = ("bluez", "dbus", "passwd", "python3", "systemd")
_ENVIRONMENT: Final = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
    "HOME": "/nonexistent",
}
_MOUNT_AND_ENTER: Final = (
    'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot --userspec="$1" "$0" "${@:2}"'
)


@dataclass(frozen=True, slots=True)
class Root:
    folder: Path

    def run(self, *command: str, user: str = "root", network: bool = False) -> str:
        """Run it in there and return what it prints. Raises CalledProcessError, after showing all that it said."""
        done = subprocess.run(
            [
                *("unshare", "--mount", "--propagation=private", *(() if network else ("--net",))),
                *("bash", "-c", _MOUNT_AND_ENTER, str(self.folder), f"{user}:", *command),
            ],
            env=_ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            print(done.stdout, done.stderr, sep="\n")
        done.check_returncode()
        return done.stdout

    def files(self) -> set[str]:
        """Return every file and folder, but what dpkg and apt note for themselves."""
        noted = ("var/log/", "var/lib/dpkg/", "var/cache/apt/", "var/lib/apt/", "var/cache/debconf/", "tmp/")
        found = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*"))
        return {path for path in found if not path.startswith(noted)}


def archive(suite: str) -> Path:
    """Return a root of this release as a tar archive, made now if needed. Raises Missing where Debian cannot be had."""
    cache = Path(os.environ.get("BEACON_GATEWAY_ARM64_CACHE", Path.home() / ".cache" / "beacon-gateway-arm64"))
    content = hashlib.sha256(f"{suite} {_PACKAGES}".encode()).hexdigest()[:12]
    finished = cache / f"{suite}-{content}.tar"
    if not finished.exists():
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = finished.with_suffix(".part.tar")
        done = subprocess.run(
            [
                *("mmdebstrap", "--quiet", "--mode=root", "--arch=arm64", "--variant=minbase"),
                *(f"--include={','.join(_PACKAGES)}", suite, str(unfinished), "http://deb.debian.org/debian"),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Missing(f"`mmdebstrap` failed, probably for want of a network: {done.stderr[-2000:]}")
        unfinished.rename(finished)
    return finished


def unpack(path: Path, folder: Path) -> Root:
    """Unpack a root into the folder."""
    subprocess.run(["tar", "--extract", "--file", path, "--directory", folder], check=True)
    return Root(folder)
