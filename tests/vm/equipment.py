"""What this machine must have before a virtual one can be built and run on it."""

import os
import shutil
import subprocess
from typing import Final

_PACKAGE_OF: Final = {
    "qemu-system-x86_64": "qemu-system-x86",
    "mmdebstrap": "mmdebstrap",
    "mke2fs": "e2fsprogs",
    "depmod": "kmod",
    "dpkg-deb": "dpkg",
    "cpio": "cpio",
}
"""Commands that are used, and Debian's packages that bring them."""


class Missing(Exception):  # noqa: N818 - a reason to skip, not an error
    """Something is not here and cannot be brought here; says what, for the person who wanted the tests."""


def bring() -> None:
    """Install what is missing. Raises Missing."""
    if os.uname().machine != "x86_64":
        raise Missing(f"the guests are x86-64 machines, and emulating them on {os.uname().machine} would take hours")
    if os.geteuid() != 0:
        raise Missing("building a guest needs root")
    packages = [package for command, package in _PACKAGE_OF.items() if not shutil.which(command)]
    if not packages:
        return
    if not shutil.which("apt-get"):
        raise Missing(f"there is no apt-get to install {', '.join(packages)} with")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", "-qq", *step], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Missing(f"`apt-get {step[0]}` failed, so there is no {', '.join(packages)}: {done.stderr[-500:]}")
