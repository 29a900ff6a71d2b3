"""Places that hang: a pipe under a file's name is refused, and a look that does not end is given up."""

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import pytest

from beacon_gateway.adapters.deadline import within
from beacon_gateway.adapters.files.initial_files import InitialFiles
from beacon_gateway.adapters.files.reading import NotRegular
from beacon_gateway.adapters.files.store_files import NO_DRAFTS, StoreFiles
from beacon_gateway.adapters.files.supplied_files import read_brought, wipe
from beacon_gateway.adapters.machine.observing import observe
from beacon_gateway.adapters.state.gateway_records import FilesToCheck
from beacon_gateway.commands.shared.configuration import read_store
from beacon_gateway.commands.shared.in_time import FolderTimeout, in_time
from beacon_gateway.core.doctor.finding import FindingReason, Unavailable
from beacon_gateway.core.model.problems import Problem
from beacon_gateway.core.model.settings import STORE_ZONE
from beacon_gateway.core.model.store import Store
from tests.adapters.database.hits import NOON
from tests.adapters.files.folders import write
from tests.commands.command import run
from tests.commands.test_run import write_files

DEADLINE_S = 0.02
T = TypeVar("T")


def test_work_that_does_not_end_is_given_up_and_any_other_gives_what_it_gives() -> None:
    back = threading.Event()
    with pytest.raises(TimeoutError):
        within(DEADLINE_S, back.wait)
    assert observe(back.wait, timeout_s=DEADLINE_S) == Unavailable(FindingReason.NO_ANSWER)
    back.set()
    assert within(60, lambda: 5) == 5
    with pytest.raises(ZeroDivisionError):
        within(60, lambda: 1 // 0)


def test_a_look_that_does_not_end_names_its_folder(tmp_path: Path) -> None:
    back = threading.Event()
    with pytest.raises(FolderTimeout, match=str(tmp_path)) as caught:
        in_time(tmp_path, back.wait, timeout_s=DEADLINE_S)
    back.set()
    assert (caught.value.folder, caught.value.seconds) == (tmp_path, DEADLINE_S)
    assert in_time(tmp_path, back.wait)
    with pytest.raises(FileNotFoundError):
        in_time(tmp_path, (tmp_path / "none").read_bytes)


class HangingFiles(StoreFiles):
    def __init__(self, folder: Path, back: threading.Event) -> None:
        super().__init__(folder, STORE_ZONE)
        self._back = back

    def read(self, drafts: Mapping[Path, bytes] = NO_DRAFTS) -> tuple[Store, list[Problem]]:
        self._back.wait()
        return super().read(drafts)


def test_a_store_that_does_not_answer_is_a_problem_of_its_files_for_every_command(tmp_path: Path) -> None:
    folder = write(tmp_path / "store", {"pages.yaml": "pages:\n"})
    back = threading.Event()
    _, problems = read_store(HangingFiles(folder, back), timeout_s=DEADLINE_S)
    assert [(str(problem.place.file), problem.code) for problem in problems] == [("store/", "folder.slow")]
    back.set()
    _, problems = read_store(HangingFiles(folder, back))
    assert [problem.code for problem in problems] == ["floors.none"]


def test_a_first_start_in_a_folder_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    back = threading.Event()

    def hanging(folder: Path, work: Callable[[], T]) -> T:
        def late() -> T:
            back.wait()
            return work()

        return in_time(folder, late, timeout_s=DEADLINE_S)

    files = InitialFiles(tmp_path / "etc" / "gateway.yaml", hanging)
    steps: list[Callable[[], object]] = [
        *(files.__enter__, files.has_config, files.has_secret, files.read_secret, files.try_present_config),
        *(lambda: files.try_config(b""), lambda: files.try_store(Path("store"), {}), lambda: files.keep_secret("")),
        *(lambda: files.try_present_store(Path("store")), lambda: files.has_store(Path("store"))),
        *(lambda: files.add_to_store(Path("store"), {}), lambda: files.keep_store(Path("store"), NOON)),
        *(lambda: files.keep_config(b"", NOON), lambda: files.__exit__(None, None, None)),
    ]
    for step in steps:
        with pytest.raises(FolderTimeout, match="etc"):
            step()
    back.set()


async def test_a_check_for_a_page_is_given_up_too(tmp_path: Path) -> None:
    folder = write(tmp_path / "store", {"pages.yaml": "pages:\n"})
    assert await FilesToCheck(folder).problems()
    with pytest.raises(TimeoutError):
        await FilesToCheck(folder, timeout_s=0.0).problems()


@pytest.mark.parametrize("words", [("run", "--replay"), ("check",)])
async def test_a_pipe_in_place_of_a_file_is_refused_and_not_waited_for(words: tuple[str, ...], tmp_path: Path) -> None:
    config = write_files(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    done = await run(*words, str(tmp_path / "pipe"), "--config", config, LC_ALL="C.UTF-8")
    assert done.code in {1, 2}
    assert "Traceback" not in done.err


def test_pipes_among_what_is_brought_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gateway.yaml")
    with pytest.raises(NotRegular):
        read_brought(tmp_path)
    with pytest.raises(OSError, match="No such device"):
        wipe(tmp_path / "gateway.yaml")
