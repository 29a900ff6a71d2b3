"""A folder with answers, as people put it on a card's boot partition: read from FAT, and relieved of its secret.

FAT knows no upper and lower case, and Windows' Notepad adds marks, line ends and .txt: none of that is a fault.
"""

import errno
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.icons import ICON_KINDS, MAX_READ_ICON_BYTES
from beacon_gateway.adapters.files.reading import MAX_FILE_BYTES, names_in, read_limited
from beacon_gateway.adapters.files.store_files import MAX_FLOORS
from beacon_gateway.core.files.file_names import FLOORS_FOLDER, PAGES_FILE
from beacon_gateway.core.files.icon_image import format_of
from beacon_gateway.core.files.installation import plain_text

BOOT_FOLDERS: Final = (Path("/boot/firmware/beacon-gateway"), Path("/boot/beacon-gateway"))
"""Raspberry Pi OS since bookworm, and before."""
MAX_SUPPLIED_ICONS: Final = 1000
MAX_SUPPLIED_BYTES: Final = 64 << 20
"""Of all files together: they are held in memory."""
_FIRST_BYTES: Final = 16
"""Enough to tell a picture whose name does not say that it is one."""
_CONFIG_NAMES: Final = ("gateway.yaml", "gateway.yml", "gateway.yaml.txt")
_SECRET_NAMES: Final = ("wechat-secret", "wechat-secret.txt")
_PAGES_NAMES: Final = (PAGES_FILE, "pages.yml", "pages.yaml.txt")


@dataclass(frozen=True, slots=True)
class SuppliedFiles:
    """What a folder brings, as far as it is there."""

    folder: Path
    config: Path | None
    config_text: bytes
    secret: Path | None
    secret_text: bytes = field(repr=False)
    store: Mapping[str, bytes]
    """By path below store/; empty if there is none."""

    @property
    def names(self) -> list[str]:
        """Name what there is, as people see it."""
        files = [path.name for path in (self.config, self.secret) if path]
        return [*files, "store/"] if self.store else files


def boot_folder() -> Path | None:
    """Return the folder on the boot partition, if there is one."""
    for folder in BOOT_FOLDERS:
        with suppress(PermissionError):  # closed to the caller
            if folder.is_dir():
                return folder
    return None


def read_brought(folder: Path) -> SuppliedFiles:
    """Read what the folder brings. Raises OSError, with the file's name."""
    config, secret = _named(folder, _CONFIG_NAMES), _named(folder, _SECRET_NAMES)
    store = _named(folder, ("store",))
    return SuppliedFiles(
        folder,
        config,
        plain_text(_content(config, MAX_FILE_BYTES)) if config else b"",
        secret,
        _content(secret, MAX_FILE_BYTES) if secret else b"",
        dict(_store_files(store)) if store and store.is_dir() else {},
    )


def wipe(path: Path) -> None:
    """Write over a file, down to the card, and delete it. Raises OSError.

    Flash writes elsewhere when it writes anew: what was there may be found by somebody who takes the chip out.
    """
    handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe is not waited for
    with os.fdopen(handle, "wb") as file:
        file.write(bytes(os.fstat(file.fileno()).st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _store_files(store: Path) -> Iterator[tuple[str, bytes]]:
    left = MAX_SUPPLIED_BYTES
    pages = b""
    if path := _named(store, _PAGES_NAMES):
        pages = plain_text(_content(path, MAX_FILE_BYTES))
        yield PAGES_FILE, pages
    for path in _entries(_named(store, (FLOORS_FOLDER,)), MAX_FLOORS):
        name = re.sub(r"\.ya?ml(\.txt)?$", ".yaml", path.name, flags=re.IGNORECASE)
        if name.endswith(".yaml"):
            content = plain_text(_content(path, MAX_FILE_BYTES))
            left -= _counted(content, left, path)
            yield f"{FLOORS_FOLDER}/{name}", content
    for path in _entries(_named(store, ("icons",)), MAX_SUPPLIED_ICONS):
        if path.suffix.lower() in ICON_KINDS or format_of(read_limited(path, _FIRST_BYTES)[0]):
            content = _content(path, MAX_READ_ICON_BYTES)
            left -= _counted(content, left, path)
            yield _as_the_pages_say(f"icons/{path.name}", pages), content


def _named(folder: Path | None, names: tuple[str, ...]) -> Path | None:
    """Return what has one of the names there, in whatever case; the first name is the dearest."""
    if folder is None:
        return None
    there = {name.lower(): folder / name for name in sorted(names_in(folder), reverse=True)}
    return next((there[name] for name in names if name in there), None)


def _entries(folder: Path | None, limit: int) -> list[Path]:
    """List the files that people put there; not what editors, macOS and network shares leave beside them."""
    if folder is None or not folder.is_dir():
        return []
    names = (name for name, is_folder in names_in(folder).items() if name[0] not in ".#~" and not is_folder)
    paths = sorted(folder / name for name in names)
    if len(paths) > limit:
        raise OSError(errno.E2BIG, f"more than {limit} files", str(folder))
    return paths


def _content(path: Path, limit: int) -> bytes:
    content, _ = read_limited(path, limit)
    if len(content) > limit:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content


def _counted(content: bytes, left: int, path: Path) -> int:
    if len(content) > left:
        raise OSError(errno.EFBIG, f"more than {MAX_SUPPLIED_BYTES >> 20} MB", str(path.parent))
    return len(content)


def _as_the_pages_say(name: str, pages: bytes) -> str:
    """Return an icon's name with the letters that pages.yaml uses for it."""
    found = re.search(re.escape(os.fsencode(name)), pages, re.IGNORECASE)
    return found[0].decode() if found else name
