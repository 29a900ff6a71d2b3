"""Writes a recording while the air is heard."""

import asyncio
import os
from collections.abc import Mapping
from io import FileIO
from pathlib import Path
from typing import Final, Self

from beacon_gateway.adapters.recording.entries import FULL_BLOCK, LARGEST_BLOCK, LONGEST, Encoder
from beacon_gateway.adapters.recording.header import Header

RESERVE: Final = LARGEST_BLOCK - FULL_BLOCK + 64
"""Bytes under the limit at which a recording ends: what one more advertisement and the end could take."""


class Recorder:
    """One new file, appended to block by block; a block that could not be written whole is taken back."""

    def __init__(self, path: Path, header: Header, *, limit: int) -> None:
        """`limit` is the most bytes that the file may have."""
        self.path, self._header, self._limit = path, header, limit
        self._encoder = Encoder()
        self._sealed: list[bytes] = []
        self._promised = 0
        """Bytes written, or sealed to be."""
        self._file: FileIO
        self._after = 0.0
        self.adverts = 0
        self.ended = False
        """Nothing more is taken."""
        self.full = False
        """It ended because it reached its limit."""
        self.trouble: OSError | None = None
        """It ended because the disk gave this."""

    async def __aenter__(self) -> Self:
        """Create the file. Raises OSError, FileExistsError too: no recording is ever overwritten."""
        self._file = await asyncio.to_thread(FileIO, self.path, "x")
        self._seal(self._header.lines())
        await self.write()
        if self.trouble:
            await asyncio.to_thread(self._close)
            await asyncio.to_thread(self.path.unlink)  # so that the same words can be typed again
            raise self.trouble
        return self

    async def __aexit__(self, *_: object) -> None:
        """Write the rest and the end. Never raises for what the disk does: see `trouble`."""
        if not self.ended:
            self._end(self._after)
        await self.write()
        await asyncio.to_thread(self._close)

    @property
    def size(self) -> int:
        """Bytes that the file has, or is going to have once all is written."""
        return self._promised + self._encoder.size

    def hear(self, manufacturer_data: Mapping[int, bytes], rssi: int, now: float) -> None:
        """Record one advertisement of this (monotonic) second."""
        after = now - self._header.monotonic
        if self.ended:
            return
        if self.size + RESERVE > self._limit or after * 1000 > LONGEST:
            self.full = True
            self._end(self._after)
            return
        self._after = after
        self._encoder.hear(manufacturer_data, rssi, after)
        self.adverts += 1
        if self._encoder.size >= FULL_BLOCK:
            self._seal(self._encoder.seal())

    def pass_time(self, now: float) -> None:
        """Let the recording last at least until this (monotonic) second, whether or not anything was heard."""
        if not self.ended:
            self._after = max(self._after, min(now - self._header.monotonic, LONGEST / 1000))

    async def write(self) -> None:
        """Hand what has gathered to the system; call it about once a second. Never raises for what the disk does."""
        self._seal(self._encoder.seal())
        blocks, self._sealed = self._sealed, []
        if not blocks or self.trouble:
            return
        writing = asyncio.ensure_future(asyncio.to_thread(self._append, b"".join(blocks)))
        try:
            await asyncio.shield(writing)
        except OSError as error:
            self.trouble, self.ended = error, True
        finally:
            await asyncio.wait({writing})  # also if the caller is cancelled: the next write begins where this one ends

    def _end(self, after: float) -> None:
        self._encoder.end(after)
        self._seal(self._encoder.seal())
        self.ended = True

    def _seal(self, block: bytes) -> None:
        if block:
            self._sealed.append(block)
            self._promised += len(block)

    def _append(self, blocks: bytes) -> None:
        before = self._file.seek(0, os.SEEK_END)
        rest = memoryview(blocks)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            self._file.truncate(before)
            raise

    def _close(self) -> None:
        try:
            with self._file:
                os.fsync(self._file.fileno())
        except OSError as error:
            self.trouble = self.trouble or error
