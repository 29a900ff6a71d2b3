"""Reads a recording back, as far as it goes."""

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Self

from beacon_gateway.adapters.files.reading import open_regular
from beacon_gateway.adapters.recording.entries import BLOCK_HEAD, Decoder, End, read_head
from beacon_gateway.adapters.recording.header import Header, RecordingError, read_header
from beacon_gateway.adapters.recording.shapes import DamageError
from beacon_gateway.core.model.advertisement import RecordedAdvertisement

_CHUNK: Final = 1 << 16


class Recording:
    """An open recording: its header, and what was heard, once, from the beginning.

    A file whose end is missing or was never written out (a pulled plug leaves zeros, or half a block) is read up to
    there, and is `cut_off`. Damage with anything behind it is another matter: then nobody knows what is missing.
    """

    header: Header

    def __init__(self, path: Path) -> None:
        self._path = path
        self._decoder = Decoder()
        self._file: BinaryIO
        self._offset = 0
        self.cut_off = True
        """No end was read (yet)."""

    def __enter__(self) -> Self:
        """Open it and read its header. Raises RecordingError, OSError."""
        self._file = os.fdopen(open_regular(self._path), "rb")
        try:
            self.header, self._offset = read_header(self._file)
        except BaseException:  # __exit__ is not called where __enter__ raises
            self._file.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def after(self) -> float:
        """Seconds from the beginning up to what was read last."""
        return self._decoder.after

    def __iter__(self) -> Iterator[RecordedAdvertisement]:
        """Return what was heard. Raises RecordingError at damage that is not the end, OSError."""
        while (content := self._next_block()) is not None:
            begin = self._offset + BLOCK_HEAD
            try:
                for entry in self._decoder.entries(content):
                    if isinstance(entry, End):
                        self.cut_off = False
                        return
                    yield entry
            except DamageError as damage:
                raise RecordingError("recording.corrupt", offset=begin + damage.position) from None
            self._offset = begin + len(content)

    def _next_block(self) -> bytes | None:
        """Return the content of the next block; None where the file ends or was cut off."""
        head = self._file.read(BLOCK_HEAD)
        if len(head) < BLOCK_HEAD:
            return None
        if known := read_head(head):
            length, checksum = known
            content = self._file.read(length)
            if len(content) < length:
                return None
            if zlib.crc32(content) == checksum:
                return content
        if not self._nothing_follows():
            raise RecordingError("recording.corrupt", offset=self._offset)
        return None

    def _nothing_follows(self) -> bool:
        while chunk := self._file.read(_CHUNK):
            if any(chunk):
                return False
        return True
