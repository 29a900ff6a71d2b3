"""Asks systemd to restart bluetoothd, without any right to do so: a path unit waits for this file.

`beacon-gateway-bluetooth.path` starts a small privileged unit when the file appears; that unit removes it and restarts
`bluetooth.service`. The daemon itself needs no privilege, and nobody else can ask.
"""

from pathlib import Path
from typing import Final

REQUEST: Final = "restart-bluetooth"


class BluetoothServiceFile:
    """The request, a file in the gateway's runtime folder."""

    def __init__(self, folder: Path) -> None:
        self._request = folder / REQUEST

    def ask_for_restart(self) -> None:
        """Ask. Raises OSError where the folder cannot be written."""
        self._request.touch(mode=0o600)
