"""Wires one gateway: the only place where services and adapters meet.

Resources are opened on one exit stack and closed in reverse order; what runs, runs as a named task of one group. The
demo passes another radio and another secret, and is otherwise this same code.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from beacon_gateway.adapters.database.ledger.audit_notes import AuditNotes
from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.adapters.files.earlier_texts import EarlierTexts
from beacon_gateway.adapters.files.edited_files import EditedFiles
from beacon_gateway.adapters.files.last_good import LAST_GOOD, LastGoodCopy
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.machine.clock import SystemClock, boot_id
from beacon_gateway.adapters.machine.own_process import OwnProcess
from beacon_gateway.adapters.secrets.callback_secrets import CallbackSecrets
from beacon_gateway.adapters.state.adapter_file import AdapterFile
from beacon_gateway.adapters.state.state_lock import StateLock
from beacon_gateway.adapters.state.status_file import StatusFile
from beacon_gateway.adapters.systemd.bluetooth_service import BluetoothServiceFile
from beacon_gateway.adapters.systemd.service_manager import ServiceManager
from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.bindings.target import NeedsOperator
from beacon_gateway.core.log.event import EventKind
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.settings import RETAIN_SHAKES, Address, Role, Settings
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.wechat.account_identity import AccountIdentity
from beacon_gateway.services.bindings.sync import Sync
from beacon_gateway.services.files.editing import Editing
from beacon_gateway.services.files.reload import Reload
from beacon_gateway.services.log.journal import Clock, Journal
from beacon_gateway.services.log.upkeep import Upkeep
from beacon_gateway.services.server_supervisor import Server, ServerSupervisor
from beacon_gateway.services.status.heartbeat import Heartbeat
from beacon_gateway.services.status.status import Calls, Composer
from beacon_gateway.services.supervise import Failures, Part, Supervisor
from beacon_gateway.services.tracking.beacon_monitor import BeaconMonitor
from beacon_gateway.services.tracking.radio_supervisor import RadioSupervisor, ScanningRadio
from beacon_gateway.services.wechat.history import History, Source
from beacon_gateway.services.wechat.shake_receiver import ShakeReceiver

if TYPE_CHECKING:  # loaded when they are wanted
    from beacon_gateway.adapters.secrets.web_accounts_file import WebAccountsFile
    from beacon_gateway.adapters.web.pages.gateway_sources import LogTail

AUDIT_LINES: Final = 1000
"""Newest lines of the audit log that a page reads: two for each change."""

Secret = str | Callable[[], Awaitable[str]]
"""The account's, or what reads it whenever it is needed."""


class Lines(Protocol):
    """Lines of a log."""

    dropped: int
    """That could not be written."""


@dataclass(frozen=True, slots=True)
class ProcessContext:
    """What a gateway takes from the process that runs it."""

    config: Path | None = None
    """gateway.yaml, for what looks at the files anew."""
    tail: "LogTail | None" = None
    """The newest events of this process."""
    lines: "Lines | None" = None
    """What writes those events."""
    accounts: "WebAccountsFile | None" = None
    """Of people who log in, once they need to; None: nobody ever does."""


@dataclass(slots=True, kw_only=True)
class Gateway:
    """One gateway with everything open, and its parts for those who look at it."""

    settings: Settings
    listen: RadioSupervisor
    watch: BeaconMonitor
    reload: Reload
    sync: Sync | None
    heartbeat: Heartbeat
    upkeep: Upkeep
    history: History | None
    reception: ShakeReceiver | None
    clock: Clock
    log: HitLogFile
    editing: Editing
    edited: EditedFiles
    audit: Callable[[], Awaitable[Sequence[AuditLine]]] | None
    """The newest of what was changed at the target; None without an account."""
    process: ProcessContext
    keeper: ServerSupervisor | None
    """Of the pages' port."""
    failures: Failures
    lock: StateLock

    def parts(self) -> tuple[Part, ...]:
        """List all that runs: what is not vital is supervised."""
        found = [
            Part("watch", lambda: self.watch.run(self.listen), is_vital=True),  # with radio, sweeps and journal
            Part("heartbeat", self.heartbeat.run, is_vital=True),
            Part("lock", self.lock.keep),
            Part("memory", self.watch.keep_remembering),
            Part("reload", self.reload.run),
            Part("upkeep", self.upkeep.run),
        ]
        if self.keeper:
            found += [Part("editing", self.editing.run), Part("web", partial(self._show_pages, self.keeper))]
        found += [
            Part(name, part.run)
            for name, part in (("reception", self.reception), ("history", self.history), ("sync", self.sync))
            if part
        ]
        return tuple(found)

    async def run(self) -> None:
        """Work until cancelled. Raises GaveUp, in a group, if the radio cannot be brought to hear."""
        await Supervisor(self.failures).run(self.parts())

    async def _show_pages(self, keeper: ServerSupervisor) -> None:
        await self.listen.prestarted.wait()
        await keeper.run()

    async def door_of_pages(self, address: Address) -> Server:
        """Make the door at which people and monitors ask."""
        # A second of a small Pi, and the scan is first; what is broken in there keeps nothing else from its work.
        from beacon_gateway.wiring.pages import door_of_pages  # noqa: PLC0415 - see above

        return door_of_pages(self, address)


