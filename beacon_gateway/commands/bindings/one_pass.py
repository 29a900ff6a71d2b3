"""A pass by hand, as `plan`, `apply` and `undo` share it: from the typed line to what came of it."""

import asyncio
import json
import logging
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from beacon_gateway import log
from beacon_gateway.adapters.machine.owner import work_as_owner_of
from beacon_gateway.commands.shared.configuration import complain, explain, language_of, load_secret, load_settings
from beacon_gateway.commands.shared.event_loop import run_interruptible
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.left_over import left_json, left_lines, unread_lines
from beacon_gateway.core.bindings.target import TargetError
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.presentation.plans import PlanText, plan_json
from beacon_gateway.services.bindings.progress import Progress, SyncState, SyncStep
from beacon_gateway.services.bindings.sync import Sync
from beacon_gateway.wiring.account import open_sync


@dataclass(frozen=True, slots=True)
class PassOutcome:
    """A pass that came to its end, with what is needed to tell of it."""

    progress: Progress
    store: Store
    settings: Settings
    language: Language
    command: str
    """The one that was typed, or the one that does what was only looked at."""


def do_pass(
    arguments: Namespace,
    command: str,
    read_store: Callable[[Settings, Language], Store | None],
    work: Callable[[Sync], Awaitable[Progress]],
) -> PassOutcome | ExitCode:
    """Open the target on the store's files and let `work` make its pass; the exit code where that cannot be.

    `read_store` says itself what is wrong with the files.
    """
    log.configure(level=logging.CRITICAL)  # what went wrong is said below, once, for people
    if arguments.force and not (arguments.reason or "").strip():
        print(f"beacon-gateway {command}: --force needs --reason TEXT", file=sys.stderr)
        return ExitCode.USAGE
    settings = load_settings(arguments)
    if settings is None:
        return ExitCode.CONFIG
    language = language_of(arguments, settings)
    if settings.wechat is None:
        complain("trouble.no-account", language)
        return ExitCode.OPERATOR
    store = read_store(settings, language)
    if store is None:
        return ExitCode.CONFIG
    try:
        secret = load_secret(arguments)
        work_as_owner_of(settings.state)  # or the ledger that root makes is closed to the daemon
        progress = run_interruptible(_work(settings, store, secret, work, language))
    except (TargetError, OSError) as error:
        return explain(error, language)
    return PassOutcome(progress, store, settings, language, command)


async def _work(
    settings: Settings, store: Store, secret: str, work: Callable[[Sync], Awaitable[Progress]], language: Language
) -> Progress:
    async with open_sync(settings, secret) as sync:
        sync.use(store)
        try:
            return await work(sync)
        except (TargetError, asyncio.CancelledError):
            if sync.progress and sync.progress.applied:
                left = sync.progress.waiting
                complain("apply.cut-off", language, applied=sync.progress.applied, left=left)
            raise


def print_json(progress: Progress, **more: object) -> None:
    """Print a plan and what came of it for machines."""
    outcome = {"applied": progress.applied, "verified": progress.verified, "state": progress.state.value}
    left = {"left": left_json(progress), "unread": {str(what): str(error) for what, error in progress.unread.items()}}
    print(json.dumps(plan_json(progress.plan) | more | outcome | left, ensure_ascii=False, indent=1))


def print_outcome(done: PassOutcome) -> None:
    """Say a plan and what came of it."""
    progress, language = done.progress, done.language
    text = PlanText(progress.plan, done.store, language)
    for line in text.lines():
        print(line)
    if progress.braked and done.settings.wechat:
        print(text.braked(done.settings.wechat.brake, done.command))
    for line in (*left_lines(progress, text, language), *unread_lines(progress, language)):
        print(line)
    if progress.applied:
        print(say("apply.done", language, applied=progress.applied, verified=progress.verified))
    if progress.later:
        print(say("apply.left", language, left=progress.waiting, command=done.command))


def exit_code(progress: Progress, *, write: bool) -> ExitCode:
    if write and progress.count(SyncStep.REFUSED, SyncStep.DIFFERS):
        return ExitCode.FAILED
    if progress.state is SyncState.BRAKED or progress.plan.vanished:
        return ExitCode.BRAKED if write else ExitCode.PENDING
    return ExitCode.FINE if progress.state is SyncState.IN_SYNC else ExitCode.PENDING
