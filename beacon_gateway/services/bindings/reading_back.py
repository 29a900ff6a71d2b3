"""Reads back what was written, compares, and only then lets the ledger forget what was taken away."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from beacon_gateway.core.bindings.history.audit import DIFFERS, VERIFIED, AuditLine, BindingImage, LedgerEntry
from beacon_gateway.core.bindings.history.sent import (
    SentChange,
    binding_key,
    differences,
    kept_text,
    page_key,
    sent_key,
)
from beacon_gateway.core.bindings.plan import Change, Rebind
from beacon_gateway.core.bindings.setback import Setback
from beacon_gateway.core.bindings.target import Existing, ExistingPage, Ledger, PageRef, ReadBack, TargetError
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.services.bindings.ledger_writer import LedgerWriter, name_of
from beacon_gateway.services.bindings.progress import Progress, SyncStep
from beacon_gateway.services.bindings.sync_ports import Target


@dataclass(slots=True)
class _Noted:
    """What goes into the ledger of one reading."""

    lines: list[AuditLine] = field(default_factory=list)
    bindings: dict[BeaconKey, frozenset[PageRef]] = field(default_factory=dict)
    verified_pages: dict[PageRef, ExistingPage] = field(default_factory=dict)
    verified_bindings: dict[BeaconKey, frozenset[PageRef]] = field(default_factory=dict)
    gone: set[PageRef] = field(default_factory=set)
    kept_pages: dict[PageRef, ExistingPage] = field(default_factory=dict)
    kept_bindings: dict[BeaconKey, frozenset[PageRef]] = field(default_factory=dict)
    """What came of a write and is not what was sent."""
    setbacks: dict[str, Setback] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)

    def entry(self) -> LedgerEntry:
        return LedgerEntry(
            tuple(self.lines),
            bindings=self.bindings,
            verified=Existing(self.verified_pages, self.verified_bindings),
            gone=frozenset(self.gone),
            sent=Existing(self.kept_pages, self.kept_bindings),
            setbacks=self.setbacks,
            settled=frozenset(self.settled),
        )


class ReadingBack:
    """Of one plan; `ledger` is as it was before."""

    def __init__(self, target: Target, scribe: LedgerWriter, ledger: Ledger) -> None:
        self._target, self._scribe, self._ledger = target, scribe, ledger
        self._log = structlog.get_logger("sync").bind(target="shakearound")

    async def verify(
        self, progress: Progress, written: Mapping[Change, SentChange], uncertain: Mapping[Change, SentChange]
    ) -> frozenset[Change]:
        """Compare what was written and not verified yet, and see whether what is `uncertain` arrived after all.

        Return what surely did not. Raises TargetError where nothing can be read.
        """
        asked = {change: sent for change, sent in written.items() if progress.steps[change] is SyncStep.WRITTEN}
        asked |= {change: sent for change, sent in uncertain.items() if progress.steps[change] is SyncStep.POSTPONED}
        if not asked:
            return frozenset()
        beacons = [change.key for change in asked if isinstance(change, Rebind)]
        pages = [ref for change, sent in asked.items() if not isinstance(change, Rebind) for ref in sent.refs]
        try:
            seen = await self._target.read_back(beacons, pages)
        except TargetError:
            self._log.warning("sync.not_verified", changes=len(asked))
            raise
        noted, absent = _Noted(), set[Change]()
        for change, sent in asked.items():
            if trouble := _unread(sent, seen):
                progress.not_read_back(change, trouble)
            elif not (found := differences(sent.image, seen)):
                self._is_right(change, sent, seen, noted)
                progress.succeed(change, SyncStep.VERIFIED)
            elif change in written:
                progress.differ(change, found)
                self._differs(change, sent, seen, noted)
                kept = {item.field: item.kept for item in found}
                self._log.error("sync.differs", change=name_of(change), kept=kept)
            else:
                absent.add(change)
        if entry := noted.entry():
            await self._scribe.record(entry)
        return frozenset(absent)

    def _is_right(self, change: Change, sent: SentChange, seen: ReadBack, noted: _Noted) -> None:
        noted.lines.append(self._scribe.line(change, VERIFIED))
        noted.settled |= {sent_key(change, {}), _key(change, sent)}
        match sent.image:
            case BindingImage(key):
                noted.bindings[key] = sent.refs - change.keeps if isinstance(change, Rebind) else sent.refs
                noted.verified_bindings[key] = sent.refs
            case image if image.after is None:
                noted.gone.add(image.ref)
            case image:
                noted.verified_pages[image.ref] = seen.pages[image.ref]

    def _differs(self, change: Change, sent: SentChange, seen: ReadBack, noted: _Noted) -> None:
        noted.lines.append(self._scribe.line(change, DIFFERS))
        image, key = sent.image, _key(change, sent)
        kept: frozenset[PageRef] | ExistingPage | None
        if isinstance(image, BindingImage):
            if (kept := seen.bindings.get(image.key)) is not None:
                noted.kept_bindings[image.key] = kept
        elif (kept := seen.pages.get(image.ref)) is not None:
            noted.kept_pages[image.ref] = kept
        before = self._ledger.setbacks.get(key)
        text = kept_text(kept)
        times = before.times + 1 if before and before.kept == text else 1
        noted.setbacks[key] = Setback(self._scribe.now(), name_of(change), times=times, kept=text)


def _key(change: Change, sent: SentChange) -> str:
    """Return what was sent is known by: for a page its reference too, though it was made just now."""
    image = sent.image
    if isinstance(image, BindingImage):
        return binding_key(image.key, image.after)
    return page_key(image.ref, image.after) if image.after else sent_key(change, {})


def _unread(sent: SentChange, seen: ReadBack) -> TargetError | None:
    image = sent.image
    return seen.unread.get(image.key if isinstance(image, BindingImage) else image.ref)
