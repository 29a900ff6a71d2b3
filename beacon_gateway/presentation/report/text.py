"""A report for people who read it in ten seconds."""

from collections.abc import Iterator

from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.report.report import Report
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.presentation.report.amounts import percent
from beacon_gateway.presentation.report.campaign import campaign_lines
from beacon_gateway.presentation.report.grid import GridText, floor_label
from beacon_gateway.presentation.report.sections import availability_lines, funnel_lines
from beacon_gateway.presentation.terminal import visible


def report_lines(report: Report, language: Language, *, width: int, colour: bool) -> Iterator[str]:
    """Return the whole report; `width` is the terminal's."""
    yield from _head(report, language)
    sections = [GridText(report, language, width=width, colour=colour).lines(), funnel_lines(report, language)]
    if report.campaign:
        sections.append(campaign_lines(report.campaign, report.changes, language))
    sections.append(availability_lines(report, language))
    for section in sections:
        yield ""
        yield from section


def _head(report: Report, language: Language) -> Iterator[str]:
    span = report.asked.span
    yield say(
        "report.title",
        language,
        gateway=report.gateway,
        floor=floor_label(report, report.own_floor, language),
        first=span.first,
        last=span.last,
        zone=span.zone,
    )
    floor, beacon = report.asked.floor, report.asked.beacon
    if only := [*([floor_label(report, floor, language)] if floor else []), *([visible(beacon)] if beacon else [])]:
        yield say("report.only", language, what=" ".join(only))
    if not report.listened.passed:
        yield say("report.to-come", language)
        return
    listened = report.listened
    yield say("report.listened", language, hours=f"{listened.counted / 3600:.1f}", share=percent(listened.share))
    begins = report.begins and report.begins.astimezone(span.zone)
    if begins and begins.date() > span.first:
        yield say("report.begins", language, when=f"{begins:%Y-%m-%d %H:%M}", day=begins.date())
    if report.untimed:
        yield say("report.untimed", language, count=report.untimed)
