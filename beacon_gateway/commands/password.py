"""`password`: who may log in at the web pages. Passwords are typed unseen or piped in, never words of the command."""

import secrets
import sys
from argparse import Namespace
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.secrets.web_accounts_file import WebAccountsFile
from beacon_gateway.commands.shared.configuration import complain, config_path, language_of, load_settings, read_store
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import in_time
from beacon_gateway.core.access.password import MIN_PASSWORD_CHARACTERS, SALT_BYTES, PasswordHash, fault_of
from beacon_gateway.core.access.web_accounts import (
    MAX_ACCOUNTS,
    WebAccount,
    WebAccounts,
    floors_in,
    is_name,
    with_account,
    without_account,
)
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.model.visitor import Rank, Visitor
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.sentences.system_errors import reason_of
from beacon_gateway.output import ask_hidden

MAX_PASSWORD_TRIES: Final = 3
MAX_PASSWORD_LINE_BYTES: Final = 1_024
"""Bytes of standard input: 200 characters, and the end of the line."""


class _Refused(Exception):  # noqa: N818 - what became of it, not a fault
    """Nothing is changed; it was said why."""

    def __init__(self, code: ExitCode) -> None:
        self.code = code


def run(arguments: Namespace) -> int:
    settings = load_settings(arguments)
    if settings is None:
        return ExitCode.CONFIG
    language = language_of(arguments, settings)
    file = WebAccountsFile(config_path(arguments))
    accounts = in_time(file.path.parent, file.read)
    _tell_faults(accounts, file.path, language)
    try:
        if arguments.list or arguments.name is None:
            return _list(accounts, language) if arguments.list else _refuse("password.no-name", language)
        act = _remove if arguments.remove else _set
        return act(arguments, accounts, file, settings, language)
    except _Refused as refused:
        return refused.code
    except OSError as error:
        complain("password.not-written", language, path=file.path, reason=reason_of(error))
        return ExitCode.FAILED


def _list(accounts: WebAccounts, language: Language) -> ExitCode:
    if not accounts.by_key:
        if accounts.faults:  # there may be accounts; why none can be used was just said
            return ExitCode.FAILED
        print(say("password.none", language))
    for account in accounts.by_key.values():
        visitor = account.visitor
        print(" ".join(filter(None, (visitor.name, visitor.rank, ",".join(sorted(visitor.floors))))))
    return ExitCode.FINE


def _remove(
    arguments: Namespace, accounts: WebAccounts, file: WebAccountsFile, settings: Settings, language: Language
) -> ExitCode:
    name = arguments.name
    if accounts.of(name) is None:
        complain("password.no-such", language, name=name)
        return ExitCode.FAILED
    folder = file.path.parent
    in_time(folder, lambda: file.change(lambda text: without_account(text, name), settings.state))
    print(say("password.removed", language, name=name))
    if not in_time(folder, file.read).by_key:
        print(say("password.last", language, path=file.path))
    return ExitCode.FINE


def _set(
    arguments: Namespace, accounts: WebAccounts, file: WebAccountsFile, settings: Settings, language: Language
) -> ExitCode:
    before = accounts.of(arguments.name)
    visitor = _visitor(arguments, before, language)
    if before is None and len(accounts.by_key) >= MAX_ACCOUNTS:
        return _refuse("password.too-many", language)
    _tell_unknown(visitor.floors, settings, language)
    password = _asked(visitor.name, language) if sys.stdin.isatty() else _read(visitor.name, language)
    account = WebAccount(visitor, PasswordHash.of(password, secrets.token_bytes(SALT_BYTES)))
    in_time(file.path.parent, lambda: file.change(lambda text: with_account(text, account), settings.state))
    print(say("password.changed" if before else "password.set", language, name=visitor.name, rank=visitor.rank))
    if not accounts.by_key:
        print(say("password.first", language))
    return ExitCode.FINE


def _visitor(arguments: Namespace, before: WebAccount | None, language: Language) -> Visitor:
    """Return who it is to be: what is not typed stays as it was. Raises _Refused."""
    name = before.visitor.name if before else arguments.name
    if not is_name(name):
        raise _Refused(_refuse("password.bad-name", language, name=name))
    if arguments.rank is None and before is None:
        raise _Refused(_refuse("password.needs-rank", language, name=name))
    rank = Rank(arguments.rank) if arguments.rank or before is None else before.visitor.rank
    try:
        floors = floors_in(arguments.floors) if arguments.floors else before.visitor.floors if before else frozenset()
    except ValueError:
        raise _Refused(_refuse("password.bad-floors", language, floors=arguments.floors)) from None
    if rank is not Rank.STAFF:
        if arguments.floors:
            raise _Refused(_refuse("password.floors-for-staff", language))
        return Visitor(name, rank)
    if not floors:
        raise _Refused(_refuse("password.needs-floors", language))
    return Visitor(name, rank, floors)


def _asked(name: str, language: Language) -> str:
    """Ask at the terminal, twice. Raises _Refused."""
    for _ in range(MAX_PASSWORD_TRIES):
        try:
            typed = ask_hidden(say("password.ask", language, name=name, least=MIN_PASSWORD_CHARACTERS))
            if fault := fault_of(typed, name):
                complain(fault, language)
            elif ask_hidden(say("password.ask-again", language)) == typed:
                return typed
            else:
                complain("password.differ", language)
        except UnicodeDecodeError:
            complain("password.not-text", language)
        except EOFError:
            break
    complain("password.gave-up", language)
    raise _Refused(ExitCode.FAILED)


def _read(name: str, language: Language) -> str:
    """Read one line of standard input. Raises _Refused."""
    line = sys.stdin.buffer.readline(MAX_PASSWORD_LINE_BYTES + 1)
    try:
        typed = line.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise _Refused(_refuse("password.not-text", language)) from None
    if fault := "password.long" if len(line) > MAX_PASSWORD_LINE_BYTES else fault_of(typed, name):
        raise _Refused(_refuse(fault, language))
    return typed


def _tell_unknown(floors: frozenset[str], settings: Settings, language: Language) -> None:
    store, _ = read_store(StoreFiles(settings.store, settings.timezone))
    if unknown := floors - set(store.floors):
        complain("password.unknown-floors", language, floors=", ".join(sorted(unknown)))


def _tell_faults(accounts: WebAccounts, path: Path, language: Language) -> None:
    for fault in accounts.faults:
        said = say(fault.phrase_in_full, language, **fault.details)
        phrase = "web-accounts.faulty-line" if fault.number else "web-accounts.faulty"
        complain(phrase, language, path=path, line=fault.number, fault=said)


def _refuse(phrase: str, language: Language, **details: object) -> ExitCode:
    complain(phrase, language, **details)
    return ExitCode.USAGE
