"""The report: everything that was asked for, put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.log.tallies import Tallies
from beacon_gateway.core.model.problems import did_you_mean
from beacon_gateway.core.model.settings import Settings
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.report.availability import Availability, make_availability
from beacon_gateway.core.report.campaign import Campaign, compare, window
from beacon_gateway.core.report.changes import PagesChange, binding_changes
from beacon_gateway.core.report.directory import Directory, top_down
from beacon_gateway.core.report.funnel import Funnel, make_funnel
from beacon_gateway.core.report.grid import Grid, make_grid
from beacon_gateway.core.report.report_request import GroupBy, Measure, ReportRequest
from beacon_gateway.core.report.timesheet import CountedTime, Timesheet, total


@dataclass(frozen=True, slots=True)
class Material:
    """What a report is made of."""

    tallies: Tallies
    around_campaign: Tallies | None
    """Of `campaign.window`; None if no campaign is asked for."""
    settings: Settings
    store: Store | None
    """None where the files are faulty: names are then those that were logged."""
    titles: Mapping[PageRef, str]
    """Of pages, as staff know them."""
    audit: Sequence[AuditLine] = ()
    """Of the same time as `around_campaign`."""

    @property
    def is_empty(self) -> bool:
        return all(
            not (all_of.hours or all_of.listening or all_of.days or all_of.shake_hours or all_of.figures)
            and not all_of.untimed
            for all_of in (self.tallies, self.around_campaign)
            if all_of
        )

    def directory(self) -> Directory:
        days = [*(self.around_campaign.days if self.around_campaign else ()), *self.tallies.days]
        return Directory(self.store, days, self.titles)


@dataclass(frozen=True, slots=True)
class Report:
    gateway: str
    own_floor: str
    asked: ReportRequest
    now: datetime
    """Aware UTC."""
    listened: CountedTime
    begins: datetime | None
    """The first hour of the period with listening in it (aware UTC)."""
    untimed: int
    """Hits whose hour is not known, of whatever period."""
    shakes_told: bool
    """Whether WeChat reports shakes: else there are none to count, which does not make them zero."""
    grid: Grid
    floors: Mapping[str, str]
    """Names by slug."""
    has_tags: bool
    """Whether there are tags among the beacons: they count on each floor where they are heard."""
    funnel: Funnel
    campaign: Campaign | None
    changes: tuple[PagesChange, ...]
    """Of bindings, in the campaign and the weeks it is compared with."""
    availability: Availability


@dataclass(frozen=True, slots=True)
class Table:
    """All measures for a spreadsheet, by dated hour where a report is by hour."""

    grids: Mapping[Measure, Grid]
    """With the same columns, each with its own floors."""
    floors: Mapping[str, str]
    """Names by slug."""
    beacon: str | None
    """If only one is asked for."""
    has_tags: bool = False
    """As of a report."""


class Reporter:
    """Makes reports of one material, for one question."""

    def __init__(self, material: Material, asked: ReportRequest, now: datetime) -> None:
        """`now` is aware."""
        self._material, self._asked, self._now = material, asked, now
        self._tallies, self._settings = material.tallies, material.settings
        self._directory = material.directory()
        account = self._settings.wechat
        self._shakes_told = bool(self._tallies.shake_days or (account and account.events))
        self._sheet = Timesheet(asked.span, self._tallies.listening, now, told=self._shakes_told)

    def report(self) -> Report:
        asked = self._asked
        listening = [hour.start for hour in self._tallies.listening if hour.listened]
        return Report(
            gateway=self._settings.gateway,
            own_floor=self._settings.floor,
            asked=asked,
            now=self._now,
            listened=total(self._sheet.hours().values()),
            begins=min(listening, default=None),
            untimed=self._tallies.untimed,
            shakes_told=self._shakes_told,
            grid=self._grid(asked.show, asked.by),
            floors=self._floor_names(),
            has_tags=self._has_tags(),
            funnel=make_funnel(self._tallies.figures, asked, self._directory, self._settings.wechat),
            campaign=self._campaign(),
            changes=self._changes(),
            availability=make_availability(
                self._tallies.days, asked, self._directory, self._sheet, self._settings.floor
            ),
        )

    def table(self) -> Table:
        by = GroupBy.DATED_HOUR if self._asked.by is GroupBy.HOUR else self._asked.by
        grids = {measure: self._grid(measure, by) for measure in Measure}
        return Table(grids, self._floor_names(), self._asked.beacon, self._has_tags())

    def unknown(self) -> tuple[str, Mapping[str, str]] | None:
        """Return the phrase, with its details, for a floor or beacon that neither the files nor the log know."""
        floors, beacons = self._known_floors(), self._directory.beacons()
        floor, beacon = self._asked.floor, self._asked.beacon
        if floor is not None and floor not in floors:
            return "report.no-floor", {"found": floor, "known": ", ".join(top_down(floors))}
        if beacon is not None and beacon not in beacons:
            near = did_you_mean(beacon, beacons)
            return "report.no-beacon-near" if near else "report.no-beacon", {"found": beacon, "near": near}
        return None

    def _has_tags(self) -> bool:
        """Return whether there are tags among the beacons that are asked for."""
        beacon = self._asked.beacon
        return any(one.mobile and beacon in (None, one.slug) for one in self._directory.declared.values())

    def _grid(self, measure: Measure, by: GroupBy) -> Grid:
        return make_grid(self._tallies, self._asked, measure, by, sheet=self._sheet, floors=self._floors(measure))

    def _campaign(self) -> Campaign | None:
        around, campaign = self._material.around_campaign, self._asked.campaign
        if around is None or campaign is None:
            return None
        return compare(around, campaign, self._asked, self._directory, self._now)

    def _changes(self) -> tuple[PagesChange, ...]:
        if self._asked.campaign is None:
            return ()
        return binding_changes(self._material.audit, window(self._asked.campaign), self._asked, self._directory)

    def _floors(self, measure: Measure) -> Sequence[str]:
        """Return the floors to be shown, the top one first.

        The radio counts where it hears: on a floor beyond its reach, nothing is no zero. WeChat counts everywhere.
        """
        tallies, floors = self._tallies, {self._settings.floor}
        if self._asked.beacon is not None and not measure.is_heard:
            return []  # of one beacon there are WeChat's statistics only
        if measure.is_heard:
            floors |= {hour.floor for hour in tallies.hours}
        else:
            floors |= self._directory.floors() | {row.floor for row in (*tallies.shake_hours, *tallies.shake_days)}
        if self._asked.beacon is not None:
            floors &= self._directory.floors_of(self._asked.beacon)
        return [floor for floor in top_down(floors) if self._asked.floor in (None, floor)]

    def _floor_names(self) -> Mapping[str, str]:
        return {slug: self._directory.floor(slug) for slug in self._known_floors()}

    def _known_floors(self) -> set[str]:
        everywhere = {hour.floor for hour in self._tallies.hours} | {day.floor for day in self._tallies.shake_days}
        return {*self._directory.floors(), *everywhere, self._settings.floor} - {""}
