"""Asks several sources at once, and waits for none of them longer than it may take."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.support.bundle import Piece

AT_ONCE: Final = 4
"""As many as a Pi has cores."""


@dataclass(frozen=True, slots=True)
class Source:
    name: str
    """Of its piece, or of the folder of its pieces."""
    what: str
    """The command or the file."""
    gather: Callable[[], Sequence[Piece]]


def gather(sources: Sequence[Source], seconds: float, at_once: int = AT_ONCE) -> list[Piece]:
    """Return the pieces in the order of their sources. Never raises for a source: its piece says why it is missing."""
    asked: queue.SimpleQueue[tuple[int, Source]] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Sequence[Piece]]] = queue.SimpleQueue()
    end = time.monotonic() + seconds
    for number, source in enumerate(sources):
        asked.put((number, source))

    def work() -> None:
        while time.monotonic() < end:
            try:
                number, source = asked.get_nowait()
            except queue.Empty:
                return
            done.put((number, _pieces(source)))

    for number in range(min(at_once, len(sources))):
        # Daemon threads: one that hangs in a dead card must not keep the program from ending.
        threading.Thread(target=work, daemon=True, name=f"gather-{number}").start()
    found: dict[int, Sequence[Piece]] = {}
    while len(found) < len(sources):
        try:
            number, pieces = done.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        found[number] = pieces
    for number, source in enumerate(sources):
        if number not in found:
            found[number] = [Piece(source.name, source.what, note=f"gave no answer within {seconds:g} s")]
    return [piece for number in range(len(sources)) for piece in found[number]]


def _pieces(source: Source) -> Sequence[Piece]:
    try:
        return [piece.as_unicode() for piece in source.gather()]
    except Exception as error:  # noqa: BLE001 - whatever it is, the other sources still help to find a fault
        return [Piece(source.name, source.what, note=f"could not be gathered: {type(error).__name__}")]
