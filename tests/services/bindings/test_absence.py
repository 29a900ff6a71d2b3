"""Beacons that are gone from the files: a floor that vanishes keeps its pages, and holds up no other edit."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from beacon_gateway.adapters.database.ledger.ledger_schema import MIGRATIONS
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.bindings.target import Declared
from beacon_gateway.core.model.problems import is_sound
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.services.bindings.sync import ManualRequest
from tests.patience import until
from tests.services.bindings.scene import UUID_OF_ALL, Gateway, WeChatSide, beacon, gateway_at, key, own, picture, store

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
SPRING: Final = own("spring")
PAGES: Final = """\
pages:
  spring: {title: 春季新品, description: 全场八折起, url: "https://h5.example.com/spring", icon: icons/spring.png}
  draw: {title: 幸运抽奖, description: 全场八折起, url: "https://h5.example.com/draw", icon: icons/spring.png}
"""
FLOORS: Final = {"F1": (1, 2), "F2": (3, 4, 5)}
NEW_BEACONS: Final = (6, 7, 8)


def floor_text(floor: str, page: str = "spring", beacons: Sequence[int] = ()) -> str:
    lines = "".join(
        f"  corner-{n}:\n    name: {n} 号\n    major: 10006\n    minor: {n}\n    pages: [{page}]\n"
        for n in beacons or FLOORS[floor]
    )
    return f"floor: {floor}\nuuid: {UUID_OF_ALL}\nbeacons:\n{lines}"


class Files:
    """A store's folder, as people treat it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "floors").mkdir(parents=True)
        (folder / "icons").mkdir()
        (folder / "icons" / "spring.png").write_bytes(picture("spring"))
        (folder / "pages.yaml").write_text(PAGES, encoding="utf-8")
        for floor in FLOORS:
            self.floor(floor).write_text(floor_text(floor), encoding="utf-8")

    def floor(self, name: str) -> Path:
        return self.folder / "floors" / f"{name}.yaml"

    def read(self) -> Store:
        read, problems = StoreFiles(self.folder, SHANGHAI).read()
        assert is_sound(problems), problems
        return read


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "store")


@pytest.fixture
async def settled(wechat: WeChatSide, gateway: Gateway, files: Files) -> Gateway:
    wechat.devices(1, 2, 3, 4, 5, *NEW_BEACONS)
    await gateway.settle(files.read())
    wechat.calls()
    return gateway


def renamed(name: str) -> Callable[[Files], object]:
    return lambda files: files.floor("F2").rename(files.folder / "floors" / name)


def in_a_subfolder(files: Files) -> None:
    (files.folder / "floors" / "new").mkdir()
    files.floor("F2").rename(files.folder / "floors" / "new" / "F2.yaml")


def written(text: str) -> Callable[[Files], object]:
    return lambda files: files.floor("F2").write_text(text, encoding="utf-8")


def cut(lines: int) -> Callable[[Files], object]:
    return written("".join(floor_text("F2").splitlines(keepends=True)[:lines]))


ABSENCES: Final[Mapping[str, Callable[[Files], object]]] = {
    "F2.YAML": renamed("F2.YAML"),
    "F2.yaml.txt": renamed("F2.yaml.txt"),
    "F2.YML": renamed("F2.YML"),
    "in a subfolder": in_a_subfolder,
    "deleted": lambda files: files.floor("F2").unlink(),
    "cut at a beacon's end": cut(8),
    "cut before the pages of the second": cut(12),
    "other beacons in their place": written(floor_text("F2", beacons=NEW_BEACONS)),
    "no beacons left": written(f"floor: F2\nuuid: {UUID_OF_ALL}\nbeacons: {{}}\n"),
    "no pages left": written("\n".join(line for line in floor_text("F2").splitlines() if "pages" not in line)),
}


