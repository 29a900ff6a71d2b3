"""`hits`: the log of proximity hits."""

import asyncio
import json
from argparse import Namespace

from beacon_gateway.adapters.database.hit_log import FILE, HitLogFile, Wanted
from beacon_gateway.commands.exits import Exit
from beacon_gateway.commands.shared import complain, language_of, load_settings, since_when
from beacon_gateway.core.hit import HitKind, LoggedHit
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
        since=since_when(arguments, settings),
        until=since_when(Namespace(since=arguments.until), settings),  # typed alike
        limit=arguments.limit,
    )
    try:
        found = asyncio.run(_find(settings, wanted))
    except OSError as error:
        complain("trouble.state", language, reason=error)
        return Exit.FAILED
    for hit in found:
        print(json.dumps(hit_json(hit), ensure_ascii=False) if arguments.json else hit_line(hit, settings.timezone))
    if not found and not arguments.json:
        complain("hits.none", language)
    return Exit.FINE


async def _find(settings: Settings, wanted: Wanted) -> list[LoggedHit]:
    if not (settings.state / FILE).exists():
        return []
    async with HitLogFile(settings.state, read_only=True) as log:
        return await log.find(wanted)
