"""The daemon at one moment: what `status`, a page or a monitor shows. Plain values, with names as in the JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from beacon_gateway.core.model.battery_status import BatteryStatus
from beacon_gateway.core.model.target_status import TargetStatus

STATUS_SCHEMA: Final = 1
"""Raised when a field changes its meaning or goes; new ones may come at any time."""


@dataclass(frozen=True, slots=True)
class RadioStatus:
    state: str
    since: datetime
    cause: str | None
    reason: str
    """The refusal's own words; "" where there was none."""
    adapter: str
    mode: str
    monitor: bool
    """Whether a controller that drops repeated reports is kept from it."""
    advertisements: int
    """From any sender, since the start."""
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
    address: str = ""
    """Of the adapter; "" before the first scan."""
    instead_of: str = ""
    """The address of the adapter that received nothing before this one was taken; "" where there is none."""


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
    mobile: bool = False
    """A tag that is carried about: that it is present says that it is heard, by a gateway of whatever floor."""
    battery: BatteryStatus | None = None
    """None where it says nothing of it."""


@dataclass(frozen=True, slots=True)
class FaultStatus:
    """What is wrong in the store's files: where, and which sentence says so."""

    place: str
    code: str
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StoreStatus:
    revision: str | None
    errors: int
    """In the files as they are now."""
    warnings: int
    sync: str | None
    """State of the binding target; None without one."""
    pending: int = 0
    """Changes that are not at the binding target yet, as of the last look."""
    first: FaultStatus | None = None
    """Of the errors; None where there is none."""


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """A port of this gateway's at which others ask."""

    address: str
    trouble: str = ""
    """Why none can come in now, in the system's words; "" while they can."""
    cause: str = ""
    """One of `ServerTrouble`; "" while they can."""


@dataclass(frozen=True, slots=True)
class WebAccountsStatus:
    """Who may log in at the pages, where people do."""

    path: str
    """Of the file."""
    accounts: int
    """With none, nobody comes in."""
    faults: int
    """Lines that count as no account."""
    fault: str
    """The phrase that says what is wrong with the first of them; "" where nothing is."""
    line: int
    """Where that is; 0 is the file itself."""


class ServerTrouble(StrEnum):
    """What keeps a port closed, by who can mend it."""

    TAKEN = "taken"
    """Another program listens there."""
    NO_ADDRESS = "no-address"
    """This machine does not have the address."""
    NOT_ALLOWED = "not-allowed"
    NO_SECRET = "no-secret"  # noqa: S105 - what is missing, not what it is
    """What is said there could not be checked."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ShakesStatus:
    """Shakes that WeChat reported since the start."""

    taken: int
    repeated: int
    """Told again, and not counted again."""
    refused: Mapping[str, int]
    """What knocked and was not let in, by reason."""
    trouble: str
    """Why none can be received now; "" while they can."""
    address: str = ""
    """Where they are received."""
    cause: str = ""
    """One of `ServerTrouble`; "" while they can be received."""


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
    code: str = ""
    """WeChat's own, of the trouble."""


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
class PartStatus:
    """A part of the daemon that may fail while the rest goes on."""

    failures: int
    """Since the start."""
    last_error: str
    """The exception's class and the line of code; "" where there was none."""
    failing_since: datetime | None
    """None while it works."""
    restarting_at: datetime | None
    """When it is started again; None while it runs."""


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
    """None where the kernel does not say."""
    beacons: tuple[BeaconStatus, ...]
    targets: Mapping[str, TargetStatus] = field(default_factory=dict)
    """By name; none without an account."""
    pages: ServerStatus | None = None
    """None where there are no pages."""
    web_accounts: WebAccountsStatus | None = None
    """None where no visitor needs an account to see the pages."""
    parts: Mapping[str, PartStatus] = field(default_factory=dict)
    """By name: all that are not vital."""
    lines_dropped: int = 0
    """Lines of the daemon's own log that could not be written since the start."""
