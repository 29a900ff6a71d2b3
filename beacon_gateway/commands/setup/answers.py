"""The answers of `setup`: from the command line, else from a folder, else from the terminal."""

import socket
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.deadline import CHECK_TIMEOUT_S
from beacon_gateway.adapters.files.first_words import appid_fault, completed, gateway_text, name_fault, stated_in
from beacon_gateway.adapters.files.initial_files import InitialFiles
from beacon_gateway.adapters.files.reading import MAX_FILE_BYTES, read_limited
from beacon_gateway.adapters.files.supplied_files import BOOT_FOLDERS, SuppliedFiles, boot_folder, read_brought
from beacon_gateway.commands.setup.questions import Prompts, ask_language, complain_of
from beacon_gateway.commands.shared.configuration import complain
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import in_time
from beacon_gateway.core.files.installation import (
    SECRET_CHARACTERS,
    SetupAnswers,
    contradictions,
    secret_in,
    suggested_name,
)
from beacon_gateway.core.model.problems import Problem
from beacon_gateway.core.model.settings import Language, Role, Settings
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.sentences.system_errors import reason_of

STANDARD_INPUT: Final = "-"
_ASKED: Final = ("gateway", "floor", "appid")
_FAULT_OF: Final[Mapping[str, Callable[[str], Problem | None]]] = {
    "gateway": name_fault,
    "floor": name_fault,
    "appid": lambda text: appid_fault(text) if text else None,
}


class SetupStopped(Exception):  # noqa: N818 - it ends here, and everything has been said
    """`setup` ends, with this exit code."""

    def __init__(self, code: ExitCode) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class GivenSecret:
    """A new secret, and the file that it is to be moved away from."""

    text: str = field(repr=False)
    source: Path | None = None


