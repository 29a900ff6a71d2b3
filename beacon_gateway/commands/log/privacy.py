"""`privacy report`: what is stored, since when, for how long; nothing of what it says."""

import json
from argparse import Namespace
from datetime import UTC, datetime

from beacon_gateway.adapters.database.ledger import ledger
from beacon_gateway.adapters.database.log.hit_log import FILE, HitLogFile
from beacon_gateway.commands.shared.configuration import complain, language_of, load_settings
from beacon_gateway.commands.shared.event_loop import run_interruptible
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.core.log.holdings import Holding
from beacon_gateway.core.model.settings import Settings
from beacon_gateway.presentation.privacy import privacy_json, privacy_lines


def run(arguments: Namespace) -> int:
    settings = load_settings(arguments)
    if settings is None:
        return ExitCode.CONFIG
    language = language_of(arguments, settings)
    try:
        holdings = run_interruptible(_holdings(settings))
    except OSError as error:
        complain("trouble.state", language, reason=error)
        return ExitCode.FAILED
    now = datetime.now(UTC)
    if arguments.json:
        print(json.dumps(privacy_json(holdings, settings, now), ensure_ascii=False, indent=1))
    else:
        for line in privacy_lines(holdings, settings, now, language):
            print(line)
    return ExitCode.FINE


async def _holdings(settings: Settings) -> list[Holding]:
    holdings = []
    if (settings.state / FILE).exists():
        async with HitLogFile(settings.state, read_only=True) as log:
            holdings += await log.holdings()
    if (settings.state / ledger.FILE).exists():
        async with ledger.LedgerFile(settings.state, read_only=True) as book:
            holdings.append(await book.holding())
    return holdings
