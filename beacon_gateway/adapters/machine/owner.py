"""Root that works on a service's files works as the service: what it makes there, the service must be able to use."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def work_as_owner_of(folder: Path) -> None:
    """Drop root's rights for those of the folder's owner, for the rest of this process; nothing to do for others.

    Raises OSError where root may not.
    """
    if owner := _owner_to_become(folder):
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)


@contextmanager
def as_owner_of(folder: Path) -> Iterator[None]:
    """Work with the rights of the folder's owner within the block, where root does; nothing to do for others.

    Raises OSError where root may not.
    """
    owner = _owner_to_become(folder)
    if owner is None:
        yield
        return
    groups, group = os.getgroups(), os.getegid()
    os.setgroups([])
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)


def _owner_to_become(folder: Path) -> os.stat_result | None:
    """Return whose folder it is; None unless root works in a folder that is not its own."""
    if os.geteuid() != 0 or not folder.exists():
        return None
    found = folder.stat()
    return found if found.st_uid else None
