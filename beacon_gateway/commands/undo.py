"""`undo`: put the account back to what it was before the last apply that changed something."""

import asyncio
import json
import logging
import sys
from argparse import Namespace

from beacon_gateway import log
from beacon_gateway.adapters.files.last_good import LastGoodCopy
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.secret import NoSecret, read_secret
from beacon_gateway.app import open_sync
from beacon_gateway.commands.exits import Exit
from beacon_gateway.commands.plan import exit_code, explain, print_outcome
from beacon_gateway.commands.shared import complain, language_of, load_settings, print_problems, who_types
from beacon_gateway.core.messages import say
from beacon_gateway.core.problems import is_sound
from beacon_gateway.core.settings import Language, Settings
from beacon_gateway.core.store import Store
from beacon_gateway.core.target import TargetError
from beacon_gateway.presentation.plans import plan_json
from beacon_gateway.services.progress import Progress, State
from beacon_gateway.services.sync import ByHand


def run(arguments: Namespace) -> int:
    log.configure(level=logging.CRITICAL)  # what went wrong is said below, once, for people
    if arguments.force and not (arguments.reason or "").strip():
        print("beacon-gateway undo: --force needs --reason TEXT", file=sys.stderr)
        return Exit.USAGE
    settings = load_settings(arguments)
    return Exit.CONFIG if settings is None else _run(arguments, settings)


def _run(arguments: Namespace, settings: Settings) -> int:
    language = language_of(arguments, settings)
    if settings.wechat is None:
        complain("trouble.no-account", language)
        return Exit.OPERATOR
    store = _store(settings, language)
    if store is None:
        return Exit.CONFIG
    try:
        progress = asyncio.run(_undo(arguments, settings, store, read_secret()))
    except (NoSecret, TargetError, OSError) as error:
        return explain(error, language)
    if arguments.json:
        outcome = {"applied": progress.applied, "verified": progress.verified, "state": progress.state.value}
        print(json.dumps(plan_json(progress.plan) | outcome, ensure_ascii=False, indent=1))
    else:
        _print(progress, store, settings, language)
    return _exit_code(progress)


def _exit_code(progress: Progress) -> int:
    if progress.state is State.IN_SYNC and (progress.plan.withheld or progress.plan.left_over):
        return Exit.PENDING
    return exit_code(progress, write=True)


def _store(settings: Settings, language: Language) -> Store | None:
    """Read the files, or the last good ones: whoever broke the files may want to go back all the more."""
    files = StoreFiles(settings.store, settings.timezone)
    store, problems = files.read()
    if not is_sound(problems):
        print_problems(problems, settings.store.parent, language)
        store, problems = LastGoodCopy(files, settings.state / "last-good").read()
    return store if is_sound(problems) else None


def _print(progress: Progress, store: Store, settings: Settings, language: Language) -> None:
    if not (progress.plan or progress.plan.withheld or progress.plan.left_over):
        print(say("undo.nothing", language))
        return
    print_outcome(progress, store, settings, language)
    if progress.applied:
        print(say("undo.held" if progress.hold else "undo.again", language))


async def _undo(arguments: Namespace, settings: Settings, store: Store, secret: str) -> Progress:
    async with open_sync(settings, secret) as sync:
        sync.use(store)
        return await sync.undo(ByHand(who_types(), arguments.reason or ""), force=arguments.force)
