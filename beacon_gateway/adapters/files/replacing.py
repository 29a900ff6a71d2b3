"""Puts a new content in the place of a file: whole or not at all."""

import os
from contextlib import suppress
from hashlib import sha256
from itertools import count
from pathlib import Path

from beacon_gateway.adapters.files.reading import MAX_FILE_BYTES, read_limited


def replace_content(path: Path, content: bytes, seen: str) -> bool:
    """Write beside the file, down to the card, and swap; False if it holds something else than `seen` (SHA-256, hex).

    Mode, and where possible owner and group, stay as they are. Raises OSError; then the file is as it was.
    """
    fresh = path.with_name(f".{path.name}.new")  # hidden: it counts for nobody
    fresh.unlink(missing_ok=True)  # of one that was killed
    status = path.stat()
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        with os.fdopen(os.open(fresh, flags, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            _keep_owner(file.fileno(), status)
            os.fchmod(file.fileno(), status.st_mode & 0o777)
            os.fsync(file.fileno())
        if sha256(read_limited(path, MAX_FILE_BYTES)[0]).hexdigest() != seen:
            return False
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


def swap_in(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Put a file of our own in its place, whole or not at all, closed to others unless `mode` says more. Raise OSError.

    For what may be lost with the power: it is not waited for until it is on the card.
    """
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)  # of a process that was killed
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(content)
        os.fchmod(file.fileno(), mode)  # whatever the mask of the process
    fresh.replace(path)


def _keep_owner(handle: int, status: os.stat_result) -> None:
    """Keep owner and group as far as the kernel lets this user: the group alone, if it is one of its own."""
    for owner in (status.st_uid, -1):
        with suppress(OSError):
            os.fchown(handle, owner, status.st_gid)
            return


def sync_folder(folder: Path) -> None:
    """Put a folder's names down to the card."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_aside(path: Path) -> None:
    """Rename what stands in our way: nothing is deleted that we did not make. Raise OSError."""
    free = (path.with_name(f"{path.name}.damaged-{number}") for number in count(1))
    path.rename(next(name for name in free if not os.path.lexists(name)))