@asynccontextmanager
async def open_gateway(
    settings: Settings,
    *,
    radio: ScanningRadio,
    secret: Secret | None,
    callback: Callable[[], Awaitable[CallbackSecrets]] | None = None,
    clock: Clock | None = None,
    process: ProcessContext = ProcessContext(),
) -> AsyncIterator[Gateway]:
    """Open a gateway and load its store. Raises StateInUse where another one works on its state folder."""
    async with AsyncExitStack() as stack:
        clock = clock or SystemClock(settings.clock)
        lock = stack.enter_context(StateLock(settings.state, settings.gateway, clock.utc))
        with suppress(OSError):  # no reason not to listen: the log waits, and so does the lock
            await asyncio.to_thread(lock.take)
        events = settings.wechat.events if settings.wechat else None
        log = await stack.enter_async_context(HitLogFile(settings.state))
        boot = boot_id()
        journal = Journal(
            gateway=settings.gateway,
            boot=boot,
            clock=clock,
            log=log,
            commit_every=settings.hits.commit_every,
            former=await _last_known(log, boot),
        )
        if log.put_aside_because:
            journal.event(EventKind.LOG, clock.monotonic(), {"what": "put-aside", "reason": log.put_aside_because})
        upkeep = Upkeep(
            log=log,
            notes=AuditNotes(settings.state),
            times=journal,
            boot=boot,
            zone=settings.timezone,
            retain=settings.hits.retain,
            retain_shakes=events.retain if events else RETAIN_SHAKES,
        )
        failures = Failures(journal, clock)
        watch = BeaconMonitor(
            floor=settings.floor,
            clock=clock,
            journal=journal,
            memory=log,
            guard=failures.guard,
            offset=settings.radio.offset,
            log_zones=settings.hits.zones,
        )
        with failures.guard("memory"):
            await watch.recall()
        listen = RadioSupervisor(
            radio=radio,
            ear=watch,
            notes=journal,
            service=BluetoothServiceFile(settings.runtime),
            clock=clock,
            adapter_memory=AdapterFile(settings.state),
        )
        account = None
        if settings.wechat and secret:
            with failures.guard("sync"):
                account = await _open_account(stack, settings, secret)
        sync = account.sync if account else None
        # One gateway of an account fetches its figures: the one that writes.
        writes = settings.wechat and settings.wechat.role is Role.WRITER
        history = (
            History(source=account.figures, book=log, clock=clock, chance=random.Random())  # noqa: S311 - a spread
            if account and writes
            else None
        )
        shakes, reception = None, None
        if settings.wechat and events and callback:
            with failures.guard("reception"):
                from beacon_gateway.wiring.callback import receive  # noqa: PLC0415 - only where they are received

                appid = settings.wechat.appid
                shakes, reception = receive(settings, appid, events, callback, journal=journal, clock=clock)
        users = [partial(_hand_over, part.use, failures) for part in (watch, sync, shakes) if part]
        files = StoreFiles(settings.store, settings.timezone)
        reload = Reload(files, users, LastGoodCopy(files, settings.state / LAST_GOOD))
        with failures.guard("store"):
            await reload.start()
        address = settings.web.listen
        accounts = process.accounts
        renewal = accounts.until_needed if accounts else None
        keeper = ServerSupervisor(lambda: gateway.door_of_pages(address), "web", renewal=renewal) if address else None
        composer = Composer(
            settings,
            clock=clock,
            watch=watch,
            listen=listen,
            reload=reload,
            sync=sync,
            history=history,
            reception=reception,
            pages=partial(keeper.status, str(address)) if keeper else None,
            web_accounts=accounts.status if accounts else lambda: None,
            calls=account.calls if account else None,
            process=OwnProcess(),
            failures=failures,
            lines_dropped=lambda: process.lines.dropped if process.lines else 0,
        )
        heartbeat = Heartbeat(
            composer.compose,
            StatusFile(settings.runtime),
            ServiceManager(),
            pulses=lambda: (watch.pulse(), listen.pulse(), journal.pulse()),
            monotonic=clock.monotonic,
            begun=listen.prestarted,
            guard=failures.guard,
        )
        edited = EditedFiles(StoreFiles(settings.store, settings.timezone), EarlierTexts(settings.state / "earlier"))
        editing = Editing(files=edited, reload=reload, sync=sync, options=settings.wechat, clock=clock)
        gateway = Gateway(
            settings=settings,
            listen=listen,
            watch=watch,
            reload=reload,
            sync=sync,
            heartbeat=heartbeat,
            upkeep=upkeep,
            history=history,
            reception=reception,
            clock=clock,
            log=log,
            editing=editing,
            edited=edited,
            audit=account.audit if account else None,
            process=process,
            keeper=keeper,
            failures=failures,
            lock=lock,
        )
        yield gateway


