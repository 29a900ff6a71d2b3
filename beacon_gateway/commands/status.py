"""`status`: five lines from the running daemon."""

import json
from argparse import Namespace
from datetime import UTC, datetime

from beacon_gateway.adapters.status_file import StatusFile
from beacon_gateway.commands.exits import Exit
from beacon_gateway.commands.shared import complain, language_of, load_settings
from beacon_gateway.core.radio.trouble import State
from beacon_gateway.core.status import SCHEMA
from beacon_gateway.presentation.status import beacon_lines, status_lines


def run(arguments: Namespace) -> int:
    settings = load_settings(arguments)
    if settings is None:
        return Exit.CONFIG
    language = language_of(arguments, settings)
    try:
        status = StatusFile(settings.runtime).read()
    except OSError as error:
        complain("status.unreadable", language, reason=error)
        return Exit.FAILED
    if status is None:
        complain("status.none", language)
        return Exit.FAILED
    if status.get("schema") != SCHEMA:
        complain("status.other-version", language, found=status.get("schema"), known=SCHEMA)
        return Exit.FAILED
    if arguments.json:
        print(json.dumps(status, ensure_ascii=False))
    else:
        for line in status_lines(status, settings.timezone, language):
            print(line)
        for line in beacon_lines(status, language) if arguments.beacons else ():
            print(line)
    if datetime.fromisoformat(status["expires"]) < datetime.now(UTC):
        written = datetime.fromisoformat(status["written"]).astimezone(settings.timezone)
        complain("status.expired", language, written=f"{written:%m-%d %H:%M:%S}")
        return Exit.FAILED
    well = status["radio"]["state"] in {State.LISTENING, State.STARTING} and not status["store"]["errors"]
    return Exit.FINE if well else Exit.PENDING
