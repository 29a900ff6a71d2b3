"""Which bytes are an iBeacon, and whose."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.model.ibeacon import (
    APPLE_COMPANY_ID,
    FRAME_BYTES,
    IDENTITY_BYTES,
    BeaconKey,
    Frame,
    decode,
    signed,
)
from tests.places import PROJECT

CAPTURES: list[dict[str, Any]] = json.loads(
    (PROJECT / "tests" / "captures" / "frames.json").read_text(encoding="utf-8")
)
IBEACONS = [capture for capture in CAPTURES if capture["kind"] == "ibeacon"]
OTHERS = [capture for capture in CAPTURES if capture["kind"] != "ibeacon"]

sixteen_bits = st.integers(0, 0xFFFF)
keys = st.builds(BeaconKey, st.uuids(), sixteen_bits, sixteen_bits)
frames = st.builds(Frame, keys, st.integers(-128, 127))


def name_of(capture: dict[str, Any]) -> str:
    return str(capture["name"])


def apples(capture: dict[str, Any]) -> bytes | None:
    """Return what the capture says under Apple's company id, as a radio would hand it over."""
    sections = capture.get("manufacturer_data") or {str(capture["company"]): capture["data"]}
    data = sections.get(str(APPLE_COMPANY_ID))
    return None if data is None else bytes.fromhex(data)


def test_the_captures_hold_each_kind() -> None:
    assert {capture["kind"] for capture in CAPTURES} == {"ibeacon", "lookalike", "foreign"}
    assert len(IBEACONS) > 20
    assert sum(apples(capture) is not None for capture in OTHERS) > 10


@pytest.mark.parametrize("capture", IBEACONS, ids=name_of)
def test_a_captured_ibeacon_is_read_exactly(capture: dict[str, Any]) -> None:
    payload = apples(capture)
    assert payload is not None
    key = BeaconKey(UUID(capture["uuid"]), capture["major"], capture["minor"])
    assert decode(payload) == Frame(key, capture["measured_power"])
    assert payload[:IDENTITY_BYTES] == key.identity()


@pytest.mark.parametrize("capture", OTHERS, ids=name_of)
def test_a_captured_lookalike_or_stranger_is_no_ibeacon(capture: dict[str, Any]) -> None:
    payload = apples(capture)
    assert payload is None or decode(payload) is None


def test_an_ibeacon_inside_another_companys_data_is_not_searched_for() -> None:
    inside = [capture for capture in OTHERS if "4c000215" in capture.get("data", "")]
    assert len(inside) >= 2
    assert [decode(bytes.fromhex(capture["data"])) for capture in inside] == [None] * len(inside)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_without_an_error(payload: bytes) -> None:
    frame = decode(payload)
    assert (frame is not None) == (len(payload) >= FRAME_BYTES and payload.startswith(b"\x02\x15"))


@given(st.binary(max_size=40))
def test_anything_long_enough_behind_the_prefix_is_an_ibeacon(rest: bytes) -> None:
    assert (decode(b"\x02\x15" + rest) is not None) == (len(rest) >= FRAME_BYTES - 2)


@given(st.binary(min_size=2, max_size=2).filter(lambda prefix: prefix != b"\x02\x15"), st.binary(max_size=40))
def test_without_the_prefix_nothing_is_an_ibeacon(prefix: bytes, rest: bytes) -> None:
    assert decode(prefix + rest) is None


@given(frames, st.integers(0, FRAME_BYTES - 1))
def test_a_frame_cut_short_is_no_frame(frame: Frame, length: int) -> None:
    assert decode(frame.payload()[:length]) is None


@given(frames)
def test_a_frame_survives_the_way_through_the_air(frame: Frame) -> None:
    payload = frame.payload()
    assert len(payload) == FRAME_BYTES
    assert decode(payload) == frame


@given(frames, st.binary(max_size=10))
def test_what_follows_the_frame_is_ignored(frame: Frame, trailing: bytes) -> None:
    assert decode(frame.payload() + trailing) == frame


@given(keys, keys)
def test_two_beacons_never_share_an_identity(one: BeaconKey, other: BeaconKey) -> None:
    assert (one.identity() == other.identity()) == (one == other)


def test_all_256_power_bytes_are_twos_complement() -> None:
    assert [signed(byte) for byte in range(256)] == [*range(128), *range(-128, 0)]


def test_a_key_reads_as_staff_write_it() -> None:
    key = BeaconKey(UUID("fda50693-a4e2-4fb1-afcf-c6eb07647825"), 10006, 1)
    assert str(key) == "FDA50693-A4E2-4FB1-AFCF-C6EB07647825 10006/1"
