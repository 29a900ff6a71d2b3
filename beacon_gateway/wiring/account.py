"""Wires what talks to the account."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from beacon_gateway.adapters.files.last_good import LAST_GOOD, LastGoodCopy
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.machine.clock import SystemClock
from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.bindings.target import NeedsOperator
from beacon_gateway.core.model.settings import Settings
from beacon_gateway.core.wechat.account_identity import AccountIdentity
from beacon_gateway.services.bindings.sync import Sync
from beacon_gateway.services.status.status import CallCounter
from beacon_gateway.services.wechat.figures_history import FiguresSource

MAX_AUDIT_LINES_SHOWN: Final = 1000
"""Newest lines of the audit log that a page reads: two for each change."""

Secret = str | Callable[[], Awaitable[str]]
"""The account's, or what reads it whenever it is needed."""


@asynccontextmanager
async def open_sync(settings: Settings, secret: str) -> AsyncIterator[Sync]:
    """Open what one sync with the account needs."""
    async with AsyncExitStack() as stack:
        yield (await open_account(stack, settings, secret)).sync


@dataclass(frozen=True, slots=True)
class Account:
    """What talks to the account: through one client, for its token, its quota and its pace are one."""

    sync: Sync
    figures: FiguresSource
    calls: CallCounter
    audit: Callable[[], Awaitable[Sequence[AuditLine]]]


async def open_account(stack: AsyncExitStack, settings: Settings, secret: Secret) -> Account:
    # Imported here: half of the daemon's memory, and of no use to a gateway that only listens.
    from beacon_gateway.adapters.database.ledger.ledger import LedgerFile  # noqa: PLC0415 - only with an account
    from beacon_gateway.adapters.database.quota_file import QuotaFile  # noqa: PLC0415 - only with an account
    from beacon_gateway.adapters.wechat.shakearound import Shakearound  # noqa: PLC0415 - only with an account
    from beacon_gateway.adapters.wechat.statistics import StatisticsCalls  # noqa: PLC0415 - only with an account
    from beacon_gateway.adapters.wechat.transport.client import WeChatClient  # noqa: PLC0415 - only with an account

    if settings.wechat is None:
        raise NeedsOperator("gateway.yaml names no account: write its appid under `wechat`")
    options = settings.wechat
    identity = AccountIdentity.of(options)
    ledger = await stack.enter_async_context(LedgerFile(settings.state, account=identity))
    quota = await stack.enter_async_context(QuotaFile(settings.state))
    client = await stack.enter_async_context(
        WeChatClient(api_base=options.api_base, appid=options.appid, secret=secret, quota=quota)
    )
    files = LastGoodCopy(StoreFiles(settings.store, settings.timezone), settings.state / LAST_GOOD)
    sync = Sync(
        target=Shakearound(client, files.icon), ledger=ledger, clock=SystemClock(settings.clock), options=options
    )
    return Account(sync, StatisticsCalls(client), quota, partial(ledger.audit, since=None, limit=MAX_AUDIT_LINES_SHOWN))
