"""The state of the gateway now: one judgement for the command, the pages, monitors, `doctor` and systemd.

It is of the last attempt, not of the last success, and says of each trouble what it is, who mends it and until when.
How the beacons fared over their day is another judgement, and no part of this one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from beacon_gateway.core.model.status import PartStatus, ServerStatus, Status, StoreStatus, WebAccountsStatus
from beacon_gateway.core.model.target_status import TargetState, TargetStatus
from beacon_gateway.core.radio.trouble import RadioState

RECEIVING: Final[frozenset[str]] = frozenset({RadioState.STARTING, RadioState.LISTENING})
"""States of the radio in which nothing is wrong with it."""
MAX_CHANGES_NAMED: Final = 3
"""Of changes that the target did not take, in one sentence."""


class GatewayState(StrEnum):
    """The worst first: of several that hold, the first one is the gateway's."""

    FAILED = "failed"
    """It does not receive, or its log cannot be written."""
    OPERATOR = "operator"
    """The account needs a person."""
    BRAKED = "braked"
    """A change was stopped, or is held back after an undo, until a person decides."""
    PENDING = "pending"
    """Changes or faults wait."""
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is not as it should be. `phrase` is the catalogue's; `presentation.troubles` fills it."""

    name: str
    """For machines: what it is about and its state, as in `radio:deaf`."""
    state: GatewayState
    """What it makes of the gateway."""
    phrase: str
    since: datetime | None = None
    """Aware; None where it is not known."""
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    state: GatewayState
    troubles: tuple[Trouble, ...]
    """The worst first."""

    def every(self) -> tuple[str, ...]:
        """Return the names of all troubles."""
        return tuple(trouble.name for trouble in self.troubles)

    def named(self, state: GatewayState) -> tuple[str, ...]:
        """Return the names of the troubles that make this state."""
        return tuple(trouble.name for trouble in self.troubles if trouble.state is state)

    def about(self, subject: str) -> Trouble | None:
        """Return the first trouble whose name begins with this word; None where there is none."""
        return next((trouble for trouble in self.troubles if trouble.name.partition(":")[0] == subject), None)


def judge(status: Status) -> Judgement:
    """Judge a status by itself; whether it is still of now, the reader knows."""
    found = [*_vital(status), *_targets(status), *_around(status)]
    order = list(GatewayState)
    troubles = tuple(sorted(found, key=lambda trouble: order.index(trouble.state)))
    return Judgement(troubles[0].state if troubles else GatewayState.FINE, troubles)


def _vital(status: Status) -> Iterator[Trouble]:
    radio = status.radio
    if radio.state not in RECEIVING:
        name, phrase = f"radio:{radio.state}", f"radio.{radio.state}"
        yield Trouble(name, GatewayState.FAILED, phrase, radio.since, {"reason": radio.reason})
    elif radio.instead_of:
        taken = {"adapter": radio.adapter, "address": radio.address, "instead_of": radio.instead_of}
        yield Trouble("adapter", GatewayState.FINE, "need.adapter", details=taken)
    if status.log_trouble:
        details = {"reason": status.log_trouble, "waiting": status.unwritten}
        yield Trouble("log", GatewayState.FAILED, "need.log", details=details)


WELL: Final[frozenset[str]] = frozenset({TargetState.STARTING, TargetState.IN_SYNC, TargetState.APPLYING})
"""States of a binding target that want nobody's doing."""
_STATES: Final[Mapping[str, GatewayState]] = {
    TargetState.OPERATOR: GatewayState.OPERATOR,
    TargetState.BRAKED: GatewayState.BRAKED,
    TargetState.VANISHED: GatewayState.BRAKED,
    TargetState.HELD: GatewayState.BRAKED,
}


def _targets(status: Status) -> Iterator[Trouble]:
    for name, target in status.targets.items():
        if target.state not in WELL:
            state = _STATES.get(target.state, GatewayState.PENDING)
            phrase = f"need.sync.{target.state}"
            if target.state == TargetState.BRAKED and target.readdressing:
                phrase = f"{phrase}.address"
            yield Trouble(f"{name}:{target.state}", state, phrase, target.since, target_details(target))
            if target.held_since and target.state != TargetState.HELD:  # a hold outlasts what else is wrong
                held = f"{name}:{TargetState.HELD}"
                yield Trouble(held, GatewayState.BRAKED, "need.sync.held", target.held_since, target_details(target))


