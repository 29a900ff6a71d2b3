"""One gateway: its parts, and what runs of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.adapters.files.edited_files import EditedFiles
from beacon_gateway.adapters.state.state_lock import StateLock
from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.model.clocks import Clock
from beacon_gateway.core.model.settings import Settings
from beacon_gateway.services.bindings.sync import Sync
from beacon_gateway.services.files.edit_queue import EditQueue
from beacon_gateway.services.files.store_reloader import StoreReloader
from beacon_gateway.services.log.log_maintenance import LogMaintenance
from beacon_gateway.services.server_supervisor import ServerSupervisor
from beacon_gateway.services.status.heartbeat import Heartbeat
from beacon_gateway.services.supervise import PartFailures, SupervisedPart, Supervisor
from beacon_gateway.services.tracking.beacon_monitor import BeaconMonitor
from beacon_gateway.services.tracking.radio_supervisor import RadioSupervisor
from beacon_gateway.services.wechat.figures_history import FiguresHistory
from beacon_gateway.services.wechat.shake_receiver import ShakeReceiver

if TYPE_CHECKING:  # loaded when they are wanted
    from beacon_gateway.adapters.secrets.web_accounts_file import WebAccountsFile
    from beacon_gateway.adapters.web.pages.gateway_sources import LogTail


class LogLines(Protocol):
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
    lines: "LogLines | None" = None
    """What writes those events."""
    accounts: "WebAccountsFile | None" = None
    """Of people who log in, once they need to; None: nobody ever does."""


@dataclass(slots=True, kw_only=True)
class Gateway:
    """One gateway with everything open, and its parts for those who look at it."""

    settings: Settings
    radio_supervisor: RadioSupervisor
    beacon_monitor: BeaconMonitor
    store_reloader: StoreReloader
    sync: Sync | None
    heartbeat: Heartbeat
    log_maintenance: LogMaintenance
    figures_history: FiguresHistory | None
    shake_receiver: ShakeReceiver | None
    clock: Clock
    log: HitLogFile
    edit_queue: EditQueue
    edited_files: EditedFiles
    audit: Callable[[], Awaitable[Sequence[AuditLine]]] | None
    """The newest of what was changed at the target; None without an account."""
    process: ProcessContext
    pages_supervisor: ServerSupervisor | None
    """Of the pages' port."""
    failures: PartFailures
    lock: StateLock

    def parts(self) -> tuple[SupervisedPart, ...]:
        """List all that runs: what is not vital is supervised."""
        found = [
            SupervisedPart(
                "watch", lambda: self.beacon_monitor.run(self.radio_supervisor), is_vital=True
            ),  # with radio, sweeps and journal
            SupervisedPart("heartbeat", self.heartbeat.run, is_vital=True),
            SupervisedPart("lock", self.lock.keep),
            SupervisedPart("memory", self.beacon_monitor.keep_remembering),
            SupervisedPart("reload", self.store_reloader.run),
            SupervisedPart("upkeep", self.log_maintenance.run),
        ]
        if self.pages_supervisor:
            found += [
                SupervisedPart("editing", self.edit_queue.run),
                SupervisedPart("web", partial(self._show_pages, self.pages_supervisor)),
            ]
        found += [
            SupervisedPart(name, part.run)
            for name, part in (
                ("reception", self.shake_receiver),
                ("history", self.figures_history),
                ("sync", self.sync),
            )
            if part
        ]
        return tuple(found)

    async def run(self) -> None:
        """Work until cancelled. Raises GaveUp, in a group, if the radio cannot be brought to hear."""
        await Supervisor(self.failures).run(self.parts())

    async def _show_pages(self, keeper: ServerSupervisor) -> None:
        await self.radio_supervisor.prestarted.wait()
        await keeper.run()
