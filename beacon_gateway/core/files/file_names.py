"""Which names in a store's folder are read, and what the others probably are: known by their names alone.

Absence is no wish: a floor's file under nearly its right name is told, with the name that it wants, and what may be a
copy that a sync client left beside the real file is set apart, for its content to decide.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PAGES_FILE: Final = "pages.yaml"
FLOORS_FOLDER: Final = "floors"
ICONS_FOLDER: Final = "icons"
READ_SUFFIXES: Final = (".yaml", ".yml")
NOT_THE_STORES: Final = frozenset({"gateway.yaml", "compose.yaml", "docker-compose.yml", "docker-compose.yaml"})
"""What may lie in a store's folder and is meant for another program, or for another part of this one."""

_LEFTOVERS: Final = re.compile(
    r"""
      ^[.~#]                                # hidden, AppleDouble ("._F6.yaml"), Emacs and Office locks
    | [~#]$                                 # backups of editors
    | \.(swp|swo|swx|bak|old|orig|rej|save|tmp|temp|lock|new)$
    | \.(part|partial|filepart|crdownload|download|downloading|icloud)$    # browsers, clients of stores on the web
    | ^4913$                                # vim tries whether it may write
    | ^(thumbs|ehthumbs|desktop)\.(db|ini)$
    | ^(@eadir|\$recycle\.bin|system\ volume\ information|lost\+found|recycler)$
    | ^(readme|liesmich|license|说明)(?!.*\.ya?ml$)
    | \.md$
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What editors, systems and network shares put into any folder, and what people write about it."""
_BACKUP: Final = re.compile(r"(~|\.(bak|old|orig|save))$", re.IGNORECASE)
"""Of the leftovers, those that are whole: an earlier version of the file."""
_LEFT_OF: Final = re.compile(
    r"^[.~#$]*(syncthing[.~])?(?P<of>[^.~#$].*?\.ya?ml)(?=[.~#])",  # ".F7.yaml.icloud", "#F7.yaml#", "F7.yaml.part"
    re.IGNORECASE,
)
"""The file that a leftover was made of, or was to become, whatever stands before and after its name."""
_HOLDS_NOTHING: Final = re.compile(r"^(\._|\.#|~\$|\.~lock\.)|\.lock$", re.IGNORECASE)
"""Locks, and what a Mac notes beside a file: nothing of a floor can be brought back from one."""

_COPY_MARK: Final = re.compile(
    r"""
      .*(conflict|冲突|衝突).*          # Syncthing, Dropbox, Nextcloud, Seafile, Synology, Resilio, 坚果云
    | [ ]?[(（]\d+[)）]                      # browsers, chats, Explorer
    | [ _.-]*的?[(（]?(another\ |\d+(st|nd|rd|th)\ )?(copy|kopie|copie|副本|复件|複本|拷贝)[)）]?([ ]?[(（]?\d+[)）]?)?
    | -(DESKTOP|LAPTOP|WIN|PC|MSI)-[A-Z0-9]{4,15}    # OneDrive adds the computer's name; these are Windows' own
    | _(LOCAL|REMOTE|BASE|BACKUP)_\d+       # git mergetool
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What stands between a file's name and its suffix in the name of a copy."""
_COPY_BEFORE: Final = re.compile(
    r"^(copy (\(\d+\) )?of |(副本|复件|複本) ?([(（]\d+[)）] )?)(?P<of>.+)$", re.IGNORECASE
)
_SEPARATORS: Final = " ._-(（[【~"
"""A name that goes on with one of these may be a copy by a computer's name ("F6-till-3") or a number ("F6 2")."""
_YAML_WITHIN: Final = re.compile(r"^(?P<stem>.+?)[.,．。，](ya?ml|yam|ymal)(?=[.\s]|$)", re.IGNORECASE)


class SkipReason(StrEnum):
    """Why something in the folder is not read; each is the code of a problem."""

    NAME = "file.not-read"
    """Its name is nearly right."""
    UNFINISHED = "file.unfinished"
    """A download, a save or a sync was perhaps cut off, and the file itself is not there."""
    COPY = "file.copy"
    FOLDER = "file.in-a-folder"
    PLACE = "file.misplaced"


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """Something that people may take for part of the store. `near` is what to do about it: a name, or a place."""

    name: str
    why: SkipReason
    near: str


@dataclass(frozen=True, slots=True)
class PossibleCopy:
    """A name like that of a copy, beside the file that it may be a copy of."""

    name: str
    of: str
    is_marked: bool
    """Whether it says so; else the name just goes on, as another floor's may."""


@dataclass(frozen=True, slots=True)
class FloorNames:
    """The names in `floors/`, in order."""

    read: list[str]
    copies: dict[str, PossibleCopy]
    """Those of `read` that may be copies of others."""
    left_out: list[SkippedFile]


def is_leftover(name: str) -> bool:
    """True if programs leave such a name by themselves, or it is not meant for a machine."""
    return bool(_LEFTOVERS.search(name))


def is_read(name: str) -> bool:
    """True if a file of this name counts among the floors, were it not the copy of another."""
    return name.endswith(READ_SUFFIXES) and not is_leftover(name)


def sort_floor_names(names: Collection[str]) -> FloorNames:
    """Sort the names in `floors/`: what is read, what of it may be copies, and what is left out and is to be told."""
    candidates = {name for name in names if is_read(name)}
    by_stem = _by_stem(candidates)
    found = FloorNames([], {}, [])
    for name in sorted(names):
        if is_leftover(name):
            found.left_out.extend(_only_leftover(name, names))
        elif name in candidates:
            found.read.append(name)
            if copy := _copy_among(name, by_stem):
                found.copies[name] = copy
        elif original := _original_of(name, candidates):
            found.left_out.append(SkippedFile(name, SkipReason.COPY, original))
        else:
            found.left_out.append(SkippedFile(name, SkipReason.NAME, wanted_name(name)))
    return found


def sort_store_names(names: Collection[str]) -> list[SkippedFile]:
    """Return what lies beside `pages.yaml` and is probably meant to be read."""
    left_out: list[SkippedFile] = []
    pages = {PAGES_FILE} & {*names}
    for name in sorted({*names} - {PAGES_FILE, FLOORS_FOLDER, ICONS_FOLDER} - NOT_THE_STORES):
        folder = {"floor": FLOORS_FOLDER, "floors": FLOORS_FOLDER, "icon": ICONS_FOLDER, "icons": ICONS_FOLDER}.get(
            name.casefold()
        )
        if is_leftover(name):
            left_out += (item for item in _only_leftover(name, names) if item.near == PAGES_FILE)
        elif folder:
            left_out.append(SkippedFile(name, SkipReason.NAME, folder))
        elif _original_of(name, pages):
            left_out.append(SkippedFile(name, SkipReason.COPY, PAGES_FILE))
        elif wanted := _YAML_WITHIN.match(name):
            if wanted["stem"].casefold() in {"pages", "page"}:
                left_out.append(SkippedFile(name, SkipReason.COPY if pages else SkipReason.NAME, PAGES_FILE))
            else:
                left_out.append(SkippedFile(name, SkipReason.PLACE, f"{FLOORS_FOLDER}/{wanted_name(name)}"))
    return left_out


def sort_icon_names(names: Iterable[str]) -> list[SkippedFile]:
    """Return the floors' files that lie among the pictures."""
    return [
        SkippedFile(name, SkipReason.PLACE, f"{FLOORS_FOLDER}/{wanted_name(name)}")
        for name in sorted(names)
        if not is_leftover(name) and _YAML_WITHIN.match(name)
    ]


def wanted_name(name: str) -> str:
    """Return the name under which a floor's file would be read."""
    within = _YAML_WITHIN.match(name)
    stem = within["stem"] if within else name.rpartition(".")[0] or name
    return f"{stem.strip()}.yaml"


def _only_leftover(name: str, there: Collection[str]) -> list[SkippedFile]:
    """Return what a program left of a file that is not there; beside its file it is nobody's concern."""
    left = _LEFT_OF.match(name)
    if left is None or _HOLDS_NOTHING.search(name):
        return []
    stem = left["of"].rpartition(".")[0]
    if any(stem + suffix in there for suffix in READ_SUFFIXES):
        return []
    wanted = left["of"] if left["of"].endswith(READ_SUFFIXES) else f"{stem}.yaml"
    return [SkippedFile(name, SkipReason.NAME if _BACKUP.search(name) else SkipReason.UNFINISHED, wanted)]


def _original_of(name: str, there: Collection[str]) -> str:
    """Return the file that another one, which is not read itself, is a copy of; "" if it is none."""
    for end in range(len(name) - 1, 0, -1):
        if name[end] in _SEPARATORS and name[:end] in there:
            return name[:end]
    if (wanted := wanted_name(name)) in there:
        return wanted
    copy = _copy_among(wanted, _by_stem(there))
    return copy.of if copy and copy.is_marked else ""


def _by_stem(names: Iterable[str]) -> dict[str, str]:
    return {name.rpartition(".")[0]: name for name in sorted(names, reverse=True)}


def _copy_among(name: str, by_stem: Mapping[str, str]) -> PossibleCopy | None:
    """Return what a name may be a copy of; None if there is no such file beside it: then it is all there is."""
    stem = name.rpartition(".")[0]
    before = _COPY_BEFORE.match(stem)
    if before and before["of"] in by_stem:
        return PossibleCopy(name, by_stem[before["of"]], is_marked=True)
    for end in range(len(stem) - 1, 0, -1):
        original = by_stem.get(stem[:end])
        if original is None:
            continue
        goes_on = stem[end] in _SEPARATORS
        if (goes_on or not stem[end].isascii()) and _COPY_MARK.fullmatch(stem[end:]):
            return PossibleCopy(name, original, is_marked=True)
        if goes_on:
            return PossibleCopy(name, original, is_marked=False)
    return None
