"""A bad edit never takes the gateway down: the last good store stays in force until the files are mended."""

import asyncio
import errno
import os
import shutil
import threading
from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path

import pytest

from beacon_gateway.adapters.files.last_good import LastGoodCopy
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.model.problems import Problem, Severity, SourcePosition
from beacon_gateway.core.model.store import NOTHING, OwnPage, Store
from beacon_gateway.services.files.store_reloader import SLOW_FOLDER_S, StoreReloader
from tests.adapters.files.folders import FLOOR, FLOOR_HEAD, PNG, SHANGHAI, listed, store_folder, write
from tests.patience import until

FAULT = Problem(
    SourcePosition("store/floors/F1.yaml", 7, 12), "value.whole", {"found": "70000", "low": "0", "high": "65535"}
)
HINT = Problem(SourcePosition("store/floors/F1.yaml", 9, 26), "pages.random", {"found": "2"}, Severity.WARNING)


class Desk:
    """A store source with the store that was laid on it."""

    def __init__(self) -> None:
        self.store = replace(NOTHING, revision="one")
        self.problems: list[Problem] = []
        self.edits = 0

    def lay(self, revision: str, *problems: Problem) -> None:
        self.store = replace(NOTHING, revision=revision)
        self.problems = list(problems)
        self.edits += 1

    def stamp(self) -> Hashable:
        return self.edits

    def read(self) -> tuple[Store, list[Problem]]:
        return self.store, list(self.problems)


class Shelf:
    """A last good copy: what stands on it from before, and how often something was put there."""

    def __init__(self, store: Store | None = None, *, full: bool = False) -> None:
        self._store, self._full = store, full
        self.kept = 0

    def read(self) -> tuple[Store, list[Problem]]:
        return (self._store, []) if self._store else (NOTHING, [FAULT])

    def keep(self) -> None:
        if self._full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.kept += 1


class Listener:
    """Keeps what it was handed."""

    def __init__(self) -> None:
        self.stores: list[Store] = []

    def __call__(self, store: Store) -> None:
        self.stores.append(store)

    @property
    def revisions(self) -> list[str]:
        return [store.revision for store in self.stores]

    @property
    def names(self) -> list[str]:
        """Return the beacons' names in the store that was handed over last."""
        return [beacon.name for beacon in self.stores[-1].beacons.values()]


async def test_the_first_good_store_is_handed_to_everyone() -> None:
    first, second = Listener(), Listener()
    reload = StoreReloader(Desk(), [first, second], Shelf())
    await reload.load()
    assert first.revisions == second.revisions == ["one"]
    assert reload.store is first.stores[0]
    assert reload.problems == []


async def test_before_the_first_good_store_nothing_is_in_force() -> None:
    desk, listener = Desk(), Listener()
    desk.lay("bad", FAULT)
    reload = StoreReloader(desk, [listener], Shelf())
    await reload.load()
    assert reload.store is None
    assert listener.stores == []
    assert reload.problems == [FAULT]


async def test_a_bad_edit_leaves_the_last_good_store_in_force_and_shows_the_fault() -> None:
    desk, listener = Desk(), Listener()
    reload = StoreReloader(desk, [listener], Shelf())
    await reload.load()
    desk.lay("bad", FAULT)
    await reload.load()
    assert reload.store is listener.stores[0]
    assert listener.revisions == ["one"]
    assert reload.problems == [FAULT]


async def test_mending_puts_the_new_store_in_force_and_clears_the_fault() -> None:
    desk, listener = Desk(), Listener()
    reload = StoreReloader(desk, [listener], Shelf())
    await reload.load()
    desk.lay("bad", FAULT)
    await reload.load()
    desk.lay("two")
    await reload.load()
    assert listener.revisions == ["one", "two"]
    assert reload.store is listener.stores[1]
    assert reload.problems == []


async def test_undoing_a_bad_edit_clears_the_fault_and_calls_nobody() -> None:
    desk, listener = Desk(), Listener()
    reload = StoreReloader(desk, [listener], Shelf())
    await reload.load()
    desk.lay("bad", FAULT)
    await reload.load()
    desk.lay("one")
    await reload.load()
    assert listener.revisions == ["one"]
    assert reload.problems == []


async def test_an_unchanged_revision_calls_nobody() -> None:
    listener = Listener()
    reload = StoreReloader(Desk(), [listener], Shelf())
    await reload.load()
    await reload.load()
    assert listener.revisions == ["one"]


async def test_a_warning_is_shown_and_keeps_nothing_from_being_in_force() -> None:
    desk, listener = Desk(), Listener()
    desk.lay("two", HINT)
    reload = StoreReloader(desk, [listener], Shelf())
    await reload.load()
    assert listener.revisions == ["two"]
    assert reload.problems == [HINT]


