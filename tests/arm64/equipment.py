"""What this machine must have before it can run programs for another processor."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.equipment import Missing, install

_PACKAGE_OF: Final = {
    "arch-test": "arch-test",  # mmdebstrap asks it whether the processor can be emulated
    "mmdebstrap": "mmdebstrap",
    "qemu-aarch64-static": "qemu-user-static",
}
_BINFMT: Final = Path("/proc/sys/fs/binfmt_misc")
_HANDLER: Final = _BINFMT / "qemu-aarch64"
_HANDLER_FILE: Final = Path("/usr/lib/binfmt.d/qemu-aarch64.conf")


def bring() -> None:
    """Install what is missing. Raises Missing."""
    if os.geteuid() != 0:
        raise Missing("making a root of another architecture needs root")
    install(_PACKAGE_OF)


@contextmanager
def emulation() -> Iterator[None]:
    """Let the kernel hand ARM programs to QEMU, and leave it as it was. Raises Missing."""
    if os.uname().machine == "aarch64" or _HANDLER.exists():
        yield
        return
    try:
        if not (_BINFMT / "register").exists():
            subprocess.run(
                ["mount", "-t", "binfmt_misc", "binfmt_misc", _BINFMT], check=True, capture_output=True, text=True
            )
        (_BINFMT / "register").write_bytes(_HANDLER_FILE.read_bytes())
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing(f"this kernel runs no programs for other processors: {error}") from error
    try:
        yield
    finally:
        _HANDLER.write_text("-1", encoding="ascii")  # the kernel's word for: forget it
