"""One official account: its devices, pages, bindings and what customers do with them. No HTTP, no asyncio."""

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import islice

from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.fields import width
from beacon_gateway.simulator.wechat.settings import EmulatorSettings
from beacon_gateway.simulator.wechat.state.applications import ApplicationBatch, EmulatedApplications
from beacon_gateway.simulator.wechat.state.groups import EmulatedGroups
from beacon_gateway.simulator.wechat.state.materials import EmulatedMaterials
from beacon_gateway.simulator.wechat.state.records import WECHAT_UUID, EmulatedDevice, EmulatedPage, ShakeResult
from beacon_gateway.simulator.wechat.state.registration import Registration
from beacon_gateway.simulator.wechat.state.serials import IdSequence
from beacon_gateway.simulator.wechat.state.statistics import EmulatedStatistics
from beacon_gateway.simulator.wechat.state.tickets import Tickets, with_ticket

# Widths in ASCII characters, a Chinese one counts 2: "Page management", "Apply device ID", "Edit device" pages.
MAX_TITLE_WIDTH = 12
MAX_DESCRIPTION_WIDTH = 14
MAX_COMMENT_WIDTH = 30
MAX_PAGES_PER_DEVICE = 30
FIRST_MAJOR = 10_001  # as in the official samples

CONSOLE_ICON = "http://shp.qpic.cn/wechat_shakearound_pic/0/console/120"

_ADDRESS = re.compile(r"https?://[^/\s]")


