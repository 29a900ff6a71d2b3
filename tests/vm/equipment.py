"""What this machine must have before a virtual one can be built and run on it."""

import os
from typing import Final

from tests.equipment import Missing, install

_PACKAGE_OF: Final = {
    "qemu-system-x86_64": "qemu-system-x86",
    "mmdebstrap": "mmdebstrap",
    "mke2fs": "e2fsprogs",
    "depmod": "kmod",
    "dpkg-deb": "dpkg",
    "cpio": "cpio",
}
"""Commands that are used, and Debian's packages that bring them."""


def bring() -> None:
    """Install what is missing. Raises Missing."""
    if os.uname().machine != "x86_64":
        raise Missing(f"the guests are x86-64 machines, and emulating them on {os.uname().machine} would take hours")
    if os.geteuid() != 0:
        raise Missing("building a guest needs root")
    install(_PACKAGE_OF)
