"""`hits`: the log of proximity hits."""

import asyncio
import json
from argparse import Namespace

from beacon_gateway.adapters.gateway_records import GatewayRecords
from beacon_gateway.commands.exits import Exit
from beacon_gateway.commands.shared import complain, language_of, load_settings, moment
from beacon_gateway.core.hit import HitKind
from beacon_gateway.core.log.wanted import Wanted
from beacon_gateway.core.settings import Settings
from beacon_gateway.presentation.hits import hit_json, hit_line


def run(arguments: Namespace) -> int:
    settings = load_settings(arguments)
    if settings is None:
        return Exit.CONFIG
    language = language_of(arguments, settings)
    wanted = Wanted(
        floor=arguments.floor,
        beacon=arguments.beacon,
        kind=HitKind(arguments.kind) if arguments.kind else None,
        since=moment(arguments.since, settings),
        until=moment(arguments.until, settings),
        limit=arguments.limit,
    )
    try:
        found = asyncio.run(_print(settings, wanted, as_json=arguments.json))
    except OSError as error:
        complain("trouble.state", language, reason=error)
        return Exit.FAILED
    if not found and not arguments.json:
        complain("hits.none", language)
    return Exit.FINE


async def _print(settings: Settings, wanted: Wanted, *, as_json: bool) -> int:
    """Print what was found and give how many; a large result of `asyncio.run` costs it a long time (CPython 3.11)."""
    hits = await GatewayRecords(settings.state).hits(wanted)
    for hit in hits:
        print(json.dumps(hit_json(hit), ensure_ascii=False) if as_json else hit_line(hit, settings.timezone))
    return len(hits)
