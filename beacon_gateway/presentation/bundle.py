"""What is said of a support bundle: in it, and when it is written."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import Final

from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.support.bundle import README, SOURCES, Piece
from beacon_gateway.core.support.secret_values import MARK

_IN_IT: Final = ("sources", "doctor", "status", "versions", "people", "state", "units", "journal", "machine")
MAX_FILES_LISTED: Final = 8


def members(pieces: Sequence[Piece], readme: str) -> dict[str, str]:
    """Return the bundle's files by name: what was found, and the two that tell of it."""
    return {README: readme, SOURCES: sources_text(pieces), **{piece.name: piece.text for piece in pieces if piece.text}}


def sources_text(pieces: Sequence[Piece]) -> str:
    """Say of each piece how much there is, where it came from, and what went wrong."""
    lines = []
    for piece in pieces:
        size = f"{len(piece.text.encode())} bytes" if piece.text else "nothing"
        lines.append(f"{piece.name}: {size}, from: {piece.source}")
        if piece.note:
            lines.append(f"    {' '.join(piece.note.split())}")
        elif not piece.text:
            lines.append("    it is empty")
    return "\n".join([*lines, ""])


def readme(at: datetime, secrets: int, replaced: Mapping[str, int]) -> str:
    """Say in both languages what the bundle is, what was taken out and what was kept."""
    parts = (
        "\n".join(_readme_lines(at, secrets, replaced, language)) for language in (Language.CHINESE, Language.ENGLISH)
    )
    return "\n\n\n".join(parts) + "\n"


def written_lines(
    path: Path, size: int, files: Mapping[str, str], replaced: Mapping[str, int], language: Language
) -> Iterator[str]:
    """Say where it is, how large, what is in it, and to look at it."""
    yield say("bundle.done", language, path=path, size=_kilobytes(size))
    folders: dict[str, list[int]] = {}
    for name, text in files.items():
        folder, slash, _ = name.partition("/")
        if slash:
            folders.setdefault(folder, []).append(len(text.encode()))
        else:
            yield say("bundle.part", language, name=name, size=_kilobytes(len(text.encode())))
    for folder, held in folders.items():
        yield say("bundle.folder", language, name=folder, count=len(held), size=_kilobytes(sum(held)))
    if replaced:
        yield say("bundle.replaced", language, counts=_counts(replaced))
    yield say("bundle.look", language, path=quote(str(path)))


def missing_line(pieces: Sequence[Piece], language: Language) -> str | None:
    """Say what could not be had; None if all could. What is there and merely empty is no fault."""
    missing = [piece.name for piece in pieces if not piece.text and piece.note]
    if not missing:
        return None
    shown = [*missing[:MAX_FILES_LISTED], *(["…"] if len(missing) > MAX_FILES_LISTED else [])]
    return say("bundle.missing", language, count=len(missing), names=" ".join(shown))


def _readme_lines(at: datetime, secrets: int, replaced: Mapping[str, int], language: Language) -> Iterator[str]:
    def line(name: str, **details: object) -> str:
        return say(f"bundle.readme.{name}", language, **details)

    yield line("title", at=f"{at:%Y-%m-%d %H:%M:%S}")
    yield from ("", line("files"))
    yield from (f"  - {line(name)}" for name in _IN_IT)
    yield from ("", line("removed"))
    yield f"  - {line('secrets', mark=MARK, count=secrets)}"
    yield f"  - {line('identifiers')}"
    yield f"  - {line('never')}"
    if replaced:
        yield f"  - {line('replaced', counts=_counts(replaced))}"
    yield from ("", line("kept"))
    yield from (f"  - {line(name)}" for name in ("beacons", "names", "defaults"))
    yield from ("", line("look"))


def _counts(replaced: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in sorted(replaced.items()))


def _kilobytes(size: int) -> str:
    return f"{-(-size // 1024):,}"
