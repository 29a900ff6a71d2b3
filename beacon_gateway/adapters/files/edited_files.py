"""The files of the store as a page edits them: found by name, checked as a draft, and saved."""

import re
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.earlier_texts import EarlierTextFolder
from beacon_gateway.adapters.files.reading import MAX_FILE_BYTES, OutsideFolder, read_limited
from beacon_gateway.adapters.files.replacing import replace_content
from beacon_gateway.adapters.files.store_files import StoreFiles, shown_name
from beacon_gateway.adapters.files.yaml.document import Document
from beacon_gateway.adapters.files.yaml.nodes import MapNode, ScalarNode
from beacon_gateway.adapters.files.yaml.yaml_tree import parse
from beacon_gateway.core.files.editing import PAGES, CheckResult, EarlierText, NotEditable, StoreFile, checked
from beacon_gateway.core.model.problems import Problem

UNDO: Final = "undo"
"""The name of another page."""
_FLOOR: Final = re.compile(r"""^floor:[ \t]+["']?([^\s"'#]+)""", re.MULTILINE)


class EditedFiles:
    """A name is looked up among the files that are there: no path is ever made of what somebody typed."""

    def __init__(self, files: StoreFiles, earlier: EarlierTextFolder) -> None:
        self._files, self._earlier = files, earlier

    def names(self) -> list[str]:
        """Return the floors' files in their order, and the pages."""
        return list(self._paths())

    def troubles(self) -> list[Problem]:
        """Return a problem for each part of the folder that cannot be listed now: files there may not be seen."""
        return self._files.unlisted()

    def find(self, name: str) -> StoreFile | None:
        """Read a file as it is now; None if there is none of that name. Faults are reported, never raised."""
        path = self._paths().get(name)
        if path is None:
            return None
        shown_as = self._files.shown(path)
        content = self._content(path)
        if isinstance(content, NotEditable):
            return StoreFile(name, shown_as, fault=content)
        text = content.decode()
        floor = "" if name == PAGES else _declared_floor(content, text)
        return StoreFile(name, shown_as, text, sha256(content).hexdigest(), floor)

    def _content(self, path: Path) -> bytes | NotEditable:
        """Return what a form gives back as it was, or why that cannot be."""
        try:
            content, _ = read_limited(path, MAX_FILE_BYTES, within=self._files.folder)
            if len(content) > MAX_FILE_BYTES:
                return NotEditable.TOO_BIG
            content.decode()
        except UnicodeDecodeError:
            return NotEditable.ENCODING
        except OutsideFolder:
            return NotEditable.OUTSIDE
        except OSError:
            return NotEditable.UNREADABLE
        return NotEditable.CONTROL if b"\0" in content else content

    def check(self, name: str, text: str) -> CheckResult:
        """Read all files as they would be with this text. Raises KeyError if there is none of that name."""
        path = self._paths()[name]
        content = text.encode()
        _, before = self._files.read()
        store, after = self._files.read({path: content})
        return checked(_declared_floor(content, text), self._files.shown(path), store, before, after)

    def save(self, file: StoreFile, text: str, *, who: str, at: datetime) -> bool:
        """Put a text in the place of what `file` says is there; False if something else is. Raises OSError."""
        path = self._paths().get(file.name)
        if path is None or not self._is_inside(path):
            return False
        content = text.encode()
        after = sha256(content).hexdigest()
        self._earlier.keep(file.name, file.text.encode(), at=at, who=who, after=after)
        return replace_content(path.resolve(strict=True), content, file.digest)  # through a link, within the folder

    def earlier(self, name: str) -> list[EarlierText]:
        return self._earlier.of(name)

    def earlier_text(self, name: str, ident: str) -> EarlierText | None:
        return self._earlier.text(name, ident)

    def _paths(self) -> dict[str, Path]:
        """Return what can be edited, by name: the file's without its suffix, unless that means something else here."""
        paths: dict[str, Path] = {}
        for path in self._files.floor_files():
            name = shown_name(path.with_suffix(""))
            taken = name in {PAGES, UNDO} or name in paths
            paths.setdefault(shown_name(path) if taken else name, path)
        return {**paths, PAGES: self._files.pages}

    def _is_inside(self, path: Path) -> bool:
        """Raise OSError, RuntimeError where a link leads nowhere."""
        return path.resolve(strict=True).is_relative_to(self._files.folder.resolve(strict=True))


def _declared_floor(content: bytes, text: str) -> str:
    """Return the floor that a file says it is; of a faulty one, what its line seems to say; "" if it says none."""
    document = Document("")
    parse(content, document)
    if not isinstance(document.root, MapNode):
        found = _FLOOR.search(text)
        return found[1] if found else ""
    said = (value for key, value in document.root.pairs() if isinstance(key, ScalarNode) and key.value == "floor")
    floor = next(said, None)
    return floor.value if isinstance(floor, ScalarNode) else ""
