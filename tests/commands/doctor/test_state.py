"""The state folder: each file that the service cannot use is named, with the command that mends it."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.adapters.machine.access import READ, SEARCH, WRITE, User
from beacon_gateway.adapters.machine.state_folder import look_at_state
from beacon_gateway.core.doctor.state import FileFlaw, FlawedFile, StateFolder, judge_state
from tests.as_nobody import folder_for_nobody
from tests.commands.doctor.pi import Pi

FORMATS = {"hits.db": 1, "ledger.db": 9}
ROOT = User("root", 0, frozenset({0}))
STOP, START = "sudo systemctl stop beacon-gateway", "sudo systemctl start beacon-gateway"


@pytest.fixture
def state(pi: Pi) -> Path:
    folder = pi.folder / "state"
    folder.mkdir()
    return folder


def moved(path: Path) -> str:
    aside = path.parent / "aside"
    move = f"sudo find {path.parent} -maxdepth 1 -name '{path.name}*' -exec mv -t {aside} {{}} +"
    return f"{STOP} && sudo mkdir -p {aside} && {move} && {START}"


def database(path: Path, form: int = 1) -> Path:
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version = {form}")
        file.executescript("CREATE TABLE t (a); INSERT INTO t VALUES (1);")
    return path


def test_before_the_first_start_there_is_nothing_to_be_said_of(pi: Pi) -> None:
    assert pi.look().level("state") == "ok"


async def test_files_of_a_gateway_that_ran_are_sound(pi: Pi, state: Path) -> None:
    async with LedgerFile(state) as ledger:
        await ledger.read()
        (state / "last-good" / "floors").mkdir(parents=True)
        report = await pi.looked_at(offline=True)
    assert report.level("state") == "ok", report["state"]


@pytest.mark.parametrize("content", [bytes(20480), b"SQLite format 3\0" + bytes(4080), b"no database" * 500])
@pytest.mark.parametrize("name", ["ledger.db", "quota.db", "hits.db"])
def test_a_database_that_a_power_cut_damaged_is_named_with_the_command_that_moves_it_aside(
    pi: Pi, state: Path, name: str, content: bytes
) -> None:
    (state / name).write_bytes(content)
    report = pi.look(offline=True)
    assert (report.level("state"), report.fix("state")) == ("fail", moved(state / name))
    assert "State folder: damaged, perhaps by a power cut" in report["state"]
    assert str(state / name) in report["state"]


def test_the_command_moves_what_belongs_to_the_database_as_well(pi: Pi, state: Path) -> None:
    for end in ("", "-wal", "-shm"):
        (state / f"ledger.db{end}").write_bytes(b"?" * 4096)
    database(state / "hits.db")
    command = pi.look(offline=True).fix("state").replace(f"{STOP} && ", "").replace(f" && {START}", "")
    subprocess.run(command.replace("sudo ", ""), shell=True, check=True)  # noqa: S602 - as people type it
    assert not list(state.glob("ledger.db*"))
    assert (state / "aside" / "ledger.db").exists()
    assert pi.look(offline=True).level("state") == "ok"


def test_a_page_within_a_small_database_that_is_damaged_is_found(pi: Pi, state: Path) -> None:
    path = database(state / "ledger.db")
    content = bytearray(path.read_bytes())
    content[4096:4200] = b"\xff" * 104
    path.write_bytes(content)
    assert "damaged" in pi.look(offline=True)["state"]


@pytest.mark.parametrize("name", ["ledger.db", "last-good", "earlier", "anything"])
def test_what_is_of_the_wrong_type_is_named_and_never_opened(pi: Pi, state: Path, name: str) -> None:
    os.mkfifo(state / name)  # an open of it would wait for ever
    report = pi.look(offline=True)
    assert (report.level("state"), report.fix("state")) == ("fail", moved(state / name))


def test_a_folder_where_a_database_belongs_and_a_file_where_a_folder_does_are_both_moved(pi: Pi, state: Path) -> None:
    (state / "ledger.db").mkdir()
    (state / "last-good").write_text("")
    report = pi.look(offline=True)
    assert f"{state}/last-good, {state}/ledger.db" in report["state"]
    assert report.fix("state").count("-exec mv -t ") == 2


def test_a_database_of_a_newer_version_is_no_damage(state: Path) -> None:
    database(state / "ledger.db", form=10)
    assert [file.flaw for file in look_at_state(state, ROOT, FORMATS).flawed] == [FileFlaw.NEWER]


def test_what_the_gateway_put_aside_itself_is_told_until_somebody_takes_it_away(pi: Pi, state: Path) -> None:
    database(state / "hits.db")
    (state / "hits.db.damaged-1").write_bytes(b"?")
    report = pi.look(offline=True)
    assert (report.level("state"), report.fix("state")) == ("warn", f"ls -l {state}/hits.db.damaged-1")


def test_a_file_of_a_newer_version_that_was_put_aside_is_named_with_the_way_back(pi: Pi, state: Path) -> None:
    database(state / "hits.db")
    for suffix in ("", "-wal", "-shm"):
        (state / f"hits.db.newer-1{suffix}").write_bytes(b"")
    report = pi.look(offline=True)
    assert (report.level("state"), report.fix("state")) == ("warn", "apt list --installed beacon-gateway")
    assert f"set aside and created again: {state}/hits.db.newer-1. To continue" in report["state"]


def test_a_file_that_root_made_is_given_back_to_the_service(tmp_path: Path) -> None:
    database(tmp_path / "hits.db").chmod(0o600)
    other = User("beacon-gateway", os.geteuid() + 1, frozenset({os.getegid() + 1}))
    seen = look_at_state(tmp_path, other, FORMATS)
    assert {file.flaw for file in seen.flawed} == {FileFlaw.CLOSED}
    finding = judge_state(seen)
    assert finding.fix.startswith(f"sudo chown -R beacon-gateway: {tmp_path} && ")


def test_rights_are_those_of_the_owner_else_of_the_group_else_of_all(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    found = file.stat()
    member = User("g", found.st_uid + 1, frozenset({found.st_gid}))
    other = User("x", found.st_uid + 1, frozenset())
    for mode, user, wanted, may in (
        (0o640, member, READ, True),
        (0o640, member, WRITE, False),
        (0o604, member, READ, False),
        (0o604, other, READ, True),
        (0o604, other, READ | WRITE, False),
        (0o701, other, SEARCH, True),
    ):
        file.chmod(mode)
        assert user.may(file.stat(), wanted) is may


def test_the_first_folder_on_the_way_that_keeps_a_user_out_is_named() -> None:
    with folder_for_nobody() as folder:
        inner = folder / "a" / "b"
        inner.mkdir(parents=True)
        other = User("x", os.geteuid() + 1, frozenset())
        (folder / "a").chmod(0o755)
        inner.chmod(0o755)
        assert other.closed_on_the_way(inner, READ) is None
        inner.chmod(0o750)
        assert other.closed_on_the_way(inner, READ) == inner
        (folder / "a").chmod(0o700)
        assert other.closed_on_the_way(inner, READ) == folder / "a"


@pytest.mark.usefixtures("pi")  # and with it, no system bus
@pytest.mark.skipif(os.geteuid() != 0, reason="only root reads what a service of its machine may not")
def test_a_store_that_the_service_may_not_read_is_named_though_root_may() -> None:
    with folder_for_nobody() as folder:
        pi = Pi(folder)
        (folder / "state").mkdir()
        os.chown(folder / "state", 12_345, 12_345)
        floors = folder / "store" / "floors"
        floors.chmod(0o700)
        report = pi.look(offline=True)
    assert report.level("files") == "fail"
    assert f"the gateway's user, 12345, may not read {floors};" in report["files"]
    assert report.fix("files") == f"sudo chmod o+rX {floors} && sudo systemctl restart beacon-gateway"


def test_of_several_flaws_the_worst_is_said_first() -> None:
    folder = StateFolder("/s", "u", 2, [FlawedFile("/s/a", FileFlaw.CLOSED), FlawedFile("/s/b", FileFlaw.DAMAGED)], [])
    assert judge_state(folder).details["names"] == "/s/b"
