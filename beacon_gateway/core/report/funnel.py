"""From shakes to clicks, by page and by beacon, as WeChat counts them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, TypeVar

from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.model.beijing import beijing_day
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.settings import Role, WeChatSettings
from beacon_gateway.core.report.directory import Directory
from beacon_gateway.core.report.persons import Told, told
from beacon_gateway.core.report.report_request import ReportRequest
from beacon_gateway.core.report.span import Span
from beacon_gateway.core.wechat.figures import DayFigures, Figures

Who = TypeVar("Who", BeaconKey, PageRef)

_MOMENT: Final = timedelta(microseconds=1)


class NoFigures(StrEnum):
    """Why there are none."""

    NO_ACCOUNT = "no-account"
    NOT_WRITER = "not-writer"
    """The writer fetches them, and keeps them where it is."""
    NONE_YET = "none-yet"


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """Of one page or beacon, all days together."""

    who: BeaconKey | PageRef
    name: str
    floor: str
    """"" for pages."""
    shakes: int
    clicks: int
    shakers_a_day: Told
    clickers_a_day: Told
    """The mean of the days: one person may come on two of them."""

    @property
    def rate(self) -> float | None:
        """Return clicks for each shake."""
        return self.clicks / self.shakes if self.shakes else None


@dataclass(frozen=True, slots=True)
class Funnel:
    pages: tuple[FunnelStep, ...]
    """Who had most shakes comes first. None where only one floor or beacon is asked for: pages are counted as a
    whole."""
    beacons: tuple[FunnelStep, ...]
    days: int
    """Of which there are figures."""
    of_days: int
    """Beijing's, in the period."""
    why_none: NoFigures | None


def make_funnel(
    figures: Sequence[DayFigures], asked: ReportRequest, directory: Directory, account: WeChatSettings | None
) -> Funnel:
    days = len(figures)
    pages = (_step(ref, directory.page(ref), "", counts, days) for ref, counts in _by_who(day.pages for day in figures))
    return Funnel(
        pages=() if asked.floor or asked.beacon else _most_first(pages),
        beacons=_most_first(_beacons(figures, asked, directory)),
        days=days,
        of_days=_beijing_days(asked.span),
        why_none=None if figures else why_none(account),
    )


def why_none(account: WeChatSettings | None) -> NoFigures:
    if account is None:
        return NoFigures.NO_ACCOUNT
    return NoFigures.NONE_YET if account.role is Role.WRITER else NoFigures.NOT_WRITER


def _beacons(figures: Sequence[DayFigures], asked: ReportRequest, directory: Directory) -> Iterator[FunnelStep]:
    for key, counts in _by_who(day.beacons for day in figures):
        known = directory.beacon(key)
        if asked.wants(known.floor, known.slug):
            yield _step(key, known.name, known.floor, counts, len(figures))


def _by_who(days: Iterable[Mapping[Who, Figures]]) -> Iterable[tuple[Who, list[Figures]]]:
    found: dict[Who, list[Figures]] = {}
    for day in days:
        for who, counts in day.items():
            found.setdefault(who, []).append(counts)
    return found.items()


def _step(who: BeaconKey | PageRef, name: str, floor: str, counts: Sequence[Figures], days: int) -> FunnelStep:
    """A day on which somebody is not among the counts had no shake of theirs."""
    return FunnelStep(
        who,
        name,
        floor,
        shakes=sum(day.shakes for day in counts),
        clicks=sum(day.clicks for day in counts),
        shakers_a_day=told(sum(day.shakers for day in counts) / days),
        clickers_a_day=told(sum(day.clickers for day in counts) / days),
    )


def _most_first(steps: Iterable[FunnelStep]) -> tuple[FunnelStep, ...]:
    return tuple(sorted(steps, key=lambda step: (-step.shakes, step.name, str(step.who))))


def _beijing_days(span: Span) -> int:
    return (beijing_day(span.end - _MOMENT) - beijing_day(span.begin)).days + 1
