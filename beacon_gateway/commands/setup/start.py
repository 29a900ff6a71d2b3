"""The last part of `setup`: the service is started, and reports how it is."""

import time
from argparse import Namespace
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.state.status_file import StatusFile
from beacon_gateway.adapters.systemd.systemctl import START_TIMEOUT_S, Systemctl, SystemctlError, SystemctlTimeout
from beacon_gateway.commands import status
from beacon_gateway.commands.shared.configuration import CONFIG, complain
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import in_time
from beacon_gateway.commands.shared.passive_warning import passive_warning
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.sentences.messages import say

UNIT: Final = "beacon-gateway.service"
SERVICE_START_TIMEOUT_S: Final = 10.0
"""Seconds until the first status of a service that is ready."""


def start(config: Path, language: Language) -> ExitCode:
    """Start the service, anew if it runs, and print what `status` prints; say why if it cannot be.

    Without systemd it is started by hand, and that is no failure.
    """
    systemctl = Systemctl()
    if not systemctl.is_in_charge():
        print(say("setup.no-systemd", language, config=config))
        warn_of_passive(config, language)
        return ExitCode.FINE
    if config.absolute() != CONFIG:
        print(say("setup.elsewhere", language, usual=CONFIG, config=config))
    settings, _, _ = in_time(config.parent, lambda: read_settings(config))
    before = _started(settings)
    print(say("setup.starting", language, unit=UNIT, seconds=f"{START_TIMEOUT_S:.0f}"), flush=True)
    if reason := _why_not_started(systemctl, language):
        complain("setup.not-started", language, reason=reason)
        return ExitCode.FAILED
    until = time.monotonic() + SERVICE_START_TIMEOUT_S
    while _started(settings) in {before, ""}:
        if time.monotonic() > until:
            complain("setup.no-status", language)
            return ExitCode.PENDING
        time.sleep(0.2)
    said = status.run(Namespace(config=config, language=language, json=False, beacons=False))
    return ExitCode.PENDING if said else ExitCode.FINE  # it runs, whatever its status has to say


def warn_of_passive(config: Path, language: Language) -> None:
    """Print what is wrong with bluetoothd for a passive scan, where one is asked for; `status` says it as well."""
    settings, _, _ = in_time(config.parent, lambda: read_settings(config))
    if settings and (warning := passive_warning(settings, language)):
        print(warning)


def _why_not_started(systemctl: Systemctl, language: Language) -> str:
    """Start the service and wait until it is ready; "" if it is, else why not."""
    said = ""
    try:
        systemctl.enable(UNIT)
        systemctl.restart(UNIT)
    except SystemctlTimeout:
        return say("setup.reason.slow", language, seconds=f"{START_TIMEOUT_S:.0f}")
    except SystemctlError as error:
        said = str(error)
    try:
        state = systemctl.state(UNIT)
    except SystemctlError as error:
        return say("setup.reason.other", language, said=said or error)
    if state.active == "active":
        return ""
    if not state.condition_met:
        return say("setup.reason.condition", language, usual=CONFIG)
    if state.status == ExitCode.CONFIG:
        return say("setup.reason.config", language)
    return say("setup.reason.other", language, said=said or f"{state.active}, {state.result}")


def _started(settings: Settings | None) -> str:
    """Return when the running service started, as its status says; "" if there is none."""
    try:
        said = StatusFile(settings.runtime).read() if settings else None
    except OSError:
        return ""
    return str(said.get("started", "")) if said else ""
