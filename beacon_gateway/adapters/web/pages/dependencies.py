"""What the pages of a gateway are made from."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from beacon_gateway.adapters.web.pages.floors import HeardLog
from beacon_gateway.adapters.web.pages.gateway_sources import Bundles, EnvironmentSource, LogTail, OwnLog
from beacon_gateway.adapters.web.pages.live import LiveLookSource
from beacon_gateway.adapters.web.server.deferred import Handlers
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.model.store import Store

if TYPE_CHECKING:  # loaded where there are accounts, or none
    from beacon_gateway.adapters.web.server.members import Accounts
    from beacon_gateway.adapters.web.server.writers import LoginLinks


@dataclass(frozen=True, slots=True)
class PageDependencies:
    """What the pages show, and which part of the gateway they ask. A call blocks only where it is awaited.

    What is None is not shown.
    """

    status: Callable[[], Status]
    """Return the latest."""
    utc: Callable[[], datetime]
    zone: tzinfo
    """The store's."""
    language: Language
    """For visitors who chose none."""
    looks: LiveLookSource
    heat: Callable[[PageFrame], Handlers]
    """Load the heat map, in a thread."""
    bindings: Callable[[PageFrame], Handlers] | None = None
    """Load the pages of bindings, in a thread; None where no files can be edited."""
    api: Callable[[PageFrame], Handlers] | None = None
    """Load what is below `/api/`, in a thread."""
    heard: HeardLog | None = None
    store: Callable[[], Store | None] = lambda: None
    settings: Settings | None = None
    """Together with the log they say for how long what is kept."""
    log: OwnLog | None = None
    machine: EnvironmentSource | None = None
    tail: LogTail | None = None
    bundles: Bundles | None = None
    accounts: "Accounts | None" = None
    """Of people who log in; None: everybody who can reach it may look, so only this machine may."""
    links: "LoginLinks | None" = None
    """Without accounts: what lets somebody write."""
    names: Sequence[str] = ()
    """Host names by which it is reached, besides the machine's own."""
    monotonic: Callable[[], float] = time.monotonic
