"""`hits`: the log of proximity hits."""

import json
from argparse import Namespace
from dataclasses import dataclass
from typing import Final

from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.state.gateway_records import GatewayRecords
from beacon_gateway.commands.shared.configuration import complain, language_of, load_settings, moment, read_store
from beacon_gateway.commands.shared.event_loop import run_interruptible
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.core.log.log_filter import LogFilter
from beacon_gateway.core.model.problems import is_sound
from beacon_gateway.core.model.settings import Settings
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.tracking.hit import HitKind
from beacon_gateway.presentation.hits import hit_json, hit_line

NAMES_TIMEOUT_S: Final = 5.0
"""For the files, which only tell which beacons are tags: the log is shown without them."""


def run(arguments: Namespace) -> int:
    settings = load_settings(arguments)
    if settings is None:
        return ExitCode.CONFIG
    language = language_of(arguments, settings)
    wanted = LogFilter(
        floor=arguments.floor,
        beacon=arguments.beacon,
        kind=HitKind(arguments.kind) if arguments.kind else None,
        since=moment(arguments.since, settings),
        until=moment(arguments.until, settings),
        limit=arguments.limit,
    )
    store, problems = read_store(StoreFiles(settings.store, settings.timezone), timeout_s=NAMES_TIMEOUT_S)
    known = store if is_sound(problems) else None
    try:
        found = run_interruptible(_print(settings, wanted, known, as_json=arguments.json))
    except OSError as error:
        complain("trouble.state", language, reason=error)
        return ExitCode.FAILED
    if not arguments.json:
        if not found.hits:
            complain("hits.none", language)
        elif found.tags:
            complain("hits.tags", language)
    return ExitCode.FINE


@dataclass(frozen=True, slots=True)
class _Printed:
    hits: int
    tags: int
    """How many of them are tags'."""


async def _print(settings: Settings, wanted: LogFilter, store: Store | None, *, as_json: bool) -> _Printed:
    """Print what was found and give how many; a large result of `asyncio.run` costs it a long time (CPython 3.11)."""
    hits = await GatewayRecords(settings.state).hits(wanted)
    tags = 0
    for hit in hits:
        carried = store.is_carried(hit.hit.key) if store else None
        tags += bool(carried)
        if as_json:
            print(json.dumps(hit_json(hit, carried=carried), ensure_ascii=False))
        else:
            print(hit_line(hit, settings.timezone, carried=bool(carried)))
    return _Printed(len(hits), tags)
