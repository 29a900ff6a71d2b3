"""Files and folders from the disk: bounded, nothing that is no file, and nothing outside of its folder."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.yaml.document import Document
from beacon_gateway.adapters.files.yaml.yaml_tree import parse
from beacon_gateway.core.files.unreadable import UnreadableCause, cause_of
from beacon_gateway.core.model.problems import SourcePosition
from beacon_gateway.core.sentences.system_errors import reason_of

MAX_FILE_BYTES: Final = 1 << 19
"""Bytes. A floor of 1,000 beacons with schedules has about 200,000. The worst of this size takes 0.8 s and 100 MB."""
MAX_ENTRIES: Final = 10_000
"""Of one folder; a folder with more is no store's."""


class OutsideFolder(OSError):  # noqa: N818 - where the file is, as FileNotFoundError says where it is not
    """A link leads out of the folder that holds it: nothing was read."""


class NotRegular(OSError):  # noqa: N818 - what stands there instead, as IsADirectoryError says
    """A folder, pipe, socket or device under a file's name: it was not opened."""


def code_of(error: OSError, what: str) -> str:
    """Return the code of the problem that an error is; `what` is "file" or "folder"."""
    if isinstance(error, OutsideFolder):
        return f"{what}.{UnreadableCause.OUTSIDE}"
    if isinstance(error, NotRegular):
        return f"{what}.{UnreadableCause.NOT_REGULAR}"
    return f"{what}.{cause_of(error.errno)}"


def read(path: Path, name: str, draft: bytes | None = None, *, within: Path | None = None) -> Document:
    """Read a file into a document, or a draft in its place. Never raises for what it holds or where it leads."""
    document = Document(name, path)
    top = SourcePosition(name)
    try:
        content, size = read_limited(path, MAX_FILE_BYTES, within=within) if draft is None else (draft, len(draft))
    except FileNotFoundError:
        document.report(top, "file.missing")
    except OSError as error:
        document.report(top, code_of(error, "file"), reason=reason_of(error))
    else:
        if len(content) > MAX_FILE_BYTES:
            document.report(top, "file.too-big", found=f"{size:,}", limit=f"{MAX_FILE_BYTES:,}")
        else:
            document.content = content
            parse(content, document)
    return document


def read_limited(path: Path, limit: int, *, within: Path | None = None) -> tuple[bytes, int]:
    """Return at most one byte more than `limit` of a regular file, and its size. Raise OSError for all else.

    A link that leads out of the folder `within` raises OutsideFolder. Links within the folder are followed.
    """
    handle = open_regular(path, within=within)
    with os.fdopen(handle, "rb", buffering=0) as file:
        return _read(file, limit + 1), os.fstat(handle).st_size


def open_regular(path: Path, *, within: Path | None = None) -> int:
    """Open a regular file for reading; return its descriptor. Raise OSError for all else.

    What was found is looked at before it is opened: a pipe is never waited for, no device does what opening it does.
    """
    found = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(found).st_mode):
            raise NotRegular(errno.EINVAL, "not a regular file", str(path))
        if within is not None:
            _check_within(found, within, path)
        return os.open(f"/proc/self/fd/{found}", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    finally:
        os.close(found)


@contextmanager
def folder_opened(path: Path, *, within: Path | None = None) -> Iterator[int]:
    """Open a folder for the block: a descriptor of it, wherever its name leads by then. Raise OSError."""
    found = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if within is not None:
            _check_within(found, within, path)
        yield found
    finally:
        os.close(found)


def names_in(path: Path, *, within: Path | None = None) -> dict[str, bool]:
    """Return the names in a folder, each with whether it is a folder itself. Raise OSError.

    A folder that cannot be listed to its end is not a shorter one: E2BIG says that it holds more than MAX_ENTRIES.
    """
    names: dict[str, bool] = {}
    with folder_opened(path, within=within) as handle, os.scandir(handle) as entries:
        for entry in entries:
            if len(names) == MAX_ENTRIES:
                raise OSError(errno.E2BIG, "more entries than any store has", str(path))
            names[entry.name] = entry.is_dir(follow_symlinks=False)
    return names


def _check_within(found: int, folder: Path, path: Path) -> None:
    """Raise OutsideFolder unless what was found lies below the folder; the kernel says where it lies, not its name."""
    around = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if not _place_of(found).is_relative_to(_place_of(around)):
            raise OutsideFolder(errno.EXDEV, "a link that leads out of its folder", str(path))
    finally:
        os.close(around)


def _place_of(handle: int) -> Path:
    return Path(f"/proc/self/fd/{handle}").readlink()


def _read(file: FileIO, most: int) -> bytes:
    """Read to the end, or `most` bytes."""
    content = file.read(most)
    while len(content) < most and (more := file.read(most - len(content))):
        content += more
    return content
