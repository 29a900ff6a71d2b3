"""What several commands do: find the configuration, the language and the secret; print problems."""

import getpass
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from beacon_gateway.adapters.deadline import CHECK_TIMEOUT_S, FILE_TIMEOUT_S, within
from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.files.reading import MAX_FILE_BYTES, read_limited
from beacon_gateway.adapters.secrets.secret import NoSecret, read_secret
from beacon_gateway.adapters.state.adapter_file import AdapterFile
from beacon_gateway.adapters.state.state_lock import StateInUse
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import in_time
from beacon_gateway.core.bindings.target import NeedsOperator, TargetError
from beacon_gateway.core.model.problems import Problem, Severity, SourcePosition
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.model.store import NOTHING, Store
from beacon_gateway.core.radio.adapters import ChosenAdapter
from beacon_gateway.core.report.moments import moment_of
from beacon_gateway.core.sentences.messages import explain_trouble, say
from beacon_gateway.core.sentences.preferred import language_of_locale
from beacon_gateway.core.text.soundness import sound_name
from beacon_gateway.presentation.problems import problem_lines

if TYPE_CHECKING:  # the daemon's first scan does not wait for it
    from beacon_gateway.adapters.files.store_files import StoreFiles

CONFIG_VARIABLE: Final = "BEACON_GATEWAY_CONFIG"
CONFIG: Final = Path("/etc/beacon-gateway/gateway.yaml")

ADAPTER_TIMEOUT_S: Final = 1.0
"""For what is only good to know."""
LINES_TIMEOUT_S: Final = 5.0
"""For the lines that are shown beside a problem."""


def config_path(arguments: Namespace) -> Path:
    return arguments.config or Path(os.environ.get(CONFIG_VARIABLE) or CONFIG)


def language_of(arguments: Namespace, settings: Settings | None = None) -> Language:
    """Return the language of messages: as typed, else the terminal's (C has none), else as configured."""
    if arguments.language:
        return Language(arguments.language)
    if (of_terminal := language_of_locale(os.environ)) is not None:
        return of_terminal
    return settings.language if settings else Language.ENGLISH


def load_settings(arguments: Namespace, *, timeout_s: float = FILE_TIMEOUT_S) -> Settings | None:
    """Read gateway.yaml, and say what is wrong with it. Raise FolderTimeout where its folder hangs."""
    path = config_path(arguments)
    settings, _, problems = in_time(path.parent, lambda: read_settings(path), timeout_s=timeout_s)
    print_problems(problems, path.parent, language_of(arguments, settings))
    return settings


def load_secret(arguments: Namespace) -> str:
    """Read the account's secret. Raise NoSecret, or FolderTimeout where its folder hangs."""
    folder = config_path(arguments).parent
    return in_time(folder, lambda: read_secret(beside=folder))


def read_store(files: "StoreFiles", *, timeout_s: float = CHECK_TIMEOUT_S) -> tuple[Store, list[Problem]]:
    """Read the store's files; a folder that does not answer is a problem of them."""
    try:
        return within(timeout_s, files.read, "store")
    except TimeoutError:
        details = {"found": f"{timeout_s:.0f}"}
        return NOTHING, [Problem(SourcePosition(f"{files.folder.name}/"), "folder.slow", details)]


def moment(typed: datetime | timedelta | None, settings: Settings) -> datetime | None:
    """Return the moment that was typed (aware): a time of the store's zone, or so long ago."""
    return None if typed is None else moment_of(typed, datetime.now(UTC), settings.timezone)


def who_types() -> str:
    """Return the name of the user at the keyboard, before any sudo; "" where there is none."""
    try:
        return sound_name(os.environ.get("SUDO_USER") or getpass.getuser())
    except (KeyError, OSError):
        return ""


def complain(phrase: str, language: Language, **details: object) -> None:
    """Say a phrase of the catalogue on standard error."""
    print(say(phrase, language, **details), file=sys.stderr)


def complain_in_use(error: StateInUse, zone: tzinfo, language: Language) -> None:
    """Print which daemon works on a state folder already."""
    holder = error.holder
    since = f"{holder.since.astimezone(zone):%Y-%m-%d %H:%M}" if holder.since else "?"
    details = {"folder": error.folder, "gateway": holder.gateway or "?", "pid": holder.pid or "?", "since": since}
    complain("trouble.state-in-use", language, **details)


def explain(error: Exception, language: Language) -> ExitCode:
    """Say why the target could not be worked with, and give the exit code for it."""
    match error:
        case NoSecret():
            complain("trouble.no-secret", language, reason=error)
            return ExitCode.OPERATOR
        case NeedsOperator() as error:
            complain("trouble.operator", language, reason=explain_trouble(error, language))
            return ExitCode.OPERATOR
        case TargetError() as error:
            complain("trouble.target", language, reason=explain_trouble(error, language))
        case _:
            complain("trouble.state", language, reason=error)
    return ExitCode.FAILED


def print_problems(problems: Sequence[Problem], base: Path, language: Language, *, file: TextIO | None = None) -> None:
    """Print each problem with the line it is in; the problems' files are below `base`."""
    file = file or sys.stderr
    sources: dict[str, list[str]] = {}
    for problem in problems:
        name = problem.place.file
        if name not in sources:
            sources[name] = _lines_of(base, name)
        lines = sources[name]
        source = lines[problem.place.line - 1] if problem.place.line <= len(lines) else None
        for line in problem_lines(problem, source, language):
            print(line, file=file)
    if problems:
        errors = sum(problem.severity is Severity.ERROR for problem in problems)
        print(say("check.faults", language, errors=errors, warnings=len(problems) - errors), file=file)


def _lines_of(base: Path, name: str) -> list[str]:
    """Return the lines of a file, as editors count them; none of what a link leads to from its folder elsewhere."""
    folder, slash, _ = name.partition("/")
    inside = base / folder if slash else base
    try:
        content, _ = within(LINES_TIMEOUT_S, lambda: read_limited(base / name, MAX_FILE_BYTES, within=inside))
    except OSError:
        return []
    return content.decode("utf-8-sig", errors="replace").split("\n")


def remembered_adapter(settings: Settings) -> ChosenAdapter | None:
    """Return the Bluetooth adapter that received last; None where that is not known, or not told in time."""
    with suppress(TimeoutError):
        return within(ADAPTER_TIMEOUT_S, AdapterFile(settings.state).read)
    return None
