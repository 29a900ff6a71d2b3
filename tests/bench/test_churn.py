"""The bench of strangers sees what is kept, and that the gateway counts them all as strangers."""

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from tests.bench import churn


def test_a_callback_that_keeps_every_address_is_seen_to_grow() -> None:
    kept: dict[str, AdvertisementData] = {}

    def receive(device: BLEDevice, advertisement: AdvertisementData) -> None:
        kept[device.address] = advertisement

    assert churn.growth(20_000, receive, sweep=lambda: None) > 20_000 * 100
    assert len(kept) > 20_000


async def test_the_gateway_in_a_process_of_its_own_is_measured() -> None:
    assert await churn.measured(1_000) < 8e6
