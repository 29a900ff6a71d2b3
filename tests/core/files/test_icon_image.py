"""What a picture is and whether all of it is there, told from its bytes."""

import struct
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from beacon_gateway.core.files.icon_image import (
    MAX_ICON_BYTES,
    IconFault,
    IconFlaw,
    IconImage,
    ImageFormat,
    format_of,
    icon_fault,
    read_image,
)
from beacon_gateway.core.files.image_frames import MAX_IMAGE_CHUNKS, MAX_UNPACKED_BYTES
from beacon_gateway.simulator.store import draw_icon
from tests.pictures import BASELINE, PROGRESSIVE, chunk, gif, jpeg, png, png_of

INTERLACED_BYTES = {1: 2, 2: 7, 5: 36, 8: 79}
"""Of eight bits a pixel, by the side of the square: its rows and their filters in all of the seven passes."""
WHITE = zlib.compress((b"\0" + b"\xff" * 120) * 120)
SCAN = BASELINE.index(b"\xff\xda")
FRAME = BASELINE[BASELINE.index(b"\xff\xc0") :][:19]
TABLES_END = BASELINE.index(b"\xff\xc0")
WHOLE = {
    "png": png(),
    "drawn": draw_icon(1),
    "interlaced": png_of(zlib.compress(bytes(79)), side_px=8, interlace=1),
    "palette": png_of(WHITE, colour_type=3, before=chunk(b"PLTE", bytes(3))),
    "gif": gif(16, 16),
    "jpeg": BASELINE,
    "progressive": PROGRESSIVE,
}
EXIF = b"\xff\xe1" + (len(BASELINE) + 2).to_bytes(2, "big") + BASELINE
"""A segment that holds a smaller picture, as cameras write it."""


@pytest.mark.parametrize(
    ("content", "image"),
    [
        (png(120, 120), IconImage(ImageFormat.PNG, 120, 120)),
        (png(300, 7), IconImage(ImageFormat.PNG, 300, 7)),
        (gif(31, 32), IconImage(ImageFormat.GIF, 31, 32)),
        (jpeg(640, 480), IconImage(ImageFormat.JPEG, 640, 480)),
        (PROGRESSIVE, IconImage(ImageFormat.JPEG, 16, 16)),
        (gif(31, 32, trailer=b""), IconImage(ImageFormat.GIF, 31, 32)),
    ],
    ids=["png", "png-not-square", "gif", "jpeg", "jpeg-in-scans", "gif-without-its-last-byte"],
)
def test_format_and_size_are_read(content: bytes, image: IconImage) -> None:
    assert read_image(content) == image
    assert format_of(content) is image.format


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
def test_a_whole_picture_is_an_icon_whatever_follows_it(content: bytes) -> None:
    assert icon_fault(content) is None
    assert icon_fault(content + b"\0more") is None


@pytest.mark.parametrize("content", [*WHOLE.values(), gif(31, 32)])
def test_a_picture_that_is_cut_off_anywhere_is_never_taken_for_a_whole_one(content: bytes) -> None:
    for length in range(1, len(content.removesuffix(b";"))):  # between two blocks may be the end of a GIF
        assert read_image(content[:length]) == IconFault(IconFlaw.CUT_OFF), length


def test_the_picture_within_a_picture_is_not_taken_for_it() -> None:
    camera = jpeg(640, 480)
    assert read_image(camera[:2] + EXIF + camera[2:]) == IconImage(ImageFormat.JPEG, 640, 480)
    assert read_image(camera[:2] + EXIF) == IconFault(IconFlaw.CUT_OFF)


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
    assert icon_fault(content) == IconFault(IconFlaw.FORMAT, found)


@pytest.mark.parametrize("content", [b"hello", b"\0" * 5000, b"GIF90a" + bytes(20), b"<?xml version='1.0'?><plist/>"])
def test_what_is_no_picture_is_said_to_be_none(content: bytes) -> None:
    assert icon_fault(content) == IconFault(IconFlaw.NO_IMAGE)


