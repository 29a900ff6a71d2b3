"""`status`: a few lines from the running daemon.

Exit code: the first that holds of 1 it does not receive, its log cannot be written, or it does not run; 4 the account
needs a person; 3 a change was stopped or is held back after an undo; 2 changes or faults wait; 0.
"""

import json
from argparse import Namespace
from datetime import UTC, datetime
from typing import Any

from beacon_gateway import __version__
from beacon_gateway.adapters.state.status_file import FILE, StatusFile
from beacon_gateway.commands.shared.configuration import complain, language_of, load_settings
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.passive_warning import passive_warning
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.model.status import STATUS_SCHEMA
from beacon_gateway.core.monitoring.judgement import GatewayState
from beacon_gateway.presentation.status import beacon_lines, status_lines


def run(arguments: Namespace) -> int:
    settings = load_settings(arguments)
    if settings is None:
        return ExitCode.CONFIG
    language = language_of(arguments, settings)
    status = _read(settings, language)
    if status is None:
        return ExitCode.FAILED
    try:
        lines = [*status_lines(status, settings.timezone, language)]
        if not arguments.json and (warning := passive_warning(settings, language)):
            lines.append(warning)
        lines += beacon_lines(status, language) if arguments.beacons else ()
        state = GatewayState(status["judgement"]["state"])
        expires, written = (datetime.fromisoformat(status[name]).astimezone(UTC) for name in ("expires", "written"))
    except (KeyError, ValueError, TypeError, AttributeError):  # of another form than this program writes
        _complain_of(status, settings, language)
        return ExitCode.FAILED
    for line in [json.dumps(status, ensure_ascii=False)] if arguments.json else lines:
        print(line)
    if expires < datetime.now(UTC):
        complain("status.expired", language, written=f"{written.astimezone(settings.timezone):%m-%d %H:%M:%S}")
        return ExitCode.FAILED
    return ExitCode[state.name]


def _complain_of(status: dict[str, Any], settings: Settings, language: Language) -> None:
    """Print why a status is not understood: another version wrote it, or the file is damaged."""
    version = status.get("version")
    if isinstance(version, str) and version != __version__:
        complain("status.another-version", language, version=version)
    else:
        complain("status.broken", language, path=settings.runtime / FILE)


def _read(settings: Settings, language: Language) -> dict[str, Any] | None:
    """Return the daemon's status; None, with a complaint, where there is none that this program knows."""
    try:
        status = StatusFile(settings.runtime).read()
    except OSError as error:
        complain("status.unreadable", language, reason=error)
        return None
    if status is None:
        complain("status.none", language)
    elif status.get("schema") != STATUS_SCHEMA:
        complain("status.other-version", language, found=status.get("schema"), known=STATUS_SCHEMA)
    else:
        return status
    return None
