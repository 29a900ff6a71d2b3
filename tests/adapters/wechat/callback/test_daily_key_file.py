"""The keys of the days: kept over a restart, destroyed after their time, never made worse by a fault."""

import itertools
import os
import stat
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest

from beacon_gateway.adapters.secrets.daily_key_file import FILE, DailyKeyFile
from tests.adapters.wechat.callback.conftest import Log

TODAY: Final = date(2023, 11, 15)
YESTERDAY: Final = TODAY - timedelta(days=1)


def everything(folder: Path) -> bytes:
    """Return all that is in the folder."""
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_a_day_has_one_key_and_a_restart_keeps_it(tmp_path: Path) -> None:
    keys = DailyKeyFile(tmp_path / "run")
    key = keys.key_of(TODAY)
    assert len(key) == 32
    assert keys.key_of(TODAY) == key == DailyKeyFile(tmp_path / "run").key_of(TODAY)
    assert keys.key_of(YESTERDAY) != key


def test_nobody_else_may_read_it_whatever_the_mask(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        DailyKeyFile(tmp_path).key_of(TODAY)
    finally:
        os.umask(mask)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_forgotten_key_is_gone_from_memory_and_file(tmp_path: Path) -> None:
    keys = DailyKeyFile(tmp_path)
    old, new = keys.key_of(YESTERDAY), keys.key_of(TODAY)
    keys.forget_before(TODAY)
    assert old.hex().encode() not in everything(tmp_path)
    assert old not in vars(keys)["_keys"].values()
    assert DailyKeyFile(tmp_path).key_of(TODAY) == new
    assert keys.key_of(YESTERDAY) != old


def test_a_key_of_an_earlier_run_is_forgotten_too(tmp_path: Path) -> None:
    old = DailyKeyFile(tmp_path).key_of(YESTERDAY)
    DailyKeyFile(tmp_path).forget_before(TODAY)
    assert old.hex().encode() not in everything(tmp_path)


def test_nothing_is_written_while_nothing_changes(tmp_path: Path) -> None:
    keys = DailyKeyFile(tmp_path)
    keys.key_of(TODAY)
    before = (tmp_path / FILE).stat()
    keys.key_of(TODAY)
    keys.forget_before(TODAY)
    assert (tmp_path / FILE).stat().st_ino == before.st_ino


@pytest.mark.parametrize(
    "content",
    [b"boom", b"\xff\xfe", b"2023-11-15 00\n", b"2023-13-45 " + b"0" * 64, b"x" * 100_000, b"2023-11-15 " + b"G" * 64],
)
def test_a_damaged_file_means_a_new_key(tmp_path: Path, log: Log, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    key = DailyKeyFile(tmp_path).key_of(TODAY)
    assert DailyKeyFile(tmp_path).key_of(TODAY) == key
    assert [line["event"] for line in log] == ["person_keys.not_read"]


def test_a_lost_file_means_a_new_key(tmp_path: Path) -> None:
    key = DailyKeyFile(tmp_path).key_of(TODAY)
    (tmp_path / FILE).unlink()
    assert DailyKeyFile(tmp_path).key_of(TODAY) != key


def test_what_a_crash_left_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / f".{FILE}.new").write_text("half")
    key = DailyKeyFile(tmp_path).key_of(TODAY)
    assert b"half" not in everything(tmp_path)
    assert DailyKeyFile(tmp_path).key_of(TODAY) == key


def test_without_a_folder_the_keys_are_in_memory_and_that_is_told_once(tmp_path: Path, log: Log) -> None:
    (tmp_path / "run").write_text("no folder")
    keys = DailyKeyFile(tmp_path / "run")
    key = keys.key_of(TODAY)
    for _ in range(3):
        keys.forget_before(TODAY)
    assert keys.key_of(TODAY) == key
    assert [line["event"] for line in log] == ["person_keys.not_saved"]


def test_as_soon_as_it_can_be_saved_it_is(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("no folder")
    keys = DailyKeyFile(tmp_path / "run")
    key = keys.key_of(TODAY)
    (tmp_path / "run").unlink()
    keys.forget_before(TODAY)
    assert DailyKeyFile(tmp_path / "run").key_of(TODAY) == key


def test_a_file_that_cannot_be_replaced_is_removed(tmp_path: Path) -> None:
    keys = DailyKeyFile(tmp_path)
    old = keys.key_of(YESTERDAY)
    (tmp_path / f".{FILE}.new").mkdir()  # nothing can be written there
    keys.forget_before(TODAY)
    assert not (tmp_path / FILE).exists()
    assert old not in vars(keys)["_keys"].values()


def test_chance_makes_the_keys(tmp_path: Path) -> None:
    numbers = itertools.count(1)
    keys = DailyKeyFile(tmp_path, lambda length: bytes([next(numbers)]) * length)
    assert [keys.key_of(day) for day in (TODAY, YESTERDAY, TODAY)] == [b"\1" * 32, b"\2" * 32, b"\1" * 32]
