"""The way back on the page of bindings: history, undo, and earlier texts."""

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from beacon_gateway.adapters.files.earlier_texts import MAX_EARLIER_TEXTS, MAX_EARLIER_TEXTS_BYTES, EarlierTextFolder
from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.model.settings import Role
from tests.adapters.web.pages.bindings.test_bindings import DRAW, FILES, SPRING
from tests.adapters.web.pages.bindings_scene import GUEST, LI, WANG, Shop, floor, opened
from tests.services.bindings.scene import NOON, WallClock


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with opened(tmp_path, FILES) as shop:
        shop.wechat.devices(1, 2, 11)
        await shop.settle()
        with shop.visited_by(WANG):
            await shop.plan_and_apply(SPRING, DRAW)
        yield shop


async def test_an_undo_is_looked_at_first_and_then_done_in_somebodys_name(shop: Shop) -> None:
    shop.wechat.calls()
    with shop.visited_by(WANG):
        page = await shop.browser.see("/bindings/undo?language=en")
        assert page.buttons == ["look-back"]
        looked = await shop.browser.send(page, "look-back")
        assert "1 号: 幸运抽奖 → 春季新品" in looked.text
        assert shop.wechat.writes() == {}
        done = await shop.browser.send(looked, "undo", reason="wrong page")
    assert "Done: 1 change" in done.text
    assert "What was undone is not applied automatically until it is edited in the files" in done.text
    assert shop.wechat.shown(1) == ["春季新品"]
    assert DRAW in shop.read()
    assert "wang · undo" in done.text
    assert "wrong page" in done.text
    held = await shop.browser.see("/bindings/F6")
    assert "wang undid a change at 2026-11-24 12:00:00 (wrong page): 1 号." in held.text


async def test_what_was_undone_can_be_done_again(shop: Shop) -> None:
    for expected in ("春季新品", "幸运抽奖"):
        page = await shop.browser.send(await shop.browser.see("/bindings/undo?language=en"), "look-back")
        assert "Done" in (await shop.browser.send(page, "undo")).text
        assert shop.wechat.shown(1) == [expected]


async def test_an_edit_of_another_floor_applies_nothing_that_was_undone(shop: Shop) -> None:
    page = await shop.browser.send(await shop.browser.see("/bindings/undo?language=en"), "look-back")
    await shop.browser.send(page, "undo")
    with shop.visited_by(LI):
        done = await shop.plan_and_apply("[spring]", "[draw]", "F1")
        assert "Done: 1 change" in done.text
        assert (shop.wechat.shown(1), shop.wechat.shown(11)) == (["春季新品"], ["幸运抽奖"])
        as_it_is = await shop.browser.send(await shop.browser.see("/bindings/F6?language=en"), "plan")
        assert "Done: 1 change" in (await shop.browser.send(as_it_is, "apply")).text
    assert shop.wechat.shown(1) == ["幸运抽奖"]


async def test_an_undo_that_nobody_looked_at_is_shown_first(shop: Shop) -> None:
    page = await shop.browser.see("/bindings/undo?language=en")
    first = await shop.browser.send(page, "undo")
    assert "The undo will do this" in first.text
    assert shop.wechat.shown(1) == ["幸运抽奖"]


async def test_staff_do_not_undo_what_concerns_other_floors(shop: Shop) -> None:
    with shop.visited_by(LI):
        assert "Done" in (await shop.plan_and_apply("[spring]", "[draw]", "F1")).text
    with shop.visited_by(WANG):
        page = await shop.browser.see("/bindings/undo?language=en")
        looked = await shop.browser.send(page, "look-back")
        assert "not yours to undo" in looked.text
        assert "undo" not in looked.buttons
        assert (await shop.browser.send(looked, "undo")).code == 403
    with shop.visited_by(GUEST):
        assert (await shop.browser.send(page, "undo")).code == 403
    assert shop.wechat.shown(11) == ["幸运抽奖"]


async def test_a_gateway_that_writes_nothing_undoes_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, FILES, role=Role.READER) as shop:
        page = await shop.browser.see("/bindings/undo?language=en")
        assert "nothing to undo" in page.text
        assert page.buttons == []


async def test_the_text_that_a_save_replaced_can_be_put_back_in_the_editor(shop: Shop) -> None:
    page = await shop.browser.see("/bindings/F6?language=en")
    assert "What wang replaced at 2026-11-24 12:00:00" in page.text
    [address] = re.findall(r'href="(/bindings/F6\?earlier=[^"]+)"', page.body)
    loaded = await shop.browser.see(address)
    assert loaded.fields["text"] == FILES["floors/F6.yaml"]
    assert "It is not saved" in loaded.text
    assert DRAW in shop.read()
    planned = await shop.browser.send(loaded, "plan")
    assert "Done" in (await shop.browser.send(planned, "apply")).text
    assert shop.wechat.shown(1) == ["春季新品"]
    assert shop.read() == FILES["floors/F6.yaml"]


