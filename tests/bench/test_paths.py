"""The bench measures what it says: each path hears the stream, with bleak and without."""

from itertools import product

import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from tests.bench.paths import PATHS, STREAMS, WAYS
from tests.bench.stream import STREAM


@pytest.mark.parametrize(("way", "stream"), [*product(WAYS, STREAMS)])
async def test_every_advertisement_reaches_the_callback(way: str, stream: str) -> None:
    heard: list[int] = []

    def receive(_device: BLEDevice, advertisement: AdvertisementData) -> None:
        heard.append(advertisement.rssi)

    advertisements = STREAMS[stream]()
    WAYS[way](receive, advertisements)()
    assert heard == [advertisement.rssi for advertisement in advertisements]
    assert len(heard) == STREAM


@pytest.mark.parametrize(("way", "path"), [*product(WAYS, PATHS)])
async def test_every_path_takes_the_stream(way: str, path: str) -> None:
    WAYS[way](PATHS[path](), STREAMS["store"]())()
