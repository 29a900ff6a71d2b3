"""Shake Nearby's pages, devices and relations as a binding target.

"Device" is WeChat's word for a beacon, and stays in this room. `device/bindpage` replaces a device's whole set of
pages; `relation/search` is the only call that says what is bound.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Final, TypeVar

from beacon_gateway.adapters.wechat.account_reader import unread_rows
from beacon_gateway.adapters.wechat.devices import DeviceCalls, DeviceName
from beacon_gateway.adapters.wechat.pages import ListedPages, PageCalls, PageContent, UnreadPage, WeChatPage
from beacon_gateway.adapters.wechat.relations import Relations, ShownBy
from beacon_gateway.adapters.wechat.together import together
from beacon_gateway.adapters.wechat.transport.client import MAX_CALLS_IN_FLIGHT, Upload, WeChatClient
from beacon_gateway.core.bindings.history.circuit_breaker import CircuitBreaker
from beacon_gateway.core.bindings.ownership import mark
from beacon_gateway.core.bindings.target import (
    Existing,
    ExistingPage,
    IconAway,
    Outdated,
    PageRef,
    ReadBack,
    Refused,
    SlowDown,
    TargetError,
    TryLater,
    Unreachable,
    UnreadablePage,
    WaitForQuota,
)
from beacon_gateway.core.files.icon_image import format_of
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import OwnPage
from beacon_gateway.core.model.unread_row import UnreadRow

T = TypeVar("T")

MAX_ADDRESSES: Final = 1000
ICON_TIMEOUT_S: Final = 10.0
"""Within which a picture is read: it may lie on a share that hangs."""
BAD_PAGE: Final = "9001027"
"""A page's texts, address or icon are not as WeChat wants them; it does not say which."""


