"""`plan` and `apply`: show what would change at the target, and carry it out."""

import asyncio
import json
import logging
import sys
from argparse import Namespace
from datetime import UTC, datetime

from beacon_gateway import log
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.secret import NoSecret, read_secret
from beacon_gateway.app import open_sync
from beacon_gateway.commands.exits import Exit
from beacon_gateway.commands.shared import complain, language_of, load_settings, print_problems
from beacon_gateway.core.messages import explain_trouble, say
from beacon_gateway.core.problems import is_sound
from beacon_gateway.core.schedule import next_switch
from beacon_gateway.core.settings import Language, Settings
from beacon_gateway.core.store import Store
from beacon_gateway.core.target import NeedsOperator, TargetError
from beacon_gateway.presentation.plans import PlanText, plan_json
from beacon_gateway.services.sync import Progress, State, Step


def run(arguments: Namespace) -> int:
    log.configure(level=logging.CRITICAL)  # what went wrong is said below, once, for people
    if arguments.force and not (arguments.reason or "").strip():
        print("beacon-gateway apply: --force needs --reason TEXT", file=sys.stderr)
        return Exit.USAGE
    settings = load_settings(arguments)
    if settings is None:
        return Exit.CONFIG
    language = language_of(arguments, settings)
    if settings.wechat is None:
        complain("trouble.no-account", language)
        return Exit.OPERATOR
    store, problems = StoreFiles(settings.store, settings.timezone).read()
    if not is_sound(problems):
        print_problems(problems, settings.store.parent, language)
        return Exit.CONFIG
    try:
        progress = asyncio.run(_pass(arguments, settings, store, read_secret()))
    except (NoSecret, TargetError, OSError) as error:
        return _explain(error, language)
    if arguments.json:
        outcome = {"applied": progress.applied, "verified": progress.verified, "state": progress.state.value}
        print(json.dumps(plan_json(progress.plan) | outcome, ensure_ascii=False, indent=1))
    else:
        _print(progress, store, settings, language)
    return _exit_code(progress, write=arguments.write)


async def _pass(arguments: Namespace, settings: Settings, store: Store, secret: str) -> Progress:
    async with open_sync(settings, secret) as sync:
        sync.use(store)
        cause = f"apply: {arguments.reason or 'by hand'}"
        return await sync.once(write=arguments.write, force=arguments.force, cause=cause)


def _print(progress: Progress, store: Store, settings: Settings, language: Language) -> None:
    text = PlanText(progress.plan, store, language)
    for line in text.lines():
        print(line)
    if progress.state is State.BRAKED and settings.wechat:
        brake = settings.wechat.brake
        limit = {"beacons": brake.beacons, "share": f"{brake.share:.0%}"}
        print(say("plan.braked", language, losing=progress.plan.losing, bound=progress.plan.bound, **limit))
    for change, step in progress.steps.items():
        if step in {Step.REFUSED, Step.DIFFERS}:
            reason = explain_trouble(progress.trouble, language) if progress.trouble else ""
            print(f"! {text.line(change)}: {say(f'apply.step.{step}', language)} {reason}")
    if progress.applied:
        print(say("apply.done", language, applied=progress.applied, verified=progress.verified))
    if switch := next_switch(store, datetime.now(UTC)):
        print(say("plan.next-switch", language, when=f"{switch.astimezone(settings.timezone):%Y-%m-%d %H:%M}"))


def _exit_code(progress: Progress, *, write: bool) -> int:
    if progress.count(Step.REFUSED, Step.DIFFERS):
        return Exit.FAILED
    if progress.state is State.BRAKED:
        return Exit.BRAKED if write else Exit.PENDING
    return Exit.FINE if progress.state is State.IN_SYNC else Exit.PENDING


def _explain(error: Exception, language: Language) -> int:
    match error:
        case NoSecret():
            complain("trouble.no-secret", language, reason=error)
            return Exit.OPERATOR
        case NeedsOperator() as error:
            complain("trouble.operator", language, reason=explain_trouble(error, language))
            return Exit.OPERATOR
        case TargetError() as error:
            complain("trouble.target", language, reason=explain_trouble(error, language))
        case _:
            complain("trouble.state", language, reason=error)
    return Exit.FAILED
