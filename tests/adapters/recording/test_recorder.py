"""What a recording keeps, and what it does not."""

import asyncio
import random
import resource
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beacon_gateway.adapters.recording.entries import LONGEST, LONGEST_PAUSE, SLOTS
from beacon_gateway.adapters.recording.recorder import RESERVE, Recorder
from beacon_gateway.adapters.recording.recording import Recording
from beacon_gateway.core.model.advertisement import RecordedAdvertisement
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from tests.adapters.bluez.captures import captures
from tests.adapters.recording.air import AIR, BEACON, HEADER, KEY, SAMSUNG, kept, played, record

manufacturer_data = st.dictionaries(st.integers(0, 0xFFFF), st.binary(max_size=255), max_size=16)
frames = st.builds(
    lambda major, minor, power, more: {
        APPLE_COMPANY_ID: Frame(BeaconKey(KEY.uuid, major, minor), power).payload() + more
    },
    st.integers(0, 0xFFFF),
    st.integers(0, 3),
    st.integers(-128, 127),
    st.binary(max_size=3),
)
advertisements = st.tuples(st.integers(0, 100_000) | st.just(0), frames | manufacturer_data, st.integers(-110, -1))


@given(st.lists(advertisements, max_size=60), st.integers(1, 20))
async def test_what_was_heard_is_read_back_as_it_is_kept(
    tmp_path_factory: pytest.TempPathFactory, heard: list[tuple[int, dict[int, bytes], int]], blocks_of: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "read-back"
    path.unlink(missing_ok=True)
    air, tick = [], 0
    for pause, data, rssi in heard:
        tick += pause
        air.append(RecordedAdvertisement(tick / 1000, data, rssi))
    await record(path, air, blocks_of=blocks_of)
    assert played(path) == (kept(air), False)


async def test_the_header_says_whose_it_is_and_from_when(tmp_path: Path) -> None:
    await record(tmp_path / "air", AIR)
    with Recording(tmp_path / "air") as recording:
        assert recording.header == HEADER
    text = (tmp_path / "air").read_bytes().split(b"\n")[:2]
    assert text[0] == b"beacon-gateway recording 1"
    assert b'"2025-05-01T02:00:00+00:00"' in text[1]


async def test_of_strangers_nothing_is_kept_but_companies_lengths_strength_and_time(tmp_path: Path) -> None:
    strangers = captures("foreign", "lookalike")
    await record(tmp_path / "air", [RecordedAdvertisement(0, frame.manufacturer_data, -60) for frame in strangers])
    content = (tmp_path / "air").read_bytes()
    for frame in strangers:
        for payload in frame.manufacturer_data.values():
            assert payload[:3] not in content.split(b"\n", 2)[2]
    heard, _ = played(tmp_path / "air")
    for one, frame in zip(heard, strangers, strict=True):
        assert {company: len(data) for company, data in one.manufacturer_data.items()} == {
            company: len(data) for company, data in frame.manufacturer_data.items()
        }


async def test_an_ibeacon_among_very_many_companies_is_kept(tmp_path: Path) -> None:
    crowded = dict.fromkeys(range(1000, 1100), b"\x01") | BEACON
    await record(tmp_path / "air", [RecordedAdvertisement(0, crowded, -60)])
    [heard], _ = played(tmp_path / "air")
    assert heard.manufacturer_data[APPLE_COMPANY_ID] == BEACON[APPLE_COMPANY_ID]
    assert len(heard.manufacturer_data) == 16


async def test_a_busy_store_takes_about_three_bytes_an_advertisement(tmp_path: Path) -> None:
    chance = random.Random(1)
    beacons = [{APPLE_COMPANY_ID: Frame(BeaconKey(KEY.uuid, 10_006, minor), -59).payload()} for minor in range(100)]
    air = [
        RecordedAdvertisement(number / 300, chance.choice(beacons), chance.randrange(-95, -40))
        for number in range(30_000)
    ]
    await record(tmp_path / "air", air, blocks_of=300)
    assert (tmp_path / "air").stat().st_size / len(air) < 3.2


async def test_more_kinds_of_advertisements_than_slots_take_turns(tmp_path: Path) -> None:
    air = [
        RecordedAdvertisement(
            number / 1000, {APPLE_COMPANY_ID: Frame(BeaconKey(KEY.uuid, 1, number % (SLOTS + 9)), -59).payload()}, -60
        )
        for number in range(3 * SLOTS)
    ]
    await record(tmp_path / "air", air, blocks_of=10_000)
    assert played(tmp_path / "air") == (kept(air), False)


async def test_a_silence_of_many_days_lasts_as_long_when_it_is_read(tmp_path: Path) -> None:
    days = LONGEST_PAUSE / 1000 * 3.5
    air = [RecordedAdvertisement(0, BEACON, -60), RecordedAdvertisement(days, BEACON, -61)]
    await record(tmp_path / "air", air)
    assert played(tmp_path / "air") == (kept(air), False)


async def test_the_silence_before_the_end_is_part_of_it(tmp_path: Path) -> None:
    async with Recorder(tmp_path / "air", HEADER, limit=1_000_000) as recorder:
        recorder.hear(BEACON, -60, HEADER.monotonic + 1)
        recorder.pass_time(HEADER.monotonic + 61.5)
    with Recording(tmp_path / "air") as recording:
        assert len(list(recording)) == 1
        assert recording.after == 61.5


# Bounds


async def test_at_its_limit_it_ends_whole_and_takes_nothing_more(tmp_path: Path) -> None:
    limit = RESERVE + 1000
    air = [RecordedAdvertisement(number / 100, BEACON, -60) for number in range(2000)]
    recorder = await record(tmp_path / "air", air, limit=limit)
    heard, cut_off = played(tmp_path / "air")
    assert recorder.full
    assert 0 < recorder.adverts < len(air)
    assert (heard, cut_off) == (kept(air[: recorder.adverts]), False)
    assert limit - RESERVE <= recorder.size == (tmp_path / "air").stat().st_size <= limit


@given(size=st.integers(0, 255), companies=st.integers(1, 20), limit=st.integers(RESERVE, 3 * RESERVE))
@settings(max_examples=20)
async def test_no_advertisement_takes_it_beyond_its_limit(
    tmp_path_factory: pytest.TempPathFactory, size: int, companies: int, limit: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "limit"
    path.unlink(missing_ok=True)
    payload = Frame(KEY, -59).payload() + bytes(size)
    data = dict.fromkeys(range(companies), payload) | {APPLE_COMPANY_ID: payload}
    air = [
        RecordedAdvertisement(number, data | {APPLE_COMPANY_ID: payload + bytes((number % 251,))}, -60)
        for number in range(2000)
    ]
    await record(path, air, limit=limit, blocks_of=10_000)
    assert path.stat().st_size <= limit
    assert not played(path)[1]


async def test_after_a_year_it_ends(tmp_path: Path) -> None:
    recorder = await record(tmp_path / "air", [*AIR, RecordedAdvertisement(LONGEST / 1000 + 1, BEACON, -60)])
    assert recorder.full
    assert played(tmp_path / "air") == (kept(AIR), False)


async def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "air").write_text("mine")
    with pytest.raises(FileExistsError):
        await record(tmp_path / "air", AIR)
    assert (tmp_path / "air").read_text() == "mine"


async def test_a_disk_that_is_full_ends_it_after_the_last_block_that_went_there(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    recorder = Recorder(tmp_path / "air", HEADER, limit=1_000_000)
    async with recorder:
        for heard in AIR:
            recorder.hear(heard.manufacturer_data, heard.rssi, HEADER.monotonic + heard.after)
        await recorder.write()
        whole = (tmp_path / "air").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (whole + 5, hard))
        try:
            recorder.hear(SAMSUNG, -60, HEADER.monotonic + 20)
            await recorder.write()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        recorder.hear(BEACON, -60, HEADER.monotonic + 21)
    assert recorder.trouble
    assert recorder.trouble.strerror
    assert (tmp_path / "air").stat().st_size == whole
    assert played(tmp_path / "air") == (kept(AIR), True)


class StuckRecorder(Recorder):
    """Writes to a card that does not finish a write before it is `free`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, HEADER, limit=1_000_000)
        self.writing = threading.Event()
        self.free = threading.Event()
        self.free.set()

    def _append(self, blocks: bytes) -> None:
        self.writing.set()
        self.free.wait()
        super()._append(blocks)


async def test_a_write_that_is_cancelled_is_finished_before_the_next(tmp_path: Path) -> None:
    async with StuckRecorder(tmp_path / "air") as recorder:
        recorder.free.clear()
        recorder.writing.clear()
        for number, heard in enumerate(AIR):
            if number == 6:
                writing = asyncio.create_task(recorder.write())
                await asyncio.to_thread(recorder.writing.wait)
                writing.cancel()
                asyncio.get_running_loop().call_later(0.05, recorder.free.set)
                await asyncio.wait({writing})
                assert writing.cancelled()
            recorder.hear(heard.manufacturer_data, heard.rssi, HEADER.monotonic + heard.after)
    assert played(tmp_path / "air") == (kept(AIR), False)


async def test_a_disk_without_room_for_the_header_keeps_no_file(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            await record(tmp_path / "air", AIR)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not (tmp_path / "air").exists()


async def test_a_folder_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await record(tmp_path / "missing" / "air", AIR)


def test_a_header_of_a_pi_that_has_no_time_yet_is_a_header(tmp_path: Path) -> None:
    young = replace(HEADER, started=HEADER.started.replace(year=1970), gateway="六楼东")
    (tmp_path / "air").write_bytes(young.lines())
    with Recording(tmp_path / "air") as recording:
        assert recording.header == young
