"""Shake Nearby's pages, devices and relations as a binding target.

"Device" is WeChat's word for a beacon, and stays in this room. `device/bindpage` replaces a device's whole set of
pages; `relation/search` is the only call that tells what is bound.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Final, TypeVar

from beacon_gateway.adapters.wechat.client import IN_FLIGHT, Client, Upload
from beacon_gateway.adapters.wechat.devices import DeviceName, Devices
from beacon_gateway.adapters.wechat.pages import Draft, Page, Pages
from beacon_gateway.adapters.wechat.relations import Relations
from beacon_gateway.adapters.wechat.together import together
from beacon_gateway.core.circuit_breaker import CircuitBreaker
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.icon_image import format_of
from beacon_gateway.core.ownership import mark
from beacon_gateway.core.store import OwnPage
from beacon_gateway.core.target import (
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
    WaitForQuota,
)

T = TypeVar("T")

MAX_ADDRESSES: Final = 1000
ICON_SECONDS: Final = 10.0
"""Within which a picture is read: it may lie on a share that hangs."""
BAD_PAGE: Final = "9001027"
"""A page's texts, address or icon are not as WeChat wants them; it does not say which."""


class Shakearound:
    """One account's pages and bindings. Remembers ids and icons from its last `read`, and what it uploaded."""

    def __init__(self, client: Client, icon: Callable[[OwnPage], bytes], *, icon_seconds: float = ICON_SECONDS) -> None:
        self._icon, self._icon_seconds = icon, icon_seconds
        self._devices, self._pages, self._relations = Devices(client), Pages(client), Relations(client)
        self._device_ids: dict[BeaconKey, int] = {}
        self._failing: set[PageRef] = set()
        """Pages that did not say at the last reading what shows them."""
        self._drafts: dict[PageRef, Draft] = {}
        """Each page as last read: its icon's address is wanted for an edit."""
        self._addresses: dict[str, str] = {}
        """Where WeChat has the icons that were uploaded, by the SHA-256 of their content. Nothing is known of an end of
        these addresses; one that is refused is forgotten."""

    async def read(self) -> Existing:
        """Read everything: ⌈devices/50⌉ + ⌈pages/50⌉ calls, and one for each 50 devices of each page.

        Where a page does not say what shows it, the reading fails; the second time in a row that is the page's own
        trouble, and it is `unread`.
        """
        breaker = CircuitBreaker()
        unread: dict[str, TargetError] = {}
        async with together() as tasks:
            reading_devices = tasks.create_task(self._devices.listed())
            pages = self._remember(await self._pages.all())
            room = asyncio.Semaphore(IN_FLIGHT - 1)  # one is left to the devices, whose answers come one after another
            relations = {ref: tasks.create_task(self._devices_of(ref, room, breaker, unread)) for ref in pages}
        if len(unread) > max(1, len(pages) // 2):  # the way to ask is broken, and no page
            raise next(iter(unread.values()))
        listed = reading_devices.result()
        self._device_ids.update({device.key: device.device_id for device in listed.devices})
        bindings: dict[BeaconKey, set[PageRef]] = {device.key: set() for device in listed.devices}
        for ref, relation in relations.items():
            shown_by = relation.result()
            if shown_by is None:
                del pages[ref]
                continue
            for name in shown_by:
                if isinstance(name, BeaconKey):
                    bindings.setdefault(name, set()).add(ref)
                elif name not in listed.unread:
                    raise TryLater(f"WeChat lists a device {name} without a key for page {ref}, and with one elsewhere")
        last_active = {device.key: device.last_active for device in listed.devices if device.dated}
        unread |= {f"device {device_id}": error for device_id, error in listed.unread.items()}
        shown = {key: frozenset(refs) for key, refs in bindings.items()}
        return Existing(pages, shown, last_active, frozenset(self._addresses), unread)

    async def read_back(self, beacons: Sequence[BeaconKey], pages: Sequence[PageRef]) -> ReadBack:
        """Read only these: one call a beacon, one for each 50 pages. Raises TargetError for what concerns all."""
        found: dict[PageRef, ExistingPage] = {}
        bindings: dict[BeaconKey, frozenset[PageRef]] = {}
        unread: dict[BeaconKey | PageRef, TargetError] = {}
        breaker = CircuitBreaker()

        async def read(key: BeaconKey) -> None:
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
            found = self._remember(await self._find([int(ref) for ref in pages]))
        except TargetError as error:
            breaker.met(error)
            unread.update(dict.fromkeys(pages, error))
        async with together() as tasks:
            for key in beacons:
                tasks.create_task(read(key))
        return ReadBack(found, bindings, unread)

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
        await self._pages.update(int(ref), Draft(page.title, page.description, page.url, page.icon, page.mark))

    async def delete_page(self, ref: PageRef) -> None:
        """Delete a page; WeChat refuses while a device shows it (9001029)."""
        await self._pages.delete(int(ref))

    async def bind(self, beacon: BeaconKey, pages: Iterable[PageRef]) -> None:
        """Make a device's pages exactly these; an empty set clears it."""
        await self._devices.bind(self._name(beacon), [int(ref) for ref in pages])

    async def _devices_of(
        self, ref: PageRef, room: asyncio.Semaphore, breaker: CircuitBreaker, unread: dict[str, TargetError]
    ) -> list[DeviceName] | None:
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
            return []
        breaker.answered()
        self._failing.discard(ref)
        return found

    async def _find(self, page_ids: Sequence[int]) -> list[Page]:
        """Read these pages; where one does not exist, WeChat may refuse the list, and each is asked for alone."""
        try:
            return await self._pages.find(page_ids)
        except Outdated:
            pass
        if len(page_ids) == 1:
            return []
        return [page for page_id in page_ids for page in await self._find([page_id])]

    async def _with_icon(self, page: OwnPage, send: Callable[[Draft], Awaitable[T]]) -> T:
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

    def _remember(self, pages: Iterable[Page]) -> dict[PageRef, ExistingPage]:
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


def _draft(page: OwnPage, icon_url: str) -> Draft:
    return Draft(title=page.title, description=page.description, url=page.url, icon_url=icon_url, comment=mark(page))
