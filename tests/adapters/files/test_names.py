"""What lies in a store's folder and is not read is told, with what to do about it; copies never spoil the real file."""

import os
from pathlib import Path

import pytest

from beacon_gateway.core.files.file_names import FloorNames, is_read, sort_floor_names
from beacon_gateway.core.model.problems import Severity, is_sound
from tests.adapters.files.folders import BEACON, FLOOR, FLOOR_HEAD, assert_can_be_said, store_folder, write

COPIES = (
    "F1 (copy).yaml",
    "F1(复件).yaml",
    "F1的副本.yaml",
    "复件 F1.yaml",
    "F1(1).yaml",
    "F1-冲突.yaml",
    "F1-NSConflict-李.yaml",
    "F1 (SFConflict li@example.com 2026-11-30-10-15-00).yaml",
    "F1_Andy-PC_Nov-30-1015-2026_Conflict.yaml",
    "F1.Conflict.yaml",
    "F1_REMOTE_4711.yaml",
    "F1 (1).yaml",
    "F1（1）.yaml",
    "F1 - Copy.yaml",
    "F1 - Copy (2).yaml",
    "F1 - 副本.yaml",
    "F1 - 副本 (2).yaml",
    "F1 副本.yaml",
    "F1 copy 2.yaml",
    "Copy of F1.yaml",
    "F1 (conflicted copy 2026-11-30 101500).yaml",
    "F1 (Li's conflicted copy 2026-11-30).yaml",
    "F1 (李 的冲突副本 2026-11-30).yaml",
    "F1_conflict-20261130-101500.yaml",
    "F1.sync-conflict-20261130-101500-ABCDEFG.yaml",
    "F1-DESKTOP-4QK7M2P.yaml",
    "F1 (1).yml",
)
GO_ON = ("F1-till-3.yaml", "F1 2.yaml", "F1-ZHANGSAN-PC.yaml")
"""By the names of people's computers OneDrive names its copies, by a number iCloud; and people other floors."""
NEAR = {
    "F2.YAML": "F2.yaml",
    "F2.Yml": "F2.yaml",
    "F2.YML": "F2.yaml",
    "F2.yaml.txt": "F2.yaml",
    "F2.yaml.html": "F2.yaml",
    "F2.yml.txt": "F2.yaml",
    "F2.yaml (1)": "F2.yaml",
    "F2.ymal": "F2.yaml",
    "F2.txt": "F2.yaml",
    "F2": "F2.yaml",
    "F2.json": "F2.yaml",
}
LEFT_BY_PROGRAMS = (
    *("Thumbs.db", "ehthumbs.db", "desktop.ini", ".DS_Store", "._F1.yaml", ".F1.yaml.swp", "F1.yaml~", "#F1.yaml#"),
    *(".#F1.yaml", "4913", "F1.yaml.bak", "F1.yaml.tmp", "F1.yaml.part", "~$F1.yaml", "README.md", "说明.txt"),
)


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_beside_the_real_file_is_told_and_not_read(name: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {f"floors/{name}": FLOOR.replace("正门", "旧门")})
    store, (problem,) = files.read()
    assert [beacon.name for beacon in store.beacons.values()] == ["正门"]
    assert (problem.severity, problem.code, problem.details["near"]) == (Severity.WARNING, "file.copy", "F1.yaml")
    assert problem.place.file == f"store/floors/{name}"
    assert_can_be_said(problem)


@pytest.mark.parametrize("name", [name for name in COPIES if name.endswith(".yaml")])
def test_a_copy_that_is_all_there_is_is_read(name: str) -> None:
    assert sort_floor_names([name]) == FloorNames([name], {}, [])


@pytest.mark.parametrize(
    "name", ["F1-east.yaml", "F1.2.yaml", "F1-1.yaml", "F10.yaml", "F1 west.yaml", "kopie-shop.yaml"]
)
def test_another_floor_is_no_copy(name: str, tmp_path: Path) -> None:
    assert is_read_beside_f1(name, FLOOR.replace("floor: F1", "floor: F2").replace("minor: 1", "minor: 2"), tmp_path)


@pytest.mark.parametrize("name", [name for name in COPIES if is_read(name)])
def test_a_floor_of_its_own_is_read_though_its_name_says_that_it_is_a_copy(name: str, tmp_path: Path) -> None:
    assert is_read_beside_f1(name, FLOOR.replace("floor: F1", "floor: F2").replace("minor: 1", "minor: 2"), tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        FLOOR.replace(
            "floor: F1", "floor: F2"
        ),  # copied to make another floor of it: the beacons are still the old ones
        FLOOR.replace("minor: 1", "minor: 2"),
        FLOOR[:-30],
        "",
        "\0",
    ],
)
def test_a_copy_that_is_half_of_another_floor_or_cut_off_spoils_nothing(content: str, tmp_path: Path) -> None:
    assert not is_read_beside_f1("F1 - Copy.yaml", content, tmp_path)


