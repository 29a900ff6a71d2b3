"""What WeChat counts, and how well the beacons are heard."""

from collections.abc import Iterator, Sequence
from typing import Final

from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.report.availability import FloorHeard
from beacon_gateway.core.report.funnel import FunnelStep
from beacon_gateway.core.report.report import Report
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.presentation.report.amounts import amount, percent
from beacon_gateway.presentation.report.grid import floor_label
from beacon_gateway.presentation.terminal import table, visible

MAX_FUNNEL_STEPS: Final = 10
"""Of pages and of beacons; all of them are in the JSON."""
MAX_BEACONS_LISTED: Final = 12


def funnel_lines(report: Report, language: Language) -> Iterator[str]:
    funnel = report.funnel
    yield say("report.funnel", language, days=funnel.days, of=funnel.of_days)
    if funnel.why_none:
        yield f"  {say(f'report.funnel.{funnel.why_none}', language)}"
        return
    if report.asked.floor or report.asked.beacon:
        yield f"  {say('report.funnel.no-pages', language)}"
    for kind, steps in (("pages", funnel.pages), ("beacons", funnel.beacons)):
        yield from _steps(kind, steps, language)
    if not (funnel.pages or funnel.beacons):
        yield f"  {say('report.funnel.nobody', language)}"
        return
    yield f"  {say('report.funnel.people', language)}"
    yield f"  {say('report.few', language)}"


def _steps(kind: str, steps: Sequence[FunnelStep], language: Language) -> Iterator[str]:
    if not steps:
        return
    names = ("shakes", "clicks", "rate", "shakers", "clickers")
    heading = [say(f"report.{name}", language) for name in (kind, *names)]
    yield from table([heading, *(_step(step) for step in steps[:MAX_FUNNEL_STEPS])])
    if len(steps) > MAX_FUNNEL_STEPS:
        yield f"  {say('report.more', language, count=len(steps) - MAX_FUNNEL_STEPS)}"


def _step(step: FunnelStep) -> list[str]:
    return [
        visible(f"{step.floor} {step.name}".strip()),
        str(step.shakes),
        str(step.clicks),
        "–" if step.rate is None else percent(step.rate),
        amount(step.shakers_a_day, is_mean=True),
        amount(step.clickers_a_day, is_mean=True),
    ]


def availability_lines(report: Report, language: Language) -> Iterator[str]:
    yield say("report.availability", language)
    if not report.listened.counted:
        yield f"  {say('report.availability.deaf', language)}"
        return
    floors = report.availability.floors
    if floors:
        yield from table_of_floors(report, floors, language)
    if any(floor.floor != report.own_floor for floor in floors):
        yield f"  {say('report.availability.far', language, floor=report.own_floor)}"
    never = [visible(beacon.name) for beacon in report.availability.never]
    if never:
        yield f"  {say('report.availability.never', language, names=_listed(never, language))}"
    elif not floors:
        yield f"  {say('report.availability.none', language)}"


def table_of_floors(report: Report, floors: Sequence[FloorHeard], language: Language) -> Iterator[str]:
    """Return a line a floor: its share, and which of its beacons are the worst."""
    rows = [
        [
            floor_label(report, floor.floor, language),
            percent(floor.heard.share, 1),
            say("report.availability.beacons", language, count=len(floor.beacons)),
        ]
        for floor in floors
    ]
    for line, floor in zip(table(rows), floors, strict=True):
        worst = [f"{visible(beacon.name)} {percent(beacon.heard.share, 1)}" for beacon in floor.worst]
        names = say("report.availability.worst", language, names=_listed(worst, language)) if worst else ""
        yield line + names


def _listed(names: Sequence[str], language: Language) -> str:
    text = say("list.comma", language).join(names[:MAX_BEACONS_LISTED])
    if len(names) > MAX_BEACONS_LISTED:
        text += " " + say("report.more", language, count=len(names) - MAX_BEACONS_LISTED)
    return text