@pytest.mark.parametrize("absence", ABSENCES.values(), ids=ABSENCES)
async def test_a_floor_that_vanishes_keeps_its_pages_and_holds_up_no_other_edit(
    wechat: WeChatSide, settled: Gateway, files: Files, absence: Callable[[Files], object]
) -> None:
    absence(files)
    files.floor("F1").write_text(floor_text("F1", "draw"), encoding="utf-8")
    progress = await settled.once(files.read())
    assert progress.state is SyncState.BRAKED
    assert not progress.braked
    assert set(progress.plan.vanished_by_floor()) == {"F2"}
    assert [wechat.shown(n) for n in (1, 2)] == [["幸运抽奖"]] * 2
    assert [wechat.shown(n) for n in (3, 4, 5)] == [["春季新品"]] * 3
    await settled.once(files.read())
    assert [wechat.shown(n) for n in (3, 4, 5)] == [["春季新品"]] * 3


async def test_all_files_away_for_a_moment_change_nothing(wechat: WeChatSide, settled: Gateway, files: Files) -> None:
    shutil.move(files.folder / "floors", files.folder / "elsewhere")
    (files.folder / "floors").mkdir()
    gone = Store({}, {}, files_of(settled).pages)
    assert (await settled.once(gone)).state is SyncState.BRAKED
    (files.folder / "floors").rmdir()
    shutil.move(files.folder / "elsewhere", files.folder / "floors")
    with capture_logs() as logs:
        assert (await settled.once(files.read())).state is SyncState.IN_SYNC
    assert not [entry for entry in logs if entry["log_level"] not in {"info", "debug"}]
    assert wechat.writes() == {}


def files_of(gateway: Gateway) -> Store:
    found = gateway.sync._store
    assert found
    return found


async def test_it_holds_after_a_restart_and_for_other_processes(
    wechat: WeChatSide, settled: Gateway, files: Files
) -> None:
    files.floor("F2").unlink()
    await settled.once(files.read())
    async with gateway_at(wechat.url, settled.ledger._lock_path.parent) as another:
        another.sync.use(files.read())
        shown = await another.sync.once(write=False, cause="apply", by_hand=ManualRequest("wang"))
        assert shown.plan.vanished_by_floor() == {"F2": ("3 号", "4 号", "5 号")}
        typed = await another.sync.once(write=True, cause="apply", by_hand=ManualRequest("wang"))
        assert typed.state is SyncState.BRAKED
    assert wechat.writes() == {}


async def test_a_person_may_let_them_go_and_the_audit_names_them(
    wechat: WeChatSide, settled: Gateway, files: Files
) -> None:
    files.floor("F2").unlink()
    settled.sync.use(files.read())
    by_hand = ManualRequest("wang", "floor closed")
    progress = await settled.sync.once(write=True, cause="apply", force=True, by_hand=by_hand)
    assert progress.state is SyncState.IN_SYNC
    assert [wechat.shown(n) for n in (1, 3, 4, 5)] == [["春季新品"], [], [], []]
    lines = [line for line in await settled.ledger.audit(since=None, limit=99) if line.cause.who == "wang"]
    assert lines[0].change == f"bind {key(3)} (3 号, floor F2) to nothing"
    assert {line.image.place for line in lines if line.image} == {  # type: ignore[union-attr]  # it is there
        Declared("F2", f"corner-{n}", f"{n} 号") for n in (3, 4, 5)
    }
    assert (await settled.once(files.read())).state is SyncState.IN_SYNC


async def test_it_is_logged_and_audited_once(settled: Gateway, files: Files) -> None:
    files.floor("F2").unlink()
    with capture_logs() as logs:
        for _ in range(3):
            await settled.once(files.read())
    warned = [entry for entry in logs if entry["event"] == "sync.vanished"]
    assert [(entry["floor"], entry["beacons"]) for entry in warned] == [("F2", ("3 号", "4 号", "5 号"))]
    lines = await settled.ledger.audit(since=None, limit=99)
    told = [(line.change, line.outcome) for line in lines if "F2" in line.change]
    assert told == [("unbind 3 beacons of floor F2: 3 号, 4 号, 5 号", "withheld: no longer in the files")]