async def test_a_fault_after_a_warning_counts() -> None:
    desk, listener = Desk(), Listener()
    desk.lay("bad", HINT, FAULT)
    reload = StoreReloader(desk, [listener], Shelf())
    await reload.load()
    assert listener.stores == []
    assert reload.problems == [HINT, FAULT]


async def test_a_gateway_that_starts_amid_a_bad_edit_takes_the_last_good_copy_and_shows_the_fault() -> None:
    desk, listener = Desk(), Listener()
    desk.lay("bad", FAULT)
    reload = StoreReloader(desk, [listener], Shelf(replace(NOTHING, revision="one")))
    await reload.load()
    assert listener.revisions == ["one"]
    assert reload.problems == [FAULT]


async def test_mending_after_such_a_start_puts_the_files_in_force() -> None:
    desk, listener = Desk(), Listener()
    desk.lay("bad", FAULT)
    reload = StoreReloader(desk, [listener], Shelf(replace(NOTHING, revision="one")))
    await reload.load()
    desk.lay("two")
    await reload.load()
    assert listener.revisions == ["one", "two"]
    assert reload.problems == []


async def test_a_bad_edit_does_not_bring_back_an_older_copy() -> None:
    desk, listener = Desk(), Listener()
    desk.lay("two")
    reload = StoreReloader(desk, [listener], Shelf(replace(NOTHING, revision="one")))
    await reload.load()
    desk.lay("bad", FAULT)
    await reload.load()
    assert listener.revisions == ["two"]


async def test_each_new_good_store_is_kept_once_and_no_faulty_one() -> None:
    desk, shelf = Desk(), Shelf()
    reload = StoreReloader(desk, [], shelf)
    await reload.load()
    await reload.load()
    assert shelf.kept == 1
    desk.lay("bad", FAULT)
    await reload.load()
    assert shelf.kept == 1
    desk.lay("two")
    await reload.load()
    assert shelf.kept == 2


async def test_a_full_disk_keeps_nothing_from_being_in_force() -> None:
    listener = Listener()
    reload = StoreReloader(Desk(), [listener], Shelf(full=True))
    await reload.load()
    assert listener.revisions == ["one"]
    assert reload.problems == []


async def test_who_waits_for_changes_can_be_told_to_stop() -> None:
    listener = Listener()
    waiting = asyncio.create_task(StoreReloader(Desk(), [listener], Shelf()).run())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert listener.stores == []


def edit(files: StoreFiles, old: str, new: str, *, name: str = "floors/F1.yaml") -> None:
    path = files.folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


async def test_real_files_a_bad_edit_and_its_mending(tmp_path: Path) -> None:
    files, listener = store_folder(tmp_path), Listener()
    reload = StoreReloader(files, [listener], Shelf())
    await reload.load()
    assert listener.names == ["正门"]

    edit(files, "major: 10001", "major: 70000")
    await reload.load()
    assert listed(reload.problems) == ["store/floors/F1.yaml:7:12 value.whole"]
    assert len(listener.stores) == 1
    assert reload.store is listener.stores[0]

    edit(files, "major: 70000", "major: 10002")
    await reload.load()
    assert reload.problems == []
    assert [key.major for key in listener.stores[-1].beacons] == [10002]


@pytest.mark.parametrize("half", [b"", b'floor: F1\nname: "A', FLOOR.encode()[:30], FLOOR.encode()[:-15]])
async def test_a_half_written_file_is_never_in_force(half: bytes, tmp_path: Path) -> None:
    files, listener = store_folder(tmp_path), Listener()
    reload = StoreReloader(files, [listener], Shelf())
    await reload.load()
    write(files.folder, {"floors/F1.yaml": half})
    await reload.load()
    assert reload.problems
    assert len(listener.stores) == 1


async def test_a_file_renamed_over_another_counts_as_a_change(tmp_path: Path) -> None:
    files, listener = store_folder(tmp_path), Listener()
    reload = StoreReloader(files, [listener], Shelf())
    await reload.load()
    before = files.stamp()
    write(files.folder, {"floors/.F1.yaml.tmp": FLOOR.replace("正门", "侧门")})
    assert files.stamp() == before
    (files.folder / "floors" / ".F1.yaml.tmp").replace(files.folder / "floors" / "F1.yaml")
    assert files.stamp() != before
    await reload.load()
    assert listener.names == ["侧门"]


