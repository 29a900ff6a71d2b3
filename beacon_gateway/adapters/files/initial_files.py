"""Puts the first files of a gateway where they belong: each whole or not at all, and on the card before it counts."""

import os
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self, TypeVar

from beacon_gateway.adapters.files.reading import MAX_FILE_BYTES, read_limited
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.model.settings import STORE_ZONE

T = TypeVar("T")

SECRET: Final = "wechat-secret"  # noqa: S105 - the name of a file
_MODE_FOR_ALL: Final = 0o644
"""The daemon's user reads them, and so does any user who types `status`."""
_MODE_FOR_ROOT: Final = 0o600


class DeadlineRunner(Protocol):
    """What gives up work in a folder that does not answer: the folder may be on a share, or on a stick."""

    def __call__(self, folder: Path, work: Callable[[], T]) -> T: ...


class InitialFiles:
    """The folder of a gateway.yaml. Each step in it is done `in_time`, and may raise what that raises.

    What is new is tried in a hidden folder in there first, `trial`, which goes away with the `with` block. gateway.yaml
    comes last: without it neither the service starts nor is the first start over, so a power cut in between costs
    nothing but another try.
    """

    def __init__(self, config: Path, in_time: DeadlineRunner) -> None:
        self.config = config
        self._in_time = in_time
        self.folder = config.parent
        self.secret = self.folder / SECRET
        self.trial = self.folder / ".setup.new"
        self._made: list[Path] = []

    def __enter__(self) -> Self:
        """Make the folder and the trial. Raises OSError."""
        self._do(self._begin)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the trial away, and folders that were made for nothing."""
        self._do(self._end)

    def _do(self, work: Callable[[], T]) -> T:
        return self._in_time(self.folder, work)

    def _begin(self) -> None:
        self._made = _make(self.folder)
        shutil.rmtree(self.trial, ignore_errors=True)  # of one that was killed
        self.trial.mkdir(mode=0o700)

    def _end(self) -> None:
        shutil.rmtree(self.trial, ignore_errors=True)
        for path in reversed(self._made):
            try:
                path.rmdir()
            except OSError:  # there is something in it, as there should be
                return

    def read_secret(self) -> bytes:
        """Return what the secret's file holds; nothing if there is none. Raises OSError."""
        try:
            return self._do(lambda: read_limited(self.secret, MAX_FILE_BYTES))[0].strip()
        except FileNotFoundError:
            return b""

    def has_config(self) -> bool:
        return self._do(self.config.exists)

    def has_secret(self) -> bool:
        return self._do(self.secret.exists)

    def try_config(self, content: bytes) -> Path:
        """Put a gateway.yaml into the trial. Raises OSError."""
        path = self.trial / self.config.name
        self._do(lambda: _write(path, content, _MODE_FOR_ALL))
        return path

    def try_present_config(self) -> Path:
        """Put the gateway.yaml that is in force into the trial. Raises OSError."""
        return self.try_config(self._do(lambda: read_limited(self.config, MAX_FILE_BYTES))[0])

    def try_store(self, place: Path, files: Mapping[str, bytes]) -> None:
        """Put a new store into the trial; `place` is relative to gateway.yaml. Raises OSError."""
        store = self.trial / place
        folders = (store / "floors", store / "icons", store)
        for folder in folders:
            self._do(partial(_make, folder))
        for name, content in files.items():
            self._do(partial(_write, store / name, content, _MODE_FOR_ALL))
        for folder in folders:
            self._do(partial(_sync, folder))

    def try_present_store(self, place: Path) -> None:
        """Show the store that is there in the trial. Raises OSError."""
        store = self.trial / place
        self._do(lambda: _make(store.parent))
        self._do(lambda: store.symlink_to((self.folder / place).absolute()))

    def has_store(self, place: Path) -> bool:
        """True if a store's files are there already."""
        files = StoreFiles(self.folder / place, STORE_ZONE)
        return self._do(lambda: any(path.is_file() for path in files.everything()))

    def add_to_store(self, place: Path, files: Mapping[str, bytes]) -> list[Path]:
        """Add those of the first files without which a store cannot be read; return them. Raises OSError."""
        store = self.folder / place
        there = self._do(lambda: list(StoreFiles(store, STORE_ZONE).everything()))
        has_floors = any(path.parent.name == "floors" for path in there)
        added = []
        for name, content in files.items():
            path = store / name
            if self._do(path.exists) or (has_floors and path.parent.name == "floors"):
                continue
            self._do(partial(_make, path.parent))
            self._do(partial(_replace, path, content, _MODE_FOR_ALL))
            added.append(path)
        return added

    def keep_store(self, place: Path, now: datetime) -> Path | None:
        """Move the new store to its place; return where the old one is now, if there was one. Raises OSError."""
        return self._do(lambda: _swap_in(self.trial / place, self.folder / place, now))

    def keep_secret(self, secret: str) -> None:
        """Put the secret where only root reads it; nothing, for a gateway without an account. Raises OSError."""
        content = f"{secret}\n".encode() if secret else b""
        self._do(lambda: _replace(self.secret, content, _MODE_FOR_ROOT))

    def keep_config(self, content: bytes, now: datetime) -> Path | None:
        """Put gateway.yaml in its place; return where the old one is now, if there was one. Raises OSError."""
        old = None
        if self.has_config():
            old = _dated(self.config, now)
            present = self._do(lambda: read_limited(self.config, MAX_FILE_BYTES))[0]
            self._do(partial(_replace, old, present, _MODE_FOR_ALL))
        self._do(lambda: _replace(self.config, content, _MODE_FOR_ALL))
        return old


def _swap_in(fresh: Path, target: Path, now: datetime) -> Path | None:
    """Move a folder to its place; return where the one is now that was there."""
    _make(target.parent)
    old = _dated(target, now) if target.exists() else None
    if old:
        target.rename(old)
    fresh.rename(target)
    _sync(target.parent)
    return old


def _make(folder: Path) -> list[Path]:
    """Make a folder that all may read, whatever the mask is, and those above it; return those that were made."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()][::-1]
    for path in missing:
        path.mkdir()
        path.chmod(0o755)
    return missing


def _dated(path: Path, now: datetime) -> Path:
    return path.with_name(f"{path.name}.{now:%Y%m%dT%H%M%SZ}")


def _replace(path: Path, content: bytes, mode: int) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        _write(fresh, content, mode)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    _sync(path.parent)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a new file, with its mode from the first moment on, down to the card."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fchmod(file.fileno(), mode)  # whatever the mask is
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Put a folder's names down to the card."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
