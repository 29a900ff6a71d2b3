"""Options of `hits`, `events`, `audit`, `report`, `privacy`: what was logged."""

from beacon_gateway.commands.options.commands import Commands
from beacon_gateway.commands.shared import argument_types


def add_to(commands: Commands) -> None:
    hits = commands.add("hits", "the log of proximity hits, oldest first")
    hits.add_argument("--floor", help="only this floor")
    hits.add_argument("--beacon", metavar="SLUG", help="only this beacon")
    hits.add_argument("--kind", choices=["enter", "zone", "exit"], help="only these")
    hits.add_argument("--until", type=argument_types.end_or_ago, metavar="WHEN", help="as --since; a day is included")
    events = commands.add("events", "what happened to the radio, the clock and the beacons, oldest first")
    audit = commands.add("audit", "what was changed at the target or deleted here, by whom or what, oldest first")
    for log in (hits, events, audit):
        log.add_argument(
            "--since",
            type=argument_types.moment_or_ago,
            metavar="WHEN",
            help="2026-11-24, 2026-11-24T10:00, or 90m, 12h, 7d ago",
        )
        log.add_argument(
            "--limit", type=argument_types.count, default=1000, metavar="N", help="the newest so many (default: 1000)"
        )
        log.add_argument("--json", action="store_true", help="one JSON object a line")

    _add_report(commands)

    privacy = commands.group("privacy", "what is stored of whom")
    report = privacy.add("report", "what is stored, since when, for how long", "privacy")
    report.add_argument("--json", action="store_true", help="one JSON object")


def _add_report(commands: Commands) -> None:
    report = commands.add("report", "what the log and WeChat's statistics add up to, by floor and time")
    report.add_argument(
        "--by", choices=["hour", "day", "weekday"], help="what a column is (default: hour; day for one beacon)"
    )
    report.add_argument("--show", choices=["enters", "minutes", "shakes", "people"], default="enters", help="of what")
    report.add_argument("--floor", help="only this floor")
    report.add_argument("--beacon", metavar="SLUG", help="only this beacon")
    report.add_argument(
        "--from",
        type=argument_types.day,
        metavar="DATE",
        dest="first",
        help="a day of the store (default: six before --until)",
    )
    report.add_argument(
        "--until", type=argument_types.day, metavar="DATE", dest="last", help="included (default: today)"
    )
    report.add_argument(
        "--campaign",
        type=argument_types.days,
        metavar="DATE..DATE",
        help="compare these days with the four weeks before them",
    )
    form = report.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="for a spreadsheet: a row a floor and hour, day or weekday")
    form.add_argument("--json", action="store_true", help="all of it as one JSON object")
