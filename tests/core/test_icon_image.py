"""What a picture is and whether all of it is there, told from its bytes."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from beacon_gateway.core.icon_image import (
    MAX_ICON_BYTES,
    MAX_PARTS,
    Flaw,
    IconFault,
    Image,
    ImageFormat,
    format_of,
    icon_fault,
    read_image,
)
from beacon_gateway.simulator.store import draw_icon
from tests.pictures import BASELINE, PROGRESSIVE, chunk, gif, jpeg, png

WHOLE = {"png": png(), "drawn": draw_icon(1), "gif": gif(16, 16), "jpeg": BASELINE, "progressive": PROGRESSIVE}
EXIF = b"\xff\xe1" + (len(BASELINE) + 2).to_bytes(2, "big") + BASELINE
"""A segment that holds a smaller picture, as cameras write it."""


@pytest.mark.parametrize(
    ("content", "image"),
    [
        (png(120, 120), Image(ImageFormat.PNG, 120, 120)),
        (png(300, 7), Image(ImageFormat.PNG, 300, 7)),
        (gif(31, 32), Image(ImageFormat.GIF, 31, 32)),
        (jpeg(640, 480), Image(ImageFormat.JPEG, 640, 480)),
        (PROGRESSIVE, Image(ImageFormat.JPEG, 16, 16)),
        (gif(31, 32, trailer=b""), Image(ImageFormat.GIF, 31, 32)),
    ],
    ids=["png", "png-not-square", "gif", "jpeg", "jpeg-in-scans", "gif-without-its-last-byte"],
)
def test_format_and_size_are_read(content: bytes, image: Image) -> None:
    assert read_image(content) == image
    assert format_of(content) is image.format


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
def test_a_whole_picture_is_an_icon_whatever_follows_it(content: bytes) -> None:
    assert icon_fault(content) is None
    assert icon_fault(content + b"\0more") is None


@pytest.mark.parametrize("content", [png(), draw_icon(2), BASELINE, PROGRESSIVE, gif(16, 16)[:-1]])
def test_a_picture_that_is_cut_off_anywhere_is_never_taken_for_a_whole_one(content: bytes) -> None:
    for length in range(1, len(content)):
        assert read_image(content[:length]) == IconFault(Flaw.CUT_OFF), length


def test_the_picture_within_a_picture_is_not_taken_for_it() -> None:
    camera = jpeg(640, 480)
    assert read_image(camera[:2] + EXIF + camera[2:]) == Image(ImageFormat.JPEG, 640, 480)
    assert read_image(camera[:2] + EXIF) == IconFault(Flaw.CUT_OFF)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"RIFF\x24\0\0\0WEBPVP8 ", "WebP"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "BMP"),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "MP4"),
        (b"\0\0\x01\0\x02\0\x10\x10", "ICO"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"\n<!DOCTYPE html>\n<html>", "HTML"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn -->\n<svg/>', "SVG"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"),
    ],
)
def test_files_that_people_take_for_icons_are_known_by_their_kind(content: bytes, found: str) -> None:
    assert icon_fault(content) == IconFault(Flaw.FORMAT, found)


@pytest.mark.parametrize("content", [b"hello", b"\0" * 5000, b"GIF90a" + bytes(20), b"<?xml version='1.0'?><plist/>"])
def test_what_is_no_picture_is_said_to_be_none(content: bytes) -> None:
    assert icon_fault(content) == IconFault(Flaw.NO_IMAGE)


def test_an_empty_file_is_said_to_be_empty() -> None:
    assert icon_fault(b"") == IconFault(Flaw.EMPTY)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (png(200, 200), None),
        (png(1, 1), None),
        (png(201, 201), IconFault(Flaw.TOO_LARGE, "201×201", "200×200")),
        (png(200, 199), IconFault(Flaw.NOT_SQUARE, "200×199", "200×200")),
        (gif(300, 200), IconFault(Flaw.NOT_SQUARE, "300×200", "200×200")),
        (jpeg(4000, 4000), IconFault(Flaw.TOO_LARGE, "4000×4000", "200×200")),
    ],
)
def test_an_icon_is_square_and_no_larger_than_wechat_takes(content: bytes, fault: IconFault | None) -> None:
    assert icon_fault(content) == fault


def test_an_icon_has_no_more_bytes_than_wechat_takes() -> None:
    room = MAX_ICON_BYTES - len(png())
    assert icon_fault(png(padding=room)) is None
    assert icon_fault(png(padding=room + 1)) == IconFault(Flaw.TOO_BIG, "1,048,577", "1,048,576")


@pytest.mark.parametrize(
    "content",
    [
        png(0, 0),
        png().replace(b"\r\n", b"\n"),
        png().replace(b"IHDR", b"JHDR"),
        png()[:-1] + b"!",
        png()[:8] + chunk(b"IHDR", b"\0\0\0\x78\0\0\0\x78") + png()[33:],
        png()[:33] + chunk(b"IEND", b""),
        png()[:33] + b"\0\0\0\0\0\0\0\0\0\0\0\0",
        png()[:40] + b"\xff" + png()[41:],
        jpeg(0, 0),
        BASELINE[:2] + BASELINE[-2:],
        BASELINE.replace(b"\xff\xc0", b"\xff\xc4"),
        BASELINE[:20] + b"\0" + BASELINE[21:],
        gif(0, 10),
        gif(16, 16)[:19] + b";",
        gif(16, 16)[:19] + b"?" + gif(16, 16)[20:],
    ],
)
def test_what_no_program_would_open_is_damaged(content: bytes) -> None:
    fault = icon_fault(content)
    assert fault is not None
    assert fault.flaw in {Flaw.DAMAGED, Flaw.CUT_OFF}


@pytest.mark.parametrize(
    "content",
    [
        png()[:33] + chunk(b"tEXt", b"") * (MAX_PARTS + 1) + png()[33:],
        BASELINE[:2] + b"\xff\xfe\0\x02" * (MAX_PARTS + 1) + BASELINE[2:],
        b"GIF89a\x10\0\x10\0\0\0\0!\xf9" + b"\x01a" * (MAX_PARTS + 1) + b"\0" + gif(16, 16)[27:],
        b"GIF89a\x10\0\x10\0\0\0\0" + b"!\xf9\0" * (MAX_PARTS + 1) + gif(16, 16)[27:],
    ],
    ids=["png", "jpeg", "gif-pieces", "gif-blocks"],
)
def test_a_picture_of_countless_parts_is_not_followed_to_its_end(content: bytes) -> None:
    assert read_image(content) == IconFault(Flaw.DAMAGED)


@given(st.binary(max_size=300), st.sampled_from([b"", *WHOLE.values()]), st.integers(0, 200))
@example(b"\xff" * 300, BASELINE, 3)
@example(b"\xff\xd0" * 150, BASELINE, 2)
def test_any_bytes_are_an_icon_or_have_one_fault(noise: bytes, base: bytes, at: int) -> None:
    found = icon_fault(base[:at] + noise + base[at + len(noise) // 2 :])
    assert found is None or found.flaw in Flaw


@given(st.sampled_from(sorted(WHOLE)), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=5))
def test_a_few_wrong_bytes_make_no_reader_fail(name: str, changes: list[tuple[int, int]]) -> None:
    content = bytearray(WHOLE[name])
    for at, byte in changes:
        content[at % len(content)] = byte
    found = read_image(bytes(content))
    assert isinstance(found, Image) or found.flaw in Flaw
