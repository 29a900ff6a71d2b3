"""A store for the watch, and the advertisements of its beacons."""

from uuid import UUID

from beacon_gateway.core.model.clocks import Clock
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from beacon_gateway.core.model.store import Beacon, Floor, Store
from beacon_gateway.services.log.journal import Journal, LogStore
from beacon_gateway.services.tracking.beacon_monitor import BeaconMonitor
from tests.services.tracking.manual_clock import ManualClock

UUID_OF_STORE = UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825")
SHOES, WATCHES, CART = (BeaconKey(UUID_OF_STORE, 10_006, minor) for minor in (1, 2, 3))
STANDING = {
    SHOES: Beacon(SHOES, slug="shoes", name="Shoes", floor="F2"),
    WATCHES: Beacon(WATCHES, slug="watches", name="Watches", floor="F3"),
}
TAGS = {CART: Beacon(CART, slug="cart", name="Cart", floor="F2", mobile=True)}
HEADPHONES = {APPLE_COMPANY_ID: bytes.fromhex("0719010e2022f58f00000a7d9fff27234873d4305e0fed1b39e2b8")}


def store_of(*keys: BeaconKey, revision: str = "a1b2c3", floor: str = "F2") -> Store:
    """Return a store of these beacons; those that have no floor of their own hang on `floor`."""
    known = STANDING | TAGS
    return Store(
        floors={slug: Floor(slug, slug) for slug in ("F2", "F3")},
        beacons={key: known.get(key) or Beacon(key, slug=str(key), name="", floor=floor) for key in keys},
        pages={},
        revision=revision,
    )


def watch_over(*keys: BeaconKey, clock: Clock, hit_log: LogStore, commit_every: float = 0.0) -> BeaconMonitor:
    """Return the watch of a gateway that hangs on F3, with a store of these beacons in use."""
    journal = Journal(gateway="gw-f3", boot="boot-1", clock=clock, log=hit_log, commit_every=commit_every)
    watch = BeaconMonitor(floor="F3", clock=clock, journal=journal)
    watch.use(store_of(*keys))
    return watch


def advertisement(key: BeaconKey) -> dict[int, bytes]:
    return {APPLE_COMPANY_ID: Frame(key, -59).payload()}


def hear(watch: BeaconMonitor, clock: ManualClock, *keys: BeaconKey, times: int = 3, rssi: int = -67) -> None:
    """Let each beacon advertise once a second, the first time now; the clock then shows the last time."""
    for number in range(times):
        if number:
            clock.advance(1)
        for key in keys:
            watch.take(advertisement(key), rssi)
