"""Digests of icons, and what is wrong with each: looked at once for as long as the file stays as it is."""

import hashlib
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from beacon_gateway.adapters.files.reading import read_limited
from beacon_gateway.core.files.icon_image import IconFault, icon_fault

Stamp = tuple[int, int, int, int]


class FileContent(NamedTuple):
    digest: str
    """SHA-256, hex; of a file beyond the limit only as far as that."""
    size: int
    """Bytes, all of them."""
    fault: IconFault | None
    """Why it is no icon; of a file beyond the limit nobody looked."""


class Digests:
    """Remembers what was digested. After a floor's file was saved, no icon is read again."""

    def __init__(self, limit: int, within: Path) -> None:
        """Read at most `limit` bytes of a file, and none outside of the folder `within`."""
        self._limit, self._within = limit, within
        self._known: dict[Path, tuple[Stamp, FileContent]] = {}

    def of(self, path: Path) -> FileContent:
        """Raise OSError for what is no file that can be read."""
        status = path.stat()  # before reading: a file that is saved meanwhile is then read again, and not mistaken
        # The time of the last change of the inode cannot be set: it tells what a copy with its old times hides.
        stamp = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        known = self._known.get(path)
        if known and known[0] == stamp:
            return known[1]
        read, size = read_limited(path, self._limit, within=self._within)
        fault = icon_fault(read) if len(read) <= self._limit else None
        content = FileContent(hashlib.sha256(read).hexdigest(), max(size, len(read)), fault)
        self._known[path] = (stamp, content)
        return content

    def forget_all_but(self, paths: AbstractSet[Path]) -> None:
        """Keep the memory no larger than the folder."""
        self._known = {path: known for path, known in self._known.items() if path in paths}
