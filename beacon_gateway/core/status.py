"""The daemon at one moment: what `status`, a page or a monitor shows. Plain values, with names as in the JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

SCHEMA: Final = 1
"""Raised when a field changes its meaning or goes; new ones may come at any time."""


@dataclass(frozen=True, slots=True)
class RadioStatus:
    state: str
    since: datetime
    cause: str | None
    reason: str
    """In the words of whoever refused; "" where nobody did."""
    adapter: str
    mode: str
    monitor: bool
    """Whether a controller that drops repeated reports is kept from it."""
    advertisements: int
    """From whomever, since the start."""
    silent_seconds: float
    """Since anything was heard."""
    deaf_seconds: float
    """Since the start."""
    phantoms: int
    faults: int
    rungs: Mapping[str, int]
    """Rungs of the ladder taken since the start."""
    unknown: int
    """iBeacons declared in no file: advertisements."""
    malformed: int


@dataclass(frozen=True, slots=True)
class BeaconStatus:
    uuid: str
    major: int
    minor: int
    beacon: str
    name: str
    floor: str
    present: bool
    zone: str
    rssi: float | None
    """Filtered, dBm; None before the first sample, as all below that depends on it."""
    silent_seconds: float | None
    samples: int
    interval: float | None
    """Learned seconds between two samples."""
    timeout: float
    """Seconds of silence after which it counts as gone."""
    trend: float | None
    """dB, over the last hour."""
    verdict: str


@dataclass(frozen=True, slots=True)
class StoreStatus:
    revision: str | None
    errors: int
    """In the files as they are now."""
    warnings: int
    sync: str | None
    """State of the binding target; None without one."""


@dataclass(frozen=True, slots=True)
class Status:
    schema: int
    version: str
    gateway: str
    floor: str
    started: datetime
    written: datetime
    expires: datetime
    """After this the daemon is not to be believed to run."""
    radio: RadioStatus
    store: StoreStatus
    hits: Mapping[str, int]
    """Since the start, by floor."""
    unwritten: int
    """Records that wait for the log."""
    dropped: int
    log_trouble: str
    """Why the log cannot be written now; "" while it can."""
    time_known: bool
    """A time service has set the clock."""
    beacons: tuple[BeaconStatus, ...]
