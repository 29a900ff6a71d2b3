"""`setup`: the first start on a Pi, from a few answers to the running service.

What is there already stays, unless --replace is typed. Nothing is written before everything is known and found sound.

Exit codes: 0 all is done (also where systemd does not run, and the service is started by hand); 2 it runs, and `status`
has something to say, or the secret still lies on the boot partition; 1 something could not be written or started, or
somebody gave up; 64 answers are missing or wrong, or it was not typed by root; 78 the files are faulty.
"""

import os
import signal
import sys
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from beacon_gateway import output
from beacon_gateway.adapters.deadline import CHECK_TIMEOUT_S
from beacon_gateway.adapters.files.check import check
from beacon_gateway.adapters.files.first_words import first_store
from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.files.initial_files import InitialFiles
from beacon_gateway.adapters.files.supplied_files import SuppliedFiles, wipe
from beacon_gateway.commands.setup.answers import AnswerCollector, GivenSecret, SetupStopped
from beacon_gateway.commands.setup.questions import TooManyTries
from beacon_gateway.commands.setup.start import start, warn_of_passive
from beacon_gateway.commands.shared.configuration import complain, config_path, language_of, print_problems
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import in_time
from beacon_gateway.core.model.problems import Problem, is_sound
from beacon_gateway.core.model.settings import Role, Settings
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.sentences.system_errors import reason_of


def run(arguments: Namespace) -> int:
    output.write_each_line()  # in a journal, too, all lines stand in the order they were said
    # A terminal that is closed leaves nothing behind either; and Ctrl-C is heard even where a shell said to ignore it.
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    config = config_path(arguments)
    answering = AnswerCollector(arguments, language_of(arguments))
    try:
        with InitialFiles(config, in_time) as files:
            code = _Writing(arguments, answering, files).run()
        if arguments.no_start:
            print(say("setup.later", answering.language))
            warn_of_passive(config, answering.language)
            return code
        return max(code, start(config, answering.language))
    except SetupStopped as stop:
        return stop.code
    except TooManyTries:
        complain("setup.too-often", answering.language)
        return ExitCode.USAGE
    except EOFError:
        print(file=sys.stderr)
        complain("setup.given-up", answering.language)
    except OSError as error:
        if isinstance(error, PermissionError) and os.geteuid():
            complain("setup.needs-root", answering.language, folder=config.parent)
            return ExitCode.USAGE
        reason = reason_of(error)
        complain("setup.unwritable", answering.language, file=error.filename or config, reason=reason)
    return ExitCode.FAILED


class _Writing:
    """From answers to files."""

    def __init__(self, arguments: Namespace, answering: AnswerCollector, files: InitialFiles) -> None:
        self._arguments, self._answering, self._files = arguments, answering, files
        self._now = datetime.now(UTC)

    def run(self) -> ExitCode:
        """Write what is missing. Raises SetupStopped, TooManyTries, EOFError, OSError."""
        answering, files = self._answering, self._files
        try:
            answering.begin()
            if files.has_config() and not self._arguments.replace:
                self._say("setup.kept", file=files.config)
                content, path = None, files.try_present_config()
            else:
                content = answering.config_text(files)
                path = files.try_config(content)
            settings, _, problems = in_time(files.folder, lambda: read_settings(path))
            if settings is None:
                self._stop_for(problems, files.trial)
            secret = answering.secret(settings, files)
        except KeyboardInterrupt:
            raise EOFError from None  # nothing is written yet, and that is worth saying
        self._write(settings, content, secret)
        return self._wipe(secret)

    def _write(self, settings: Settings, content: bytes | None, secret: GivenSecret | None) -> None:
        """Check everything together, then put it in place: gateway.yaml last."""
        files = self._files
        place = _below(settings.store, files.trial)
        store = files.folder / place if place else settings.store
        first = first_store(settings.floor, settings.language)
        new = self._new_store(place, store, first)
        if place and new:
            files.try_store(place, new)
        elif place:
            for path in files.add_to_store(place, first):
                self._say("setup.written", file=path)
            files.try_present_store(place)
        if place:
            self._check(files.trial / files.config.name)
        if secret or not files.has_secret():
            files.keep_secret(secret.text if secret else "")
            self._say("setup.written", file=files.secret)
        if place and new:
            self._tell_of(store, files.keep_store(place, self._now))
        if content is not None:
            self._tell_of(files.config, files.keep_config(content, self._now))
        if not place:  # it could not be tried before
            self._check(files.config)
        if content is not None and settings.wechat and settings.wechat.role is Role.WRITER:
            self._say("setup.writer", config=files.config)
        self._say("setup.staff", store=store)

    def _new_store(self, place: Path | None, store: Path, first: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Return the files of a new store; none if the present one stays."""
        brought: SuppliedFiles | None = self._answering.brought
        if place is None:
            if brought and brought.store:
                complain("setup.store-elsewhere", self._answering.language, store=store, folder=brought.folder)
            return {}
        stays = self._files.has_store(place)
        if brought and brought.store and (self._arguments.replace or not stays):
            has_floors = any(name.startswith("floors/") for name in brought.store)
            missing = {name: text for name, text in first.items() if not (has_floors and name.startswith("floors/"))}
            return {**missing, **brought.store}
        if stays:
            self._say("setup.kept-store", file=store)
        return {} if stays else first

    def _check(self, path: Path) -> None:
        """Check as `check` does, and end here for an error."""
        base, _, store, problems = in_time(path.parent, lambda: check(path), timeout_s=CHECK_TIMEOUT_S)
        if not is_sound(problems):
            self._stop_for(problems, base)
        print_problems(problems, base, self._answering.language)
        if not problems:
            self._say("check.fine", floors=len(store.floors), beacons=len(store.beacons), pages=len(store.pages))

    def _stop_for(self, problems: list[Problem], base: Path) -> NoReturn:
        print_problems(problems, base, self._answering.language)
        complain("setup.faulty", self._answering.language)
        raise SetupStopped(ExitCode.CONFIG)

    def _wipe(self, secret: GivenSecret | None) -> ExitCode:
        """Take the secret away from where it lay open."""
        if secret is None or secret.source is None:
            return ExitCode.FINE
        try:
            source = secret.source
            in_time(source.parent, lambda: wipe(source))
        except OSError as error:
            reason = reason_of(error)
            complain("setup.not-wiped", self._answering.language, file=secret.source, reason=reason)
            return ExitCode.PENDING
        self._say("setup.wiped", file=secret.source, secret=self._files.secret)
        return ExitCode.FINE

    def _tell_of(self, written: Path, old: Path | None) -> None:
        self._say("setup.written", file=written)
        if old:
            self._say("setup.old-copy", file=old)

    def _say(self, phrase: str, **details: object) -> None:
        print(say(phrase, self._answering.language, **details))


def _below(path: Path, folder: Path) -> Path | None:
    """Return the path relative to the folder; None if it leads elsewhere."""
    place = path.relative_to(folder) if path.is_relative_to(folder) else None
    return place if place and place.parts and ".." not in place.parts else None
