"""What is wrong with an icon is said where a page names it, and what was in force is not doubted afterwards."""

from pathlib import Path
from unicodedata import normalize

from beacon_gateway.adapters.files.last_good import LastGoodCopy
from beacon_gateway.adapters.files.supplied_files import read_brought
from beacon_gateway.core.model.problems import Problem, is_sound
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.core.sentences.messages import explain
from tests.adapters.files.folders import (
    FLOOR_HEAD,
    assert_can_be_said,
    assert_chinese_is_chinese,
    listed,
    store_folder,
    write,
)
from tests.pictures import gif, png

PAGE = "  {slug}: {{title: a, description: b, url: https://h5.example.com/, icon: {icon}}}\n"


def pages(*icons: str) -> str:
    return "pages:\n" + "".join(PAGE.format(slug=f"p{at}", icon=icon) for at, icon in enumerate(icons))


def problems_of(folder: Path, icons: dict[str, bytes], *named: str) -> list[Problem]:
    files = store_folder(folder, pages=pages(*named), floor=FLOOR_HEAD)
    write(files.folder, icons)
    return files.read()[1]


def test_each_fault_names_line_finding_and_limit(tmp_path: Path) -> None:
    icons = {"icons/wide.png": png(300, 200), "icons/large.gif": gif(256, 256), "icons/photo.png": b"RIFF----WEBPVP8 "}
    found = problems_of(tmp_path, icons, *icons)
    assert [problem.place.line for problem in found] == [2, 3, 4]
    for language in languages():
        wide, large, photo = (explain(problem, language) for problem in found)
        assert "icons/wide.png" in wide
        assert "300×200" in wide
        assert "200×200" in wide
        assert "256×256" in large
        assert "WebP" in photo
    for problem in found:
        assert_can_be_said(problem)
        assert_chinese_is_chinese(problem)


def test_two_pages_with_one_bad_icon_are_both_named(tmp_path: Path) -> None:
    found = problems_of(tmp_path, {"icons/a.png": b""}, "icons/a.png", "icons/a.png")
    assert [problem.place.line for problem in found] == [2, 3]


def test_a_name_with_its_accents_apart_is_said_to_look_alike(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, {normalize("NFD", "icons/Café.png"): png()}, normalize("NFC", "icons/Café.png"))
    assert problem.code == "icon.missing-lookalike"
    assert_can_be_said(problem)
    assert_chinese_is_chinese(problem)


def test_a_name_nearly_right_is_offered_with_the_file_that_is_there(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, {"icons/spring.jpg": png()}, "icons\\Spring.jpeg")
    assert (problem.code, problem.details["near"]) == ("icon.missing-near", "icons/spring.jpg")


def test_a_picture_that_was_swapped_is_judged_anew(tmp_path: Path) -> None:
    files = store_folder(tmp_path, pages=pages("icons/a.png"), floor=FLOOR_HEAD)
    write(files.folder, {"icons/a.png": png()})
    assert is_sound(files.read()[1])
    write(files.folder, {"icons/a.png": png()[:50]})
    assert listed(files.read()[1]) == ["store/pages.yaml:2:70 icon.cut-off"]
    write(files.folder, {"icons/a.png": png(text="again")})
    assert is_sound(files.read()[1])


def test_a_copy_of_what_was_in_force_is_used_whatever_is_thought_of_its_pictures_by_now(tmp_path: Path) -> None:
    files = store_folder(tmp_path, pages=pages("icons/a.png"), floor=FLOOR_HEAD)
    write(files.folder, {"icons/a.png": png(300, 300)})
    copy = store_folder(tmp_path / "state", pages=pages("icons/a.png"), floor=FLOOR_HEAD)
    write(copy.folder, {"icons/a.png": png(300, 300)})
    assert not is_sound(files.read()[1])
    store, problems = LastGoodCopy(files, copy.folder).read()
    assert is_sound(problems)
    assert set(store.pages) == {"p0"}


def test_a_picture_is_brought_along_whatever_its_name_says(tmp_path: Path) -> None:
    brought = write(tmp_path / "card", {"store/icons/spring": png(), "store/icons/notes.txt": b"hello"})
    assert set(read_brought(brought).store) == {"icons/spring"}
