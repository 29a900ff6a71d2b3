"""What a user without rights may do, by any user who runs the tests: root drops its rights for a block."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

NOBODY_ID: Final = 65534
"""User and group of `nobody` on Debian."""


@contextmanager
def as_nobody() -> Iterator[None]:
    """Run the block without root's rights; all threads of the process lose them (setresuid(2), glibc).

    Modules that are imported late may lie in root's home: do once before what is done in the block.
    """
    if os.geteuid() != 0:
        yield
        return
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(NOBODY_ID)
    os.seteuid(NOBODY_ID)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


@contextmanager
def folder_for_nobody() -> Iterator[Path]:
    """Yield an empty folder that every user can reach and write to; pytest's own are closed to all but one."""
    with tempfile.TemporaryDirectory(prefix="beacon-gateway-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder
        folder.chmod(0o777)
