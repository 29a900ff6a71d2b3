"""A report as one object: all that its text says, and all of the beacons."""

from typing import Any

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.report.availability import Availability, BeaconHeard, FloorHeard, HeardMinutes
from beacon_gateway.core.report.campaign import Campaign, DailyMean, WeekdayComparison
from beacon_gateway.core.report.changes import PagesChange
from beacon_gateway.core.report.funnel import Funnel, FunnelStep
from beacon_gateway.core.report.grid import Grid, GridColumn
from beacon_gateway.core.report.report import Report
from beacon_gateway.core.report.span import Span
from beacon_gateway.core.report.timesheet import CountedTime
from beacon_gateway.presentation.keys import key_json
from beacon_gateway.presentation.report.amounts import number


def report_json(report: Report) -> dict[str, Any]:
    """Return it; what was not listened to, or is yet to come, is null, and a few persons are "<5"."""
    asked = report.asked
    return {
        "gateway": report.gateway,
        "floor": report.own_floor,
        "at": report.now.isoformat(),
        "period": _span(asked.span) | {"zone": str(asked.span.zone), "days": asked.span.day_count},
        "asked": {"by": asked.by.value, "show": asked.show.value, "floor": asked.floor, "beacon": asked.beacon},
        "listened": _time(report.listened) | {"begins": report.begins.isoformat() if report.begins else None},
        "untimed": report.untimed,
        "tags_count_where_heard": report.has_tags,
        "shakes_received": report.shakes_told,
        **_grid(report, report.grid),
        "funnel": _funnel(report.funnel),
        "campaign": _campaign(report.campaign) if report.campaign else None,
        "binding_changes": [_changed(changed) for changed in report.changes],
        "availability": _availability(report.availability),
    }


def _span(span: Span) -> dict[str, Any]:
    return {"from": span.first.isoformat(), "until": span.last.isoformat()}


def _time(time: CountedTime) -> dict[str, Any]:
    return {
        "minutes": round(time.passed / 60),
        "listened_minutes": round(time.counted / 60),
        "share": _rounded(time.share) if time.passed else None,
    }


def _grid(report: Report, grid: Grid) -> dict[str, Any]:
    return {
        "is_mean": grid.is_mean,
        "columns": [_column(column, is_mean=grid.is_mean) for column in grid.columns],
        "rows": [
            {
                "floor": row.floor,
                "name": report.floors.get(row.floor, row.floor),
                "values": [None if cell is None else number(cell, is_mean=grid.is_mean) for cell in row.cells],
            }
            for row in grid.rows
        ],
        "hidden": number(grid.hidden),
    }


def _column(column: GridColumn, *, is_mean: bool) -> dict[str, Any]:
    day, hour, weekday = column.heading
    named = {"day": day and day.isoformat(), "hour": hour, "weekday": None if weekday is None else weekday + 1}
    return {
        **{name: value for name, value in named.items() if value is not None},
        "listening": column.attention.value,
        **_time(column.time),
        **({"days": column.units} if is_mean else {}),
    }


def _funnel(funnel: Funnel) -> dict[str, Any]:
    return {
        "days": funnel.days,
        "of_days": funnel.of_days,
        "why_none": funnel.why_none.value if funnel.why_none else None,
        "pages": [_step(step) for step in funnel.pages],
        "beacons": [_step(step) for step in funnel.beacons],
    }


def _step(step: FunnelStep) -> dict[str, Any]:
    who = {**key_json(step.who), "floor": step.floor} if isinstance(step.who, BeaconKey) else {"page": step.who}
    return {
        **who,
        "name": step.name,
        "shakes": step.shakes,
        "clicks": step.clicks,
        "click_rate": None if step.rate is None else _rounded(step.rate),
        "shakers_a_day": number(step.shakers_a_day, is_mean=True),
        "clickers_a_day": number(step.clickers_a_day, is_mean=True),
    }


def _campaign(campaign: Campaign) -> dict[str, Any]:
    return {
        **_span(campaign.span),
        "left_out_days": {"before": campaign.left_out_before, "during": campaign.left_out_during},
        "compared": {
            compared.what.value: {
                "weekdays": [_comparison(row) for row in compared.weekdays],
                "overall": _comparison(compared.overall),
            }
            for compared in campaign.compared
        },
    }


def _changed(changed: PagesChange) -> dict[str, Any]:
    beacon = changed.beacon
    return {
        "at": changed.at.isoformat(),
        "floor": beacon.floor,
        "beacon": beacon.slug,
        "name": beacon.name,
        "before": list(changed.before),
        "after": list(changed.after),
    }


def _comparison(row: WeekdayComparison) -> dict[str, Any]:
    return {
        **({} if row.weekday is None else {"weekday": row.weekday + 1}),
        "before": _side(row.before),
        "during": _side(row.during),
        "too_few_days": row.is_too_few,
        "change": None if row.change is None else _rounded(row.change),
    }


def _side(side: DailyMean) -> dict[str, Any]:
    return {"mean": number(side.mean, is_mean=True) if side.days else None, "days": side.days}


def _availability(availability: Availability) -> dict[str, Any]:
    return {
        "floors": [_floor(floor) for floor in availability.floors],
        "never_heard": [
            {"floor": beacon.floor, "beacon": beacon.slug, "name": beacon.name, **key_json(beacon.key)}
            for beacon in availability.never
        ],
    }


def _floor(floor: FloorHeard) -> dict[str, Any]:
    return {"floor": floor.floor, **_heard(floor.heard), "beacons": [_beacon(beacon) for beacon in floor.beacons]}


def _beacon(beacon: BeaconHeard) -> dict[str, Any]:
    return {"beacon": beacon.slug, "name": beacon.name, **key_json(beacon.key), **_heard(beacon.heard)}


def _heard(heard: HeardMinutes) -> dict[str, Any]:
    return {"minutes": round(heard.minutes), "of_minutes": round(heard.of), "share": _rounded(heard.share)}


def _rounded(share: float) -> float:
    return round(share, 4)
