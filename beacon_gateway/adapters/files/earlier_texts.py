"""The texts that were replaced on a page: kept in the gateway's state folder, so that each can be had back."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from beacon_gateway.adapters.files.reading import MAX_FILE_BYTES, names_in, read_limited
from beacon_gateway.adapters.files.replacing import put_aside
from beacon_gateway.core.files.editing import EarlierText

MAX_EARLIER_TEXTS: Final = 20
"""Texts of one file."""
MAX_EARLIER_TEXTS_BYTES: Final = 2 << 20
"""Of all files together."""
_STAMP: Final = "%Y%m%dT%H%M%S%f"
_MAX_HEAD_BYTES: Final = 1024


class EarlierTextFolder:
    """One file for each text: a line of JSON that says who replaced it, and the text as it was, byte for byte."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, content: bytes, *, at: datetime, who: str, after: str) -> None:
        """Keep what is about to be replaced, and forget what is too old or too much. Raises OSError.

        What was kept last is not kept twice: a save that fails as often as it is tried pushes no other text out.
        """
        folder = self._made(name)
        head = json.dumps({"at": at.isoformat(), "who": who, "after": after}).encode()
        path = folder / f"{at.astimezone(UTC):{_STAMP}}"
        fresh = folder / f".{path.name}"
        try:
            with fresh.open("wb") as file:
                file.write(head + b"\n" + content)
                file.flush()
                os.fsync(file.fileno())
            former = next(iter(_newest_first(folder)), None)
            fresh.replace(path)
            if former and former != path and _content(former) == content:
                with suppress(OSError):
                    former.unlink(missing_ok=True)
        finally:
            fresh.unlink(missing_ok=True)
        self._forget(folder)

    def of(self, name: str) -> list[EarlierText]:
        """Return what there is, newest first, without the texts."""
        found = (self._read(path, with_text=False) for path in _newest_first(self._folder_of(name)))
        return [earlier for earlier in found if earlier]

    def text(self, name: str, ident: str) -> EarlierText | None:
        """Return one with its text; None if there is no such."""
        path = next((path for path in _newest_first(self._folder_of(name)) if path.name == ident), None)
        return self._read(path, with_text=True) if path else None

    def _made(self, name: str) -> Path:
        """Make the folder of a file's texts. What stands in its place, or may not be written to, is put aside."""
        folder = self._folder_of(name)
        for place in (self._folder, folder):
            usable = place.is_dir() and not place.is_symlink() and os.access(place, os.W_OK | os.X_OK)
            if os.path.lexists(place) and not usable:
                put_aside(place)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _folder_of(self, name: str) -> Path:
        return self._folder / quote(name, safe="").replace(".", "%2E")

    def _read(self, path: Path, *, with_text: bool) -> EarlierText | None:
        try:
            head, _, content = read_limited(path, MAX_FILE_BYTES + _MAX_HEAD_BYTES)[0].partition(b"\n")
            said = json.loads(head)
            at = datetime.fromisoformat(said["at"])
            text = content.decode() if with_text else ""
            return EarlierText(path.name, at, str(said["who"]), str(said["after"]), text)
        except (OSError, ValueError, KeyError, TypeError):  # cut off, or not ours
            return None

    def _forget(self, folder: Path) -> None:
        for path in _newest_first(folder)[MAX_EARLIER_TEXTS:]:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        room = MAX_EARLIER_TEXTS_BYTES
        for path in sorted(self._all(), key=lambda path: path.name, reverse=True):
            with suppress(OSError):  # of another name, and not ours to read or to remove
                room -= path.lstat().st_size
                if room < 0:
                    path.unlink(missing_ok=True)

    def _all(self) -> Iterator[Path]:
        for name, is_folder in names_in(self._folder).items():
            if is_folder:
                yield from _newest_first(self._folder / name)


def _content(path: Path) -> bytes | None:
    """Return the text without the line before it; None if it cannot be read."""
    try:
        return read_limited(path, MAX_FILE_BYTES + _MAX_HEAD_BYTES)[0].partition(b"\n")[2]
    except OSError:
        return None


def _newest_first(folder: Path) -> list[Path]:
    """List by name, which is the time; nothing of a folder that cannot be listed."""
    try:
        names = names_in(folder, within=folder.parent)
    except OSError:
        return []
    kept = [name for name, is_folder in names.items() if name.startswith("2") and not is_folder]
    return [folder / name for name in sorted(kept, reverse=True)]
