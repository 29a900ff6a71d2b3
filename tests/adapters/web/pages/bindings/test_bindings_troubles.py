"""The pages of bindings where the store's folder does not answer, or cannot be listed."""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from beacon_gateway.adapters.files.earlier_texts import EarlierTextFolder
from beacon_gateway.adapters.files.edited_files import EditedFiles
from beacon_gateway.adapters.files.last_good import LastGoodCopy
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.machine.clock import SystemClock
from beacon_gateway.core.files.editing import EditAction, EditOutcome, EditRequest, StoreFile
from beacon_gateway.core.model.settings import STORE_ZONE
from beacon_gateway.services.files.edit_queue import EditQueue
from beacon_gateway.services.files.file_calls import MAX_HANGING_CALLS, FileCalls, FilesTimeout
from beacon_gateway.services.files.store_reloader import StoreReloader
from tests.adapters.files.folders import write
from tests.adapters.web.pages.bindings.test_bindings import DRAW, FILES, SPRING
from tests.adapters.web.pages.bindings_scene import LI, floor, opened

DEADLINE_S = 0.02


class Looks(FileCalls):
    """The folder answers until it is told not to."""

    answers = True

    async def ask(self, look: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever is asked
        if not self.answers:
            raise FilesTimeout("the folder does not answer")
        return await super().ask(look, *args, **kwargs)


async def test_a_floors_folder_that_cannot_be_listed_is_told_with_its_reason(tmp_path: Path) -> None:
    async with opened(tmp_path, FILES, account=False) as shop:
        (shop.folder / "floors").rename(shop.folder / "moved")
        (shop.folder / "floors").write_text("not a folder")
        first = await shop.browser.see("/bindings?language=en")
        assert first.code == 200  # the pages can be edited all the same
        assert "Some files cannot be seen now: store/floors: This is not a folder." in first.text
        page = await shop.browser.see("/bindings/F6")
        assert page.code == 503
        assert "store/floors: This is not a folder." in page.text


async def test_a_folder_that_does_not_answer_is_told_and_the_text_stays(tmp_path: Path) -> None:
    looks = Looks()
    async with opened(tmp_path, FILES, account=False, looks=looks) as shop:
        page, text = await shop.edit(SPRING, DRAW)
        looks.answers = False
        for path in ("/bindings", "/bindings/F6", "/bindings/pages"):
            said = await shop.browser.see(path)
            assert said.code == 503
            assert "The store's folder does not respond" in said.text
        assert (await shop.browser.send(page, "apply", text=text)).code == 503
        assert (await shop.browser.see("/bindings/undo")).code == 200
        looks.answers = True
        assert "Saved." in (await shop.browser.send(page, "apply", text=text)).text


class Hangs(EditedFiles):
    """Files of a share that stops answering at one of the looks."""

    def __init__(self, folder: Path, state: Path, at: str) -> None:
        super().__init__(StoreFiles(folder, STORE_ZONE), EarlierTextFolder(state))
        self.back = threading.Event()
        self._at = at

    def find(self, name: str) -> StoreFile | None:
        self._hang("find")
        return super().find(name)

    def save(self, file: StoreFile, text: str, *, who: str, at: datetime) -> bool:
        self._hang("save")
        return super().save(file, text, who=who, at=at)

    def _hang(self, at: str) -> None:
        if at == self._at:
            self.back.wait()


@pytest.mark.parametrize(("at", "reason"), [("find", ""), ("save", "save")])
async def test_an_order_ends_where_the_folder_does_not_answer_and_the_next_one_is_served(
    at: str, reason: str, tmp_path: Path
) -> None:
    store = write(
        tmp_path / "store", {"pages.yaml": "pages:\n", "floors/F6.yaml": floor("F6", 1).replace("spring", "")}
    )
    files = Hangs(store, tmp_path / "earlier", at)
    reader = StoreFiles(store, STORE_ZONE)
    reload = StoreReloader(reader, [], LastGoodCopy(reader, tmp_path / "last-good"))
    await reload.load()
    looks = FileCalls(deadline_s=DEADLINE_S)
    editing = EditQueue(files=files, reload=reload, sync=None, options=None, clock=SystemClock(), looks=looks)
    running = asyncio.create_task(editing.run())
    now = EditedFiles(reader, EarlierTextFolder(tmp_path / "earlier")).find("F6")
    assert now
    order = EditRequest(EditAction.APPLY, LI, "F6", f"{now.text}# edited\n", base=now.digest)
    try:
        assert await came_of(order, editing) == (EditOutcome.NO_FILES, reason)
    finally:
        files.back.set()
    editing.looks = FileCalls()  # with time enough
    later, _ = await came_of(order, editing)
    assert later in {EditOutcome.SAVED, EditOutcome.CHANGED}  # the first save may have come to its end meanwhile
    running.cancel()


async def came_of(order: EditRequest, editing: EditQueue) -> tuple[EditOutcome, str]:
    begun = editing.begin(order)
    assert begun
    work = await editing.wait(begun.ident, 30)
    assert work
    return work.outcome, work.reason


async def test_so_many_looks_may_hang_and_no_more_are_begun(tmp_path: Path) -> None:
    del tmp_path
    looks, back = FileCalls(deadline_s=DEADLINE_S), threading.Event()
    begun: list[int] = []

    def look(number: int) -> int:
        begun.append(number)
        back.wait()
        return number

    try:
        for number in range(MAX_HANGING_CALLS + 2):
            with pytest.raises(FilesTimeout):
                await looks.ask(look, number)
        assert begun == list(range(MAX_HANGING_CALLS))
    finally:
        back.set()
    while True:
        try:
            assert await looks.ask(look, 9) == 9
        except FilesTimeout:
            await asyncio.sleep(0)
        else:
            break
