"""Speaks to systemd about this service, as sd_notify(3) says: one datagram a message, to the socket that it named."""

import os
import socket
import weakref
from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.text.soundness import sound_text

VARIABLE: Final = "NOTIFY_SOCKET"
MAX_STATUS_CHARACTERS: Final = 200
"""Characters of the line that `systemctl status` shows."""


def is_service(environment: Mapping[str, str] = os.environ) -> bool:
    """True if a systemd started us, and waits to be told."""
    return bool(environment.get(VARIABLE))


class ServiceManager:
    """The systemd that started us; where none did, every word goes nowhere."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        name = environment.get(VARIABLE, "")
        # A name that begins with @ is one of the kernel's abstract ones, whose first byte is zero.
        self._address = f"\0{name[1:]}" if name.startswith("@") else name
        # Held from the start: where descriptors run out, the watchdog is fed all the same.
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) if name else None
        if self._line:
            self._line.setblocking(False)  # a systemd that takes nothing must not stop the gateway
            weakref.finalize(self, self._line.close)

    def ready(self) -> None:
        """Say that the service has started. Raises OSError."""
        self._say("READY=1")

    def alive(self) -> None:
        """Feed the watchdog. Raises OSError."""
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        """Say that the service ends. Raises OSError."""
        self._say("STOPPING=1")

    def status(self, text: str) -> None:
        """Say in one line how it is. Raises OSError."""
        self._say("STATUS=" + " ".join(sound_text(text).split())[:MAX_STATUS_CHARACTERS])

    def _say(self, word: str) -> None:
        if self._line:
            self._line.sendto(word.encode("utf-8", "replace"), self._address)
