"""Files from the disk: never more than a limit, nothing that is no file, and nothing outside of its folder."""

import errno
import os
import stat
from io import FileIO
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.document import Document
from beacon_gateway.adapters.files.yaml_tree import parse
from beacon_gateway.core.problems import Place

AWAY: Final = frozenset(
    {errno.ESTALE, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENOTCONN, errno.ETIMEDOUT, errno.ENETUNREACH}
)
"""What a folder on the network answers while its server is gone."""

LARGEST_FILE: Final = 1 << 19
"""Bytes. A floor of 1,000 beacons with schedules has about 200,000. The worst of this size takes 0.8 s and 100 MB."""


class OutsideFolder(OSError):  # noqa: N818 - where the file is, as FileNotFoundError says where it is not
    """A link leads out of the folder that holds it: nothing was read."""


def code_of(error: OSError, what: str) -> str:
    """Return the problem that an error is; `what` is "file" or "folder"."""
    if isinstance(error, OutsideFolder):
        return f"{what}.outside"
    if error.errno == errno.ELOOP:
        return f"{what}.loop"
    if error.errno in AWAY:
        return f"{what}.away"
    if error.errno == errno.EIO:
        return f"{what}.broken"
    return f"{what}.unreadable"


def reason_of(error: OSError) -> str:
    return error.strerror or type(error).__name__


def read(path: Path, name: str, draft: bytes | None = None, *, within: Path | None = None) -> Document:
    """Read a file into a document, or a draft in its place. Never raises for what it holds or where it leads."""
    document = Document(name, path.parent)
    top = Place(name)
    try:
        content, size = read_limited(path, LARGEST_FILE, within=within) if draft is None else (draft, len(draft))
    except FileNotFoundError:
        document.report(top, "file.missing")
    except OSError as error:
        document.report(top, code_of(error, "file"), reason=reason_of(error))
    else:
        if len(content) > LARGEST_FILE:
            document.report(top, "file.too-big", found=f"{size:,}", limit=f"{LARGEST_FILE:,}")
        else:
            parse(content, document)
    return document


def read_limited(path: Path, limit: int, *, within: Path | None = None) -> tuple[bytes, int]:
    """Return at most one byte more than `limit` of a regular file, and its size. Raise OSError for all else.

    What was found is looked at before it is opened: a pipe is never waited for, no device does what opening it does,
    and a link that leads out of the folder `within` raises OutsideFolder. Links within the folder are followed.
    """
    found = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        status = os.fstat(found)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        handle = f"/proc/self/fd/{found}"
        if within is not None and not Path(handle).readlink().is_relative_to(os.path.realpath(within)):
            raise OutsideFolder(errno.EXDEV, "a link that leads out of its folder", str(path))
        with os.fdopen(os.open(handle, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering=0) as file:
            return _read(file, limit + 1), status.st_size
    finally:
        os.close(found)


def _read(file: FileIO, most: int) -> bytes:
    """Read to the end, or `most` bytes."""
    content = file.read(most)
    while len(content) < most and (more := file.read(most - len(content))):
        content += more
    return content