@asynccontextmanager
async def open_sync(settings: Settings, secret: str) -> AsyncIterator[Sync]:
    """Open what one sync with the account needs."""
    async with AsyncExitStack() as stack:
        yield (await _open_account(stack, settings, secret)).sync


@dataclass(frozen=True, slots=True)
class _Account:
    """What talks to the account: through one client, for its token, its quota and its pace are one."""

    sync: Sync
    figures: Source
    calls: Calls
    audit: Callable[[], Awaitable[Sequence[AuditLine]]]


async def _open_account(stack: AsyncExitStack, settings: Settings, secret: Secret) -> _Account:
    # Imported here: half of the daemon's memory, and of no use to a gateway that only listens.
    from beacon_gateway.adapters.database.ledger.ledger import LedgerFile  # noqa: PLC0415 - only with an account
    from beacon_gateway.adapters.database.quota_file import QuotaFile  # noqa: PLC0415 - only with an account
    from beacon_gateway.adapters.wechat.shakearound import Shakearound  # noqa: PLC0415 - only with an account
    from beacon_gateway.adapters.wechat.statistics import Statistics  # noqa: PLC0415 - only with an account
    from beacon_gateway.adapters.wechat.transport.client import Client  # noqa: PLC0415 - only with an account

    if settings.wechat is None:
        raise NeedsOperator("gateway.yaml names no account: write its appid under `wechat`")
    options = settings.wechat
    identity = AccountIdentity.of(options)
    ledger = await stack.enter_async_context(LedgerFile(settings.state, account=identity))
    quota = await stack.enter_async_context(QuotaFile(settings.state))
    client = await stack.enter_async_context(
        Client(api_base=options.api_base, appid=options.appid, secret=secret, quota=quota)
    )
    files = LastGoodCopy(StoreFiles(settings.store, settings.timezone), settings.state / LAST_GOOD)
    sync = Sync(
        target=Shakearound(client, files.icon), ledger=ledger, clock=SystemClock(settings.clock), options=options
    )
    return _Account(sync, Statistics(client), quota, partial(ledger.audit, since=None, limit=AUDIT_LINES))


def _hand_over(use: Callable[[Store], None], failures: Failures, store: Store) -> None:
    """Put a store in force with one who works by it; where that fails, the others have it all the same."""
    with failures.guard("store"):
        use(store)


async def _last_known(log: HitLogFile, boot: str) -> ClockSegment | None:
    """Return the time that an earlier process of this boot knew; None if the log cannot be read now."""
    try:
        return await log.last_known(boot)
    except OSError:
        return None
