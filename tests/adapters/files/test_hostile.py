"""Files that nobody writes on purpose, and some that somebody does: read quickly, in little memory, without a crash."""

import os
import random
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.files.icons import MAX_READ_ICON_BYTES
from beacon_gateway.adapters.files.reading import MAX_ENTRIES, MAX_FILE_BYTES
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.model.problems import is_sound
from tests.adapters.files.folders import (
    BEACON,
    FLOOR,
    FLOOR_HEAD,
    PAGES,
    PNG,
    SHANGHAI,
    assert_can_be_said,
    assert_chinese_is_chinese,
    listed,
    store_folder,
    write,
)
from tests.adapters.files.read_alone import Reader, reader
from tests.as_nobody import as_nobody

MOST_CALLS = 4_000_000
"""A second or two on a Pi."""
MOST_MEGABYTES = 256.0
F1 = "store/floors/F1.yaml"


@pytest.fixture(scope="module", name="alone")
def _alone() -> Iterator[Reader]:
    with reader() as process:
        yield process


def filled(pattern: str, before: str = "", after: str = "") -> str:
    """Repeat the pattern until the file is as large as may be."""
    room = MAX_FILE_BYTES - len((before + after).encode())
    return before + pattern * (room // len(pattern.encode())) + after


REASONS_NOT_TO_GO_ON = {
    "yaml.deep",
    "yaml.syntax",
    "character.unseen",
    "character.line",
    "file.too-big",
    "file.line-ends",
}
NESTED: dict[str, Callable[[], str]] = {
    "brackets": lambda: filled("["),
    "braces": lambda: filled("{"),
    "brackets that close": lambda: "[" * (MAX_FILE_BYTES // 2) + "]" * (MAX_FILE_BYTES // 2),
    "json": lambda: filled('{"a":'),
    "brackets on lines": lambda: filled("[\n"),
    "brackets after commas": lambda: filled("[a, "),
    "questions in brackets": lambda: filled("[? "),
    "three hundred thousand dashes": lambda: "- " * 300_000,
    "dashes": lambda: filled("- "),
    "questions": lambda: filled("? "),
    "dashes and questions": lambda: filled("- ? "),
    "dashes below a key": lambda: filled("- ", "beacons:\n  - "),
    "brackets, closed only in comments": lambda: filled("[" * 20 + " #" + "]" * 20 + "\n"),
    "brackets, closed only in double quotes": lambda: filled("[" * 20 + '"' + "]" * 20 + '",'),
    "brackets, closed only in single quotes": lambda: filled("[" * 20 + "'" + "]" * 20 + "',"),
    "brackets, closed only in quotes of many lines": lambda: filled("[" * 20 + '"\n' + "]" * 20 + '\n",'),
    "brackets, closed only in tags": lambda: filled("[!<" + "]" * 20 + "> "),
    "brackets after a key of brackets": lambda: "x" + "]" * 200 + ": " + "[" * 100_000,
    "dashes after a carriage return": lambda: filled("- ", "# x\r"),
    "dashes after a next-line": lambda: filled("- ", "# x\x85"),
    "dashes after a line separator": lambda: filled("- ", "# x\u2028"),
    "dashes after two byte order marks": lambda: filled("- ", "\ufeff\ufeff"),
    "dashes after a document mark": lambda: filled("- ", "---\n"),
}


@pytest.mark.parametrize("shape", NESTED)
def test_deep_nesting_is_refused_before_the_parser_reaches_the_end_of_its_stack(
    shape: str, alone: Reader, tmp_path: Path
) -> None:
    reading = alone.read(store_folder(tmp_path, floor=NESTED[shape]()).folder)
    assert len(reading.problems) == 1
    assert reading.problems[0].startswith(f"{F1}:")
    # A syntax fault before the depth, a character that is none, or the size, is as good a reason not to go on.
    assert reading.problems[0].split()[1] in REASONS_NOT_TO_GO_ON
    assert reading.calls < MOST_CALLS
    assert reading.peak_megabytes < MOST_MEGABYTES


@pytest.mark.parametrize(
    "text", ["[" * 100 + "]" * 100, "- " * 100 + "a", "? " * 100 + "a", '{"a":' * 100 + "1" + "}" * 100]
)
def test_a_file_nested_a_hundred_deep_is_faulty_and_its_faults_can_be_said(text: str, tmp_path: Path) -> None:
    problems = store_folder(tmp_path, floor=text).read()[1]
    assert not is_sound(problems)
    for problem in problems:
        assert_can_be_said(problem)


LARGE: dict[str, Callable[[], str]] = {
    "empty entries": lambda: filled("-\n"),
    "short entries": lambda: filled("- a\n"),
    "a list in one line": lambda: filled("a,", "[", "]"),
    "dashes without blanks": lambda: filled("-"),
    "indented ever deeper": lambda: "".join(" " * depth + "a:\n" for depth in range(1200)),
    "dashes ever deeper": lambda: "".join(" " * depth + "-\n" for depth in range(1200)),
    "unknown keys": lambda: "".join(f"k{number:x}: a\n" for number in range(MAX_FILE_BYTES // 10)),
    "keys nearly known": lambda: "".join(f"floor{number:x}: a\n" for number in range(MAX_FILE_BYTES // 14)),
    "one key many times": lambda: filled("floor: F1\n"),
    "one endless key": lambda: filled("x", after=": 1\n"),
    "one endless text": lambda: filled("门", "floor: F1\nname: "),
    "one endless number": lambda: filled("9", FLOOR_HEAD + "  door:\n    major: "),
    "one endless comment": lambda: filled("#"),
    "blank lines": lambda: filled("\n"),
    "tabs": lambda: filled("\t"),
    "anchors": lambda: filled("- &a a\n"),
    "tags": lambda: filled("- !a b\n"),
    "faulty beacons": lambda: (
        FLOOR_HEAD + "".join(f"  {number}: {{major: x, minor: y}}\n" for number in range(MAX_FILE_BYTES // 50))
    ),
    "one beacon many times": lambda: (
        FLOOR_HEAD + "".join(f"  b{number}: {{major: 1, minor: 1}}\n" for number in range(MAX_FILE_BYTES // 50))
    ),
    "slots that all overlap": lambda: filled(
        "      - {from: 2026-11-24 10:00, until: 2026-11-24 22:00, pages: []}\n",
        FLOOR_HEAD + BEACON + "    schedule:\n",
    ),
    "billion laughs": lambda: (
        "a0: &a0 [ha, ha]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))
    ),
    "an anchor within itself": lambda: "a: &a [*a, *a]\n",
    "many aliases of one anchor": lambda: filled("- *a\n", "- &a a\n"),
}


@pytest.mark.parametrize("shape", LARGE)
def test_a_file_as_large_as_may_be_is_read_quickly_and_in_bounded_memory(
    shape: str, alone: Reader, tmp_path: Path
) -> None:
    reading = alone.read(store_folder(tmp_path, floor=LARGE[shape]()).folder)
    assert reading.problems
    assert reading.calls < MOST_CALLS
    assert reading.peak_megabytes < MOST_MEGABYTES


def test_a_thousand_names_that_are_nearly_a_thousand_others_are_read_quickly(alone: Reader, tmp_path: Path) -> None:
    pages = "pages:\n" + "".join(f"  spring-{number}: {{wechat_page_id: {number + 1}}}\n" for number in range(1000))
    floor = FLOOR_HEAD + "".join(
        f"  b{number}: {{major: 1, minor: {number}, pages: [sprink-{number}]}}\n" for number in range(1000)
    )
    reading = alone.read(store_folder(tmp_path, pages=pages, floor=floor).folder)
    assert reading.problems[0] == f"{F1}:5:36 page.unknown-near"
    assert len(reading.problems) == 100
    assert reading.calls < MOST_CALLS


HARMLESS: dict[str, str] = {
    "brackets in a comment": FLOOR + "# " + "[" * 100 + "{" * 100 + "\n",
    "brackets in a comment after a value": FLOOR.replace("正门", "正门  # " + "[" * 100),
    "dashes in a comment": FLOOR + "# " + "-" * 100 + "\n#" + "- " * 100 + "\n",
    "brackets in double quotes": FLOOR.replace("正门", '"' + "[{" * 50 + '"'),
    "brackets in single quotes": FLOOR.replace("正门", "'" + "[{" * 50 + "'"),
    "brackets in a plain text": FLOOR.replace("正门", "门" + "[" * 100),
    "dashes in quotes of many lines": FLOOR.replace("正门", '"门\n      ' + "- " * 50 + '\n      门"'),
    "a rule in quotes of many lines": FLOOR.replace("正门", '"门\n      ' + "-" * 50 + '\n      门"'),
    "questions in quotes of many lines": FLOOR.replace("正门", "'门\n      " + "? " * 50 + "\n      门'"),
    "a sad face in forty names": FLOOR_HEAD
    + "".join(f"  d{number}:\n    name: 门 :[\n    major: 1\n    minor: {number}\n" for number in range(40)),
    "two thousand lists": FLOOR_HEAD
    + "".join(f"  d{number}: {{major: 1, minor: {number}, pages: [members-day]}}\n" for number in range(2000)),
    "a line wider than a screen": FLOOR + "#" + " " * 5000 + "门\n",
}


@pytest.mark.parametrize("shape", HARMLESS)
def test_brackets_and_dashes_that_nest_nothing_are_not_refused(shape: str, tmp_path: Path) -> None:
    store, problems = store_folder(tmp_path, floor=HARMLESS[shape]).read()
    assert listed(problems) == []
    assert store.beacons


def test_ten_megabytes_of_nonsense_are_refused_by_their_size(tmp_path: Path) -> None:
    nonsense = random.Random(7).randbytes(10 << 20)
    (problem,) = store_folder(tmp_path, floor=nonsense).read()[1]
    assert listed([problem]) == [f"{F1}:1:1 file.too-big"]
    assert problem.details["found"] == "10,485,760"
    assert_can_be_said(problem)


def test_a_megabyte_of_nonsense_is_one_fault(tmp_path: Path) -> None:
    problems = store_folder(tmp_path, floor=random.Random(7).randbytes(MAX_FILE_BYTES)).read()[1]
    assert [problem.code for problem in problems] == ["file.encoding"]


def test_a_file_in_gbk_is_told_apart_at_its_first_chinese_character(tmp_path: Path) -> None:
    (problem,) = store_folder(tmp_path, floor=FLOOR.encode("gbk")).read()[1]
    assert listed([problem]) == [f"{F1}:2:8 file.encoding"]
    assert_can_be_said(problem)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_a_file_in_utf_16_or_32_is_told_apart(encoding: str, tmp_path: Path) -> None:
    (problem,) = store_folder(tmp_path, floor=FLOOR.encode(encoding)).read()[1]
    assert listed([problem]) == [f"{F1}:1:1 file.utf-16"]
    assert_can_be_said(problem)


def test_a_file_of_nuls_as_a_power_cut_leaves_it_is_no_utf_16(tmp_path: Path) -> None:
    (problem,) = store_folder(tmp_path, floor=b"\0" * 512).read()[1]
    assert problem.code == "character.control"


def test_a_byte_order_mark_in_front_does_no_harm(tmp_path: Path) -> None:
    plain, _ = store_folder(tmp_path / "plain").read()
    marked, problems = store_folder(
        tmp_path / "marked", pages=PAGES.encode("utf-8-sig"), floor=FLOOR.encode("utf-8-sig")
    ).read()
    assert problems == []
    assert marked.beacons == plain.beacons


def test_a_byte_order_mark_shifts_no_column(tmp_path: Path) -> None:
    problems = store_folder(tmp_path, floor="\ufeffflor: F1\n").read()[1]
    assert listed(problems) == [f"{F1}:1:1 key.unknown-near"]


def test_a_link_that_leads_to_itself_is_told(tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    (files.folder / "floors" / "F2.yaml").symlink_to("F2.yaml")
    (problem,) = files.read()[1]
    assert listed([problem]) == ["store/floors/F2.yaml:1:1 file.loop"]
    assert_can_be_said(problem)


def test_two_links_that_lead_to_each_other_are_told(tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").symlink_to("other.yaml")
    (tmp_path / "other.yaml").symlink_to("gateway.yaml")
    assert listed(read_settings(tmp_path / "gateway.yaml")[2]) == ["gateway.yaml:1:1 file.loop"]


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    (files.folder / "floors" / "F2.yaml").symlink_to("F3.yaml.old")
    assert listed(files.read()[1]) == ["store/floors/F2.yaml:1:1 file.missing"]


def test_an_icon_that_links_to_itself_is_told(tmp_path: Path) -> None:
    pages = "pages:\n  a: {title: a, description: b, url: https://h5.example.com/, icon: icons/a.png}\n"
    files = store_folder(tmp_path, pages=pages, floor=FLOOR_HEAD)
    (files.folder / "icons").mkdir()
    (files.folder / "icons" / "a.png").symlink_to("a.png")
    (problem,) = files.read()[1]
    assert problem.code == "icon.loop"
    assert_can_be_said(problem)
    assert_chinese_is_chinese(problem)


def test_an_icon_that_links_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    pages = "pages:\n  a: {title: a, description: b, url: https://h5.example.com/, icon: icons/a.png}\n"
    files = store_folder(tmp_path, pages=pages, floor=FLOOR_HEAD)
    write(tmp_path, {"elsewhere.png": PNG})
    (files.folder / "icons").mkdir()
    (files.folder / "icons" / "a.png").symlink_to(tmp_path / "elsewhere.png")
    assert [problem.code for problem in files.read()[1]] == ["icon.outside"]


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    (files.folder / "floors" / "F2.yaml").mkdir()
    (problem,) = files.read()[1]
    assert listed([problem]) == ["store/floors/F2.yaml:1:1 file.not-regular"]
    assert_can_be_said(problem)
    assert_chinese_is_chinese(problem)


def test_a_file_that_may_not_be_read_is_told(open_folder: Path) -> None:
    files = store_folder(open_folder)
    assert files.read()[1] == []
    (files.folder / "floors" / "F1.yaml").chmod(0)
    with as_nobody():
        _, problems = files.read()
    assert listed(problems) == [f"{F1}:1:1 file.permission"]
    assert_can_be_said(problems[0])
    assert_chinese_is_chinese(problems[0])


@pytest.mark.parametrize("name", ["floors", "", "icons"])
def test_a_folder_that_may_not_be_listed_is_told_and_is_not_an_empty_one(name: str, open_folder: Path) -> None:
    files = store_folder(open_folder)
    write(files.folder, {"icons/a.png": PNG})
    (files.folder / name).chmod(0o711)  # what lies in it may be read by its name
    with as_nobody():
        _, problems = files.read()
    assert listed(problems) == [f"store/{name}:1:1 folder.permission"]
    assert is_sound(problems) == (name != "floors")
    assert_can_be_said(problems[0])
    assert_chinese_is_chinese(problems[0])


@pytest.mark.parametrize("kind", ["socket", "device", "pipe"])
def test_what_is_no_file_is_told_wherever_it_stands(kind: str, open_folder: Path) -> None:
    files = store_folder(open_folder)
    for name in ("pages.yaml", "floors/F1.yaml"):
        path = files.folder / name
        path.unlink()
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "device":
            path.symlink_to("/dev/zero")
        else:
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(str(path))
    assert {problem.code for problem in files.read()[1]} == {"file.not-regular"}


@pytest.mark.parametrize("place", ["", "floors"])
def test_a_file_in_the_place_of_a_folder_is_told(place: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    (files.folder / place).rename(tmp_path / "away")
    (files.folder / place).write_text("")
    problems = files.read()[1]
    assert not is_sound(problems)
    assert f"store/{place}:1:1 folder.not-a-folder" in listed(problems)
    for problem in problems:
        assert_can_be_said(problem)
        assert_chinese_is_chinese(problem)


def test_a_folder_with_more_than_any_store_has_is_not_read_in_part(tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    for number in range(MAX_ENTRIES):
        (files.folder / "floors" / f".{number}").touch()
    assert listed(files.read()[1]) == ["store/floors:1:1 folder.too-many"]


@pytest.mark.parametrize("name", ["floors/F2.yaml", "icons/spring.png"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(name: str, alone: Reader, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    (files.folder / name).parent.mkdir(exist_ok=True)
    os.mkfifo(files.folder / name)
    expected = ["store/floors/F2.yaml:1:1 file.not-regular"] if name.startswith("floors") else []
    assert alone.read(files.folder).problems == expected


def test_a_huge_file_among_the_icons_is_not_read_into_memory(alone: Reader, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {"icons/video.png": b""})
    os.truncate(files.folder / "icons" / "video.png", 512 << 20)
    reading = alone.read(files.folder)
    assert reading.problems == []
    assert reading.peak_megabytes < MOST_MEGABYTES
    assert reading.calls < MOST_CALLS


def test_an_icon_beyond_a_megabyte_is_refused_by_its_size(tmp_path: Path) -> None:
    pages = "pages:\n  a: {title: a, description: b, url: https://h5.example.com/, icon: icons/a.png}\n"
    files = store_folder(tmp_path, pages=pages, floor=FLOOR_HEAD)
    write(files.folder, {"icons/a.png": b"\0" * (MAX_READ_ICON_BYTES + 1)})
    (problem,) = files.read()[1]
    assert listed([problem]) == ["store/pages.yaml:2:69 icon.too-big"]
    assert problem.details["found"] == "1,048,577"


def test_an_icon_whose_name_was_typed_in_gbk_does_no_harm(tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    (files.folder / "icons").mkdir()
    (files.folder / "icons" / os.fsdecode("春季.png".encode("gbk"))).write_bytes(PNG)
    _, problems = files.read()
    assert problems == []


def test_a_floor_file_whose_name_was_typed_in_gbk_is_read_and_its_faults_can_be_said(tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    path = files.folder / "floors" / os.fsdecode("二楼.yaml".encode("gbk"))
    path.write_text("floor: F2\ncolour: red\n", encoding="utf-8")
    (problem,) = files.read()[1]
    assert problem.code == "key.unknown"
    str(problem.place).encode()


@pytest.mark.parametrize(
    "name", [".F2.yaml", "#F2.yaml", "~F2.yaml", ".F1.yaml.swp", "F1.yaml~", "F1.yaml.bak", "4913"]
)
def test_what_editors_leave_beside_a_file_is_not_read(name: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {f"floors/{name}": b"\xff half written"})
    store, problems = files.read()
    assert problems == []
    assert list(store.floors) == ["F1"]


def test_more_floors_than_any_store_has_are_told(tmp_path: Path) -> None:
    more = {f"G{number}": f"floor: G{number}\n" for number in range(200)}
    (problem,) = store_folder(tmp_path, **more).read()[1]
    assert listed([problem]) == ["store/floors:1:1 floors.too-many"]
    assert problem.details["found"] == "201"
    assert_can_be_said(problem)


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    store, problems = StoreFiles(tmp_path / "store", SHANGHAI).read()
    assert listed(problems) == ["store/floors:1:1 floors.none", "store/pages.yaml:1:1 file.missing"]
    assert not is_sound(problems)
    assert not store.beacons


def test_a_gateway_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    settings, _, problems = read_settings(tmp_path / "gateway.yaml")
    assert settings is None
    assert listed(problems) == ["gateway.yaml:1:1 file.missing"]


@pytest.mark.parametrize("cut", range(0, len(FLOOR.encode()), 3))
def test_a_file_cut_off_anywhere_is_read_without_a_crash(cut: int, tmp_path: Path) -> None:
    store, problems = store_folder(tmp_path, floor=FLOOR.encode()[:cut]).read()
    for problem in problems:
        assert_can_be_said(problem)
    assert problems or store.floors
