"""Reads all that an account holds: devices, pages, and which page is bound to which device."""

from beacon_gateway.adapters.wechat.client import Client
from beacon_gateway.adapters.wechat.devices import Device, Devices
from beacon_gateway.adapters.wechat.pages import Page, Pages
from beacon_gateway.adapters.wechat.relations import Relations
from beacon_gateway.adapters.wechat.together import together
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.inventory import Inventory, ListedBeacon, ListedPage
from beacon_gateway.core.target import TryLater


class AccountReader:
    """One account."""

    def __init__(self, client: Client) -> None:
        self._devices, self._pages, self._relations = Devices(client), Pages(client), Relations(client)

    async def read(self) -> Inventory:
        """Read everything: ⌈devices/50⌉ + ⌈pages/50⌉ calls, and one for each 50 devices of each page."""
        async with together() as tasks:
            reading_beacons = tasks.create_task(self.beacons())
            pages = sorted(map(_page, await self._pages.all()), key=lambda page: page.number)
            shown = {page.number: tasks.create_task(self._relations.devices_of(page.number)) for page in pages}
        beacons = reading_beacons.result()
        bindings: dict[BeaconKey, set[int]] = {beacon.key: set() for beacon in beacons}
        for number, names in shown.items():
            for name in names.result():
                if not isinstance(name, BeaconKey):  # a device that cannot be read goes into no file
                    continue
                if name not in bindings:
                    raise TryLater(f"page {number} is bound to {name}, which the list of devices does not name")
                bindings[name].add(number)
        return Inventory(tuple(beacons), tuple(pages), {key: tuple(sorted(n)) for key, n in bindings.items()})

    async def beacons(self) -> list[ListedBeacon]:
        """Read all devices, ascending, but for those that cannot be read."""
        return [listed(device) for device in await self._devices.all()]

    async def counts(self) -> tuple[int, int]:
        """Give how many devices and how many pages there are."""
        return await self._devices.count(), await self._pages.count()


def listed(device: Device) -> ListedBeacon:
    return ListedBeacon(
        number=device.device_id,
        key=device.key,
        comment=device.comment,
        activated=device.activated or device.last_active is not None,
        last_active=device.last_active,
    )


def _page(page: Page) -> ListedPage:
    draft = page.draft
    return ListedPage(
        number=page.page_id,
        title=draft.title,
        description=draft.description,
        url=draft.url,
        icon_url=draft.icon_url,
        comment=draft.comment,
    )
