"""A support bundle: its pieces, before anything is taken out of them and after."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from beacon_gateway.core.support.scrub import Scrubber
from beacon_gateway.core.support.secret_values import SecretValues
from beacon_gateway.core.text.soundness import with_bytes_replaced

README: Final = "README.txt"
SOURCES: Final = "sources.txt"
HIDDEN: Final = "left out: a secret is in it, in a form that cannot be taken out"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of the bundle."""

    name: str
    """Relative, with slashes."""
    source: str
    """The command, or the file, as one would look at it oneself."""
    text: str = ""
    note: str = ""
    """Why it is not there, or not all of it; what the command complained of. "" where all went well."""

    def as_unicode(self) -> "Piece":
        """Return it with replacement characters for bytes that are none: a file's name may be in GBK."""
        name, source, text, note = map(with_bytes_replaced, (self.name, self.source, self.text, self.note))
        return Piece(name, source, text, note)


def name_of(moment: datetime) -> str:
    """Return the name of a bundle made at that moment, aware UTC: of the folder in it, and with .tar.gz of the file."""
    return f"beacon-gateway-support-{moment:%Y%m%dT%H%M%SZ}"


def scrubbed(pieces: Iterable[Piece], scrubber: Scrubber, secrets: SecretValues) -> list[Piece]:
    """Take secrets and identifiers out of the pieces, their names and all that is said of them."""
    taken = {README, SOURCES}
    clean = []
    for piece in pieces:
        name = _free(re.sub(r"[^\w./-]", "_", scrubber.scrub(piece.name)), taken)
        taken.add(name)
        # Before identifiers are taken out as well: one may be in a piece of a secret, and hide the rest of it.
        if secrets.are_in(secrets.remove(piece.text).encode("utf-8", errors="replace")):
            piece = replace(piece, text="", note=HIDDEN)  # noqa: PLW2901 - the same piece, without its text
        clean.append(Piece(name, scrubber.scrub(piece.source), scrubber.scrub(piece.text), scrubber.scrub(piece.note)))
    return clean


def _free(name: str, taken: set[str]) -> str:
    """Return a name that nothing else has: two may become the same when something is taken out of them."""
    free, number = name, 1
    while free in taken:
        number += 1
        stem, dot, kind = name.rpartition(".")
        free = f"{stem}-{number}{dot}{kind}" if dot else f"{name}-{number}"
    return free
