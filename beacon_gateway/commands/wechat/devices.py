"""`devices`: the beacons that an account has, and asking for more."""

import asyncio
import json
import math
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.database.ledger.ledger import FILE as LEDGER
from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.adapters.database.ledger.request_notes import RequestNotes
from beacon_gateway.adapters.machine.clock import SystemClock
from beacon_gateway.adapters.machine.owner import as_owner_of
from beacon_gateway.adapters.wechat.account_reader import AccountReader
from beacon_gateway.adapters.wechat.applications import ANOTHER_PENDING, NEVER_BEGUN, ApplicationCalls
from beacon_gateway.commands.shared.configuration import complain, explain, language_of
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import in_time
from beacon_gateway.commands.wechat.account_access import AccountAccess, ask, complain_of_unread
from beacon_gateway.core.bindings.target import Refused
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.sentences.system_errors import reason_of
from beacon_gateway.core.text.display_width import display_width
from beacon_gateway.core.wechat.account_identity import AccountIdentity
from beacon_gateway.core.wechat.application import Application, BeaconRequest, ReviewDecision
from beacon_gateway.presentation.beacon_lists import (
    burning_csv,
    burning_json,
    inventory_csv,
    inventory_json,
    inventory_lines,
)
from beacon_gateway.services.wechat.beacon_applicant import BeaconApplicant

MAX_MACHINE_REVIEW_DEVICES: Final = 500
"""Beacons of the largest application that WeChat reviews by machine ("apply device ID")."""
MACHINE_REVIEW_TIMEOUT_S: Final = 30.0
REASON_WIDTH: Final = 200
COMMENT_WIDTH: Final = 30
"""Display widths; errors 9001035 and 9001034 beyond them."""


def run(arguments: Namespace) -> int:
    match arguments.action:
        case "list":
            return ask(arguments, partial(_list, arguments))
        case "status":
            return ask(arguments, partial(_status, arguments))
        case _:
            return _checked_request(arguments)


async def _list(arguments: Namespace, access: AccountAccess) -> ExitCode:
    inventory = await AccountReader(access.client).read()
    complain_of_unread(inventory, access.language)
    if arguments.json:
        print(json.dumps(inventory_json(inventory), ensure_ascii=False, indent=1))
    elif arguments.csv:
        print(inventory_csv(inventory), end="")
    else:
        words = ("number", "beacon", "used", "pages", "comment")
        number, beacon, used, pages, comment = (say(f"devices.{word}", access.language) for word in words)
        for line in inventory_lines(inventory, access.settings.timezone, (number, beacon, used, pages, comment)):
            print(line)
    return ExitCode.FINE


def _checked_request(arguments: Namespace) -> int:
    language = language_of(arguments)
    if not arguments.reason.strip() or display_width(arguments.reason) > REASON_WIDTH:
        complain("devices.reason", language)
        return ExitCode.USAGE
    if display_width(arguments.comment) > COMMENT_WIDTH:
        complain("devices.comment-width", language)
        return ExitCode.USAGE
    if arguments.quantity > MAX_MACHINE_REVIEW_DEVICES and not arguments.yes:
        complain("devices.many", language, quantity=arguments.quantity, limit=MAX_MACHINE_REVIEW_DEVICES)
        return ExitCode.USAGE
    if arguments.output and in_time(arguments.output.absolute().parent, arguments.output.exists):
        complain("devices.output-exists", language, file=arguments.output)
        return ExitCode.USAGE
    return ask(arguments, partial(_request, arguments))


async def _request(arguments: Namespace, access: AccountAccess) -> ExitCode:
    state = access.settings.state
    try:
        with as_owner_of(state):  # or a ledger that root makes is closed to the daemon
            async with _applying(access) as applying:
                application = await _settled(arguments, access, applying)
        code = _tell(application, arguments, access)
        with as_owner_of(state):
            async with _applying(access) as applying:
                await applying.told(application)
    except Refused as error:
        if error.code != ANOTHER_PENDING:
            raise
        complain("devices.another-pending", access.language)
        return ExitCode.PENDING
    except OSError as error:
        return explain(error, access.language)
    return code


