"""`audit`: what was changed at the target, and who or what caused it."""

import json
from argparse import Namespace

from beacon_gateway.adapters.state.gateway_records import GatewayRecords
from beacon_gateway.commands.shared.configuration import complain, language_of, load_settings, moment
from beacon_gateway.commands.shared.event_loop import run_interruptible
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.presentation.audit import audit_json, audit_line


def run(arguments: Namespace) -> int:
    settings = load_settings(arguments)
    if settings is None:
        return ExitCode.CONFIG
    language = language_of(arguments, settings)
    try:
        since = moment(arguments.since, settings)
        found = run_interruptible(GatewayRecords(settings.state).audit(since, arguments.limit))
    except OSError as error:
        complain("trouble.state", language, reason=error)
        return ExitCode.FAILED
    for line in found:
        said = audit_line(line, settings.timezone)
        print(json.dumps(audit_json(line), ensure_ascii=False) if arguments.json else said)
    if not found and not arguments.json:
        complain("audit.none", language)
    return ExitCode.FINE
