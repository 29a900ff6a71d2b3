"""`emulator`: WeChat's Shake Nearby on this machine, for trying things out."""

import asyncio
import logging
import random
import sys
import time
from argparse import Namespace
from ipaddress import ip_address
from typing import Final

from beacon_gateway import log
from beacon_gateway.commands.shared.configuration import complain, language_of
from beacon_gateway.commands.shared.event_loop import run_until_stopped
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.sentences.system_errors import reason_of
from beacon_gateway.simulator.sample_account import furnish
from beacon_gateway.simulator.store import APPID
from beacon_gateway.simulator.wechat import Emulator, EmulatorSettings
from beacon_gateway.simulator.wechat.fault_words import GRAMMAR, add_typed

SECRET: Final = "emulator-secret-which-opens-nothing"  # noqa: S105 - of an account that does not exist
"""Of the emulated account: as public as this source."""
WITHDRAWN_ERRCODE: Final = 48001


def run(arguments: Namespace) -> int:
    log.configure(level=logging.CRITICAL)
    language = language_of(arguments)
    settings = EmulatorSettings(
        appid=APPID, secret=SECRET, recalled=WITHDRAWN_ERRCODE if arguments.recalled else None, controlled=True
    )
    emulator = Emulator(settings, clock=time.time, rng=random.Random())  # noqa: S311 - a simulation
    for fault in arguments.fault:
        try:
            add_typed(emulator.faults, fault)
        except ValueError:
            print(f"beacon-gateway emulator: --fault {fault!r}: expected {GRAMMAR}", file=sys.stderr)
            return ExitCode.USAGE
    if not _only_here(arguments.host):
        complain("emulator.open", language, host=arguments.host)
    try:
        run_until_stopped(_serve(arguments, emulator))
    except OSError as error:
        complain("emulator.no-port", language, host=arguments.host, port=arguments.port, reason=reason_of(error))
        return ExitCode.FAILED
    print(say("emulator.ended", language, calls=sum(emulator.counts().values())))
    return ExitCode.FINE


async def _serve(arguments: Namespace, emulator: Emulator) -> None:
    async with emulator.serve(arguments.host, arguments.port) as url:
        emulator.account.materials.home = url
        furnish(emulator.account, arguments.devices, time.time())
        floors = sorted({f"major-{device.major}" for device in emulator.account.devices.values()}) or ["F1"]
        # A gateway takes an unencrypted address for this machine only: the secret must not cross a network in clear.
        here = url if _only_here(arguments.host) else f"http://127.0.0.1:{url.rpartition(':')[2]}"
        details = {"url": url, "here": here, "appid": APPID, "secret": SECRET, "floor": floors[0]}
        counts = {"devices": len(emulator.account.devices), "pages": len(emulator.account.pages)}
        print(say("emulator.ready", language_of(arguments), **details, **counts), flush=True)
        await asyncio.Event().wait()


def _only_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
