"""What store IT decides for one Pi: the values of `gateway.yaml`, already checked."""

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from beacon_gateway.core.model.brake import Brake

STORE_ZONE: Final = ZoneInfo("Asia/Shanghai")
"""In which a store's times are read where gateway.yaml names no other."""


class Language(str):
    """A language of messages by its code, zh or en. Which there are is known to `core.sentences.catalogue`."""

    __slots__ = ()
    CHINESE: ClassVar["Language"]
    ENGLISH: ClassVar["Language"]


Language.CHINESE = Language("zh")
Language.ENGLISH = Language("en")


class Role(StrEnum):
    WRITER = "writer"
    """Keeps the account as the files say. Exactly one for each account."""
    READER = "reader"
    """Compares, never writes."""
    OFF = "off"


class ApplyPolicy(StrEnum):
    AUTO = "auto"
    MANUAL = "manual"


class DriftPolicy(StrEnum):
    REPORT = "report"
    REPAIR = "repair"


class ScanMode(StrEnum):
    ACTIVE = "active"
    PASSIVE = "passive"


class ClockTrust(StrEnum):
    CHECKED = "checked"
    """The clock is right once a time service has told the kernel so."""
    TRUSTED = "trusted"
    """It is right from the start, though nobody tells the kernel: it has a battery, or a receiver of its own."""


@dataclass(frozen=True, slots=True)
class RadioSettings:
    adapter: str | None = None
    """The adapter's MAC address; None takes the first powered one. Never hciN: that number moves."""
    mode: ScanMode = ScanMode.ACTIVE
    offset: int = 0
    """dB added to each RSSI of this receiver before it is judged: what this receiver lacks against others."""


RETAIN_SHAKES_S: Final = 30 * 86400.0
"""Seconds for which single shakes are kept, where gateway.yaml does not say."""


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    @property
    def is_of_this_machine(self) -> bool:
        """True if nobody else can reach it."""
        return self.host == "localhost" or ip_address(self.host).is_loopback

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class EventSettings:
    """Where WeChat reports shakes, and on what ground they may be counted. Token and AES key are not here."""

    basis: str
    """On which legal basis shakes are counted (PIPL, article 13); store IT writes it, `privacy report` shows it."""
    listen: Address = Address("127.0.0.1", 8090)
    path: str = "/wechat/events"
    retain: float = RETAIN_SHAKES_S
    """Seconds; afterwards there is only how many they were."""


@dataclass(frozen=True, slots=True)
class WeChatSettings:
    """The account. Its secret is not here: it comes from a credential, a file or the environment."""

    appid: str
    api_base: str = "https://api.weixin.qq.com"
    role: Role = Role.WRITER
    apply: ApplyPolicy = ApplyPolicy.AUTO
    drift: DriftPolicy = DriftPolicy.REPORT
    drift_every: float = 900.0
    brake: Brake = field(default_factory=Brake)
    events: EventSettings | None = None
    """None: shakes are not received."""


@dataclass(frozen=True, slots=True)
class HitSettings:
    retain: float = 90 * 86400.0
    """Seconds."""
    commit_every: float = 5.0
    """Seconds: at most this much is lost when the power goes."""
    zones: bool = True
    """Whether changes of zone of fixed beacons are logged: arrivals and departures always are, and all of tags."""


@dataclass(frozen=True, slots=True)
class WebSettings:
    listen: Address | None = Address("127.0.0.1", 8080)
    """Where pages and monitors' answers are given; None: nowhere. Beyond this machine only with accounts."""
    names: tuple[str, ...] = ()
    """Host names by which browsers reach it, besides the machine's own."""


@dataclass(frozen=True, slots=True)
class Settings:
    gateway: str
    floor: str
    store: Path
    """Folder with pages.yaml, floors/ and icons/."""
    state: Path
    """Folder for the hit log and the ledger."""
    runtime: Path
    """Folder in memory, for the status file and for asking systemd."""
    timezone: ZoneInfo = STORE_ZONE
    language: Language = Language.CHINESE
    clock: ClockTrust = ClockTrust.CHECKED
    radio: RadioSettings = field(default_factory=RadioSettings)
    wechat: WeChatSettings | None = None
    hits: HitSettings = field(default_factory=HitSettings)
    web: WebSettings = field(default_factory=WebSettings)