async def test_a_renamed_file_of_the_same_size_and_time_counts_as_a_change(tmp_path: Path) -> None:
    files, listener = store_folder(tmp_path), Listener()
    reload = StoreReloader(files, [listener], Shelf())
    await reload.load()
    before = files.stamp()
    path = files.folder / "floors" / "F1.yaml"
    old = path.stat()
    write(files.folder, {"new": FLOOR.replace("正门", "侧门")})
    os.utime(files.folder / "new", ns=(old.st_atime_ns, old.st_mtime_ns))
    (files.folder / "new").replace(path)
    assert path.stat().st_size == old.st_size
    assert files.stamp() != before
    await reload.load()
    assert listener.names == ["侧门"]


async def test_saving_a_file_unchanged_calls_nobody(tmp_path: Path) -> None:
    files, listener = store_folder(tmp_path), Listener()
    reload = StoreReloader(files, [listener], Shelf())
    await reload.load()
    before = files.stamp()
    path = files.folder / "floors" / "F1.yaml"
    os.utime(path, ns=(0, 0))
    assert files.stamp() != before
    await reload.load()
    assert len(listener.stores) == 1


async def test_a_new_floor_and_a_floor_taken_away_count_as_changes(tmp_path: Path) -> None:
    files, listener = store_folder(tmp_path), Listener()
    reload = StoreReloader(files, [listener], Shelf())
    await reload.load()
    write(files.folder, {"floors/F2.yaml": "floor: F2\n"})
    await reload.load()
    (files.folder / "floors" / "F1.yaml").unlink()
    await reload.load()
    assert [list(store.floors) for store in listener.stores] == [["F1"], ["F1", "F2"], ["F2"]]


async def test_all_files_taken_away_leave_the_last_good_store_in_force(tmp_path: Path) -> None:
    files, listener = store_folder(tmp_path), Listener()
    reload = StoreReloader(files, [listener], Shelf())
    await reload.load()
    files.folder.rename(tmp_path / "unmounted")
    await reload.load()
    assert listed(reload.problems) == ["store/floors:1:1 floors.none", "store/pages.yaml:1:1 file.missing"]
    assert len(listener.stores) == 1
    assert reload.store is listener.stores[0]


async def test_another_picture_under_the_same_name_is_another_page(tmp_path: Path) -> None:
    pages = "pages:\n  a: {title: a, description: b, url: https://h5.example.com/, icon: icons/a.png}\n"
    files, listener = store_folder(tmp_path, pages=pages, floor=FLOOR_HEAD), Listener()
    write(files.folder, {"icons/a.png": PNG})
    reload = StoreReloader(files, [listener], Shelf())
    await reload.load()
    before = files.stamp()
    write(files.folder, {"icons/a.png": PNG + b"\0"})
    assert files.stamp() != before
    await reload.load()
    shown = [store.pages["a"] for store in listener.stores]
    assert len({page.icon_digest for page in shown if isinstance(page, OwnPage)}) == 2


class EditedMeanwhile(StoreFiles):
    """Files that somebody saves in the middle of a reading: just before, or just after, their stamp is taken."""

    def __init__(self, folder: Path, save: Callable[[], object], *, before: bool) -> None:
        super().__init__(folder, SHANGHAI)
        self._save, self._before = save, before
        self._saved = False

    def stamp(self) -> tuple[tuple[str, int, int, int], ...]:
        if self._before:
            self._save_once()
        found = super().stamp()
        self._save_once()
        return found

    def _save_once(self) -> None:
        if not self._saved:
            self._saved = True
            self._save()


@pytest.mark.parametrize("before", [True, False])
async def test_a_file_saved_while_the_files_are_read_is_in_force_after_the_next_reading(
    before: bool, tmp_path: Path
) -> None:
    folder = store_folder(tmp_path).folder
    files = EditedMeanwhile(folder, lambda: edit(files, "正门", "侧门"), before=before)
    listener = Listener()
    reload = StoreReloader(files, [listener], Shelf())
    await reload.load()
    await reload.load()
    assert listener.names == ["侧门"]


async def test_a_restart_amid_a_bad_edit_shows_what_was_shown_before(tmp_path: Path) -> None:
    files, before, after = store_folder(tmp_path), Listener(), Listener()
    copy = LastGoodCopy(files, tmp_path / "state" / "last-good")
    await StoreReloader(files, [before], copy).load()
    edit(files, "major: 10001", "major: 70000")
    again = StoreReloader(files, [after], copy)
    await again.load()
    assert after.stores == before.stores
    assert listed(again.problems) == ["store/floors/F1.yaml:7:12 value.whole"]


async def test_the_copy_follows_every_good_edit(tmp_path: Path) -> None:
    files = store_folder(tmp_path, F2="floor: F2\n")
    copy = LastGoodCopy(files, tmp_path / "state" / "last-good")
    reload = StoreReloader(files, [], copy)
    await reload.load()
    edit(files, "正门", "侧门")
    (files.folder / "floors" / "F2.yaml").unlink()
    await reload.load()
    assert copy.read() == files.read()
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["last-good"]


