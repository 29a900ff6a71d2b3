"""A store's icons: whether each may be used, and the digest by which a changed one is known."""

import errno
from pathlib import PurePosixPath
from typing import Final

from beacon_gateway.adapters.files.digests import Digests
from beacon_gateway.adapters.files.document import Document
from beacon_gateway.adapters.files.nodes import shorten
from beacon_gateway.adapters.files.reading import code_of, reason_of
from beacon_gateway.core.problems import Stated

LARGEST_ICON: Final = 1 << 20
ICON_KINDS: Final = frozenset({".jpg", ".jpeg", ".png", ".gif"})
"""WeChat, Shake Nearby, "uploading image assets"; error 9001008 for others."""
_NOT_THERE: Final = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG})


def icon_digest(icon: Stated[str], document: Document, digests: Digests) -> str:
    """Return the SHA-256 of an icon's content; "" and a report if there is none to be used."""
    name = icon.value
    found = shorten(name)
    if not _is_below(name):
        document.report(icon.place, "icon.outside", found=found)
        return ""
    path = document.folder / name
    if path.suffix.lower() not in ICON_KINDS:
        document.report(icon.place, "icon.kind", found=found)
        return ""
    try:
        content = digests.of(path)
    except OSError as error:
        code = "icon.missing" if error.errno in _NOT_THERE else code_of(error, "icon")
        document.report(icon.place, code, found=found, reason=reason_of(error))
        return ""
    if content.size > LARGEST_ICON:
        document.report(icon.place, "file.too-big", found=f"{content.size:,}", limit=f"{LARGEST_ICON:,}")
        return ""
    return content.digest


def _is_below(name: str) -> bool:
    """True if a path stays below where it starts, as far as it says so itself; the kernel answers for links."""
    depth = 0
    for part in PurePosixPath(name).parts:
        depth += -1 if part == ".." else 1
        if depth < 0 or part == "/":
            return False
    return True
