"""Opens one gateway: the only place where services and adapters meet.

Resources are opened on one exit stack and closed in reverse order; what runs, runs as a named task of one group. The
demo passes another radio and another secret, and is otherwise this same code.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial

from beacon_gateway.adapters.database.ledger.audit_notes import AuditNotes
from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.adapters.files.earlier_texts import EarlierTextFolder
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
from beacon_gateway.core.log.event import EventKind
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.clocks import Clock
from beacon_gateway.core.model.settings import RETAIN_SHAKES_S, Address, Role, Settings
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.files.edit_queue import EditQueue
from beacon_gateway.services.files.store_reloader import StoreReloader
from beacon_gateway.services.log.journal import Journal
from beacon_gateway.services.log.log_maintenance import LogMaintenance
from beacon_gateway.services.server_supervisor import Server, ServerSupervisor
from beacon_gateway.services.status.heartbeat import Heartbeat
from beacon_gateway.services.status.status import StatusComposer
from beacon_gateway.services.supervise import PartFailures
from beacon_gateway.services.tracking.beacon_monitor import BeaconMonitor
from beacon_gateway.services.tracking.radio_supervisor import RadioSupervisor, ScanningRadio
from beacon_gateway.services.wechat.figures_history import FiguresHistory
from beacon_gateway.wiring.account import Secret, open_account
from beacon_gateway.wiring.gateway import Gateway, ProcessContext


@asynccontextmanager
async def open_gateway(
    settings: Settings,
    *,
    radio: ScanningRadio,
    secret: Secret | None,
    callback: Callable[[], Awaitable[CallbackSecrets]] | None = None,
    clock: Clock | None = None,
    process: ProcessContext | None = None,
) -> AsyncIterator[Gateway]:
    """Open a gateway and load its store. Raises StateInUse where another one works on its state folder."""
    async with AsyncExitStack() as stack:
        clock, process = clock or SystemClock(settings.clock), process or ProcessContext()
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
        upkeep = LogMaintenance(
            log=log,
            notes=AuditNotes(settings.state),
            times=journal,
            boot=boot,
            zone=settings.timezone,
            retain=settings.hits.retain,
            retain_shakes=events.retain if events else RETAIN_SHAKES_S,
        )
        failures = PartFailures(journal, clock)
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
                account = await open_account(stack, settings, secret)
        sync = account.sync if account else None
        # One gateway of an account fetches its figures: the one that writes.
        writes = settings.wechat and settings.wechat.role is Role.WRITER
        history = (
            FiguresHistory(source=account.figures, book=log, clock=clock, chance=random.Random())  # noqa: S311 - a spread
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
        reload = StoreReloader(files, users, LastGoodCopy(files, settings.state / LAST_GOOD))
        with failures.guard("store"):
            await reload.start()
        address = settings.web.listen
        accounts = process.accounts
        renewal = accounts.until_needed if accounts else None
        keeper = ServerSupervisor(lambda: _pages_of(gateway, address), "web", renewal=renewal) if address else None
        composer = StatusComposer(
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
        edited = EditedFiles(
            StoreFiles(settings.store, settings.timezone), EarlierTextFolder(settings.state / "earlier")
        )
        editing = EditQueue(files=edited, reload=reload, sync=sync, options=settings.wechat, clock=clock)
        gateway = Gateway(
            settings=settings,
            radio_supervisor=listen,
            beacon_monitor=watch,
            store_reloader=reload,
            sync=sync,
            heartbeat=heartbeat,
            log_maintenance=upkeep,
            figures_history=history,
            shake_receiver=reception,
            clock=clock,
            log=log,
            edit_queue=editing,
            edited_files=edited,
            audit=account.audit if account else None,
            process=process,
            pages_supervisor=keeper,
            failures=failures,
            lock=lock,
        )
        yield gateway


def _hand_over(use: Callable[[Store], None], failures: PartFailures, store: Store) -> None:
    """Put a store in force with one who works by it; where that fails, the others have it all the same."""
    with failures.guard("store"):
        use(store)


async def _last_known(log: HitLogFile, boot: str) -> ClockSegment | None:
    """Return the time that an earlier process of this boot knew; None if the log cannot be read now."""
    try:
        return await log.last_known(boot)
    except OSError:
        return None


async def _pages_of(gateway: Gateway, address: Address) -> Server:
    """Make the server of its pages. It takes a second of a small Pi, and what is broken in there ends nothing else."""
    from beacon_gateway.wiring.pages import pages_of  # noqa: PLC0415 - the scan comes first

    return pages_of(gateway, address)
