"""What files hold, within a size. No link is followed out of a folder that somebody other than root may write to."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.bundle.output import whole_lines
from beacon_gateway.adapters.files.reading import NotRegular, read_limited
from beacon_gateway.core.support.bundle import Piece
from beacon_gateway.core.text.soundness import sound_moment, sound_name

MOST_BYTES: Final = 256 << 10
MOST_FILES: Final = 250
"""As many floors as a store may have, and some more."""
MOST_OF_A_FOLDER: Final = 4 << 20
MOST_SIZES: Final = 2_000


def content_of(name: str, path: Path, most_bytes: int = MOST_BYTES, *, within: Path | None = None) -> Piece:
    """Return what a file holds. Never raises.

    With `within` no link is followed out of that folder: the command may run as root, and the link may be anybody's.
    """
    source = str(path)
    try:
        content, _ = read_limited(path, most_bytes, within=within)
    except NotRegular:
        return Piece(name, source, note="not read: it is no ordinary file")
    except OSError as error:
        return Piece(name, source, note=f"not read: {error.strerror}")
    if len(content) <= most_bytes:
        return Piece(name, source, content.decode("utf-8", errors="replace").rstrip("\0"))
    note = f"too long: only the first {most_bytes >> 10} KB are here"
    return Piece(name, source, whole_lines(content[:most_bytes], newest=False), note)


def yaml_files(name: str, folder: Path) -> list[Piece]:
    """Return the YAML files of a store's folder and of its floors. Never raises."""
    pieces: list[Piece] = []
    held = 0
    for found in (*_yaml_in(folder), *_yaml_in(folder / "floors")):
        if len(pieces) == MOST_FILES or held > MOST_OF_A_FOLDER:
            pieces.append(Piece(f"{name}/more", str(folder), note="there are more files, or larger ones, than fit"))
            break
        piece = content_of(f"{name}/{found.relative_to(folder).as_posix()}", found, within=folder)
        held += len(piece.text)
        pieces.append(piece)
    return pieces or [Piece(f"{name}/pages.yaml", str(folder), note="no YAML file can be found there")]


def sizes(name: str, folders: Sequence[Path], files: Sequence[Path]) -> Piece:
    """Return the sizes and times of these files and of all below the folders; not what they hold. Never raises."""
    lines: list[str] = []
    note = ""
    for folder in (*folders, *files):
        for path in _files_below(folder) if folder in folders else (folder,):
            if len(lines) == MOST_SIZES:
                note = f"there are more than {MOST_SIZES} files"
                break
            try:
                found = path.lstat()
            except OSError:
                continue  # gone meanwhile
            when, where = sound_moment(int(found.st_mtime)), sound_name(str(path))
            at = f"{when:%Y-%m-%dT%H:%M:%SZ}" if when else "no time of ours"
            lines.append(f"{found.st_size:>12} {stat.filemode(found.st_mode)} {at:>20} {where}")
        if not os.access(folder, os.R_OK if folder in files else os.R_OK | os.X_OK):
            note = f"{folder} cannot be looked into by this user, or is not there"
    return Piece(name, " ".join(str(folder) for folder in folders), "\n".join([*lines, ""]) if lines else "", note)


def holds_links(folder: Path) -> bool:
    """True if a file of a store's folder is a link, and may lead to what its maker may not read."""
    return any(path.is_symlink() for path in (folder / "floors", *_yaml_in(folder), *_yaml_in(folder / "floors")))


def _yaml_in(folder: Path) -> Iterator[Path]:
    try:
        if folder.is_symlink() and folder.name == "floors":
            return
        yield from sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"})
    except OSError:
        return


def _files_below(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):  # follows no links, passes over what it may not read
        folders.sort()
        yield from (Path(here, name) for name in sorted(names))
