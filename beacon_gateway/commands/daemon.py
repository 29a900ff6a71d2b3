"""The daemon, once its first scan has begun: most of the program, loaded while bluetoothd works already."""

import asyncio
import mimetypes
import os
import pwd
import signal
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from beacon_gateway.adapters.bluez.radio import BluezRadio
from beacon_gateway.adapters.machine.versions import log_versions
from beacon_gateway.adapters.secrets.callback_secrets import CallbackSecrets, read_callback_secrets
from beacon_gateway.adapters.secrets.secret import read_secret
from beacon_gateway.adapters.secrets.web_accounts_file import WebAccountsFile
from beacon_gateway.adapters.state.state_lock import StateInUse
from beacon_gateway.adapters.systemd.service_manager import is_service
from beacon_gateway.commands.shared.configuration import (
    complain,
    complain_in_use,
    config_path,
    language_of,
    print_problems,
)
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.core.access.web_accounts import NO_ACCOUNTS
from beacon_gateway.core.bindings.target import NO_SECRET, TargetError
from beacon_gateway.core.model.problems import Problem
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.log import EventTail, LineWriter
from beacon_gateway.services.tracking.radio_supervisor import GaveUp
from beacon_gateway.services.wechat.secret_source import SecretSource
from beacon_gateway.wiring.gateway import ProcessContext
from beacon_gateway.wiring.opening import open_gateway


async def work(
    arguments: Namespace, settings: Settings, radio: BluezRadio, tail: EventTail, lines: LineWriter
) -> ExitCode:
    """Work until cancelled; the exit code where that cannot be."""
    language = language_of(arguments, settings)
    log_versions()
    # aiohttp's server would read the system's table of 1,300 kinds of files, and keep it: 0.4 MB for nothing.
    mimetypes.knownfiles.clear()
    wechat = settings.wechat
    secret = SecretSource(partial(read_secret, beside=config_path(arguments).parent)) if wechat else None
    callback = SecretSource(read_callback_secrets) if wechat and wechat.events else None
    accounts = await _accounts(arguments, settings)
    if isinstance(accounts, ExitCode):
        return accounts
    process = ProcessContext(config=config_path(arguments), tail=tail, lines=lines, accounts=accounts)
    try:
        async with open_gateway(settings, radio=radio, secret=secret, callback=callback, process=process) as gateway:
            # Faulty store files are no reason to stop: the last good ones are in force, and these may be mended.
            if is_service():
                asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, gateway.store_reloader.look_now)
            if not gateway.lock.is_writable:
                _complain("trouble.state-unwritable", language, folder=settings.state, user=_who_works())
            telling = asyncio.ensure_future(
                asyncio.to_thread(_tell_problems, gateway.store_reloader.problems, settings.store.parent, language)
            )
            asking = asyncio.ensure_future(_tell_secrets(secret, callback, language))
            try:
                await gateway.run()
            except* GaveUp as gave_up:
                raise _first(gave_up) from None
            finally:
                telling.cancel()
                asking.cancel()
    except GaveUp as gave_up:
        complain("trouble.radio", language, reason=gave_up)
    except StateInUse as error:
        complain_in_use(error, settings.timezone, language)
    except OSError as error:
        complain("trouble.state", language, reason=error)
    return ExitCode.FAILED


async def _tell_secrets(
    secret: SecretSource[str] | None, callback: SecretSource[CallbackSecrets] | None, language: Language
) -> None:
    """Print once which secret is of no use; the status says it all the while, and each is asked for again."""
    for source, phrase in ((secret, "trouble.no-secret"), (callback, "need.shakes.no-secret")):
        if source is None:
            continue
        try:
            await source()
        except TargetError as error:
            said = phrase if error.code == NO_SECRET else "wechat.secret-slow"
            await asyncio.to_thread(_complain, said, language, reason=error)


def _who_works() -> str:
    """Return the user by whose rights this process works."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _complain(phrase: str, language: Language, **details: object) -> None:
    """Print it where there is a terminal; a daemon goes on without one."""
    with suppress(OSError, ValueError):
        complain(phrase, language, **details)


def _tell_problems(problems: Sequence[Problem], base: Path, language: Language) -> None:
    """Print them with the lines that they are in, in a thread: a shared folder may hang, and so may who reads this."""
    with suppress(OSError, ValueError):  # they stand in the status too
        print_problems(problems, base, language)


async def _accounts(arguments: Namespace, settings: Settings) -> WebAccountsFile | ExitCode | None:
    """Return the accounts of the pages: None where there are none, the exit code where none could log in."""
    address, config = settings.web.listen, config_path(arguments)
    if address is None:
        return None
    file = WebAccountsFile(config, needed=not address.is_of_this_machine)
    accounts = await file.now()
    language = language_of(arguments, settings)
    for fault in accounts.faults:
        phrase = "web-accounts.faulty-line" if fault.number else "web-accounts.faulty"
        said = say(fault.phrase_in_full, language, **fault.details)
        complain(phrase, language, path=file.path, line=fault.number, fault=said)
    if accounts.by_key or accounts is NO_ACCOUNTS or file.is_late:  # a folder that hangs is asked again and again
        return file
    if address.is_of_this_machine:  # somebody wanted accounts: with none that works, nobody comes in
        if not accounts.faults:
            complain("web-accounts.empty", language, path=file.path)
        return file
    complain("web-accounts.none", language, address=address, path=file.path)
    return ExitCode.CONFIG


def _first(group: BaseExceptionGroup[GaveUp]) -> BaseException:
    """Return the exception that a group of groups was made for."""
    first: BaseException = group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first