def test_an_empty_file_is_said_to_be_empty() -> None:
    assert icon_fault(b"") == IconFault(IconFlaw.EMPTY)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (png(200, 200), None),
        (png(1, 1), None),
        (png(201, 201), IconFault(IconFlaw.TOO_LARGE, "201×201", "200×200")),
        (png(200, 199), IconFault(IconFlaw.NOT_SQUARE, "200×199", "200×200")),
        (gif(300, 200), IconFault(IconFlaw.NOT_SQUARE, "300×200", "200×200")),
        (jpeg(4000, 4000), IconFault(IconFlaw.TOO_LARGE, "4000×4000", "200×200")),
    ],
)
def test_an_icon_is_square_and_no_larger_than_wechat_takes(content: bytes, fault: IconFault | None) -> None:
    assert icon_fault(content) == fault


def test_an_icon_has_no_more_bytes_than_wechat_takes() -> None:
    room = MAX_ICON_BYTES - len(png())
    assert icon_fault(png(padding=room)) is None
    assert icon_fault(png(padding=room + 1)) == IconFault(IconFlaw.TOO_BIG, "1,048,577", "1,048,576")


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
    assert fault.flaw in {IconFlaw.DAMAGED, IconFlaw.CUT_OFF}


def without(content: bytes, marker: int) -> bytes:
    """Return a JPEG without the segments of that marker that stand before its first scan."""
    kept, at = content[:2], 2
    while content[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        kept += b"" if content[at + 1] == marker else content[at:end]
        at = end
    return kept + content[at:]


def gif_of(image: bytes, screen: tuple[int, int] = (16, 16), colours: bytes = b"\x80\0\0" + bytes(6)) -> bytes:
    return b"GIF89a" + struct.pack("<HH", *screen) + colours + image + b";"


def gif_image(width_px: int, height_px: int, data: bytes = b"\x02\x02\x44\x01\0", colours: bytes = b"\0") -> bytes:
    return b"," + struct.pack("<HHHH", 0, 0, width_px, height_px) + colours + data


@pytest.mark.parametrize(
    "content",
    [
        png_of(WHITE, colour_type=7),
        png_of(WHITE, colour_type=1),
        png_of(WHITE, depth=3),
        png_of(WHITE, colour_type=2, depth=4),
        png_of(WHITE, colour_type=3, depth=16, before=chunk(b"PLTE", bytes(3))),
        png_of(WHITE, compression=1),
        png_of(WHITE, filtering=64),
        png_of(WHITE, interlace=2),
        png_of(WHITE, colour_type=3),
        png_of(WHITE, colour_type=3, before=chunk(b"PLTE", b"")),
        png_of(WHITE, colour_type=3, before=chunk(b"PLTE", bytes(4))),
        png_of(WHITE, colour_type=3, before=chunk(b"PLTE", bytes(257 * 3))),
        png_of(WHITE, colour_type=3, after=chunk(b"PLTE", bytes(3))),
        png_of(WHITE, before=chunk(b"ABCD", b"")),
        png_of(WHITE, after=chunk(b"ABCD", b"")),
        png_of(b""),
        png_of(b"x"),
        png_of(b"abcdefgh"),
        png_of(b"\x79" + WHITE[1:]),
        png_of(b"\x78\xbb" + WHITE[2:]),
        png_of(WHITE[:2] + b"\xff" * 20),
        png_of(WHITE[:-8]),
        png_of(WHITE[: len(WHITE) // 2]),
        png_of(zlib.compress(b"\0" * 121)),
        png_of(zlib.compress(b"\0" * (121 * 120 - 1))),
        png_of(zlib.compress(b"\0" * 121 * 119 + b"\5" * 121)),
        png_of(b"abcdefgh", side_px=5000),
    ],
)
def test_a_png_that_lacks_what_its_pixels_are_read_by_is_damaged(content: bytes) -> None:
    assert read_image(content) == IconFault(IconFlaw.DAMAGED)


@pytest.mark.parametrize(
    "content",
    [
        BASELINE[:SCAN] + FRAME[:5] + b"\x01\xf4\0\x64" + FRAME[9:] + BASELINE[SCAN:],
        BASELINE[:TABLES_END] + FRAME + BASELINE[TABLES_END:],
        without(BASELINE, 0xDB),
        without(PROGRESSIVE, 0xDB),
        without(PROGRESSIVE, 0xC4),
        BASELINE.replace(b"\xff\xdb\0\x43\x01", b"\xff\xdb\0\x43\x02"),
        without(BASELINE, 0xC0),
        BASELINE.replace(b"\xff\xc0", b"\xff\xc5"),
        BASELINE.replace(FRAME, FRAME[:9] + b"\4" + FRAME[10:]),
        BASELINE.replace(FRAME, b"\xff\xc0\0\x08" + FRAME[4:9] + b"\0"),
        BASELINE.replace(FRAME, b"\xff\xc0\0\x02"),
        BASELINE[:SCAN] + b"\xff\xda\0\2" + BASELINE[SCAN + 14 :],
        BASELINE[:SCAN] + b"\xff\xda\0\1" + BASELINE[SCAN + 14 :],
        BASELINE[:SCAN] + b"\xff\xda\0\6\0\0\x3f\0" + BASELINE[SCAN + 14 :],
        BASELINE[: SCAN + 4] + b"\2" + BASELINE[SCAN + 5 :],
        BASELINE[: SCAN + 14] + BASELINE[-2:],
    ],
)
def test_a_jpeg_that_lacks_what_its_pixels_are_read_by_is_damaged(content: bytes) -> None:
    assert read_image(content) == IconFault(IconFlaw.DAMAGED)


@pytest.mark.parametrize(
    "content",
    [
        gif_of(gif_image(0, 0)),
        gif_of(gif_image(16, 0)),
        gif_of(gif_image(0, 16)),
        gif_of(gif_image(16, 16), colours=b"\0\0\0"),
        gif_of(gif_image(16, 16, b"\x02\0")),
        gif_of(gif_image(16, 16, b"\x0c\x02\x44\x01\0")),
        gif_of(b""),
    ],
)
def test_a_gif_without_an_image_that_could_be_shown_is_damaged(content: bytes) -> None:
    assert read_image(content) == IconFault(IconFlaw.DAMAGED)


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (gif_of(gif_image(500, 300)), (500, 300)),
        (gif_of(gif_image(8, 8) + gif_image(500, 300)), (16, 16)),
        (gif_of(gif_image(0, 0) + gif_image(20, 16)), (20, 16)),
        (gif_of(gif_image(16, 16), screen=(0, 0)), (16, 16)),
    ],
    ids=["larger", "only-the-first-counts", "the-first-that-is-shown", "no-screen"],
)
def test_a_gif_is_as_large_as_programs_show_it(content: bytes, size: tuple[int, int]) -> None:
    assert read_image(content) == IconImage(ImageFormat.GIF, *size)


@pytest.mark.parametrize(
    "content",
    [
        png_of(WHITE),
        png_of(WHITE[:-4]),
        png_of(WHITE[:-4] + b"sum?"),
        png_of(zlib.compress(b"\0" * 121 * 150)),
        png_of(WHITE, before=chunk(b"PLTE", bytes(4)) + chunk(b"gAMA", b"\0\0\xb1\x8f")),
        png_of(WHITE, colour_type=3, before=chunk(b"PLTE", bytes(3))),
        png_of(zlib.compress(b"\0" * (1 + 120 * 8) * 120), colour_type=6, depth=16),
        png_of(zlib.compress(b"\0" * (1 + 200 * 8) * 200), colour_type=6, depth=16, side_px=200),
        without(BASELINE, 0xC4),
        BASELINE[:20] + b"junk\0\xff\0" + BASELINE[20:],
        gif(16, 16)[:-1] + b"\0junk",
        gif_of(gif_image(16, 16, colours=b"\x80" + bytes(6)), colours=b"\0\0\0"),
        gif_of(gif_image(0, 0) + gif_image(16, 16)),
    ],
    ids=[
        "png",
        "without-its-sum",
        "with-a-wrong-sum",
        "more-rows-than-needed",
        "a-palette-that-is-not-needed",
        "with-a-palette",
        "64-bits",
        "the-largest",
        "jpeg-with-the-default-codes",
        "jpeg-with-junk-between-segments",
        "gif-with-junk-at-its-end",
        "gif-with-colours-of-its-image",
        "gif-with-an-empty-image",
    ],
)
def test_what_common_decoders_forgive_is_no_fault(content: bytes) -> None:
    assert icon_fault(content) is None


@pytest.mark.parametrize("pieces", [1, 3, len(WHITE)])
def test_the_rows_of_a_png_may_come_in_any_number_of_pieces(pieces: int) -> None:
    step = -(-len(WHITE) // pieces)
    split = b"".join(chunk(b"IDAT", WHITE[at : at + step]) for at in range(0, len(WHITE), step))
    assert icon_fault(png_of(WHITE[:0], before=split)) is None


@pytest.mark.parametrize(("side_px", "length"), INTERLACED_BYTES.items())
def test_the_rows_of_an_interlaced_png_are_those_of_its_passes(side_px: int, length: int) -> None:
    assert read_image(png_of(zlib.compress(bytes(length)), side_px=side_px, interlace=1)) == IconImage(
        ImageFormat.PNG, side_px, side_px
    )
    short = zlib.compress(bytes(length - 1))
    assert read_image(png_of(short, side_px=side_px, interlace=1)) == IconFault(IconFlaw.DAMAGED)
    unknown_filter = zlib.compress(b"\5" + bytes(length - 1))
    assert read_image(png_of(unknown_filter, side_px=side_px, interlace=1)) == IconFault(IconFlaw.DAMAGED)


def test_rows_that_no_icon_has_are_not_unpacked() -> None:
    bomb = zlib.compress(bytes(100 * MAX_UNPACKED_BYTES), 9)
    assert icon_fault(png_of(bomb, side_px=120)) is None  # as far as the rows of the picture go
    assert icon_fault(png_of(b"\x78\xda", side_px=30_000)) == IconFault(IconFlaw.TOO_LARGE, "30000×30000", "200×200")


@pytest.mark.parametrize(
    "content",
    [
        png()[:33] + chunk(b"tEXt", b"") * (MAX_IMAGE_CHUNKS + 1) + png()[33:],
        BASELINE[:2] + b"\xff\xfe\0\x02" * (MAX_IMAGE_CHUNKS + 1) + BASELINE[2:],
        b"GIF89a\x10\0\x10\0\0\0\0!\xf9" + b"\x01a" * (MAX_IMAGE_CHUNKS + 1) + b"\0" + gif(16, 16)[27:],
        b"GIF89a\x10\0\x10\0\0\0\0" + b"!\xf9\0" * (MAX_IMAGE_CHUNKS + 1) + gif(16, 16)[27:],
    ],
    ids=["png", "jpeg", "gif-pieces", "gif-blocks"],
)
def test_a_picture_of_countless_parts_is_not_followed_to_its_end(content: bytes) -> None:
    assert read_image(content) == IconFault(IconFlaw.DAMAGED)


@given(st.binary(max_size=300), st.sampled_from([b"", *WHOLE.values()]), st.integers(0, 200))
@example(b"\xff" * 300, BASELINE, 3)
@example(b"\xff\xd0" * 150, BASELINE, 2)
def test_any_bytes_are_an_icon_or_have_one_fault(noise: bytes, base: bytes, at: int) -> None:
    found = icon_fault(base[:at] + noise + base[at + len(noise) // 2 :])
    assert found is None or found.flaw in IconFlaw


@given(st.sampled_from(sorted(WHOLE)), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=5))
def test_a_few_wrong_bytes_make_no_reader_fail(name: str, changes: list[tuple[int, int]]) -> None:
    content = bytearray(WHOLE[name])
    for at, byte in changes:
        content[at % len(content)] = byte
    found = read_image(bytes(content))
    assert isinstance(found, IconImage) or found.flaw in IconFlaw


@given(
    st.integers(0, 300),
    st.sampled_from([0, 2, 3, 4, 6, 7]),
    st.sampled_from([1, 2, 4, 8, 16, 3]),
    st.sampled_from([0, 1, 2]),
    st.binary(max_size=80) | st.binary(max_size=80).map(zlib.compress),
)
def test_any_header_and_any_rows_of_a_png_are_read_or_damaged(
    side_px: int, colour_type: int, depth: int, interlace: int, packed: bytes
) -> None:
    content = png_of(packed, side_px=side_px, colour_type=colour_type, depth=depth, interlace=interlace)
    assert read_image(content) in (IconImage(ImageFormat.PNG, side_px, side_px), IconFault(IconFlaw.DAMAGED))