class Shakearound:
    """One account's pages and bindings. Remembers ids and icons from its last `read`, and what it uploaded."""

    def __init__(
        self, client: WeChatClient, icon: Callable[[OwnPage], bytes], *, icon_seconds: float = ICON_TIMEOUT_S
    ) -> None:
        self._icon, self._icon_seconds = icon, icon_seconds
        self._devices, self._pages, self._relations = DeviceCalls(client), PageCalls(client), Relations(client)
        self._device_ids: dict[BeaconKey, int] = {}
        self._failing: set[PageRef] = set()
        """Pages that did not say at the last reading what shows them."""
        self._drafts: dict[PageRef, PageContent] = {}
        """Each page as last read: its icon's address is wanted for an edit."""
        self._addresses: dict[str, str] = {}
        """Where WeChat has the icons that were uploaded, by the SHA-256 of their content. Nothing is known of an end of
        these addresses; one that is refused is forgotten."""

    async def read(self) -> Existing:
        """Read everything: ⌈devices/50⌉ + ⌈pages/50⌉ calls, and one for each 50 devices of each page.

        Where a page does not say what shows it, the reading fails; the second time in a row that is the page's own
        trouble, and it is `unread`. So is a row of a list that makes no sense, at once: the rest of the answer does.
        """
        breaker = CircuitBreaker()
        unread: dict[PageRef | UnreadRow, TargetError] = {}
        async with together() as tasks:
            reading_devices = tasks.create_task(self._devices.listed())
            listing = await self._pages.listed()
            pages = self._remember(listing.pages)
            refs = [*pages, *(_ref(page.page_id) for page in listing.unread if page.page_id is not None)]
            room = asyncio.Semaphore(
                MAX_CALLS_IN_FLIGHT - 1
            )  # one is left to the devices, whose answers come one after another
            relations = {ref: tasks.create_task(self._devices_of(ref, room, breaker, unread)) for ref in refs}
        listed = reading_devices.result()
        self._device_ids.update({device.key: device.device_id for device in listed.devices})
        bindings: dict[BeaconKey, set[PageRef]] = {device.key: set() for device in listed.devices}
        keys = {device.device_id: device.key for device in listed.devices}
        gone: set[PageRef] = set()
        for ref, relation in relations.items():
            shown_by = relation.result()
            if shown_by is None:
                gone.add(ref)
                continue
            for name in shown_by.devices:
                if key := name if isinstance(name, BeaconKey) else keys.get(name):
                    bindings.setdefault(key, set()).add(ref)
                elif name not in listed.unread:
                    unread[ref] = TryLater(f"page {ref} is on a device {name}, which the list of devices does not name")
            if shown_by.unread:
                unread[ref] = shown_by.unread
        if len(unread) > max(1, len(refs) // 2):  # the way to ask is broken, and no page
            raise next(iter(unread.values()))
        last_active = {device.key: device.last_active for device in listed.devices if device.dated}
        odd = [page for page in listing.unread if page.page_id is None or _ref(page.page_id) not in gone]
        unread.update(unread_rows(ListedPages(listing.pages, odd), listed))
        return Existing(
            {ref: page for ref, page in pages.items() if ref not in gone},
            {key: frozenset(refs) for key, refs in bindings.items()},
            last_active,
            frozenset(self._addresses),
            unread,
            tuple(_unreadable(page) for page in odd),
        )

    async def read_back(self, beacons: Sequence[BeaconKey], pages: Sequence[PageRef]) -> ReadBack:
        """Read only these: one call a beacon, one for each 50 pages. Raises TargetError for what concerns all."""
        found: dict[PageRef, ExistingPage] = {}
        bindings: dict[BeaconKey, frozenset[PageRef]] = {}
        unread: dict[BeaconKey | PageRef, TargetError] = {}
        there = frozenset[PageRef]()
        breaker = CircuitBreaker()

        async def ask(key: BeaconKey) -> None:
            try:
                bindings[key] = frozenset(map(_ref, await self._relations.pages_of(self._name(key))))
            except Outdated:  # no longer the account's: left out
                breaker.answered()
            except TargetError as error:
                breaker.met(error)
                unread[key] = error
            else:
                breaker.answered()

        try:
            read, odd = await self._find([int(ref) for ref in pages])
        except TargetError as error:
            breaker.met(error)
            unread.update(dict.fromkeys(pages, error))
        else:
            found = self._remember(read)
            there = frozenset(map(_ref, odd))
            unread.update({_ref(page_id): error for page_id, error in odd.items()})
        async with together() as tasks:
            for key in beacons:
                tasks.create_task(ask(key))
        return ReadBack(found, bindings, unread, there)

    async def make_page(self, page: OwnPage) -> PageRef:
        return _ref(await self._with_icon(page, self._pages.add))

    async def edit_page(self, ref: PageRef, page: OwnPage) -> None:
        """Overwrite a page in full; the icon is uploaded only if its content changed, and was not uploaded before."""
        old = self._drafts.get(ref)
        if old and old.comment == mark(page):
            await self._pages.update(int(ref), _draft(page, old.icon_url))
        else:
            await self._with_icon(page, partial(self._pages.update, int(ref)))

    async def restore_page(self, ref: PageRef, page: ExistingPage) -> None:
        """Overwrite a page with what was read of it once, its icon's address too."""
        await self._pages.update(int(ref), PageContent(page.title, page.description, page.url, page.icon, page.mark))

    async def delete_page(self, ref: PageRef) -> None:
        """Delete a page; WeChat refuses while a device shows it (9001029)."""
        await self._pages.delete(int(ref))

    async def bind(self, beacon: BeaconKey, pages: Iterable[PageRef]) -> None:
        """Make a device's pages exactly these; an empty set clears it."""
        await self._devices.bind(self._name(beacon), [int(ref) for ref in pages])

    async def _devices_of(
        self,
        ref: PageRef,
        room: asyncio.Semaphore,
        breaker: CircuitBreaker,
        unread: dict[PageRef | UnreadRow, TargetError],
    ) -> ShownBy | None:
        """Read which devices show a page; None if it was deleted since the pages were listed: then none does."""
        try:
            async with room:
                found = await self._relations.devices_of(int(ref))
        except Outdated:
            found = None
        except TargetError as error:
            breaker.met(error)
            if ref not in self._failing or isinstance(error, WaitForQuota | SlowDown | Unreachable):
                self._failing.add(ref)
                raise
            unread[ref] = error
            return ShownBy([])
        breaker.answered()
        self._failing.discard(ref)
        return found

    async def _find(self, page_ids: Sequence[int]) -> tuple[list[WeChatPage], dict[int, TryLater]]:
        """Read these pages; return those of which the answer makes no sense too, and why.

        Where one does not exist, WeChat may refuse the list, and each is asked for alone.
        """
        try:
            found = await self._pages.find(page_ids)
        except Outdated:
            pass
        else:
            return [*found.pages], {**found.unread}
        pages: list[WeChatPage] = []
        unread: dict[int, TryLater] = {}
        for page_id in page_ids if len(page_ids) > 1 else ():
            alone, odd = await self._find([page_id])
            pages += alone
            unread |= odd
        return pages, unread

    async def _with_icon(self, page: OwnPage, send: Callable[[PageContent], Awaitable[T]]) -> T:
        """Send a page with its icon's address: of each content there is one upload, unless its address is refused."""
        known = self._addresses.get(page.icon_digest)
        if known:
            try:
                return await send(_draft(page, known))
            except Refused as error:
                if error.code != BAD_PAGE:
                    raise
                self._addresses.pop(page.icon_digest, None)
        return await send(_draft(page, await self._upload(page)))

    async def _upload(self, page: OwnPage) -> str:
        try:
            async with asyncio.timeout(self._icon_seconds):
                content = await asyncio.to_thread(self._icon, page)
        except OSError as error:
            raise IconAway(page.icon) from error
        # WeChat may go by the name, and people may call a picture as they like.
        name = f"{page.slug}.{format_of(content) or 'png'}"
        address = await self._pages.add_icon(Upload(name, content))
        if len(self._addresses) >= MAX_ADDRESSES:
            del self._addresses[next(iter(self._addresses))]
        self._addresses[page.icon_digest] = address
        return address

    def _remember(self, pages: Iterable[WeChatPage]) -> dict[PageRef, ExistingPage]:
        drafts = {_ref(page.page_id): page.draft for page in pages}
        self._drafts.update(drafts)
        return {
            ref: ExistingPage(draft.title, draft.description, draft.url, draft.comment, draft.icon_url)
            for ref, draft in drafts.items()
        }

    def _name(self, key: BeaconKey) -> DeviceName:
        return self._device_ids.get(key, key)


def _ref(page_id: int) -> PageRef:
    return PageRef(str(page_id))


def _unreadable(page: UnreadPage) -> UnreadablePage:
    return UnreadablePage(None if page.page_id is None else _ref(page.page_id), page.comment)


def _draft(page: OwnPage, icon_url: str) -> PageContent:
    return PageContent(
        title=page.title, description=page.description, url=page.url, icon_url=icon_url, comment=mark(page)
    )
