"""`import`: what an account holds, as the files of a new store folder."""

import asyncio
import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from beacon_gateway.adapters.database.ledger.ledger import FILE as LEDGER
from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.adapters.deadline import CHECK_TIMEOUT_S
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.files.store_writer import StoreWriter, can_be_written, is_new
from beacon_gateway.adapters.wechat.account_reader import AccountReader
from beacon_gateway.adapters.wechat.icon_download import download_icons
from beacon_gateway.commands.shared.configuration import complain, language_of, print_problems
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import in_time
from beacon_gateway.commands.wechat.account_access import AccountAccess, ask, complain_of_unread
from beacon_gateway.core.bindings.plan import make_plan
from beacon_gateway.core.bindings.schedule import desired
from beacon_gateway.core.bindings.target import Ledger
from beacon_gateway.core.files.icon_image import format_of
from beacon_gateway.core.files.inventory import Inventory
from beacon_gateway.core.files.outline import Outline, OutlinedIcon, RememberedIds, outline
from beacon_gateway.core.model.problems import Problem, Severity, is_sound
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.model.store import OwnPage
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.sentences.system_errors import reason_of
from beacon_gateway.core.wechat.account_identity import AccountIdentity


def run(arguments: Namespace) -> int:
    folder: Path = arguments.folder.absolute()
    language = language_of(arguments)
    try:
        if not in_time(folder.parent, lambda: is_new(folder)):
            complain("import.not-empty", language, folder=arguments.folder)
            return ExitCode.USAGE
    except OSError as error:
        complain("import.unwritable", language, folder=arguments.folder, reason=reason_of(error))
        return ExitCode.FAILED
    return ask(arguments, partial(_import, folder, as_json=arguments.json))


async def _import(folder: Path, access: AccountAccess, *, as_json: bool) -> ExitCode:
    inventory = await AccountReader(access.client).read()
    complain_of_unread(inventory, access.language)
    fetched = await download_icons(page.icon_url for page in inventory.pages)
    icons, trouble = _sorted_out(inventory, fetched)
    ledger = await _ledger(access.settings, AccountIdentity.of(access.account))
    present = access.settings.store
    look = partial(_remembered, access.settings, ledger)
    remembered = await asyncio.to_thread(in_time, present, look, timeout_s=CHECK_TIMEOUT_S)
    decided = outline(inventory, icons, remembered, can_be_written)
    writer = StoreWriter(folder, access.language, trouble=trouble, account=access.account.appid)
    read_back = partial(_read_back, writer.fresh, access.settings, inventory, ledger)
    write = partial(_kept, writer, decided, read_back, access.language)
    is_kept = await asyncio.to_thread(in_time, folder.parent, write, timeout_s=CHECK_TIMEOUT_S)
    if not is_kept:
        return ExitCode.FAILED
    summary = _summary(folder, inventory, decided)
    if as_json:
        print(json.dumps(summary, ensure_ascii=False))
        return ExitCode.FINE
    print(say("import.done", access.language, **summary))
    if missing := summary["icons_missing"]:
        print(say("import.icons-missing", access.language, count=missing))
    print(say("import.next", access.language, folder=folder, store=folder, floor=decided.floors[0].slug))
    return ExitCode.FINE


def _kept(
    writer: StoreWriter, decided: Outline, read_back: Callable[[], tuple[list[Problem], int]], language: Language
) -> bool:
    """Write, read back and put in place; return False where that was not to be, and say why."""
    try:
        writer.write(decided)
        problems, changes = read_back()
        if changes or not is_sound(problems):
            errors = [problem for problem in problems if problem.severity is Severity.ERROR]
            print_problems(errors, writer.fresh.parent, language)
            complain("import.differs", language, changes=changes)
            return False
        writer.keep()
    except OSError as error:
        complain("import.unwritable", language, folder=writer.folder, reason=reason_of(error))
        return False
    finally:
        writer.discard()
    return True


def _sorted_out(
    inventory: Inventory, fetched: Mapping[str, OutlinedIcon | str]
) -> tuple[Mapping[int, OutlinedIcon], Mapping[int, str]]:
    """Return the icons, and why others are missing, by page number."""
    icons, trouble = {}, {}
    for page in inventory.pages:
        match fetched[page.icon_url]:
            case OutlinedIcon() as icon:
                icons[page.number] = icon
            case why:
                trouble[page.number] = why
    return icons, trouble


async def _ledger(settings: Settings, identity: AccountIdentity) -> Ledger:
    """Return what this gateway made before, if it ever did; an import leaves no ledger behind where there was none."""
    if not (settings.state / LEDGER).exists():
        return Ledger()
    async with LedgerFile(settings.state, account=identity) as ledger:
        return await ledger.read()


def _remembered(settings: Settings, ledger: Ledger) -> RememberedIds:
    """Return what the present files and the ledger know of pages, by which our own are recognised."""
    slugs, icons = set(), []
    if settings.store.exists():
        files = StoreFiles(settings.store, settings.timezone)
        store, _ = files.read()
        for page in store.pages.values():
            slugs.add(page.slug)
            if isinstance(page, OwnPage) and page.icon_digest:
                content = files.icon(page)
                if kind := format_of(content):
                    icons.append(OutlinedIcon(content, kind))
    return RememberedIds(frozenset(slugs), {ref: slug for slug, ref in ledger.pages.items()}, tuple(icons))


def _read_back(folder: Path, settings: Settings, inventory: Inventory, ledger: Ledger) -> tuple[list[Problem], int]:
    """Read what was written, and plan with it: give the problems, and how much a plan would change."""
    store, problems = StoreFiles(folder, settings.timezone).read()
    plan = make_plan(store, desired(store, datetime.now(UTC)), inventory.existing(), ledger)
    return problems, len(plan) + len(plan.withheld)


def _summary(folder: Path, inventory: Inventory, decided: Outline) -> dict[str, Any]:
    """Return the figures, and the keys of the JSON."""
    own = sum(page.own for page in decided.pages)
    icons = sum(page.icon is not None for page in decided.pages)
    return {
        "folder": str(folder),
        "beacons": len(inventory.beacons),
        "files": len(decided.floors),
        "floors": [floor.slug for floor in decided.floors],
        "pages": len(decided.pages),
        "own": own,
        "bindings": sum(map(len, inventory.bindings.values())),
        "icons": icons,
        "icons_missing": len(decided.pages) - icons,
    }
