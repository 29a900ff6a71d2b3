"""`run`: the daemon, up to its first scan. What is imported here is all that a small Pi waits for before it listens."""

import faulthandler
from argparse import Namespace
from datetime import UTC, datetime

from beacon_gateway import log
from beacon_gateway.adapters.bluez.radio import BluezRadio
from beacon_gateway.adapters.state.state_lock import StateInUse, StateLock
from beacon_gateway.adapters.systemd.service_manager import is_service
from beacon_gateway.commands.shared.configuration import (
    complain,
    complain_in_use,
    language_of,
    load_settings,
    remembered_adapter,
)
from beacon_gateway.commands.shared.event_loop import run_until_stopped
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.core.model.settings import Settings


def run(arguments: Namespace) -> int:
    if arguments.replay:
        from beacon_gateway.commands.log import replay  # noqa: PLC0415 - the daemon does not need it

        return replay.run(arguments)
    if arguments.json:
        complain("replay.json-alone", language_of(arguments))
        return ExitCode.USAGE
    tail = log.EventTail()
    lines = log.configure(tail=tail)
    faulthandler.enable()  # what stood still stands in the journal when the watchdog ends it
    settings = load_settings(arguments)
    if settings is None:
        return ExitCode.CONFIG
    try:
        StateLock(settings.state, settings.gateway, lambda: datetime.now(UTC)).check()  # before the radio is asked
    except StateInUse as error:
        complain_in_use(error, settings.timezone, language_of(arguments, settings))
        return ExitCode.FAILED
    outcome = run_until_stopped(_work(arguments, settings, tail, lines), stops_at_hangup=not is_service())
    return ExitCode.FINE if outcome is None else outcome


async def _work(arguments: Namespace, settings: Settings, tail: log.EventTail, lines: log.LineWriter) -> ExitCode:
    radio = BluezRadio(settings.radio, remembered=remembered_adapter(settings))
    async with radio.begun():
        from beacon_gateway.commands import daemon  # noqa: PLC0415 - the larger half, while bluetoothd works already

        return await daemon.work(arguments, settings, radio, tail, lines)
