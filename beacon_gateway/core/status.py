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
    pending: int = 0
    """Changes that are not at the binding target yet, as far as the last look told."""


@dataclass(frozen=True, slots=True)
class ShakesStatus:
    """Shakes that WeChat told of since the start."""

    taken: int
    repeated: int
    """Told again, and not counted again."""
    refused: Mapping[str, int]
    """What knocked and was not let in, by reason."""
    trouble: str
    """Why none can be received now; "" while they can."""


@dataclass(frozen=True, slots=True)
class FiguresStatus:
    """WeChat's own figures, fetched each morning."""

    last: str | None
    """The newest day that is there, as ISO 8601 writes it."""
    trouble: str
    """Why no more come; "" while all is well."""
    shakes: int | None = None
    """Of that day, over all beacons; None where it is not known."""
    clicks: int | None = None


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """What was done at the binding target."""

    applied: int
    """Changes written since the start."""
    verified: int
    """Of these, read back and found right."""
    calls: Mapping[str, int]
    """Of this day in Beijing, by path; `apply` and earlier processes included."""
    parked: Mapping[str, datetime]
    """Paths that take no calls, and until when."""


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """What the daemon takes of its machine."""

    memory_bytes: int
    """Resident."""
    cpu_seconds: float
    written_bytes: int
    """Sent to the card since the start, as the kernel counts it for this process."""
    open_files: int


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
    shakes: ShakesStatus | None
    """None where they are not received."""
    figures: FiguresStatus | None
    """None where another gateway fetches them."""
    account: AccountStatus | None
    """None without an account."""
    process: ProcessStatus | None
    """None where the kernel does not tell."""
    beacons: tuple[BeaconStatus, ...]