async def test_beacons_that_somebody_takes_out_go(wechat: WeChatSide, settled: Gateway, files: Files) -> None:
    cut(13)(files)
    assert (await settled.once(files.read())).state is SyncState.IN_SYNC
    assert [wechat.shown(n) for n in (3, 4, 5)] == [["春季新品"], ["春季新品"], []]


async def test_a_beacon_in_another_floors_file_keeps_its_page_without_a_write(
    wechat: WeChatSide, settled: Gateway, files: Files
) -> None:
    moved = floor_text("F1") + floor_text("F2").partition("beacons:\n")[2]
    files.floor("F1").write_text(moved, encoding="utf-8")
    files.floor("F2").unlink()
    assert (await settled.once(files.read())).state is SyncState.IN_SYNC
    assert wechat.writes() == {}
    assert (await settled.ledger.read()).declared[key(3)].floor == "F1"


async def test_a_ledger_of_an_older_version_lets_nothing_go(wechat: WeChatSide, tmp_path: Path) -> None:
    wechat.devices(1, 2, 3)
    everything = store([beacon(n, "spring") for n in (1, 2, 3)], [SPRING])
    async with gateway_at(wechat.url, tmp_path) as gateway:
        await gateway.settle(everything)
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db:
        newer = re.findall(r"CREATE TABLE (\w+)", " ".join(MIGRATIONS[older_version() :]))
        tables = [f"DROP TABLE {name}" for name in newer]
        for statement in (*tables, "ALTER TABLE hold DROP COLUMN things", f"PRAGMA user_version = {older_version()}"):
            db.execute(statement)
    wechat.calls()
    async with gateway_at(wechat.url, tmp_path) as gateway:
        progress = await gateway.once(store([beacon(1, "spring"), beacon(2, "spring")], [SPRING]))
        assert progress.plan.vanished_by_floor() == {"": (str(key(3)),)}
        assert wechat.writes() == {}
        assert (await gateway.once(everything)).state is SyncState.IN_SYNC  # and from now on it knows their floors
        assert (
            await gateway.once(store([beacon(1, "spring"), beacon(2, "spring")], [SPRING]))
        ).state is SyncState.IN_SYNC
    assert wechat.shown(3) == []


def older_version() -> int:
    return next(number for number, step in enumerate(MIGRATIONS) if "TABLE declared" in step)


async def test_the_daemon_itself_leaves_them_alone(wechat: WeChatSide, settled: Gateway, files: Files) -> None:
    running = asyncio.create_task(settled.sync.run())
    files.floor("F2").rename(files.folder / "floors" / "F2.YAML")
    settled.sync.use(files.read())
    await until(lambda: settled.sync.progress and settled.sync.progress.plan.vanished)
    running.cancel()
    assert wechat.writes() == {}


async def test_an_address_that_many_beacons_show_waits_for_a_person(wechat: WeChatSide, gateway: Gateway) -> None:
    seven = range(1, 8)
    wechat.devices(*seven)
    await gateway.settle(store([beacon(n, "spring") for n in seven], [SPRING]))
    wechat.calls()
    elsewhere = own("spring", url="https://h5.example.com/elsewhere")
    wanted = store([beacon(n, "spring") for n in seven], [elsewhere])
    progress = await gateway.once(wanted)
    assert (progress.state, progress.braked, progress.plan.readdressing) == (SyncState.BRAKED, True, 7)
    assert wechat.writes() == {}
    assert (await gateway.once(wanted, force=True)).state is SyncState.IN_SYNC
    assert (await gateway.once(store([beacon(n, "spring") for n in seven], [own("spring", title="夏")]))).braked


async def test_the_only_beacon_of_a_store_does_not_lose_its_page_unasked(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    await gateway.settle(store([beacon(1, "spring")], [SPRING]))
    wechat.calls()
    assert (await gateway.once(store([beacon(1)], [SPRING]))).state is SyncState.BRAKED
    assert wechat.writes() == {}
