"""A store's icons: whether each may be used, and the digest by which a changed one is known."""

from typing import Final

from beacon_gateway.adapters.files.digests import Digests
from beacon_gateway.adapters.files.document import Document
from beacon_gateway.adapters.files.nodes import shorten
from beacon_gateway.core.problems import Stated

LARGEST_ICON: Final = 1 << 20
ICON_KINDS: Final = frozenset({".jpg", ".jpeg", ".png", ".gif"})
"""WeChat, Shake Nearby, "uploading image assets"; error 9001008 for others."""


def icon_digest(icon: Stated[str], document: Document, digests: Digests) -> str:
    """Give the SHA-256 of an icon's content; "" and a report if there is none to be used."""
    path = document.folder / icon.value
    try:
        inside = path.resolve().is_relative_to(document.resolved_folder)
    except (OSError, RuntimeError):  # a loop of links
        inside = False
    if not inside:
        document.report(icon.place, "icon.outside", found=shorten(icon.value))
    elif path.suffix.lower() not in ICON_KINDS:
        document.report(icon.place, "icon.kind", found=shorten(icon.value))
    else:
        try:
            content = digests.of(path)
        except OSError:
            document.report(icon.place, "icon.missing", found=shorten(icon.value))
        else:
            if content.size <= LARGEST_ICON:
                return content.digest
            document.report(icon.place, "file.too-big", found=f"{content.size:,}", limit=f"{LARGEST_ICON:,}")
    return ""