async def test_without_a_copy_a_start_amid_a_bad_edit_puts_nothing_in_force(tmp_path: Path) -> None:
    files, listener = store_folder(tmp_path, floor="flor: F1\n"), Listener()
    reload = StoreReloader(files, [listener], LastGoodCopy(files, tmp_path / "state" / "last-good"))
    await reload.load()
    assert reload.store is None
    assert listener.stores == []
    assert listed(reload.problems) == ["store/floors/F1.yaml:1:1 key.unknown-near"]


class HangingFolder(Desk):
    """A share that answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = threading.Event()

    def stamp(self) -> Hashable:
        self.answers.wait()
        return super().stamp()


async def test_a_folder_that_hangs_keeps_no_start_and_its_files_are_in_force_once_it_answers() -> None:
    folder, listener, now = HangingFolder(), Listener(), [1000.0]
    reload = StoreReloader(folder, [listener], Shelf(replace(NOTHING, revision="kept")), monotonic=lambda: now[0])
    await reload.start(within_seconds=0)
    assert listener.revisions == ["kept"]
    assert reload.problems == []
    now[0] += SLOW_FOLDER_S
    assert [(problem.code, problem.details) for problem in reload.problems] == [("folder.slow", {"found": "15"})]
    running = asyncio.create_task(reload.run())
    folder.answers.set()
    await until(lambda: listener.revisions == ["kept", "one"])
    assert reload.problems == []
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_files_are_looked_at_at_once_when_somebody_asks() -> None:
    desk, listener = Desk(), Listener()
    reload = StoreReloader(desk, [listener], Shelf())
    await reload.load()
    desk.store = replace(NOTHING, revision="two")  # under the old stamp: only a reading finds it
    running = asyncio.create_task(reload.run())
    reload.look_now()
    await until(lambda: listener.revisions == ["one", "two"])
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("saved", ["major: [", "major: 10002"])
def test_the_copy_is_of_what_was_read_whatever_was_saved_since(saved: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    copy = LastGoodCopy(files, tmp_path / "state" / "last-good")
    files.read()
    copy.keep()
    edit(files, "正门", "侧门")
    newer, _ = files.read()
    edit(files, "major: 10001", saved)
    copy.keep()
    assert copy.read() == (newer, [])
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["last-good"]


def test_nothing_is_kept_of_what_was_not_sound(tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    copy = LastGoodCopy(files, tmp_path / "state" / "last-good")
    store, _ = files.read()
    copy.keep()
    edit(files, "major: 10001", "major: [")
    files.read()
    copy.keep()
    assert copy.read() == (store, [])


@pytest.mark.parametrize("left", ["last-good.old", "last-good.new", "last-good.old last-good.new"])
def test_a_power_cut_between_two_renames_leaves_a_copy(left: str, tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    folder = tmp_path / "state" / "last-good"
    copy = LastGoodCopy(files, folder)
    store, _ = files.read()
    copy.keep()
    for name in left.split():
        shutil.copytree(folder, folder.with_name(name))
    if "last-good.old" in left:
        shutil.rmtree(folder)
    assert copy.read() == (store, [])
    copy.keep()
    assert copy.read() == (store, [])
    assert [path.name for path in folder.parent.iterdir()] == ["last-good"]


def test_a_file_in_the_place_of_the_copy_is_replaced(tmp_path: Path) -> None:
    files = store_folder(tmp_path)
    write(tmp_path, {"state/last-good": b"\0"})
    copy = LastGoodCopy(files, tmp_path / "state" / "last-good")
    store, _ = files.read()
    assert copy.read()[1]
    copy.keep()
    assert copy.read() == (store, [])
    assert (tmp_path / "state" / "last-good.damaged-1").read_bytes() == b"\0"


def test_an_icon_that_was_swapped_after_it_was_checked_is_not_given_away(tmp_path: Path) -> None:
    pages = "pages:\n  a: {title: a, description: b, url: https://h5.example.com/, icon: icons/a.png}\n"
    files = store_folder(tmp_path, pages=pages, floor=FLOOR_HEAD)
    write(files.folder, {"icons/a.png": PNG})
    page = files.read()[0].pages["a"]
    assert isinstance(page, OwnPage)
    assert files.icon(page) == PNG
    os.truncate(files.folder / "icons" / "a.png", 1 << 30)
    with pytest.raises(OSError, match="changed"):
        files.icon(page)
    (files.folder / "icons" / "a.png").unlink()
    (files.folder / "icons" / "a.png").symlink_to("/etc/hostname")
    with pytest.raises(OSError, match="out of its folder"):
        files.icon(page)
