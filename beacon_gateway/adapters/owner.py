"""Root that works on a service's files works as the service: what it makes there, the service must be able to use."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def work_as_owner_of(folder: Path) -> None:
    """Give up root's rights for those of the folder's owner, for the rest of this process; nothing to do for others.

    Raises OSError where root may not.
    """
    if os.geteuid() != 0 or not folder.exists():
        return
    found = folder.stat()
    if found.st_uid != 0:
        os.setgroups([])
        os.setgid(found.st_gid)
        os.setuid(found.st_uid)


@contextmanager
def as_owner_of(folder: Path) -> Iterator[None]:
    """Give root the rights of the folder's owner for a while; nothing to do for others.

    Raises OSError where root may not.
    """
    found = folder.stat() if os.geteuid() == 0 and folder.exists() else None
    if found is None or not found.st_uid:
        yield
        return
    groups, group = os.getgroups(), os.getegid()
    os.setgroups([])
    os.setegid(found.st_gid)
    os.seteuid(found.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)
