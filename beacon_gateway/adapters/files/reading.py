"""Files from the disk: never more than a limit, and nothing that is no file."""

import errno
import os
import stat
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.document import Document
from beacon_gateway.adapters.files.yaml_tree import parse
from beacon_gateway.core.problems import Place

LARGEST_FILE: Final = 1 << 19
"""Bytes. A floor of 1,000 beacons with schedules has about 200,000. The worst of this size takes 0.8 s and 100 MB."""


def read(path: Path, name: str, draft: bytes | None = None) -> Document:
    """Read a file into a document, or a draft in its place. Never raises for what it holds or where it leads."""
    document = Document(name, path.parent)
    top = Place(name)
    try:
        content, size = read_limited(path, LARGEST_FILE) if draft is None else (draft, len(draft))
    except FileNotFoundError:
        document.report(top, "file.missing")
    except OSError as error:
        loop = error.errno == errno.ELOOP
        document.report(top, "file.loop" if loop else "file.unreadable", reason=error.strerror or type(error).__name__)
    else:
        if len(content) > LARGEST_FILE:
            document.report(top, "file.too-big", found=f"{size:,}", limit=f"{LARGEST_FILE:,}")
        else:
            parse(content, document)
    return document


def read_limited(path: Path, limit: int) -> tuple[bytes, int]:
    """Give at most one byte more than `limit` of a regular file, and its size. Raises OSError for all else.

    A pipe under a file's name must not be waited for: hence the flag, and the look at what was opened.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        return file.read(limit + 1), status.st_size
