"""Whatever the file holds: no exception, and either a value or a reason."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from beacon_gateway.adapters.files.gateway_file import GATEWAY_FILE
from beacon_gateway.adapters.files.store_files import FLOOR_FILE, PAGES_SHAPE
from beacon_gateway.adapters.files.yaml.document import Document
from beacon_gateway.adapters.files.yaml.shapes import Record
from beacon_gateway.adapters.files.yaml.yaml_tree import parse
from beacon_gateway.core.model.problems import is_sound
from tests.adapters.files import test_good
from tests.adapters.files.folders import assert_can_be_said, store_folder

KEYS = [
    *("floor", "name", "uuid", "beacons", "major", "minor", "pages", "schedule", "from", "until", "protect", "mobile"),
    *("title", "description", "url", "icon", "wechat_page_id", "gateway", "language", "radio", "adapter", "wechat"),
    *("appid", "brake", "share", "hits", "retain", "store", "timezone", "members-day", "North_Door", "正门", "colour"),
]
VALUES = [
    *("F1", "on", "010", "70000", "-1", "1", "0.3", "true", "yes", "~", "null", "''", '"', "'", "[", "]", "{", "}"),
    *("[a]", "[a, b]", "{}", "[]", "2026-06-31 10:00", "2026-11-24 10:00", "9999-12-31 23:59", "0001-01-01 00:00"),
    *("FDA50693-A4E2-4FB1-AFCF-C6EB07647825", "https://h5.example.com/", "http://[", "icons/a.png", "../a.png", "/"),
    *('"a\\0.png"', '"\\n"', '"\\e[31m"', '"\\uFEFF"', "\ufeff", "\u2028", "\x85", "\x00", "\x07", "\x7f", "👍"),
    *("&a", "*a", "!!str", "!x", "!!python/object/apply:os.system [a]", "|", ">-", "|\n      a\n", "? ", ": ", "- "),
    *(
        "Asia/Shanghai",
        "Asia",
        "+VERSION",
        "zh",
        "90d",
        "9999999d",
        "hci0",
        "wx0123456789abcdef",
        "汉字" * 8,
        "x" * 300,
    ),
]
LINES = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "  ", "    ", "      ", "\t", " ", "---\n", "# "]),
    st.sampled_from(["", "- ", "- - ", "? "]),
    st.sampled_from(KEYS) | st.just(""),
    st.sampled_from([": ", ":", "：", " ", ""]),
    st.sampled_from(VALUES) | st.text(max_size=6) | st.just(""),
)
TEXTS = st.builds(
    str.join, st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]), st.lists(LINES, max_size=12)
) | st.builds(
    lambda file, at, length, word: file[:at] + word + file[at + length :],
    st.sampled_from([test_good.FLOOR_FILE, test_good.PAGES_FILE, test_good.GATEWAY_FILE]),
    st.integers(0, 700),
    st.integers(0, 20),
    st.sampled_from(VALUES) | st.sampled_from(KEYS) | st.text(max_size=3),
)
CONTENTS = TEXTS.map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=200)
SHAPES: dict[str, Record[Any]] = {"floor": FLOOR_FILE, "pages": PAGES_SHAPE, "gateway": GATEWAY_FILE}


@pytest.mark.parametrize("shape", SHAPES)
@given(content=CONTENTS)
@example(content=b"")
@example(content=b"\xef\xbb\xbf")
@example(content=b'pages: {a: {title: a, description: b, url: "http://a", icon: "\\0.png"}}')
@settings(max_examples=300, deadline=None, derandomize=True)
def test_either_a_value_or_a_reason_never_an_exception(shape: str, content: bytes) -> None:
    document = Document("store/floors/F1.yaml")
    parse(content, document)
    value = SHAPES[shape].read(document.root, document) if document.root else None
    if value is None:
        assert document.problems
    if not document.problems:
        assert value is not None


@given(content=CONTENTS)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_every_fault_lies_within_the_file_and_can_be_said(content: bytes) -> None:
    for shape in SHAPES.values():
        document = Document("store/floors/F1.yaml")
        parse(content, document)
        if document.root:
            shape.read(document.root, document)
        lines = len(content.decode("utf-8", "replace").splitlines()) + 1
        for problem in document.problems:
            assert 1 <= problem.place.line <= lines
            assert problem.place.column >= 1
            assert_can_be_said(problem)


@given(pages=CONTENTS, floor=CONTENTS, other=CONTENTS)
@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_a_store_of_any_files_is_usable_or_says_why_not(pages: bytes, floor: bytes, other: bytes) -> None:
    with TemporaryDirectory() as folder:
        store, problems = store_folder(Path(folder), pages=pages, floor=floor, F2=other).read()
    for problem in problems:
        assert_can_be_said(problem)
    if is_sound(problems):
        assert store.floors
        for beacon in store.beacons.values():
            named = [*(beacon.pages or ()), *(slug for slot in beacon.schedule for slug in slot.pages)]
            assert set(named) <= set(store.pages)
