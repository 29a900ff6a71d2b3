"""`report`: what the log and WeChat's statistics add up to."""

import json
import os
import shutil
import sys
from argparse import Namespace
from datetime import UTC, date, datetime
from typing import Final

from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.state.report_material import ReportMaterial
from beacon_gateway.commands.shared.configuration import complain, language_of, load_settings, read_store
from beacon_gateway.commands.shared.event_loop import run_interruptible
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.core.model.problems import is_sound
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.report.report import Reporter
from beacon_gateway.core.report.report_request import MAX_REPORT_DAYS, GroupBy, Measure, ReportRequest, refusal
from beacon_gateway.core.report.span import Span
from beacon_gateway.presentation.report.csv import report_csv
from beacon_gateway.presentation.report.json import report_json
from beacon_gateway.presentation.report.text import report_lines

MAX_REPORT_COLUMNS: Final = 160
"""Columns of text that goes to no terminal: a day of hours in one piece."""


def run(arguments: Namespace) -> int:
    settings = load_settings(arguments)
    if settings is None:
        return ExitCode.CONFIG
    language = language_of(arguments, settings)
    now = datetime.now(UTC)
    asked = _asked(arguments, settings, now)
    if phrase := refusal(asked):
        complain(phrase, language, limit=MAX_REPORT_DAYS)
        return ExitCode.USAGE
    return run_interruptible(_tell(arguments, settings, language, asked, now))


async def _tell(
    arguments: Namespace, settings: Settings, language: Language, asked: ReportRequest, now: datetime
) -> ExitCode:
    """Read, and print.

    No coroutine that gives what it read: Python 3.11's `asyncio.run` makes text of such a result, twice, for an error
    of `signal` that nobody sees. Of a month in 20 floors that is a tenth of a second.
    """
    try:
        material = await ReportMaterial(
            settings,
            lambda: _store(settings),
            trouble=lambda error: complain("trouble.state", language, reason=error),
        ).material(asked)
    except OSError as error:
        complain("trouble.state", language, reason=error)
        return ExitCode.FAILED
    reporter = Reporter(material, asked, now)
    if unknown := reporter.unknown():
        phrase, details = unknown
        complain(phrase, language, **details)
        return ExitCode.USAGE
    if arguments.json:
        print(json.dumps(report_json(reporter.report()), ensure_ascii=False, indent=1))
    elif arguments.csv:
        print(report_csv(reporter.table()), end="")
    elif material.is_empty:
        complain("report.empty", language, first=asked.span.first, last=asked.span.last)
    else:
        _print(reporter, language)
    return ExitCode.FINE


def _asked(arguments: Namespace, settings: Settings, now: datetime) -> ReportRequest:
    """Fill in what was not typed: the seven days that end today, by hour."""
    zone = settings.timezone
    campaign: tuple[date, date] | None = arguments.campaign
    usual = GroupBy.HOUR if arguments.beacon is None else GroupBy.DAY
    return ReportRequest(
        Span.usual(arguments.first, arguments.last, now, zone),
        by=GroupBy(arguments.by) if arguments.by else usual,
        show=Measure(arguments.show),
        floor=arguments.floor,
        beacon=arguments.beacon,
        campaign=Span(*campaign, zone) if campaign else None,
    )


def _store(settings: Settings) -> Store | None:
    """Return the store if its files are sound; a report needs only their names."""
    store, problems = read_store(StoreFiles(settings.store, settings.timezone))
    return store if is_sound(problems) else None


def _print(reporter: Reporter, language: Language) -> None:
    is_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_terminal else MAX_REPORT_COLUMNS
    colour = is_terminal and not os.environ.get("NO_COLOR")  # no-color.org: set, and not empty
    for line in report_lines(reporter.report(), language, width=width, colour=colour):
        sys.stdout.write(line)  # not printed: that would make a plain text of one with shades
        print()