async def _settled(arguments: Namespace, access: AccountAccess, applying: BeaconApplicant) -> Application:
    """Return what became of an earlier request whose end nobody was shown, or of a new one."""
    earlier = await applying.unfinished()
    if earlier is None:
        return await _asked(arguments, access, applying)
    noted, application = earlier
    at = f"{noted.at.astimezone(access.settings.timezone):%Y-%m-%d %H:%M}"
    complain("devices.earlier", access.language, at=at, count=noted.request.quantity)
    return await _followed(application, noted.request.quantity, arguments, applying)


async def _asked(arguments: Namespace, access: AccountAccess, applying: BeaconApplicant) -> Application:
    """Ask for new beacons, and follow the application for as long as a review by machine takes."""
    complain("devices.asking", access.language, quantity=arguments.quantity)
    application = await applying.apply(BeaconRequest(arguments.quantity, arguments.reason, arguments.comment))
    if application.number is None:
        return application
    complain("devices.applied", access.language, number=application.number)
    return await _followed(application, arguments.quantity, arguments, applying)


async def _followed(
    application: Application, quantity: int, arguments: Namespace, applying: BeaconApplicant
) -> Application:
    """Follow an application that is not decided yet: to its end if that was asked for, else while a machine reviews."""
    if application.number is None or application.verdict.decision is not ReviewDecision.PENDING:
        return application
    patience = (
        math.inf if arguments.follow else MACHINE_REVIEW_TIMEOUT_S if quantity <= MAX_MACHINE_REVIEW_DEVICES else 0.0
    )
    return await applying.follow(application.number, patience, quantity)


async def _status(arguments: Namespace, access: AccountAccess) -> ExitCode:
    patience = math.inf if arguments.follow else 0.0
    with as_owner_of(access.settings.state):
        async with _applying(access) as applying:
            application = await applying.follow(arguments.number, patience)
            if (access.settings.state / LEDGER).exists():  # a look leaves no ledger behind where there was none
                with suppress(OSError):  # the next request looks at this one once more
                    await applying.told(application)
    return _tell(application, arguments, access)


@asynccontextmanager
async def _applying(access: AccountAccess) -> AsyncIterator[BeaconApplicant]:
    async with LedgerFile(access.settings.state, account=AccountIdentity.of(access.account)) as ledger:
        yield BeaconApplicant(
            ApplicationCalls(access.client),
            RequestNotes(ledger),
            asyncio.sleep,
            SystemClock().utc,
            another_pending=ANOTHER_PENDING,
            never_begun=NEVER_BEGUN,
        )


def _write_new(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8-sig", newline="") as file:  # the mark tells Excel that it is UTF-8
        file.write(text)


def _tell(application: Application, arguments: Namespace, access: AccountAccess) -> ExitCode:
    decision = application.verdict.decision
    if arguments.json:
        said = {"apply_id": application.number, "state": decision.value, "said": application.verdict.said}
        print(json.dumps({**said, "devices": [burning_json(b) for b in application.beacons]}, ensure_ascii=False))
    phrase = f"devices.{decision}" if application.number is not None else f"devices.{decision}-lost"
    details = {"number": application.number, "count": len(application.beacons), "said": application.verdict.said}
    complain(phrase, access.language, **details)
    if decision is not ReviewDecision.GRANTED:
        return ExitCode.PENDING if decision is ReviewDecision.PENDING else ExitCode.FAILED
    text = burning_csv(application.beacons)
    output: Path | None = arguments.output
    if output is None:
        if not arguments.json:
            print(text, end="")
        return ExitCode.FINE
    try:
        in_time(output.absolute().parent, lambda: _write_new(output, text))
    except OSError as error:
        complain("devices.unwritable", access.language, file=output, reason=reason_of(error))
        print(text, end="", file=sys.stderr if arguments.json else sys.stdout)
        return ExitCode.FAILED
    return ExitCode.FINE
