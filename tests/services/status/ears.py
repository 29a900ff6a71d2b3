"""systemd's end of the line: a datagram socket on which a service tells how it is."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self
from uuid import uuid4

from tests.patience import HANG_S


class Ears:
    def __init__(self, line: socket.socket, name: str) -> None:
        self._line, self.name = line, name
        self.words: list[str] = []

    @classmethod
    @contextmanager
    def on(cls, name: str) -> Iterator[Self]:
        """Listen at a path, or at an abstract name that begins with @."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.bind("\0" + name[1:] if name.startswith("@") else name)
            line.setblocking(False)
            yield cls(line, name)

    @classmethod
    @contextmanager
    def somewhere(cls) -> Iterator[Self]:
        with cls.on(f"@{uuid4()}") as ears:
            yield ears

    def heard(self) -> list[str]:
        """Return all that was said up to now."""
        while True:
            try:
                self.words.append(self._line.recv(4096).decode())
            except BlockingIOError:
                return self.words

    async def until(self, claim: Callable[[list[str]], bool]) -> list[str]:
        """Wait until the claim is true of all that was said."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(HANG_S):
            while not claim(self.heard()):
                self.words.append((await loop.sock_recv(self._line, 4096)).decode())
        return self.words