@pytest.mark.parametrize("name", GO_ON)
def test_a_name_that_goes_on_is_a_copys_if_it_declares_the_same_floor_and_beacons(name: str, tmp_path: Path) -> None:
    assert not is_read_beside_f1(name, FLOOR, tmp_path)


@pytest.mark.parametrize("content", [FLOOR.replace("minor: 1", "minor: 2"), FLOOR.replace("floor: F1", "floor: F2")])
def test_a_mistake_in_another_floors_file_is_told_as_one(content: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {"floors/F1-east.yaml": content})
    (problem,) = files.read()[1]
    assert problem.code in {"floor.twice", "beacon.twice"}


def is_read_beside_f1(name: str, content: str, parent: Path) -> bool:
    """Return whether a file is read as a floor; if not, it is told as a copy, and F1 is read as ever."""
    files = store_folder(parent)
    write(files.folder, {f"floors/{name}": content})
    store, problems = files.read()
    assert is_sound(problems)
    assert "F1" in store.floors
    assert [problem.code for problem in problems] == ([] if "F2" in store.floors else ["file.copy"])
    assert (name in [path.name for path in files.floor_files()]) == ("F2" in store.floors or name in GO_ON)
    return "F2" in store.floors


@pytest.mark.parametrize(("name", "wanted"), NEAR.items())
def test_a_name_that_is_nearly_right_is_told_with_the_right_one(name: str, wanted: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {f"floors/{name}": "floor: F2\n"})
    store, (problem,) = files.read()
    assert list(store.floors) == ["F1"]
    assert (problem.severity, problem.code) == (Severity.WARNING, "file.not-read")
    assert problem.details == {"found": name, "near": wanted}
    assert_can_be_said(problem)


