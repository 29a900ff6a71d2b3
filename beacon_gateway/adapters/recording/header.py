"""The first two lines of a recording, which people can read: what it is, and whose, from when."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final

MAGIC: Final = "beacon-gateway recording "
VERSION: Final = 1
LONGEST_LINE: Final = 4096
"""Bytes."""
_LONGEST_TEXT: Final = 200
_YEARS: Final = range(1970, 2200)
"""A Pi without a time server begins in 1970."""
_LATEST: Final = 1e10
"""Seconds since a boot."""


class RecordingError(Exception):
    """A file cannot be played (on). `phrase` names the sentence of the catalogue that says why, `details` fill it."""

    def __init__(self, phrase: str, **details: object) -> None:
        super().__init__(f"{phrase} {details}")
        self.phrase = phrase
        self.details: Mapping[str, object] = details


@dataclass(frozen=True, slots=True)
class Header:
    gateway: str
    started: datetime
    """Aware UTC."""
    monotonic: float
    """Seconds, at `started`."""
    boot: str
    """The kernel's boot id, which says whose `monotonic` that is."""
    program: str
    """Version of the program that wrote it."""

    def lines(self) -> bytes:
        """Return the header as it stands at the beginning of the file."""
        content = {
            "gateway": self.gateway,
            "started": self.started.isoformat(),
            "monotonic": self.monotonic,
            "boot": self.boot,
            "program": self.program,
        }
        return f"{MAGIC}{VERSION}\n{json.dumps(content)}\n".encode("ascii")


def read_header(file: BinaryIO) -> tuple[Header, int]:
    """Read the first two lines, and say how many bytes they have.

    Raises RecordingError for anything but a whole header, OSError.
    """
    first = file.readline(64)
    magic = MAGIC.encode("ascii")
    if not first.startswith(magic) or not first.endswith(b"\n"):
        raise RecordingError("recording.none")
    version = first[len(magic) : -1]
    if version != str(VERSION).encode("ascii"):
        raise RecordingError("recording.version", found=version.decode("ascii", "replace"), known=VERSION)
    line = file.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise RecordingError("recording.corrupt", offset=len(first))
    try:
        return _header(json.loads(line)), len(first) + len(line)
    except (KeyError, OverflowError, RecursionError, TypeError, ValueError):
        raise RecordingError("recording.corrupt", offset=len(first)) from None


def _header(content: Any) -> Header:  # noqa: ANN401 - whatever JSON holds
    """Raises what Python raises for content that is not a header's."""
    started = datetime.fromisoformat(content["started"])
    monotonic = content["monotonic"]
    if started.tzinfo is None or started.year not in _YEARS or not 0 <= monotonic <= _LATEST:
        raise ValueError
    return Header(
        gateway=_text(content["gateway"]),
        started=started.astimezone(UTC),
        monotonic=float(monotonic),
        boot=_text(content["boot"]),
        program=_text(content["program"]),
    )


def _text(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT or not value.isprintable():
        raise ValueError
    return value
