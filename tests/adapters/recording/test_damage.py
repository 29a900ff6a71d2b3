"""Files that are not whole, not recordings, or made to harm."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from beacon_gateway.adapters.recording.entries import BLOCK_HEAD, block_of, read_head
from beacon_gateway.adapters.recording.header import LONGEST_LINE, RecordingError
from beacon_gateway.adapters.recording.recording import Recording
from beacon_gateway.adapters.recording.shapes import MOST_SECTIONS
from beacon_gateway.core.model.advertisement import RecordedAdvertisement
from tests.adapters.recording.air import AIR, HEADER, kept, played, record

LINES = HEADER.lines()
FIRST_LINE = LINES.index(b"\n") + 1


@pytest.fixture
async def whole(tmp_path: Path) -> bytes:
    """A small recording of several blocks."""
    await record(tmp_path / "whole", AIR)
    return (tmp_path / "whole").read_bytes()


def blocks_of(content: bytes) -> list[tuple[int, int]]:
    """Return where each block of a recording begins and ends."""
    blocks, position = [], len(LINES)
    while position < len(content):
        head = read_head(content[position : position + BLOCK_HEAD])
        assert head
        blocks.append((position, position + BLOCK_HEAD + head[0]))
        position = blocks[-1][1]
    return blocks


def fault_of(path: Path, content: bytes) -> RecordingError:
    path.write_bytes(content)
    with pytest.raises(RecordingError) as failed:
        played(path)
    return failed.value


@pytest.mark.parametrize("tail", [b"", bytes(1), bytes(5000)], ids=["cut", "a zero", "zeros"])
def test_a_file_cut_off_at_any_byte_is_played_up_to_there(tmp_path: Path, whole: bytes, tail: bytes) -> None:
    path = tmp_path / "air"
    ends = [end for _, end in blocks_of(whole)]
    for cut in range(len(LINES), len(whole)):
        path.write_bytes(whole[:cut] + tail)
        heard, cut_off = played(path)
        assert cut_off
        assert heard == kept(AIR)[: 3 * sum((whole[:cut] + tail)[:end] == whole[:end] for end in ends)]
    path.write_bytes(whole + tail)
    assert played(path) == (kept(AIR), False)


def test_a_file_cut_off_in_its_header_says_so(tmp_path: Path) -> None:
    for cut in range(len(LINES)):
        fault = fault_of(tmp_path / "air", LINES[:cut])
        assert fault.phrase == ("recording.none" if cut < FIRST_LINE else "recording.corrupt")


def test_damage_in_the_middle_is_named_by_its_block_and_nothing_behind_it_is_played(
    tmp_path: Path, whole: bytes
) -> None:
    path = tmp_path / "air"
    blocks = blocks_of(whole)
    assert len(blocks) > 3
    for number, (begin, end) in enumerate(blocks[:-1]):
        for position in range(begin, end):
            damaged = bytearray(whole)
            damaged[position] ^= 0x40
            path.write_bytes(damaged)
            heard: list[RecordedAdvertisement] = []
            with Recording(path) as recording, pytest.raises(RecordingError) as failed:
                heard.extend(recording)
            assert failed.value.phrase == "recording.corrupt"
            assert failed.value.details == {"offset": begin}
            assert recording.after == (kept(AIR)[3 * number - 1].after if number else 0)


def test_an_entry_that_no_recorder_writes_is_named_by_its_own_byte(tmp_path: Path) -> None:
    shape = b"\x00\x01\x75\x00\x02\x00"
    fault = fault_of(tmp_path / "air", LINES + block_of(shape + b"\x3c\x05\x00" + b"\x3c\x05\x01"))
    assert fault.details == {"offset": len(LINES) + BLOCK_HEAD + len(shape) + 3 + 2}


@pytest.mark.parametrize(
    "content",
    [
        b"\x6f",  # no kind of entry
        b"\x00",  # a shape without anything
        b"\x00\x11" + bytes(68),  # more companies than there can be
        b"\x00\x01\x4c\x00\x17\x01\x02\x15",  # an iBeacon that is cut
        b"\x00\x01\x4c\x00\x01\x02\x00",  # neither kept nor not
        b"\x00\x01\x75\x00\x01\x01\x42",  # a stranger's data
        b"\x3c\x00\x00",  # a slot that nobody defined
        b"\x7f\xff\xff\xff\xff\x00",  # a number without an end
        b"\x7f\x80",
        b"\x7e\xff\xff\xff\x7f" * 200,  # two years
    ],
    ids=bytes.hex,
)
def test_what_no_recorder_writes_is_refused(tmp_path: Path, content: bytes) -> None:
    assert fault_of(tmp_path / "air", LINES + block_of(content)).phrase == "recording.corrupt"


@pytest.mark.parametrize(
    ("content", "phrase"),
    [
        (b"", "recording.none"),
        (b"\n", "recording.none"),
        (b"gateway: pi\nfloor: F6\n", "recording.none"),
        (bytes(10_000), "recording.none"),
        (b"beacon-gateway recording 1" + b"1" * 5000, "recording.none"),
        (LINES.replace(b"recording 1\n", b"recording 2\n"), "recording.version"),
        (LINES.replace(b"recording 1\n", b"recording \xff\n"), "recording.version"),
        (LINES.replace(b'"f6-east"', b'"\\ud800"'), "recording.corrupt"),
        (LINES.replace(b'"f6-east"', b"7"), "recording.corrupt"),
        (LINES.replace(b"2025-", b"9999-"), "recording.corrupt"),
        (LINES.replace(b"+00:00", b""), "recording.corrupt"),
        (LINES.replace(b"5000.0", b"NaN"), "recording.corrupt"),
        (LINES.replace(b"5000.0", b"9" * 400), "recording.corrupt"),
        (LINES[:FIRST_LINE] + b"[" * (LONGEST_LINE - 1) + b"\n", "recording.corrupt"),
        (LINES[:FIRST_LINE] + b"{}\n", "recording.corrupt"),
        (LINES[:FIRST_LINE] + b"\xff\xfe\n", "recording.corrupt"),
        (LINES[:FIRST_LINE] + b'"' + b"a" * 100_000 + b'"\n', "recording.corrupt"),
    ],
)
def test_what_is_no_recording_of_this_version_is_told_from_one(tmp_path: Path, content: bytes, phrase: str) -> None:
    assert fault_of(tmp_path / "air", content).phrase == phrase


# Any bytes

entries = st.binary(max_size=200) | st.lists(
    st.sampled_from([b"\x00\x01\x75\x00\x02\x00", b"\x00\x00", b"\x3c\x05\x00", b"\x7e\xff\xff\xff\x7f", b"\x7f\x00"])
).map(b"".join)


@given(st.binary(max_size=300))
@example(b"")
def test_any_bytes_after_the_header_give_our_own_error_or_none(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    play_or_refuse(tmp_path_factory, LINES + content)


@given(st.lists(entries, max_size=8), st.binary(max_size=20))
def test_any_entries_in_sound_blocks_give_our_own_error_or_none(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], tail: bytes
) -> None:
    play_or_refuse(tmp_path_factory, LINES + b"".join(block_of(content) for content in contents) + tail)


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda content: LINES[:FIRST_LINE] + content + b"\n"))
def test_any_header_gives_our_own_error_or_none(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    play_or_refuse(tmp_path_factory, content)


def play_or_refuse(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any-bytes"
    path.write_bytes(content)
    heard: list[RecordedAdvertisement] = []
    offset: object = 0
    try:
        heard, _ = played(path)
    except RecordingError as error:
        offset = error.details.get("offset", 0)
    assert offset in range(len(content) + 1)
    assert all(-110 <= one.rssi <= -1 and one.after >= 0 for one in heard)


def test_a_file_made_to_fill_memory_does_not(tmp_path: Path) -> None:
    sections = b"".join(company.to_bytes(2, "little") + b"\xff\x00" for company in range(1000, 1000 + MOST_SECTIONS))
    shape = b"\x00" + bytes((MOST_SECTIONS,)) + sections
    (tmp_path / "air").write_bytes(LINES + block_of(shape * 900) * 9 + b"\xff\xff\x00\x00")
    tracemalloc.start()
    try:
        with Recording(tmp_path / "air") as recording:
            assert not list(recording)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 16_000_000
