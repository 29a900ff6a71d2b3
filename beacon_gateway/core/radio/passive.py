"""What a passive scan does not hear: by bluetoothd's version, and by the window in which the kernel listens."""

import re
from enum import StrEnum
from typing import Final

MONITOR_SCAN_INTERVAL_SLOTS: Final = 96
MONITOR_SCAN_WINDOW_SLOTS: Final = 48
"""In 0.625 ms: of each interval, so long the kernel listens (net/bluetooth/hci_core.c); main.conf may say otherwise."""

MIN_SCAN_UNITS, MAX_SCAN_UNITS = 0x0004, 0x4000
_NUMBER: Final = re.compile(r"0[xX][0-9a-fA-F]{1,6}|[0-9]{1,6}")

_BLIND: Final = ((5, 69), (5, 70))
"""First and last version whose monitors compare no manufacturer data (bluez/bluez#652)."""
_ENDED: Final = ((5, 71), (5, 82))
"""First and last version that a long manufacturer section ends, while a monitor looks for such data: 30 bytes or more,
in an extended advertisement (bluez/bluez#1169; src/shared/ad.c, match_manufacturer)."""


class MonitorFault(StrEnum):
    """What is wrong with the monitors of a version of bluetoothd, on which a passive scan rests."""

    BLIND = "blind"
    """They match no iBeacon."""
    ENDED = "ended"
    """One long extended advertisement of any device ends bluetoothd."""


def version_in(said: str) -> tuple[int, int] | None:
    """Return the version in what bluetoothd or bluetoothctl prints about it; None where there is none."""
    found = re.search(r"(\d{1,4})\.(\d{1,4})", said)
    return (int(found[1]), int(found[2])) if found else None


def monitor_fault(version: tuple[int, int]) -> MonitorFault | None:
    """Return what is wrong with the monitors of a version. A distribution may have mended it without a new number."""
    if _BLIND[0] <= version <= _BLIND[1]:
        return MonitorFault.BLIND
    return MonitorFault.ENDED if _ENDED[0] <= version <= _ENDED[1] else None


def listening_share(main_conf: str) -> float:
    """Return the share of the time in which the kernel listens in a passive scan, 0 to 1.

    `main_conf` is the text of /etc/bluetooth/main.conf; "" where there is none.
    """
    interval = _number(value_in(main_conf, "LE", "ScanIntervalAdvMonitor"), MONITOR_SCAN_INTERVAL_SLOTS)
    window = _number(value_in(main_conf, "LE", "ScanWindowAdvMonitor"), MONITOR_SCAN_WINDOW_SLOTS)
    return min(1.0, window / interval)


def value_in(main_conf: str, section: str, name: str) -> str:
    """Return the value that bluetoothd reads under a name: the last one in sections of that title; "" for none."""
    present, value = "", ""
    for line in map(str.strip, main_conf.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            present = line[1:-1]
        elif present == section and not line.startswith("#"):
            found, equals, text = line.partition("=")
            if equals and found.rstrip() == name:
                value = text.strip()
    return value


def _number(text: str, default: int) -> int:
    """Return a number in the range that bluetoothd takes; another one leaves the kernel's own."""
    if not _NUMBER.fullmatch(text):
        return default
    number = int(text, 16 if text[:2].lower() == "0x" else 10)
    return number if MIN_SCAN_UNITS <= number <= MAX_SCAN_UNITS else default
