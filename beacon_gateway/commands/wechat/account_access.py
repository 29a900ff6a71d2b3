"""What the commands that talk to the account share: the way in, and what to say where there is none."""

import logging
from argparse import Namespace
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from beacon_gateway import log
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.commands.shared.configuration import complain, explain, language_of, load_secret, load_settings
from beacon_gateway.commands.shared.event_loop import run_interruptible
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.core.bindings.target import TargetError
from beacon_gateway.core.files.inventory import Inventory
from beacon_gateway.core.model.settings import Language, Settings, WeChatSettings
from beacon_gateway.core.sentences.messages import say_row


@dataclass(frozen=True, slots=True)
class AccountAccess:
    """An account that can be asked, and what gateway.yaml says around it."""

    settings: Settings
    account: WeChatSettings
    client: WeChatClient
    language: Language


def ask(arguments: Namespace, work: Callable[[AccountAccess], Awaitable[ExitCode]]) -> int:
    """Open the account that gateway.yaml names, let `work` talk to it, and give the exit code."""
    log.configure(level=logging.CRITICAL)  # what went wrong is said below, once, for people
    settings = load_settings(arguments)
    if settings is None:
        return ExitCode.CONFIG
    language = language_of(arguments, settings)
    if settings.wechat is None:
        complain("account.none", language)
        return ExitCode.OPERATOR
    try:
        secret = load_secret(arguments)
        return run_interruptible(_work(settings, settings.wechat, secret, language, work))
    except TargetError as error:
        return explain(error, language)


async def _work(
    settings: Settings,
    account: WeChatSettings,
    secret: str,
    language: Language,
    work: Callable[[AccountAccess], Awaitable[ExitCode]],
) -> ExitCode:
    async with WeChatClient(api_base=account.api_base, appid=account.appid, secret=secret) as client:
        return await work(AccountAccess(settings, account, client, language))


def complain_of_unread(inventory: Inventory, language: Language) -> None:
    """Say on stderr what of an account is left out, since it cannot be read."""
    for row, error in inventory.unread.items():
        name = say_row(row.kind, row.number, row.place, language)
        complain("account.left-out", language, name=name, reason=error)
