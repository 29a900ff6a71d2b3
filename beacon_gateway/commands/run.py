"""`run`: the daemon."""

import faulthandler
from argparse import Namespace

from beacon_gateway import log
from beacon_gateway.adapters.bluez.radio import BluezRadio
from beacon_gateway.adapters.callback_secrets import CallbackSecrets, read_callback_secrets
from beacon_gateway.adapters.database.connection import NewerFormat
from beacon_gateway.adapters.secret import NoSecret, read_secret
from beacon_gateway.app import open_gateway
from beacon_gateway.commands.exits import Exit
from beacon_gateway.commands.shared import (
    complain,
    config_path,
    language_of,
    load_settings,
    print_problems,
    run_until_stopped,
)
from beacon_gateway.core.settings import Settings
from beacon_gateway.services.listen import GaveUp


def run(arguments: Namespace) -> int:
    if arguments.replay:
        from beacon_gateway.commands import replay  # noqa: PLC0415 - the daemon does not need it

        return replay.run(arguments)
    if arguments.json:
        complain("replay.json-alone", language_of(arguments))
        return Exit.USAGE
    log.configure()
    faulthandler.enable()  # what stood still stands in the journal when the watchdog ends it
    settings = load_settings(arguments)
    if settings is None:
        return Exit.CONFIG
    language = language_of(arguments, settings)
    try:
        secret = read_secret(beside=config_path(arguments).parent) if settings.wechat else None
        callback = read_callback_secrets() if settings.wechat and settings.wechat.events else None
        run_until_stopped(_work(arguments, settings, secret, callback))
    except NoSecret as error:
        complain("trouble.no-secret", language, reason=error)
        return Exit.OPERATOR
    except (OSError, GaveUp) as error:
        complain("trouble.radio" if isinstance(error, GaveUp) else "trouble.state", language, reason=error)
        # A file of a newer version stays one, however often it is tried.
        return Exit.CONFIG if isinstance(error, NewerFormat) else Exit.FAILED
    return Exit.FINE


async def _work(arguments: Namespace, settings: Settings, secret: str | None, callback: CallbackSecrets | None) -> None:
    radio = BluezRadio(settings.radio)
    async with open_gateway(settings, radio=radio, secret=secret, callback=callback) as gateway:
        # Faulty store files are no reason to stop: the last good ones are in force, and these may be mended.
        print_problems(gateway.reload.problems, settings.store.parent, language_of(arguments, settings))
        try:
            await gateway.run()
        except* GaveUp as gave_up:
            raise _first(gave_up) from None


def _first(group: BaseExceptionGroup[GaveUp]) -> BaseException:
    """Give the exception that a group of groups was made for."""
    first: BaseException = group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first
