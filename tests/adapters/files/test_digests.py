"""A picture is digested once for as long as it stays as it is."""

import os
from pathlib import Path

import pytest

from beacon_gateway.adapters.files.digests import Digests
from beacon_gateway.core.files.icon_image import IconFault, IconFlaw
from tests.adapters.files.folders import PNG, write


def picture(folder: Path, content: bytes = PNG) -> Path:
    return write(folder, {"a.png": content}) / "a.png"


def test_what_stays_as_it_is_is_digested_once(tmp_path: Path) -> None:
    digests = Digests(limit=1000, within=tmp_path)
    assert digests.of(picture(tmp_path)) is digests.of(tmp_path / "a.png")


def test_what_is_wrong_with_a_picture_is_remembered_with_its_digest(tmp_path: Path) -> None:
    digests, path = Digests(limit=1000, within=tmp_path), picture(tmp_path, PNG[:-1])
    assert digests.of(path).fault == IconFault(IconFlaw.CUT_OFF)
    assert digests.of(path) is digests.of(path)
    assert digests.of(picture(tmp_path)).fault is None


def test_another_picture_of_the_same_size_and_with_the_old_times_is_told_apart(tmp_path: Path) -> None:
    digests, old = Digests(limit=1000, within=tmp_path), picture(tmp_path)
    before, times = digests.of(old), old.stat()
    new = picture(tmp_path / "copied", PNG[::-1])
    os.utime(new, ns=(times.st_atime_ns, times.st_mtime_ns))
    new.replace(old)
    assert digests.of(old).digest != before.digest


def test_a_picture_that_went_away_is_not_remembered(tmp_path: Path) -> None:
    digests, path = Digests(limit=1000, within=tmp_path), picture(tmp_path)
    digests.of(path)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        digests.of(path)


def test_a_folder_in_which_names_come_and_go_leaves_nothing_behind(tmp_path: Path) -> None:
    digests, path = Digests(limit=1000, within=tmp_path), picture(tmp_path)
    before = digests.of(path)
    digests.forget_all_but(set())
    assert digests.of(path) is not before


def test_beyond_the_limit_the_size_is_told_and_the_rest_is_not_read(tmp_path: Path) -> None:
    digests = Digests(limit=10, within=tmp_path)
    long, longer = digests.of(picture(tmp_path, b"x" * 20)), digests.of(picture(tmp_path / "b", b"x" * 30))
    assert (long.size, longer.size) == (20, 30)
    assert long.digest == longer.digest