def target_details(target: TargetStatus) -> Mapping[str, object]:
    """Return what the sentences about a target are filled from."""
    failed = target.failed
    said = target if target.reason or not failed else failed[0]  # why the pass ended comes before what it left behind
    return {
        "count": target.pending,
        "losing": target.losing,
        "bound": target.bound,
        "readdressing": target.readdressing,
        "code": said.code,
        "reason": said.reason,
        "path": target.path,
        "until": target.retry_at,
        "failures": target.failures,
        "names": tuple(change.row or change.subject for change in failed[:MAX_CHANGES_NAMED]),
        "at": target.held_since,
        "vanished": sum(map(len, target.vanished.values())),
        "floors": tuple(_vanished_text(floor, names) for floor, names in target.vanished.items()),
    }


def _vanished_text(floor: str, names: Sequence[str]) -> str:
    """Return a floor with the first beacons that vanished from it."""
    more = "…" if len(names) > MAX_CHANGES_NAMED else ""
    return f"{floor or '?'} ({', '.join(names[:MAX_CHANGES_NAMED])}{more})"


def _around(status: Status) -> Iterator[Trouble]:
    """Yield what else wants looking after; what keeps nothing from its work leaves the gateway fine."""
    store, shakes, figures = status.store, status.shakes, status.figures
    if store.errors:
        yield _files(store)
    for name, part in status.parts.items():
        if part.failing_since:
            yield _part(name, part)
    if status.pages:
        yield from _door("pages", status.pages)
    if status.web_accounts:
        yield from _accounts(status.web_accounts)
    if shakes:
        yield from _door("shakes", ServerStatus(shakes.address, shakes.trouble, shakes.cause))
    if status.dropped:
        yield Trouble("dropped", GatewayState.FINE, "need.dropped", details={"count": status.dropped})
    if not status.time_known:
        yield Trouble("clock", GatewayState.FINE, "need.clock")
    if figures and figures.trouble and not _explains_figures(status):
        details = {"code": figures.code, "reason": figures.trouble}
        yield Trouble("figures", GatewayState.FINE, "need.figures", details=details)


def _explains_figures(status: Status) -> bool:
    """Return whether what keeps figures away is said already: they come from the account, and are kept in the log."""
    states = {target.state for target in status.targets.values()}
    return bool(status.log_trouble or states & {TargetState.OPERATOR, TargetState.UNREACHABLE})


def _part(name: str, part: PartStatus) -> Trouble:
    details = {"part": name, "failures": part.failures, "error": part.last_error, "until": part.restarting_at}
    phrase = "need.part.restarting" if part.restarting_at else "need.part.failing"
    return Trouble(f"part:{name}", GatewayState.PENDING, phrase, part.failing_since, details)


def _files(store: StoreStatus) -> Trouble:
    """Return the trouble of the store's files: a folder that cannot be read, or a count of errors with the first."""
    first = store.first
    phrase = "need.files.folder" if first and first.code.startswith("folder.") else "need.files"
    if store.revision is None:
        phrase = f"{phrase}.none"
    details: dict[str, object] = {"count": store.errors}
    if first:
        details |= {"place": first.place, "problem": first.code, "of_problem": first.details}
    return Trouble("files", GatewayState.PENDING, phrase, details=details)


def _accounts(accounts: WebAccountsStatus) -> Iterator[Trouble]:
    details = {"path": accounts.path, "line": accounts.line, "fault": accounts.fault or "web-accounts.nobody"}
    if not accounts.accounts:
        yield Trouble("accounts:closed", GatewayState.PENDING, "need.accounts.closed", details=details)
    elif accounts.faults:
        yield Trouble("accounts:faulty", GatewayState.PENDING, "need.accounts.faulty", details=details)


def _door(name: str, door: ServerStatus) -> Iterator[Trouble]:
    if door.trouble:
        cause = door.cause or "other"
        port = door.address.rpartition(":")[2]
        details: Mapping[str, object] = {"address": door.address, "port": port, "reason": door.trouble}
        yield Trouble(f"{name}:{cause}", GatewayState.PENDING, f"need.{name}.{cause}", details=details)
