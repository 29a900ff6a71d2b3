"""A serial line between host and guest, on which both ends speak JSON, one object a line."""

import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

_QEMU_STARTS: Final = 15.0
"""Seconds in which qemu must have taken its end of the line."""


class SerialLine:
    """The host's end; qemu is told to take the other, and the guest finds it as /dev/virtio-ports/<name>."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name, self._path = name, folder / name

    def __enter__(self) -> Self:
        self._path.unlink(missing_ok=True)  # of an earlier start
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(self._path))
        self._server.listen(1)
        self._server.settimeout(_QEMU_STARTS)
        self._socket: socket.socket | None = None
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.close()
        if self._socket:
            self._reading.close()
            self._socket.close()

    def words_for_qemu(self) -> tuple[str, ...]:
        return (
            *("-chardev", f"socket,id={self._name},path={self._path}"),
            *("-device", f"virtserialport,chardev={self._name},name={self._name}"),
        )

    def connect(self) -> None:
        """Wait for qemu. Raises TimeoutError."""
        self._socket, _ = self._server.accept()
        self._reading = self._socket.makefile("rb")

    def say(self, message: Mapping[str, Any]) -> None:
        assert self._socket
        self._socket.sendall(json.dumps(message).encode() + b"\n")

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Return what the guest says, until it is gone."""
        for line in self._reading:
            yield json.loads(line)
