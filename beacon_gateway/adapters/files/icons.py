"""A store's icons: whether each may be used, and the digest by which a changed one is known."""

import errno
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from beacon_gateway.adapters.files.digests import Digests, FileContent
from beacon_gateway.adapters.files.reading import code_of
from beacon_gateway.adapters.files.yaml.document import Document
from beacon_gateway.adapters.files.yaml.nodes import shorten
from beacon_gateway.core.files.icon_image import MAX_ICON_BYTES, IconFault, IconFlaw
from beacon_gateway.core.files.icon_names import IconNames, looks_alike, usable_names
from beacon_gateway.core.model.problems import Located
from beacon_gateway.core.sentences.system_errors import reason_of

MAX_READ_ICON_BYTES: Final = MAX_ICON_BYTES
ICON_KINDS: Final = frozenset({".jpg", ".jpeg", ".png", ".gif"})
"""How the names of icons usually end. What they are is told by their content alone."""
MAX_SUGGESTION_CHARACTERS: Final = 100
"""Characters of a suggested name: it is to be copied, and seldom so long."""
_NOT_THERE: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})


class IconCheck:
    """Looks at the icons that one file names, in one reading."""

    def __init__(self, document: Document, digests: Digests, there: Iterable[str], *, judges: bool = True) -> None:
        """`there` are the names of the pictures in the folder, as pages would write them.

        Without `judges` what a picture holds is no matter: it was looked at before.
        """
        self._document, self._digests, self._judges = document, digests, judges
        self._names = IconNames(usable_names([*there]))

    def digest(self, icon: Located[str]) -> str:
        """Return the SHA-256 of an icon's content; "" and a report if there is none to be used."""
        name, document = icon.value, self._document
        if not _is_below(name):
            self._report_missing(icon, "icon.outside")
            return ""
        try:
            content = self._digests.of(document.folder / name)
        except OSError as error:
            if error.errno in _NOT_THERE:
                self._report_missing(icon, "icon.missing")
            else:
                document.report(icon.place, code_of(error, "icon"), found=shorten(name), reason=reason_of(error))
            return ""
        if fault := self._fault(content):
            details = {"name": shorten(name), "found": fault.found or shorten(name), "limit": fault.limit}
            document.report(icon.place, fault.flaw, **{key: value for key, value in details.items() if value})
            return ""
        return content.digest

    def _fault(self, content: FileContent) -> IconFault | None:
        if content.size > MAX_READ_ICON_BYTES:
            return IconFault(IconFlaw.TOO_BIG, f"{content.size:,}", f"{MAX_READ_ICON_BYTES:,}")
        return content.fault if self._judges else None

    def _report_missing(self, icon: Located[str], code: str) -> None:
        found = {"found": shorten(icon.value)}
        near = self._names.near(icon.value)
        if not near:
            self._document.report(icon.place, code, **found)
        elif looks_alike(icon.value, near):
            self._document.report(
                icon.place, "icon.missing-lookalike", **found, near=shorten(near, MAX_SUGGESTION_CHARACTERS)
            )
        else:
            self._document.report(icon.place, f"{code}-near", **found, near=shorten(near, MAX_SUGGESTION_CHARACTERS))


def _is_below(name: str) -> bool:
    """True if a path stays below where it starts, as far as it says so itself; the kernel answers for links."""
    depth = 0
    for part in PurePosixPath(name).parts:
        depth += -1 if part == ".." else 1
        if depth < 0 or part == "/":
            return False
    return True
