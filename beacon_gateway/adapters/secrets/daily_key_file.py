"""The keys with which people are told apart for a day, in a file that lies in memory.

Never on the card: nothing is surely deleted from flash. The file is there so that a restart of the daemon does not
count everybody anew; a reboot does, and so does a damaged file.
"""

import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

import structlog

from beacon_gateway.adapters.files.reading import read_limited
from beacon_gateway.adapters.files.replacing import swap_in

FILE: Final = "person-keys"
KEY_BYTES: Final = 32
MAX_KEY_FILE_BYTES: Final = 4_096
"""There are two keys at most; each takes 76 bytes."""

_LINE: Final = re.compile(r"(\d{4}-\d{2}-\d{2}) ([0-9a-f]{64})")


class DailyKeyFile:
    """A key for each day, in the runtime folder; one process at a time."""

    def __init__(self, folder: Path, chance: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """`folder` must lie in memory (/run). `chance` gives so many random bytes."""
        self._folder, self._chance = folder, chance
        self._keys: dict[date, bytes] = {}
        self._is_read = False
        self._is_saved = True
        self._trouble = ""
        self._say = structlog.get_logger("person_keys")

    def key_of(self, day: date) -> bytes:
        """Return the key of a day; makes one if there is none. Never raises: what cannot be saved stays in memory."""
        self._read()
        if day not in self._keys:
            self._keys[day] = self._chance(KEY_BYTES)
            self._save()
        return self._keys[day]

    def forget_before(self, day: date) -> None:
        """Destroy the keys of all days before that one, here and in the file. Never raises; call it again and again."""
        self._read()
        gone = [known for known in self._keys if known < day]
        for known in gone:
            del self._keys[known]
        if gone or not self._is_saved:
            self._save()

    def _read(self) -> None:
        if self._is_read:
            return
        self._is_read = True
        try:
            self._keys = _keys(read_limited(self._folder / FILE, MAX_KEY_FILE_BYTES)[0][:MAX_KEY_FILE_BYTES])
        except (FileNotFoundError, NotADirectoryError):
            pass
        except (OSError, ValueError) as error:  # what it holds is not logged, and ValueError's text might
            self._is_saved = False
            self._say.warning("person_keys.not_read", reason=type(error).__name__)

    def _save(self) -> None:
        text = "".join(f"{day} {key.hex()}\n" for day, key in sorted(self._keys.items()))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            swap_in(self._folder / FILE, text.encode("ascii"))
        except OSError as error:
            self._not_saved(type(error).__name__)
        else:
            self._is_saved, self._trouble = True, ""

    def _not_saved(self, reason: str) -> None:
        self._is_saved = False
        for left in (FILE, f".{FILE}.new"):  # it may hold what was to be destroyed
            with suppress(OSError):
                (self._folder / left).unlink(missing_ok=True)
        if reason != self._trouble:  # logged once
            self._trouble = reason
            self._say.warning("person_keys.not_saved", reason=reason)


def _keys(content: bytes) -> dict[date, bytes]:
    """Read the file. Raises ValueError."""
    found = {}
    for line in content.decode("ascii").splitlines():
        parts = _LINE.fullmatch(line)
        if not parts:
            raise ValueError("no key")
        found[date.fromisoformat(parts[1])] = bytes.fromhex(parts[2])
    return found