@pytest.mark.parametrize("ident", ["../../state/ledger.db", "..%2F..%2Fledger.db", "20200101T000000000000"])
async def test_an_earlier_text_that_is_not_there_is_said_to_be_gone(ident: str, shop: Shop) -> None:
    page = await shop.browser.see(f"/bindings/F6?earlier={ident}")
    assert "not there any more" in page.text
    assert page.fields["text"] == shop.read()


def test_earlier_texts_are_bounded_by_number_and_by_bytes(tmp_path: Path) -> None:
    texts, clock = EarlierTextFolder(tmp_path / "earlier"), WallClock()
    for number in range(MAX_EARLIER_TEXTS + 5):
        clock.now = NOON.replace(second=number)
        texts.keep("F6", f"text {number}".encode(), at=clock.now, who="wang", after="")
    kept = texts.of("F6")
    assert len(kept) == MAX_EARLIER_TEXTS
    assert texts.text("F6", kept[0].ident).text == f"text {MAX_EARLIER_TEXTS + 4}"  # type: ignore[union-attr]  # it is there
    for number in range(6):
        clock.now = NOON.replace(hour=5, second=number)
        texts.keep(f"../F{number}", b"#" * (1 << 19), at=clock.now, who="wang", after="")
    whole = sum(path.stat().st_size for path in (tmp_path / "earlier").rglob("*") if path.is_file())
    assert whole <= MAX_EARLIER_TEXTS_BYTES
    assert texts.of("../F5")
    assert not texts.of("../F0")
    assert {path.parent.parent for path in (tmp_path / "earlier").rglob("2*")} == {tmp_path / "earlier"}


def test_saves_that_fail_again_and_again_push_no_earlier_text_out(tmp_path: Path) -> None:
    texts, clock = EarlierTextFolder(tmp_path / "earlier"), WallClock()
    for number in range(MAX_EARLIER_TEXTS + 5):
        clock.now = NOON.replace(second=number)
        texts.keep("F6", b"as it is" if number else b"as it was", at=clock.now, who="wang", after="")
    assert [texts.text("F6", kept.ident).text for kept in texts.of("F6")] == ["as it is", "as it was"]  # type: ignore[union-attr]  # it is there


async def test_a_history_that_cannot_be_read_hides_nothing_else(tmp_path: Path) -> None:
    async def broken() -> list[AuditLine]:
        raise OSError("the card is gone")

    async with opened(tmp_path, FILES, history=broken) as shop:
        page = await shop.browser.see("/bindings/F6?language=en")
    assert page.code == 200
    assert "The history cannot be read now: the card is gone" in page.text


async def test_drift_and_the_next_switch_stand_above_the_text(tmp_path: Path) -> None:
    slot = "    schedule:\n      - {from: 2026-11-25 10:00, until: 2026-11-25 22:00, pages: [draw]}\n"
    async with opened(tmp_path, {"floors/F6.yaml": floor("F6", 1) + slot}) as shop:
        shop.wechat.devices(1)
        await shop.settle()
        shop.wechat.bind(1, shop.wechat.page("会员日"))
        assert shop.gateway
        await shop.gateway.sync.once(write=False, cause="drift")
        page = await shop.browser.see("/bindings/F6?language=en")
        assert "1 号 was bound to something else: 春季新品 →" in page.text
        assert "Next scheduled switch: 2026-11-25 10:00:00" in page.text


@pytest.mark.parametrize("place", ["", "F6"])
def test_what_stands_in_the_way_of_earlier_texts_is_put_aside_and_keeps_no_save(place: str, tmp_path: Path) -> None:
    folder = tmp_path / "earlier"
    texts = EarlierTextFolder(folder)
    (folder / place).parent.mkdir(exist_ok=True)
    (folder / place).write_bytes(b"not a folder")
    assert texts.of("F6") == []
    texts.keep("F6", b"floor: F6\n", at=WallClock().utc(), who="li", after="")
    assert [earlier.who for earlier in texts.of("F6")] == ["li"]
    assert (folder / place).with_name(f"{(folder / place).name}.damaged-1").read_bytes() == b"not a folder"


def test_pipes_and_folders_among_earlier_texts_are_passed_over(tmp_path: Path) -> None:
    texts = EarlierTextFolder(tmp_path / "earlier")
    texts.keep("F6", b"floor: F6\n", at=WallClock().utc(), who="li", after="")
    os.mkfifo(tmp_path / "earlier" / "F6" / "2999")
    (tmp_path / "earlier" / "F6" / "2998").mkdir()
    os.mkfifo(tmp_path / "earlier" / "2997")
    assert [earlier.who for earlier in texts.of("F6")] == ["li"]
    texts.keep("F6", b"floor: F7\n", at=WallClock().utc(), who="wang", after="")
    assert {earlier.who for earlier in texts.of("F6")} >= {"wang"}
