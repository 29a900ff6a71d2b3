"""`support-bundle`: all that helps to find a fault in one new file, without secrets and identifiers."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from beacon_gateway.adapters.bundle.archive import Archive, SecretFound
from beacon_gateway.adapters.bundle.gathering import AT_ONCE, gather
from beacon_gateway.adapters.bundle.identities import known_names, secret_values
from beacon_gateway.adapters.bundle.sources import PATIENCE, Places, sources
from beacon_gateway.adapters.deadline import CHECK_TIMEOUT_S, FILE_TIMEOUT_S, within
from beacon_gateway.adapters.files.gateway_file import RUNTIME_FOLDER, STATE_FOLDER, read_settings
from beacon_gateway.commands.shared.configuration import complain, config_path, language_of
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import in_time
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.sentences.system_errors import reason_of
from beacon_gateway.core.support.bundle import name_of, scrubbed
from beacon_gateway.core.support.scrub import Scrubber, harmless_numbers
from beacon_gateway.core.support.secret_values import SecretValues
from beacon_gateway.presentation.bundle import members, missing_line, readme, written_lines


def run(arguments: Namespace) -> int:
    config = config_path(arguments)
    settings = _settings(config)
    language = language_of(arguments, settings)
    places = Places(
        config,
        settings.store if settings else config.parent / "store",
        settings.state if settings else STATE_FOLDER,
        settings.runtime if settings else RUNTIME_FOLDER,
    )
    at = datetime.now(UTC)
    typed: Path = arguments.output or Path()
    path = in_time(typed.absolute().parent, lambda: _output(typed, at))
    try:
        with _begun(Archive(path), path.absolute().parent) as archive:
            complain("bundle.begins", language)
            _make(archive, path, places, at, language, at_once=1 if arguments.one_by_one else AT_ONCE)
    except FileExistsError:
        complain("bundle.exists", language, path=path)
        return ExitCode.FAILED
    except OSError as error:
        complain("bundle.not-written", language, path=path, reason=reason_of(error))
        return ExitCode.FAILED
    except SecretFound as error:
        complain("bundle.secret", language, member=error)
        return ExitCode.FAILED
    return ExitCode.FINE


def _settings(config: Path) -> Settings | None:
    """Return the settings; what is wrong with them is in the bundle, and no reason to make none."""
    try:
        settings, _, _ = within(FILE_TIMEOUT_S, lambda: read_settings(config))
    except TimeoutError:
        return None
    return settings


def _make(archive: Archive, path: Path, places: Places, at: datetime, language: Language, *, at_once: int) -> None:
    """Gather, take out, write, and say what is there. Raises OSError, SecretFound."""
    pieces = gather(sources(places), PATIENCE, at_once)
    folder = places.config.parent  # without its secrets nothing is given away
    secrets = SecretValues(in_time(folder, lambda: secret_values(folder, places.runtime)))
    names = in_time(folder, lambda: known_names(config_folder=folder))
    scrubber = Scrubber(secrets, names, harmless_numbers(piece.text for piece in pieces))
    clean = scrubbed(pieces, scrubber, secrets)
    files = members(clean, secrets.remove(readme(at, secrets.count, scrubber.replaced)))
    out = path.absolute().parent
    in_time(out, lambda: archive.write(name_of(at), files, at), timeout_s=CHECK_TIMEOUT_S)
    size = in_time(out, lambda: archive.put_in_place(secrets, _who_typed()), timeout_s=CHECK_TIMEOUT_S)
    for line in written_lines(path, size, files, scrubber.replaced, language):
        print(line)
    if missing := missing_line(clean, language):
        print(missing, file=sys.stderr)
    if os.geteuid():
        complain("bundle.not-root", language)


@contextmanager
def _begun(archive: Archive, folder: Path) -> Iterator[Archive]:
    """Begin a bundle in a folder that may not answer, and take away what was begun unless it was finished."""
    in_time(folder, archive.__enter__)
    try:
        yield archive
    finally:
        in_time(folder, archive.__exit__)


def _output(typed: Path, at: datetime) -> Path:
    """Return the path of the new file: in a folder that was typed, or here, it has its usual name."""
    return typed / f"{name_of(at)}.tar.gz" if typed.is_dir() else typed


def _who_typed() -> tuple[int, int] | None:
    """Return user and group of the person who typed sudo: it is they who look at the file and send it."""
    user, group = os.environ.get("SUDO_UID", ""), os.environ.get("SUDO_GID", "")
    return (int(user), int(group)) if os.geteuid() == 0 and user.isdecimal() and group.isdecimal() else None