class EmulatedAccount:
    """State and rules. `clock` gives unix seconds; a broken rule raises `EmulatedError`."""

    def __init__(self, settings: EmulatorSettings, clock: Callable[[], float], rng: random.Random) -> None:
        self.settings = settings
        self.now = clock
        self.devices: dict[int, EmulatedDevice] = {}
        self.pages: dict[int, EmulatedPage] = {}
        self.materials = EmulatedMaterials(settings, rng)
        self.groups = EmulatedGroups(settings, rng)
        self.applications = EmulatedApplications(settings, rng)
        self.registration = Registration(settings)
        self.statistics = EmulatedStatistics(settings)
        self.tickets = Tickets()
        self._rng = rng
        self._device_ids = IdSequence(20_001, rng)
        self._page_ids = IdSequence(50_054, rng)
        self._next_major = FIRST_MAJOR
        self._by_key: dict[tuple[str, int, int], int] = {}

    # Devices

    def add_device(
        self,
        *,
        uuid: str | None = None,
        major: int,
        minor: int,
        comment: str = "",
        device_id: int | None = None,
    ) -> int:
        """A device without the review, and its id. Raises ValueError for an id or a key that is taken or none."""
        key = ((uuid or WECHAT_UUID).upper(), major, minor)
        if not (0 <= major < 1 << 16 and 0 <= minor < 1 << 16):
            raise ValueError(f"major {major} and minor {minor} must be 0..65535")
        if key in self._by_key or device_id in self.devices:
            raise ValueError(f"device {device_id} or key {key} exists already")
        device_id = self._device_ids.take(device_id)
        self.devices[device_id] = EmulatedDevice(device_id, *key, comment=comment)
        self._by_key[key] = device_id
        return device_id

    def device(self, device_id: int) -> EmulatedDevice:
        """The device. Raises 9001025."""
        if device_id not in self.devices:
            raise EmulatedError(9001025)
        return self.devices[device_id]

    def device_of_key(self, uuid: str, major: int, minor: int) -> EmulatedDevice:
        """The device that sends this key; the UUID in upper case as allocated. Raises 9001025."""
        return self.device(self._by_key.get((uuid, major, minor), 0))

    def describe_device(self, device_id: int, comment: str) -> None:
        """Overwrite the comment. Raises 9001034 when it is too wide."""
        if width(comment) > MAX_COMMENT_WIDTH:
            raise EmulatedError(9001034)
        self.devices[device_id] = replace(self.device(device_id), comment=comment)

    def place_device(self, device_id: int, poi_id: int, poi_appid: str = "") -> None:
        """Link to a store, of another account if `poi_appid`; 0 clears. Raises 9001033 for a store that is none."""
        self.check_store(poi_id)
        self.devices[device_id] = replace(self.device(device_id), poi_id=poi_id, poi_appid=poi_appid if poi_id else "")

    def check_store(self, poi_id: int) -> None:
        """Raise 9001033 for a `poi_id` that is neither 0 nor a store."""
        known = self.settings.stores
        if poi_id < 0 or (poi_id and known is not None and poi_id not in known):
            raise EmulatedError(9001033)

    # Applications for devices

    def apply_for_devices(self, quantity: int, reason: str, comment: str = "", poi_id: int = 0) -> int:
        """Ask for devices; return `apply_id`. Raises what `EmulatedApplications.submit` does, 9001033 and 9001034."""
        if width(comment) > MAX_COMMENT_WIDTH:
            raise EmulatedError(9001034)
        self.check_store(poi_id)
        now = self.now()
        activated = sum(1 for device_id in self.devices if self.statistics.last_active(device_id, now))
        return self.applications.submit(
            now, quantity, reason, comment, poi_id, devices=len(self.devices), activated=activated
        )

    def review(self, apply_id: int, *, approve: bool, comment: str = "") -> None:
        """What the staff say about a large batch. Raises 9001047 for an unknown or decided one."""
        batch = self.applications.decide(apply_id, self.now(), approve=approve, comment=comment)
        if approve:
            self._allocate(batch)

    def settle(self) -> None:
        """Allocate the devices of the batches whose review by machine has ended."""
        for batch in self.applications.settle(self.now()):
            self._allocate(batch)

    def _allocate(self, batch: ApplicationBatch) -> None:
        keys = (
            (major, minor)
            for major in range(self._next_major, 1 << 16)
            for minor in range(1, 1 << 16)
            if (WECHAT_UUID, major, minor) not in self._by_key
        )
        for major, minor in islice(keys, batch.quantity):
            device_id = self.add_device(major=major, minor=minor, comment=batch.comment)
            device = replace(self.devices[device_id], apply_id=batch.apply_id, poi_id=batch.poi_id)
            self.devices[device_id] = device
            self._next_major = major + 1

    # Pages

    def add_page(
        self, *, title: str, description: str, page_url: str, icon_url: str = CONSOLE_ICON, comment: str = ""
    ) -> int:
        """A page as if made in the console, whose icon counts as uploaded; its id. Raises 9001027."""
        self.materials.accept_icon(icon_url)
        return self.create_page(title, description, page_url, icon_url, comment)

    def create_page(self, title: str, description: str, page_url: str, icon_url: str, comment: str) -> int:
        """A new page's id. Raises 9001027."""
        self._check_page(EmulatedPage(0, title, description, page_url, icon_url, comment))
        page_id = self._page_ids.take()
        self.pages[page_id] = EmulatedPage(page_id, title, description, page_url, icon_url, comment)
        return page_id

    def page(self, page_id: int) -> EmulatedPage:
        """The page. Raises 9001026."""
        if page_id not in self.pages:
            raise EmulatedError(9001026)
        return self.pages[page_id]

    def replace_page(self, page: EmulatedPage) -> None:
        """Overwrite a page. Raises 9001026 for an unknown one, 9001027 for bad parameters."""
        self.page(page.page_id)
        self._check_page(page)
        self.pages[page.page_id] = page

    def delete_pages(self, page_ids: Iterable[int]) -> None:
        """Delete all or nothing. Raises 9001026 for an unknown page, 9001029 for one that a device still shows."""
        doomed = [self.page(page_id).page_id for page_id in dict.fromkeys(page_ids)]
        if any(self.devices_of_page(page_id) for page_id in doomed):
            raise EmulatedError(9001029)
        for page_id in doomed:
            del self.pages[page_id]

    def _check_page(self, page: EmulatedPage) -> None:
        sound = (
            0 < width(page.title) <= MAX_TITLE_WIDTH
            and 0 < width(page.description) <= MAX_DESCRIPTION_WIDTH
            and width(page.comment) <= MAX_COMMENT_WIDTH
            and _ADDRESS.match(page.page_url)
            and self.materials.is_icon(page.icon_url)
        )
        if not sound:
            raise EmulatedError(9001027)

    # Bindings

    def bindings(self, device_id: int) -> tuple[int, ...]:
        """The pages that a device shows, ascending. Raises 9001025."""
        return self.device(device_id).page_ids

    def devices_of_page(self, page_id: int) -> list[EmulatedDevice]:
        """The devices that show a page, ascending."""
        return [device for device in self.sorted_devices() if page_id in device.page_ids]

    def bind(self, device_id: int, page_ids: Iterable[int]) -> None:
        """Let a device show exactly these pages, or change nothing.

        Raises 9001025 for an unknown device, 9001026 for an unknown page, 9001037 for more than 30.
        """
        device = self.device(device_id)
        wanted = sorted(set(page_ids))
        if len(wanted) > MAX_PAGES_PER_DEVICE:
            raise EmulatedError(9001037)
        for page_id in wanted:
            self.page(page_id)
        self.devices[device_id] = replace(device, page_ids=tuple(wanted))

    def sorted_devices(self) -> list[EmulatedDevice]:
        return [self.devices[device_id] for device_id in sorted(self.devices)]

    # Customers

    def shake(
        self,
        device_id: int,
        openid: str,
        *,
        distance: float = 0.5,
        around: Mapping[int, float] | None = None,
        listed: bool = False,
    ) -> ShakeResult | None:
        """A customer shakes the phone beside a device: one of its pages by chance, or None if it has none.

        `distance` and the values of `around` (device ids heard as well) are metres; `listed`: the phone showed a list
        because several accounts were near.
        """
        device = self.device(device_id)
        if not device.page_ids:
            return None
        page = self.pages[self._rng.choice(device.page_ids)]
        ticket = f"{self._rng.getrandbits(128):032x}"
        shake = ShakeResult(
            ticket=ticket,
            url=with_ticket(page.page_url, ticket),
            openid=openid,
            when=int(self.now()),
            device_id=device_id,
            page_id=page.page_id,
            distance=distance,
            around=tuple(sorted((around or {}).items(), key=lambda heard: heard[1])),
            listed=listed,
        )
        self.tickets.add(shake)
        self.statistics.shaken(shake)
        return shake

    def open_page(self, ticket: str) -> None:
        """The customer taps what the shake showed. Raises 9001003."""
        self.statistics.clicked(self.tickets.find(ticket, self.now()), self.now())
