"""The guest's journal as it is written: what the gateways and bluetoothd say, without asking again and again."""

import json
import threading
import time
from dataclasses import dataclass
from typing import Any

from .machine import Machine, MachineDied


@dataclass(frozen=True, slots=True)
class Entry:
    unit: str
    message: str

    def event(self) -> dict[str, Any]:
        """Give a structured log line's fields; of any other line, none."""
        try:
            fields = json.loads(self.message)
        except ValueError:
            return {}
        return fields if isinstance(fields, dict) else {}


class Journal:
    """Follows the journal in a thread of its own until the machine ends."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._entries: list[Entry] = []
        self._more = threading.Condition()
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def mark(self) -> int:
        """Give a place in the journal: now."""
        return len(self._entries)

    def wait_for(self, unit: str, event: str, *, since: int, within: float) -> dict[str, Any]:
        """Wait until a unit has logged an event; give its fields. Raises TimeoutError."""
        until = time.monotonic() + within
        with self._more:
            while True:
                for entry in self._entries[since:]:
                    if entry.unit == unit and entry.event().get("event") == event:
                        return entry.event()
                since = len(self._entries)
                if not self._more.wait(until - time.monotonic()):
                    raise TimeoutError(f"{unit} did not log {event} within {within:.0f} s")

    def tail(self, since: int = 0) -> str:
        return "\n".join(f"{entry.unit}: {entry.message}" for entry in self._entries[since:])

    def join(self) -> None:
        """Call it when the machine has ended."""
        self._thread.join()

    def _follow(self) -> None:
        fields = "--output-fields=_SYSTEMD_UNIT,MESSAGE"
        try:
            for line in self._machine.follow("journalctl", "--follow", "--lines=all", "--output=json", fields):
                entry = json.loads(line)
                with self._more:
                    self._entries.append(Entry(entry.get("_SYSTEMD_UNIT", "kernel"), str(entry.get("MESSAGE", ""))))
                    self._more.notify_all()
        except MachineDied:
            pass  # as every machine does