class AnswerCollector:
    """Finds the answers. What is wrong with those that were given is said at once, all of it."""

    def __init__(self, arguments: Namespace, language: Language) -> None:
        """`language` is what the command line or the terminal says."""
        self.language = language
        self.brought: SuppliedFiles | None = None
        self._arguments = arguments
        self._is_asking = not arguments.unattended and sys.stdin.isatty()
        self._given: GivenSecret | None = None
        self._wrong: list[ExitCode] = []

    def begin(self) -> None:
        """Look at what was given: the folder, and the secret's file. Raises SetupStopped."""
        self.brought = self._read_folder()
        if self.brought:
            names = ", ".join(self.brought.names)
            stated = stated_in(self.brought.config_text) or {}
            if not self._arguments.language and stated.get("language") in languages():
                self.language = Language(stated["language"])
            print(say("setup.answers", self.language, folder=self.brought.folder, names=names))
        self._given = self._read_secret()
        if self._is_asking:
            self._stop_if_wrong()

    def config_text(self, files: InitialFiles) -> bytes:
        """Return the new gateway.yaml. Raises SetupStopped, EOFError, TooManyTries."""
        typed = {name: text for name in _ASKED if (text := getattr(self._arguments, name)) is not None}
        brought = self.brought
        if brought is None or brought.config is None:
            # Raspberry Pi OS comes in English, whatever its user speaks; and gateway.yaml says it for staff, too.
            if self._is_asking and not self._arguments.language and self.language != Language.CHINESE:
                self.language = ask_language()
            known = self._answers(_ASKED, typed, files)
            role = self._role(files)
            return gateway_text(SetupAnswers(known["gateway"], known["floor"], self.language, known["appid"], role))
        stated = stated_in(brought.config_text)
        if stated is None:  # what is wrong with it is told when it is read
            return brought.config_text
        given = typed if self._arguments.role is None else {**typed, "role": self._arguments.role}
        for name in contradictions(given, stated):
            details = {"flag": f"--{name}", "typed": given[name], "stated": stated[name], "file": brought.config}
            self._wrong.append(ExitCode.USAGE)
            complain("setup.fault.contradiction", self.language, **details)
        asked = [name for name in _ASKED if name not in stated and (name != "appid" or typed.get(name))]
        return completed(brought.config_text, self._answers(asked, typed, files), self.language, self._role(files))

    def secret(self, settings: Settings, files: InitialFiles) -> GivenSecret | None:
        """Return the secret that is to be written; None if the present one stays. Raises as `config_text`."""
        self._stop_if_wrong()
        given, present = self._given, files.read_secret()
        if given and present and not self._arguments.replace:
            if given.text.encode() == present:
                return given  # as after a power cut, before it was deleted from the card
            complain("setup.secret-kept", self.language, file=files.secret, other=given.source or "--secret-file")
            return None
        if given is None and settings.wechat and self._is_asking and (self._arguments.replace or not present):
            typed = Prompts(self.language).secret(may_keep=bool(present))
            given = GivenSecret(typed) if typed else None
        if given is None and settings.wechat and not present:
            complain("setup.fault.no-secret", self.language)
            raise SetupStopped(ExitCode.CONFIG if self.brought and self.brought.config else ExitCode.USAGE)
        if given and len(given.text) != SECRET_CHARACTERS:
            complain("setup.odd-secret", self.language, usual=SECRET_CHARACTERS, count=len(given.text))
        return given

    def _read_folder(self) -> SuppliedFiles | None:
        folder: Path | None = self._arguments.answers or in_time(BOOT_FOLDERS[0], boot_folder)
        if folder is None:
            return None
        try:
            brought = in_time(folder, lambda: read_brought(folder), timeout_s=CHECK_TIMEOUT_S)
        except OSError as error:
            reason = reason_of(error)
            complain("setup.fault.unreadable", self.language, file=error.filename or folder, reason=reason)
            raise SetupStopped(ExitCode.CONFIG) from None
        if brought.names:
            return brought
        if self._arguments.answers:
            complain("setup.fault.nothing-there", self.language, folder=folder)
            raise SetupStopped(ExitCode.USAGE)
        return None

    def _read_secret(self) -> GivenSecret | None:
        """Return the secret of the file that was named, or of the folder."""
        name: str | None = self._arguments.secret_file
        source = self.brought.secret if self.brought and name is None else None
        try:
            if name == STANDARD_INPUT:
                content = sys.stdin.buffer.read(MAX_FILE_BYTES)
            elif name is not None:
                path = Path(name)
                content, _ = in_time(path.parent, lambda: read_limited(path, MAX_FILE_BYTES))
            elif self.brought and source:
                name, content = str(source), self.brought.secret_text
            else:
                return None
        except OSError as error:
            complain("setup.fault.unreadable", self.language, file=name, reason=reason_of(error))
            self._wrong.append(ExitCode.USAGE)
            return None
        if text := secret_in(content):
            return GivenSecret(text, source)
        complain("setup.fault.secret-file", self.language, file=name)
        self._wrong.append(ExitCode.CONFIG if source else ExitCode.USAGE)
        return None

    def _answers(self, names: Sequence[str], typed: Mapping[str, str], files: InitialFiles) -> dict[str, str]:
        """Return an answer for each of the names: as typed, else as asked for, else what goes without saying."""
        present = _stated_in_file(files.config)
        guess = suggested_name(socket.gethostname())
        defaults = {"gateway": "" if name_fault(guess) else guess} | {
            name: present[name] for name in _ASKED if name in present
        }
        known = {name: typed[name] for name in names if name in typed}
        if not self._is_asking:
            known = {"appid": ""} | {name: text for name, text in defaults.items() if text} | known
            known = {name: known[name] for name in names if name in known}
        self._find_faults(names, known, files)
        self._stop_if_wrong()
        if any(name not in known for name in names):
            print(say("setup.hello", self.language))
        questions = Prompts(self.language)
        for name in names:
            if name in known:
                continue
            default = defaults.get(name, "")
            if name == "appid":
                known[name] = questions.appid(appid_fault, present=default)
            else:
                known[name] = questions.text(f"setup.ask.{name}", _FAULT_OF[name], default=default)
        return known

    def _role(self, files: InitialFiles) -> Role:
        """Return the role as typed, else as it is: a second writer must not come of a file that is written anew."""
        role = self._arguments.role or _stated_in_file(files.config).get("role")
        return Role(role) if role in set(Role) else Role.WRITER

    def _find_faults(self, names: Sequence[str], known: Mapping[str, str], files: InitialFiles) -> None:
        """Say what is wrong with answers that were given, and what is missing where nobody can be asked."""
        for name in names:
            if name in known:
                if fault := _FAULT_OF[name](known[name]):
                    self._wrong.append(ExitCode.USAGE)
                    print(f"--{name}: ", end="", file=sys.stderr)
                    complain_of(fault, self.language)
            elif not self._is_asking:
                self._wrong.append(ExitCode.CONFIG if self.brought and self.brought.config else ExitCode.USAGE)
                complain("setup.fault.missing", self.language, name=name, flag=f"--{name}")
        if self._is_asking or not self._wrong:
            return
        is_given = self._arguments.secret_file or (self.brought and self.brought.secret)
        if known.get("appid") and not is_given and not files.read_secret():
            complain("setup.fault.no-secret", self.language)
        if not self._arguments.unattended:
            complain("setup.fault.nobody", self.language)

    def _stop_if_wrong(self) -> None:
        if self._wrong:
            raise SetupStopped(min(self._wrong))


def _stated_in_file(path: Path) -> Mapping[str, str]:
    """Return what the gateway.yaml that is to be replaced says, as far as it can be read."""
    try:
        content, _ = in_time(path.parent, lambda: read_limited(path, MAX_FILE_BYTES))
    except OSError:
        return {}
    return stated_in(content) or {}
