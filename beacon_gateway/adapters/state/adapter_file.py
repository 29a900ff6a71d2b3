"""The Bluetooth adapter that received last, in a file of the state folder: a restart begins with it."""

import json
import re
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.reading import read_limited
from beacon_gateway.adapters.files.replacing import swap_in
from beacon_gateway.core.radio.adapters import ChosenAdapter

FILE: Final = "adapter.json"
MAX_ADAPTER_FILE_BYTES: Final = 1000
_ADDRESS: Final = re.compile(r"([0-9A-F]{2}:){5}[0-9A-F]{2}")


class AdapterFile:
    """Written when the adapter changes, which is rare."""

    def __init__(self, state: Path) -> None:
        self._path = state / FILE

    def read(self) -> ChosenAdapter | None:
        """Return what was kept; None where there is nothing that can be used."""
        try:
            content, _ = read_limited(self._path, MAX_ADAPTER_FILE_BYTES)
            found = json.loads(content)
            address, instead_of = found["address"], found["instead_of"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        if not all(isinstance(text, str) for text in (address, instead_of)) or not _ADDRESS.fullmatch(address):
            return None
        return ChosenAdapter(address, instead_of if _ADDRESS.fullmatch(instead_of) else "")

    def keep(self, chosen: ChosenAdapter) -> None:
        """Write it, unless it stands there already. Raise OSError."""
        if self.read() == chosen:
            return
        kept = {"address": chosen.address, "instead_of": chosen.instead_of}
        swap_in(self._path, json.dumps(kept).encode())
