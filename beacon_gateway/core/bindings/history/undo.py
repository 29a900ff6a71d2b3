"""The step back: from what an apply did, as the audit log recorded it, to what was there before."""

from collections.abc import Iterable, Mapping

from beacon_gateway.core.bindings.history.audit import REFUSED, AuditLine, BindingImage, Image, PageImage
from beacon_gateway.core.bindings.page_changes import shown_where_readdressed
from beacon_gateway.core.bindings.plan import Plan, Rebind, RestorePage, Withheld, WithheldReason, in_order
from beacon_gateway.core.bindings.target import Existing, ExistingPage, Ledger, PageRef
from beacon_gateway.core.model.store import Store


def done_by(lines: Iterable[AuditLine]) -> tuple[Image, ...]:
    """Return what a run changed, or may have changed: its first "before" and last "after" of each beacon and page."""
    images: dict[str, Image] = {}
    last: dict[str, str] = {}
    told = tuple(lines)
    for line in told:
        last[line.change] = line.outcome
    for line in told:
        if line.image is None or last[line.change].startswith(REFUSED):
            continue
        subject = str(line.image.key) if isinstance(line.image, BindingImage) else f"page {line.image.ref}"
        images[subject] = _joined(images.get(subject), line.image)
    return tuple(images.values())


def _joined(first: Image | None, then: Image) -> Image:
    match first, then:
        case BindingImage(), BindingImage():
            return BindingImage(then.key, first.before, then.after, first.ours_before, then.place or first.place)
        case PageImage(), PageImage():
            return PageImage(then.slug, then.ref, first.before, then.after)
        case _:
            return then


def plan_back(
    images: Iterable[Image], store: Store, existing: Existing, ledger: Ledger, *, force: bool = False
) -> Plan:
    """Compare what is there with what was there before.

    What somebody changed since is left alone. Pages that were made stay, shown by nothing; pages that were deleted
    cannot come back under their number, and are named.
    """
    pages: list[RestorePage] = []
    bindings: list[Rebind] = []
    withheld: list[Withheld] = []
    left_over: list[str] = []
    deleted: list[tuple[PageRef, ExistingPage]] = []
    there = existing.refs
    for image in images:
        if isinstance(image, PageImage):
            now = existing.pages.get(image.ref)
            if image.before is None or now == image.before:
                continue
            if now is None and image.after is None and image.ref not in there:
                deleted.append((image.ref, image.before))
            elif now is None or now != image.after:
                left_over.append(image.slug or str(image.ref))
            else:
                pages.append(RestorePage(image.slug, image.ref, now, image.before))
            continue
        change = _back(image, store, existing)
        if change is None:
            continue
        why = _why_not(image, change, existing, force=force)
        if why:
            withheld.append(Withheld(image.key, change.beacon, why, was=change.was))
        else:
            bindings.append(change)
    readdressed = shown_where_readdressed(pages, existing, Existing({}, {}))
    scope = {*store.beacons, *ledger.bindings, *(change.key for change in bindings)}
    bound = {key for key in scope if existing.bindings.get(key)}.union(*readdressed.values())
    return Plan(
        pages=tuple(pages),
        bindings=in_order(bindings),
        withheld=tuple(withheld),
        known=_slugs(store, existing, ledger),
        bound=len(bound),
        left_over=tuple(left_over),
        deleted=tuple(deleted),
        showing=frozenset(
            key for key in scope if existing.bindings.get(key, frozenset()) & ledger.bindings.get(key, frozenset())
        ),
        readdressed=readdressed,
    )


def _back(image: BindingImage, store: Store, existing: Existing) -> Rebind | None:
    """Return the change that shows again what was shown, None if that is so already."""
    now = existing.bindings.get(image.key, frozenset())
    if now == image.before:
        return None
    return Rebind(
        key=image.key,
        beacon=store.beacons.get(image.key),
        before=now,
        keeps=image.before - image.ours_before,
        pages=(),
        loses=now - image.before,
        restores=image.before & image.ours_before,
        was=None if image.key in store.beacons else image.place,
    )


def _why_not(image: BindingImage, change: Rebind, existing: Existing, *, force: bool) -> WithheldReason | None:
    if image.key not in existing.bindings:
        return WithheldReason.NOT_AT_TARGET
    if change.before != image.after:
        return WithheldReason.CHANGED_SINCE
    if not image.before <= existing.refs:
        return WithheldReason.PAGE_GONE
    if change.beacon and change.beacon.protect and change.before and not force:
        return WithheldReason.PROTECTED
    return None


def _slugs(store: Store, existing: Existing, ledger: Ledger) -> Mapping[str, PageRef]:
    """Return the pages whose titles the files know."""
    there = existing.refs
    return {slug: ref for slug, ref in ledger.pages.items() if slug in store.pages and ref in there}
