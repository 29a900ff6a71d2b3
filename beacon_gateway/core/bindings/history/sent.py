"""What one change sends to the target: what the ledger notes before, what it is known by, and how it reads back."""

import hashlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from beacon_gateway.core.bindings.history.audit import BindingImage, Image, LedgerEntry, PageImage
from beacon_gateway.core.bindings.ownership import as_it_should_be
from beacon_gateway.core.bindings.plan import Change, DeletePage, EditPage, MakePage, Rebind, RestorePage
from beacon_gateway.core.bindings.target import Existing, ExistingPage, Ledger, PageRef, ReadBack
from beacon_gateway.core.model.ibeacon import BeaconKey

FIELDS = ("title", "description", "url", "mark")
"""Of a page, as they are compared."""


@dataclass(frozen=True, slots=True)
class SentChange:
    """One change, and what becomes of the ledger with it."""

    refs: frozenset[PageRef]
    """The pages that it concerns; of a beacon, all that it is to show."""
    image: Image
    entry: LedgerEntry = field(default_factory=LedgerEntry)
    """Without a line for the audit log."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What the target keeps otherwise than it was sent."""

    field: str
    """One of `FIELDS`, or "pages"."""
    sent: str
    kept: str


def made(change: MakePage, ref: PageRef) -> SentChange:
    """Return what was sent to make a page, once the target has given it a reference."""
    page = as_it_should_be(change.page)
    entry = LedgerEntry(pages={change.page.slug: ref}, sent=Existing({ref: page}, {}))
    return SentChange(frozenset({ref}), PageImage(change.page.slug, ref, None, page), entry)


def to_send(
    change: EditPage | RestorePage | DeletePage | Rebind, known: Mapping[str, PageRef], ledger: Ledger
) -> SentChange:
    """Return what a change sends. All pages that it names must be known."""
    match change:
        case EditPage(page, ref, before):
            after = as_it_should_be(page)
            entry = LedgerEntry(pages={page.slug: ref}, sent=Existing({ref: after}, {}))
            return SentChange(frozenset({ref}), PageImage(page.slug, ref, before, after), entry)
        case RestorePage(slug, ref, before, former):
            image = PageImage(slug, ref, before, former)
            return SentChange(frozenset({ref}), image, LedgerEntry(sent=Existing({ref: former}, {})))
        case DeletePage(ref, before):
            return SentChange(frozenset({ref}), PageImage("", ref, before, None))
        case Rebind():
            ours = frozenset(known[slug] for slug in change.pages) | change.restores
            after_it = ours | change.keeps
            # Of what is there now, ours is what the change takes away or keeps on giving.
            ours_before = ledger.bindings.get(change.key, frozenset()) | (change.before - change.keeps)
            image_of_it = BindingImage(change.key, change.before, after_it, ours_before & change.before, change.place)
            entry = LedgerEntry(bindings={change.key: ours | change.loses}, sent=Existing({}, {change.key: after_it}))
            return SentChange(after_it, image_of_it, entry)


def sent_key(change: Change, known: Mapping[str, PageRef]) -> str:
    """Return what a change is known by: the same for the same ids and content, whatever is at the target now.

    What is still to be made has no id yet: then its name stands for it.
    """
    match change:
        case MakePage(page):
            return _digest("make", _fields(as_it_should_be(page)))
        case EditPage(page, ref, _):
            return page_key(ref, as_it_should_be(page))
        case RestorePage(_, ref, _, former):
            return page_key(ref, former)
        case DeletePage(ref, _):
            return _digest("delete", ref)
        case Rebind():
            refs = {known.get(slug, PageRef(slug)) for slug in change.pages}
            return binding_key(change.key, refs | change.restores | change.keeps)


def page_key(ref: PageRef, page: ExistingPage) -> str:
    """Return what a page's content is known by, whether it was made or edited."""
    return _digest("page", ref, _fields(page))


def binding_key(key: BeaconKey, refs: AbstractSet[PageRef]) -> str:
    """Return what a beacon's whole set of pages is known by."""
    return _digest("bind", str(key), sorted(refs))


def _digest(*content: object) -> str:
    return hashlib.sha256(repr(content).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def differences(image: Image, seen: ReadBack | Existing) -> tuple[Mismatch, ...]:
    """Return what reads back otherwise than it was sent; empty where it is as it should be."""
    if isinstance(image, BindingImage):
        refs = seen.bindings.get(image.key)
        if refs == image.after:
            return ()
        return (Mismatch("pages", _listed(image.after), "" if refs is None else _listed(refs)),)
    page = seen.pages.get(image.ref)
    if image.after is None:
        return (Mismatch("page", "", image.ref),) if page else ()
    if page is None:
        return (Mismatch("page", image.ref, ""),)
    return page_differences(image.after, page)


def page_differences(sent: ExistingPage, kept: ExistingPage) -> tuple[Mismatch, ...]:
    """Return the fields of a page that are kept otherwise than they were sent."""
    pairs = zip(FIELDS, _fields(sent), _fields(kept), strict=True)
    return tuple(Mismatch(name, was, now) for name, was, now in pairs if was != now)


def _fields(page: ExistingPage) -> tuple[str, ...]:
    return page.title, page.description, page.url, page.mark


def kept_text(kept: ExistingPage | frozenset[PageRef] | None) -> str:
    """Return what the target keeps as a text that can be compared."""
    return repr(_fields(kept) if isinstance(kept, ExistingPage) else sorted(kept or ()))


def _listed(refs: frozenset[PageRef]) -> str:
    return ", ".join(sorted(refs))
