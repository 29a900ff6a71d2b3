"""Which names in a store's folder are read, and what the others probably are: known by their names alone.

Absence is no wish: a floor's file under nearly its right name is told, with the name that it wants, and a copy that a
sync client left beside the real file is told instead of read.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PAGES_FILE: Final = "pages.yaml"
FLOORS_FOLDER: Final = "floors"
ICONS_FOLDER: Final = "icons"
READ_SUFFIXES: Final = (".yaml", ".yml")

_LEFTOVERS: Final = re.compile(
    r"""
      ^[.~#]                                # hidden, AppleDouble ("._F6.yaml"), Emacs and Office locks
    | [~#]$                                 # backups of editors
    | \.(swp|swo|swx|bak|old|orig|rej|tmp|temp|part|partial|crdownload|lock|new)$
    | ^4913$                                # vim tries whether it may write
    | ^(thumbs|ehthumbs|desktop)\.(db|ini)$
    | ^(@eadir|\$recycle\.bin|system\ volume\ information|lost\+found|recycler)$
    | ^(readme|liesmich|license|说明)
    | \.md$
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What editors, systems and network shares put into any folder, and what people write about it."""

_COPIES: Final = (
    # Syncthing, "Conflicting changes": <name>.sync-conflict-<date>-<time>-<device>
    re.compile(r"^(?P<of>.+?)\.sync-conflict-\d{8}-\d{6}(-\w+)?$"),
    # Dropbox and Nextcloud: "<name> (… conflicted copy …)", "<name> (… 的冲突副本 …)"; older ownCloud: _conflict-…
    re.compile(r"^(?P<of>.+?) ?[(（][^()（）]*(conflict|冲突|衝突)[^()（）]*[)）]$", re.IGNORECASE),
    re.compile(r"^(?P<of>.+?)[ ._-]+(conflict|冲突|衝突).*$", re.IGNORECASE),
    # Explorer, Finder, browsers and shares: "<name> (1)", "<name> - Copy (2)", "<name> - 副本", "<name> copy 2"
    re.compile(r"^(?P<of>.+?)( ?- ?| )(copy|kopie|副本|拷贝)( ?[(（]?\d+[)）]?)?$", re.IGNORECASE),
    re.compile(r"^(?P<of>.+?) ?[(（]\d+[)）]$"),
    re.compile(r"^(copy of |副本 |复件 )(?P<of>.+)$", re.IGNORECASE),
    # OneDrive: "<name>-<computer>", by the names that Windows gives
    re.compile(r"^(?P<of>.+?)-(DESKTOP|LAPTOP|WIN|PC|MSI)-[A-Z0-9]{4,15}$"),
)
_YAML_WITHIN: Final = re.compile(r"^(?P<stem>.+?)\.(ya?ml|yam|ymal|yml)(?=\.|\s|$)", re.IGNORECASE)


class LeftOut(StrEnum):
    """Why something in the folder is not read; each is the code of a problem."""

    NAME = "file.not-read"
    """Its name is nearly right."""
    COPY = "file.copy"
    FOLDER = "file.in-a-folder"
    PLACE = "file.misplaced"


@dataclass(frozen=True, slots=True)
class NotRead:
    """Something that people may take for part of the store. `near` is what to do about it: a name, or a place."""

    name: str
    why: LeftOut
    near: str


def is_leftover(name: str) -> bool:
    """True if programs leave such a name by themselves, or it is not meant for a machine."""
    return bool(_LEFTOVERS.search(name))


def is_read(name: str) -> bool:
    """True if a file of this name counts among the floors, were it not the copy of another."""
    return name.endswith(READ_SUFFIXES) and not is_leftover(name)


def sort_floor_names(names: Collection[str]) -> tuple[list[str], list[NotRead]]:
    """Return the names in `floors/` that are read, in order, and those that are left out and are to be told."""
    candidates = {name for name in names if is_read(name)}
    read: list[str] = []
    left_out: list[NotRead] = []
    for name in sorted(names):
        if is_leftover(name):
            continue
        original = _copy_of(name, candidates)
        if original:
            left_out.append(NotRead(name, LeftOut.COPY, original))
        elif name in candidates:
            read.append(name)
        else:
            left_out.append(NotRead(name, LeftOut.NAME, wanted_name(name)))
    return read, left_out


def sort_store_names(names: Iterable[str]) -> list[NotRead]:
    """Return what lies beside `pages.yaml` and is probably meant to be read."""
    there = set(names)
    left_out: list[NotRead] = []
    for name in sorted(there - {PAGES_FILE, FLOORS_FOLDER, ICONS_FOLDER}):
        folder = {"floor": FLOORS_FOLDER, "floors": FLOORS_FOLDER, "icon": ICONS_FOLDER, "icons": ICONS_FOLDER}.get(
            name.casefold()
        )
        if is_leftover(name):
            continue
        if folder:
            left_out.append(NotRead(name, LeftOut.NAME, folder))
        elif _copy_of(name, {PAGES_FILE} & there):
            left_out.append(NotRead(name, LeftOut.COPY, PAGES_FILE))
        elif wanted := _YAML_WITHIN.match(name):
            if wanted["stem"].casefold() in {"pages", "page"}:
                left_out.append(NotRead(name, LeftOut.NAME, PAGES_FILE))
            else:
                left_out.append(NotRead(name, LeftOut.PLACE, f"{FLOORS_FOLDER}/{wanted_name(name)}"))
    return left_out


def wanted_name(name: str) -> str:
    """Return the name under which a floor's file would be read."""
    within = _YAML_WITHIN.match(name)
    stem = within["stem"] if within else name.rpartition(".")[0] or name
    return f"{stem.strip()}.yaml"


def _copy_of(name: str, there: Collection[str]) -> str:
    """Return the file that this is a copy of; "" if it is none. Without the other beside it, it is all there is."""
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        return ""
    for pattern in _COPIES:
        if found := pattern.match(stem):
            for candidate in (f"{found['of']}.{suffix}", *(f"{found['of']}{other}" for other in READ_SUFFIXES)):
                if candidate in there:
                    return candidate
    return ""
