"""`status`: a few lines from the running daemon.

Exit code: the first that holds of 1 it does not receive, its log cannot be written, or it does not run; 4 the account
needs a person; 3 a change was stopped or is held back after an undo; 2 changes or faults wait; 0.
"""

import json
from argparse import Namespace
from datetime import UTC, datetime
from typing import Any

from beacon_gateway.adapters.status_file import StatusFile
from beacon_gateway.commands.exits import Exit
from beacon_gateway.commands.shared import complain, language_of, load_settings
from beacon_gateway.core.judgement import GatewayState
from beacon_gateway.core.settings import Language, Settings
from beacon_gateway.core.status import SCHEMA
from beacon_gateway.presentation.status import beacon_lines, status_lines


def run(arguments: Namespace) -> int:
    settings = load_settings(arguments)
    if settings is None:
        return Exit.CONFIG
    language = language_of(arguments, settings)
    status = _read(settings, language)
    if status is None:
        return Exit.FAILED
    try:
        lines = [*status_lines(status, settings.timezone, language)]
        lines += beacon_lines(status, language) if arguments.beacons else ()
        state = GatewayState(status["judgement"]["state"])
    except (KeyError, ValueError):  # what another version calls things
        complain("status.another-version", language, version=status.get("version"))
        return Exit.FAILED
    for line in [json.dumps(status, ensure_ascii=False)] if arguments.json else lines:
        print(line)
    if datetime.fromisoformat(status["expires"]) < datetime.now(UTC):
        written = datetime.fromisoformat(status["written"]).astimezone(settings.timezone)
        complain("status.expired", language, written=f"{written:%m-%d %H:%M:%S}")
        return Exit.FAILED
    return Exit[state.name]


def _read(settings: Settings, language: Language) -> dict[str, Any] | None:
    """Return the daemon's status; None, with a complaint, where there is none that this program knows."""
    try:
        status = StatusFile(settings.runtime).read()
    except OSError as error:
        complain("status.unreadable", language, reason=error)
        return None
    if status is None:
        complain("status.none", language)
    elif status.get("schema") != SCHEMA:
        complain("status.other-version", language, found=status.get("schema"), known=SCHEMA)
    else:
        return status
    return None
