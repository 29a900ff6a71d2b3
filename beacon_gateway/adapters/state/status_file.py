"""The status file: written whole or not at all, in a folder that lies in memory."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from beacon_gateway.adapters.files.reading import read_limited
from beacon_gateway.adapters.files.replacing import swap_in
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.monitoring.judgement import judge
from beacon_gateway.core.text.soundness import with_bytes_replaced

FILE: Final = "status.json"
MAX_STATUS_BYTES: Final = 16 << 20
"""Far more than 10,000 beacons need."""
STATUS_FILE_MODE: Final = 0o644
"""It holds nothing that anybody on this machine may not know."""


class StatusFile:
    """status.json in the runtime folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, status: Status) -> None:
        """Replace the file. Raises OSError."""
        content = status_text(status).encode()
        self._folder.mkdir(parents=True, exist_ok=True)
        swap_in(self._folder / FILE, content, STATUS_FILE_MODE)

    def read(self) -> dict[str, Any] | None:
        """Return what the file says; None if there is none or it is not one of ours. Raises OSError."""
        try:
            said = json.loads(read_limited(self._folder / FILE, MAX_STATUS_BYTES)[0])
        except (FileNotFoundError, ValueError, RecursionError):
            return None
        return said if isinstance(said, dict) else None

    def remove(self) -> None:
        """Take the file away: the daemon ends. Raises OSError."""
        (self._folder / FILE).unlink(missing_ok=True)


def status_text(status: Status) -> str:
    """Return it as JSON, as the file has it; with it how it is judged, so that all who read it judge alike.

    It is valid Unicode: half of a surrogate pair in what others said becomes a replacement character.
    """
    judged = {"judgement": asdict(judge(status))}
    text = json.dumps(asdict(status) | judged, default=_text, ensure_ascii=False)
    return with_bytes_replaced(text)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    raise TypeError(type(value).__name__)
