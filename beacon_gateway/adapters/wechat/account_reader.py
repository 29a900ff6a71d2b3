"""Reads all that an account holds: devices, pages, and which page is bound to which device."""

from collections.abc import Iterator

from beacon_gateway.adapters.wechat.devices import DeviceCalls, ListedDevices, WeChatDevice
from beacon_gateway.adapters.wechat.pages import ListedPages, PageCalls, UnreadPage, WeChatPage
from beacon_gateway.adapters.wechat.relations import Relations
from beacon_gateway.adapters.wechat.together import together
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.core.bindings.target import TargetError, TryLater
from beacon_gateway.core.files.inventory import Inventory, ListedBeacon, ListedPage
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.unread_row import RowKind, UnreadRow


class AccountReader:
    """One account."""

    def __init__(self, client: WeChatClient) -> None:
        self._devices, self._pages, self._relations = DeviceCalls(client), PageCalls(client), Relations(client)

    async def read(self) -> Inventory:
        """Read everything: ⌈devices/50⌉ + ⌈pages/50⌉ calls, and one for each 50 devices of each page."""
        async with together() as tasks:
            reading_devices = tasks.create_task(self._devices.listed())
            listed_pages = await self._pages.listed()
            pages = sorted(map(_page, listed_pages.pages), key=lambda page: page.number)
            shown = {page.number: tasks.create_task(self._relations.devices_of(page.number)) for page in pages}
        listed_devices = reading_devices.result()
        beacons = [listed(device) for device in listed_devices.devices]
        unread = dict(unread_rows(listed_pages, listed_devices))
        bindings: dict[BeaconKey, set[int]] = {beacon.key: set() for beacon in beacons}
        for number, relation in shown.items():
            shown_by = relation.result()
            if shown_by.unread:
                unread[UnreadRow(RowKind.PAGE, str(number))] = shown_by.unread
            for name in shown_by.devices:
                if not isinstance(name, BeaconKey):  # a device that cannot be read goes into no file
                    continue
                if name not in bindings:
                    if listed_devices.unread or listed_devices.nameless:  # it is one of those
                        continue
                    raise TryLater(f"page {number} is bound to {name}, which the list of devices does not name")
                bindings[name].add(number)
        shown_on = {key: tuple(sorted(numbers)) for key, numbers in bindings.items()}
        return Inventory(tuple(beacons), tuple(pages), shown_on, unread)

    async def beacons(self) -> list[ListedBeacon]:
        """Read all devices, ascending, but for those that cannot be read."""
        return [listed(device) for device in await self._devices.all()]

    async def counts(self) -> tuple[int, int]:
        """Return how many devices and how many pages there are."""
        return await self._devices.count(), await self._pages.count()


def unread_rows(pages: ListedPages, devices: ListedDevices) -> Iterator[tuple[UnreadRow, TargetError]]:
    """Yield what the lists do not say in a way that can be read, and why."""
    for device_id, error in devices.unread.items():
        yield UnreadRow(RowKind.DEVICE, str(device_id)), error
    for place, error in devices.nameless.items():
        yield UnreadRow(RowKind.DEVICE, "", place), error
    for page in pages.unread:
        yield _row_of(page), page.error


def _row_of(page: UnreadPage) -> UnreadRow:
    return UnreadRow(RowKind.PAGE, "" if page.page_id is None else str(page.page_id), page.place or 0)


def listed(device: WeChatDevice) -> ListedBeacon:
    return ListedBeacon(
        number=device.device_id,
        key=device.key,
        comment=device.comment,
        activated=device.activated or device.last_active is not None,
        last_active=device.last_active,
    )


def _page(page: WeChatPage) -> ListedPage:
    draft = page.draft
    return ListedPage(
        number=page.page_id,
        title=draft.title,
        description=draft.description,
        url=draft.url,
        icon_url=draft.icon_url,
        comment=draft.comment,
    )
