"""The account at WeChat, and who else writes to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.bindings.history.audit import BEGUN, VERIFIED, AuditLine, BindingImage
from beacon_gateway.core.bindings.ownership import fingerprint_in, references
from beacon_gateway.core.bindings.target import (
    PROXY_UNUSABLE,
    Existing,
    ExistingPage,
    Ledger,
    NeedsOperator,
    PageRef,
    TargetError,
    Unreachable,
)
from beacon_gateway.core.doctor.files import give_secret
from beacon_gateway.core.doctor.finding import Finding, Phrase, fail, ok, warn
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Store

MIN_DISPUTED_CHANGES: Final = 3
"""So often within the time looked at, one beacon was changed between two of our writes: no slip of a hand."""

MAX_PAGES_NAMED: Final = 3
"""Of pages, in one sentence."""

_RECALLED: Final = frozenset({"48001", "9001020"})
_WRONG_SECRET: Final = frozenset({"40001", "40125", "40243", "41004"})


@dataclass(frozen=True, slots=True)
class AccountEvidence:
    """What the account says of itself."""

    appid: str
    state: str
    """open, pending or rejected."""
    said: str
    """What WeChat's reviewers say."""
    devices: int
    pages: Mapping[PageRef, ExistingPage]


@dataclass(frozen=True, slots=True)
class AccountRefused:
    """The account could not be asked."""

    appid: str
    error: TargetError
    secret_path: str


@dataclass(frozen=True, slots=True)
class NoAccount:
    """gateway.yaml names none."""


@dataclass(frozen=True, slots=True)
class ProjectMarks:
    """Pages at the target with this project's mark."""

    all: int
    twins: tuple[str, ...]
    """Titles of pages that carry the mark of one slug with another page."""
    strangers: tuple[str, ...]
    """Titles of pages that this Pi did not make and its files do not name."""


def judge_account(account: AccountEvidence | AccountRefused | NoAccount) -> Finding:
    if isinstance(account, NoAccount):
        return ok("account", "none")
    if isinstance(account, AccountRefused):
        return _turned(account)
    details = {"account": account.appid, "devices": account.devices, "pages": len(account.pages), "said": account.said}
    if account.state == "open":
        return ok("account", "open", **details)
    return fail("account", "closed", state=Phrase(f"account.{account.state}", details))


def _turned(turned: AccountRefused) -> Finding:
    code = turned.error.code
    details = {"account": turned.appid, "reason": turned.error, "code": code}
    if not isinstance(turned.error, NeedsOperator):
        is_cut_off = isinstance(turned.error, Unreachable)
        return warn("account", "unreached" if is_cut_off else "not-now", "beacon-gateway account", **details)
    if code == PROXY_UNUSABLE:
        return warn("account", "not-now", "", **details)
    if code in _RECALLED:
        return fail("account", "recalled", "beacon-gateway account", **details)
    return fail("account", "trouble", give_secret(turned.secret_path) if code in _WRONG_SECRET else "", **details)


def marks_of(pages: Mapping[PageRef, ExistingPage], store: Store, ledger: Ledger) -> ProjectMarks:
    """Sort the pages that some beacon-gateway made by whose they are."""
    marked = {ref for ref, page in pages.items() if fingerprint_in(page.mark)}
    known, twins = references(store, Existing(pages, {}), ledger)
    own = {*known.values(), *ledger.pages.values()}
    return ProjectMarks(len(marked), _titles(pages, twins), _titles(pages, marked - own - twins))


def _titles(pages: Mapping[PageRef, ExistingPage], refs: Iterable[PageRef]) -> tuple[str, ...]:
    return tuple(f"{pages[ref].title} ({ref})" for ref in sorted(refs))


def judge_writers(marks: ProjectMarks) -> Finding:
    if marks.twins:
        return warn("writers", "twins", "beacon-gateway plan", **_named(marks.twins))
    if marks.strangers:
        return warn("writers", "strangers", "beacon-gateway plan", **_named(marks.strangers))
    return ok("writers", "alone", count=marks.all)


def _named(titles: tuple[str, ...]) -> dict[str, object]:
    return {
        "count": len(titles),
        "names": ", ".join(titles[:MAX_PAGES_NAMED]) + (" …" if len(titles) > MAX_PAGES_NAMED else ""),
    }


def disputes(lines: Iterable[AuditLine]) -> Mapping[BeaconKey, int]:
    """Count, for each beacon, how often its pages were others than we had left and proven when we wrote to it next."""
    left: dict[BeaconKey, frozenset[PageRef]] = {}
    begun: dict[tuple[int, str], BindingImage] = {}
    counts: dict[BeaconKey, int] = {}
    for line in lines:
        name = (line.run, line.change)
        if line.outcome == BEGUN and isinstance(image := line.image, BindingImage):
            if image.key in left and left.pop(image.key) != image.before:
                counts[image.key] = counts.get(image.key, 0) + 1
            begun[name] = image
        elif line.outcome == VERIFIED and (written := begun.pop(name, None)):
            left[written.key] = written.after
    return counts


def judge_disputes(counts: Mapping[BeaconKey, int], days: int) -> Finding:
    often = sorted(
        (key for key, count in counts.items() if count >= MIN_DISPUTED_CHANGES), key=lambda key: -counts[key]
    )
    if not often:
        return ok("disputes", "none", days=days)
    details = {"days": days, "beacon": str(often[0]), "times": counts[often[0]], "beacons": len(often)}
    return warn("disputes", "again", "beacon-gateway audit --since 7d", **details)
