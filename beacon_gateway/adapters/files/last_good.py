"""A copy of the store's files as they were when they were last sound, in the gateway's state folder."""

import errno
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.icons import MAX_READ_ICON_BYTES
from beacon_gateway.adapters.files.reading import MAX_FILE_BYTES, read_limited
from beacon_gateway.adapters.files.replacing import put_aside, sync_folder
from beacon_gateway.adapters.files.store_files import StoreFiles, StoreSourceFiles
from beacon_gateway.core.model.problems import Problem, is_sound
from beacon_gateway.core.model.store import OwnPage, Store

LAST_GOOD: Final = "last-good"
"""The copy's name in the state folder."""


class LastGoodCopy:
    """Written after each sound edit; read when the gateway starts and finds the files faulty, or does not find them."""

    def __init__(self, files: StoreFiles, folder: Path) -> None:
        self._files, self._folder = files, folder
        self._fresh, self._stale = (folder.with_name(folder.name + suffix) for suffix in (".new", ".old"))

    def keep(self) -> None:
        """Keep what the files held when they were read last, if that was sound. Raise OSError.

        Written is what was judged, whatever the files hold by now. The copy is made beside the old one, down to the
        card, read back, and swapped in whole: at any moment one of the two is there. An icon is copied only if it is
        still the one that was judged; else this raises, and the next reading has the new one.
        """
        judged = self._files.judged()
        if judged is None:
            return
        if not self._folder.exists() and self._stale.is_dir():  # the plug was pulled between the two renames
            self._stale.rename(self._folder)
        for left_over in (self._fresh, self._stale):
            _clear(left_over)
        if not _holds(self._folder, judged):
            self._write_fresh(judged)
            self._swap()

    def _write_fresh(self, judged: StoreSourceFiles) -> None:
        """Write the new copy down to the card, names and all."""
        self._fresh.mkdir(parents=True)
        for name, content in judged.texts.items():
            _write(self._fresh / name, content)
        for name, digest in judged.icons.items():
            self._copy_icon(name, digest)
        if not _holds(self._fresh, judged):
            raise OSError(errno.EIO, "the copy does not read as it was written", str(self._fresh))
        folders = {parent for name in (*judged.texts, *judged.icons) for parent in (self._fresh / name).parents}
        for folder in folders:
            if folder.is_relative_to(self._fresh):
                sync_folder(folder)

    def _swap(self) -> None:
        if self._folder.is_dir() and not self._folder.is_symlink():
            self._folder.rename(self._stale)
        elif os.path.lexists(self._folder):
            put_aside(self._folder)
        self._fresh.rename(self._folder)
        sync_folder(self._folder.parent)
        shutil.rmtree(self._stale, ignore_errors=True)

    def read(self) -> tuple[Store, list[Problem]]:
        """Read the copy as if it were the store's folder; the one before it where it is missing or damaged."""
        found = StoreFiles(self._folder, self._files.zone, judges_icons=False).read()
        if is_sound(found[1]):
            return found
        before = StoreFiles(self._stale, self._files.zone, judges_icons=False).read()
        return before if is_sound(before[1]) else found

    def icon(self, page: OwnPage) -> bytes:
        """Return an icon's content as it was when the files were read. Raise OSError where nobody has it any more.

        The copy lies on this machine, and is made before a store is in force: it is asked first.
        """
        for folder in (self._folder, self._stale):
            with suppress(OSError):
                content, _ = read_limited(folder / page.icon, MAX_READ_ICON_BYTES, within=folder)
                if sha256(content).hexdigest() == page.icon_digest:
                    return content
        return self._files.icon(page)

    def _copy_icon(self, name: str, digest: str) -> None:
        """Bring one icon over: by a second name for the old copy's, which costs the card nothing, or by its content."""
        target = self._fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():  # two pages show it, under two spellings of its path
            return
        if _digest_of(self._folder / name, self._folder) == digest:
            with suppress(OSError):  # no second names on this kind of disk
                os.link(self._folder / name, target)
                return
        content, _ = read_limited(self._files.folder / name, MAX_READ_ICON_BYTES, within=self._files.folder)
        if sha256(content).hexdigest() != digest:
            raise OSError(errno.ESTALE, "the icon was changed since the files were read", name)
        _write(target, content)


def _holds(folder: Path, judged: StoreSourceFiles) -> bool:
    """True if a folder holds these files, byte for byte, and no other floor."""
    if folder.is_symlink() or _names(folder / "floors") != _names_of(judged.texts):
        return False
    for name, content in judged.texts.items():
        try:
            found, _ = read_limited(folder / name, MAX_FILE_BYTES, within=folder)
        except OSError:
            return False
        if found != content:
            return False
    return all(_digest_of(folder / name, folder) == digest for name, digest in judged.icons.items())


def _names(folder: Path) -> set[str]:
    try:
        return {path.name for path in folder.iterdir()}
    except OSError:
        return set()


def _names_of(texts: Iterable[str]) -> set[str]:
    return {Path(name).name for name in texts if "/" in name}


def _digest_of(path: Path, folder: Path) -> str:
    """Return the SHA-256 of a file; "" if it cannot be read."""
    try:
        return sha256(read_limited(path, MAX_READ_ICON_BYTES, within=folder)[0]).hexdigest()
    except OSError:
        return ""


def _write(path: Path, content: bytes) -> None:
    """Write a new file down to the card."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _clear(path: Path) -> None:
    """Make room for a folder: remove what stands there, or put it aside where it is another's."""
    shutil.rmtree(path, ignore_errors=True)
    if os.path.lexists(path):
        put_aside(path)