@pytest.mark.parametrize("name", ["pages.yml", "pages.yaml.txt", "Pages.yaml", "pages.yaml.bak", "pages.yaml~"])
def test_pages_under_nearly_their_name_are_told_with_the_right_one(name: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    (files.folder / "pages.yaml").rename(files.folder / name)
    near = next(problem for problem in files.read()[1] if problem.code == "file.not-read")
    assert near.details == {"found": name, "near": "pages.yaml"}


@pytest.mark.parametrize("name", ["F2.yaml.bak", "F2.yaml~", "F2.yaml.orig", "F2.yml.old"])
def test_a_backup_that_is_all_there_is_of_a_floor_is_told(name: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {f"floors/{name}": "floor: F2\n"})
    (problem,) = files.read()[1]
    assert (problem.severity, problem.code) == (Severity.WARNING, "file.not-read")
    assert_can_be_said(problem)


LEFT_UNFINISHED = (
    *("{}.yaml.tmp", "{}.yaml.temp", "{}.yaml.part", "{}.yaml.partial", "{}.yaml.new", "{}.yaml.crdownload"),
    *("{}.yaml.filepart", "{}.yaml.baiduyun.p.downloading", "{}.yaml.rej", "{}.yaml.swp", ".{}.yaml.swp"),
    *(".{}.yaml.icloud", "#{}.yaml#", ".syncthing.{}.yaml.tmp", "~syncthing~{}.yaml.tmp", ".{}.yaml.Xk3b9Q"),
)


@pytest.mark.parametrize("name", LEFT_UNFINISHED)
def test_what_was_left_unfinished_is_told_where_it_is_all_there_is_of_a_floor(name: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {f"floors/{name.format('F2')}": "floor: F2\n"})
    (problem,) = files.read()[1]
    assert (problem.severity, problem.code) == (Severity.WARNING, "file.unfinished")
    assert problem.details == {"found": name.format("F2"), "near": "F2.yaml"}
    assert_can_be_said(problem)


@pytest.mark.parametrize("name", LEFT_UNFINISHED)
@pytest.mark.parametrize("real", ["F1.yaml", "F1.yml"])
def test_what_was_left_unfinished_beside_its_floor_is_passed_over(name: str, real: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    (files.folder / "floors" / "F1.yaml").rename(files.folder / "floors" / real)
    write(files.folder, {f"floors/{name.format('F1')}": "\0"})
    assert files.read()[1] == []


@pytest.mark.parametrize(
    "name", ["._F2.yaml", "._F2.yaml.tmp", ".#F2.yaml", "~$F2.yaml", ".~lock.F2.yaml#", "F2.yaml.lock"]
)
def test_what_never_held_a_floor_is_passed_over(name: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {f"floors/{name}": "\0"})
    assert files.read()[1] == []


@pytest.mark.parametrize("name", ["F1.YAML", "F1.yaml.txt", "F1.yaml.conflict1", "F1.yaml (1)", "F1 (1).yaml.txt"])
def test_beside_the_real_file_nobody_is_told_to_overwrite_it(name: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {f"floors/{name}": "floor: F2\n"})
    (problem,) = files.read()[1]
    assert (problem.code, problem.details["near"]) == ("file.copy", "F1.yaml")


def test_a_store_beside_its_gateway_file_is_told_nothing_of_it(tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {"gateway.yaml": "gateway: f1\n"})
    assert files.read()[1] == []


@pytest.mark.parametrize("name", LEFT_BY_PROGRAMS)
@pytest.mark.parametrize("folder", ["", "floors/", "icons/"])
def test_what_programs_leave_is_passed_over(name: str, folder: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {folder + name: "\0"})
    assert files.read()[1] == []


def test_a_floors_file_in_a_folder_of_its_own_is_told(tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {"floors/new/F2.yaml": "floor: F2\n", "floors/.git/F3.yaml": "", "floors/pictures/F2.svg": ""})
    (problem,) = files.read()[1]
    assert (problem.place.file, problem.code) == ("store/floors/new/F2.yaml", "file.in-a-folder")
    assert_can_be_said(problem)


@pytest.mark.parametrize(
    ("name", "code", "near"),
    [
        ("F2.yaml", "file.misplaced", "floors/F2.yaml"),
        ("F2.YAML.txt", "file.misplaced", "floors/F2.yaml"),
        ("icons/F2.yaml", "file.misplaced", "floors/F2.yaml"),
        ("pages.yml", "file.copy", "pages.yaml"),
        ("Pages.yaml", "file.copy", "pages.yaml"),
        ("pages.yaml.txt", "file.copy", "pages.yaml"),
        ("pages (1).yaml", "file.copy", "pages.yaml"),
        ("Floors/F2.yaml", "file.not-read", "floors"),
    ],
)
def test_what_lies_in_the_wrong_place_is_told(name: str, code: str, near: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {name: "floor: F2\n"})
    (problem,) = files.read()[1]
    assert (problem.code, problem.details["near"]) == (code, near)
    assert_can_be_said(problem)


def test_a_name_in_gbk_that_is_not_read_can_be_said(tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    (files.folder / "floors" / os.fsdecode("二楼.YAML".encode("gbk"))).write_bytes(b"floor: F2\n")
    (problem,) = files.read()[1]
    assert problem.code == "file.not-read"
    assert_can_be_said(problem)
    problem.place.file.encode()


SECRET = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("name", ["floors/zz.yaml", "pages.yaml", "floors/F1.yaml"])
def test_a_link_that_leads_out_of_the_store_is_not_followed(name: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    (tmp_path / "credential").write_text(SECRET)
    (files.folder / name).unlink(missing_ok=True)
    (files.folder / name).symlink_to(tmp_path / "credential")
    _, problems = files.read()
    found = [problem for problem in problems if problem.place.file == f"store/{name}"]
    assert [problem.code for problem in found] == ["file.outside"]
    assert SECRET[:8] not in repr(problems)
    assert_can_be_said(found[0])


def test_a_folder_of_floors_that_is_a_link_to_elsewhere_is_not_followed(tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    (files.folder / "floors").rename(tmp_path / "elsewhere")
    (files.folder / "floors").symlink_to(tmp_path / "elsewhere")
    _, problems = files.read()
    assert [problem.code for problem in problems] == ["folder.outside"]
    assert_can_be_said(problems[0])


def test_a_link_within_the_store_and_a_store_that_is_a_link_are_followed(tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(files.folder, {"floors/.kept": FLOOR_HEAD.replace("F1", "F2") + BEACON.replace("minor: 1", "minor: 2")})
    (files.folder / "floors" / "F2.yaml").symlink_to(".kept")
    real = files.folder.rename(tmp_path / "share")
    files.folder.symlink_to(real)
    store, problems = files.read()
    assert is_sound(problems)
    assert sorted(store.floors) == ["F1", "F2"]
