"""`events`: what happened to the radio and to the beacons."""

import json
from argparse import Namespace

from beacon_gateway.adapters.state.gateway_records import GatewayRecords
from beacon_gateway.commands.shared.configuration import complain, language_of, load_settings, moment
from beacon_gateway.commands.shared.event_loop import run_interruptible
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.core.log.log_filter import LogFilter
from beacon_gateway.presentation.events import event_json, event_line


def run(arguments: Namespace) -> int:
    settings = load_settings(arguments)
    if settings is None:
        return ExitCode.CONFIG
    language = language_of(arguments, settings)
    wanted = LogFilter(since=moment(arguments.since, settings), limit=arguments.limit)
    try:
        found = run_interruptible(GatewayRecords(settings.state).events(wanted))
    except OSError as error:
        complain("trouble.state", language, reason=error)
        return ExitCode.FAILED
    for event in found:
        line = event_line(event, settings.timezone, language)
        print(json.dumps(event_json(event), ensure_ascii=False) if arguments.json else line)
    if not found and not arguments.json:
        complain("events.none", language)
    return ExitCode.FINE
