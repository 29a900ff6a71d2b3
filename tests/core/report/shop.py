"""A shop with a week in its log, and what it says in a report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.log.tallies import BeaconDay, FloorHour, FloorShakes, GatewayHour, Tallies
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.settings import Language, Settings, WeChatSettings
from beacon_gateway.core.model.store import Beacon, Floor, Store
from beacon_gateway.core.report.report import Material, Report, Reporter
from beacon_gateway.core.report.report_request import GroupBy, Measure, ReportRequest
from beacon_gateway.core.report.span import Span
from beacon_gateway.core.wechat.figures import DayFigures, Figures
from beacon_gateway.presentation.report.text import report_lines

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
KOLKATA: Final = ZoneInfo("Asia/Kolkata")
MONDAY: Final = date(2026, 11, 16)
SUNDAY: Final = date(2026, 11, 22)
A_DAY: Final = timedelta(days=1)
LATER: Final = datetime(2027, 1, 1, tzinfo=UTC)
"""When everything is over."""
UUID_OF_ALL: Final = UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825")
NOTHING: Final = Tallies((), (), (), (), (), (), 0)


def key(number: int) -> BeaconKey:
    return BeaconKey(UUID_OF_ALL, 10006, number)


def moment(day: date, hour: int = 0, zone: tzinfo = SHANGHAI) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def days(first: date, last: date) -> list[date]:
    return [first + number * A_DAY for number in range((last - first).days + 1)]


def listened(days: Iterable[date], hours: Iterable[int] = range(24), minutes: float = 60) -> list[GatewayHour]:
    """Return hours of being at work, of which so many minutes were not deaf."""
    hours = list(hours)
    return [GatewayHour(moment(day, hour), 3600, 3600 - 60 * minutes) for day in days for hour in hours]


def enters(day: date, hour: int, floor: str, count: int, *, minutes: int = 0) -> FloorHour:
    return FloorHour(moment(day, hour), floor, count, 0, 0, 0.0, 0, minutes)


def shakes(day: date, hour: int, floor: str, shakes: int, people: int) -> FloorShakes:
    return FloorShakes(moment(day, hour), floor, shakes, people)


def beacon_day(day: date, number: int, minutes: int, count: int = 0, *, floor: str = "F6") -> BeaconDay:
    return BeaconDay(day, key(number), f"corner-{number}", floor, minutes, count)


def beacon(number: int, name: str, floor: str = "F6", *, mobile: bool = False) -> Beacon:
    return Beacon(key(number), f"corner-{number}", name, floor, mobile=mobile)


def store(*beacons: Beacon, floors: Mapping[str, str] | None = None) -> Store:
    named = floors or {"F6": "A馆六楼", "F1": "A馆一楼"}
    return Store(
        {slug: Floor(slug, name) for slug, name in named.items()}, {beacon.key: beacon for beacon in beacons}, {}
    )


@dataclass(frozen=True)
class Question:
    """What somebody types, with everything that is not the point of a test filled in."""

    tallies: Tallies
    first: date = MONDAY
    last: date = SUNDAY
    now: datetime = LATER
    zone: ZoneInfo = SHANGHAI
    by: GroupBy = GroupBy.HOUR
    show: Measure = Measure.ENTERS
    floor: str | None = None
    beacon: str | None = None
    campaign: tuple[date, date] | None = None
    store: Store | None = None
    account: WeChatSettings | None = None
    titles: Mapping[PageRef, str] = field(default_factory=dict)
    audit: Sequence[AuditLine] = ()

    def reporter(self) -> Reporter:
        settings = Settings("f6-east", "F6", Path(), Path(), Path(), timezone=self.zone, wechat=self.account)
        asked = ReportRequest(
            Span(self.first, self.last, self.zone),
            by=self.by,
            show=self.show,
            floor=self.floor,
            beacon=self.beacon,
            campaign=Span(*self.campaign, self.zone) if self.campaign else None,
        )
        around = self.tallies if self.campaign else None
        material = Material(self.tallies, around, settings, self.store, self.titles, self.audit)
        return Reporter(material, asked, self.now)

    def report(self) -> Report:
        return self.reporter().report()

    def lines(self, language: Language = Language.ENGLISH, *, width: int = 160, colour: bool = False) -> list[str]:
        return list(report_lines(self.report(), language, width=width, colour=colour))


def told(**what: object) -> Tallies:
    return replace(NOTHING, **what)  # type: ignore[arg-type]  # fields by name


def figures(
    day: date, beacons: Mapping[BeaconKey, Figures], pages: Mapping[PageRef, Figures] | None = None
) -> DayFigures:
    return DayFigures(day, beacons, pages or {})
