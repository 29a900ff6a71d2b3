"""What is recorded in these tests, and what is left of it when it is read back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from beacon_gateway.adapters.recording.header import Header
from beacon_gateway.adapters.recording.recorder import Recorder
from beacon_gateway.adapters.recording.recording import Recording
from beacon_gateway.core.model.advertisement import RecordedAdvertisement
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame, decode

HEADER = Header("f6-east", datetime(2025, 5, 1, 2, 0, tzinfo=UTC), 5_000.0, "boot-1", "0.1.0")
KEY = BeaconKey(UUID("FDA50693-A4E2-4FB1-AFCF-C6EB07647825"), 10_006, 1)
BEACON = {APPLE_COMPANY_ID: Frame(KEY, -59).payload()}
SAMSUNG = {0x0075: bytes.fromhex("42040180aa1020304050601020304050607080")}
AIR = [RecordedAdvertisement(second / 2, BEACON if second % 3 else SAMSUNG, -60 - second % 7) for second in range(12)]


async def record(
    path: Path, air: Iterable[RecordedAdvertisement], *, limit: int = 10_000_000, blocks_of: int = 3
) -> Recorder:
    """Record it all, writing after every so many advertisements, and return the recorder when the file is closed."""
    now = HEADER.monotonic
    async with Recorder(path, HEADER, limit=limit) as recorder:
        for number, heard in enumerate(air, 1):
            now = HEADER.monotonic + heard.after
            recorder.hear(heard.manufacturer_data, heard.rssi, now)
            if number % blocks_of == 0:
                await recorder.write()
        recorder.pass_time(now + 0.1)
    return recorder


def played(path: Path) -> tuple[list[RecordedAdvertisement], bool]:
    """Return what a file plays, and whether it was cut off."""
    with Recording(path) as recording:
        return list(recording), recording.cut_off


def kept(air: Sequence[RecordedAdvertisement]) -> list[RecordedAdvertisement]:
    """Return what a recording keeps of it: iBeacons whole, of all else the length; times in milliseconds."""
    return [
        RecordedAdvertisement(round(heard.after * 1000) / 1000, _kept(heard.manufacturer_data), heard.rssi)
        for heard in air
    ]


def _kept(manufacturer_data: Mapping[int, bytes]) -> dict[int, bytes]:
    return {
        company: payload if company == APPLE_COMPANY_ID and decode(payload) else bytes(len(payload))
        for company, payload in manufacturer_data.items()
    }
