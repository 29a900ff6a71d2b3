"""Which picture a page probably means by a name under which there is none."""

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Final
from unicodedata import normalize

from beacon_gateway.core.model.problems import did_you_mean

MAX_ICON_GUESSES: Final = 20
"""Names that are compared letter by letter with all that are there, in one reading."""
MAX_NAMES_COMPARED: Final = 300
"""Names that one is compared with: each costs microseconds."""
_JPEG_SUFFIXES: Final = frozenset({"jpg", "jpeg", "jpe", "jfif"})
_SUFFIXES: Final = frozenset({*_JPEG_SUFFIXES, "png", "gif", "webp", "bmp", "svg", "heic", "tif", "tiff", "ico"})


class IconNames:
    """The names of the pictures that are there, as pages would write them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)
        self._guesses = 0

    def near(self, wanted: str) -> str:
        """Return the name that was probably meant; "" if none is near."""
        path, last = _plain(wanted), _plain(wanted).rpartition("/")[2]
        stem, dot, suffix = last.rpartition(".")
        if not dot or suffix not in _SUFFIXES:
            stem = last
        found = self._by_path.get(path) or self._by_last.get(last) or self._by_stem.get(stem)
        return found or self._guess(last)

    def _guess(self, wanted: str) -> str:
        if self._guesses == MAX_ICON_GUESSES or len(self._by_last) > MAX_NAMES_COMPARED:
            return ""
        self._guesses += 1
        return self._by_last.get(did_you_mean(wanted, self._by_last), "")

    @cached_property
    def _by_path(self) -> dict[str, str]:
        return {_plain(name): name for name in reversed(self._names)}

    @cached_property
    def _by_last(self) -> dict[str, str]:
        return {path.rpartition("/")[2]: name for path, name in self._by_path.items()}

    @cached_property
    def _by_stem(self) -> dict[str, str]:
        return {last.rpartition(".")[0]: name for last, name in self._by_last.items()}


def looks_alike(one: str, other: str) -> bool:
    """True if two names are shown alike and are not the same characters: a Mac may take letters and accents apart."""
    return one != other and normalize("NFC", one) == normalize("NFC", other)


def usable_names(names: Collection[str]) -> list[str]:
    """Return the names that can be typed: one in GBK is no text."""
    return [name for name in names if name.isprintable()]


def _plain(name: str) -> str:
    """Return a path as it is compared: whatever case, slashes, accents and ending for JPEG somebody prefers."""
    path = normalize("NFC", name).casefold().replace("\\", "/").strip()
    path = "/".join(part.strip() for part in path.split("/") if part not in {"", "."})
    stem, _, suffix = path.rpartition(".")
    return f"{stem}.jpg" if stem and suffix in _JPEG_SUFFIXES else path
