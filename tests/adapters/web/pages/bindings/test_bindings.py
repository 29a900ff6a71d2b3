"""The page of bindings: what is typed, what is wrong with it, what it comes to, and what Apply does."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.settings import ApplyPolicy, Role
from beacon_gateway.simulator.wechat import InjectedFault
from tests.adapters.database.test_troubles import remounted, small_card
from tests.adapters.web.pages.bindings_scene import GUEST, LI, PAGES_TEXT, WANG, Shop, floor, opened
from tests.services.bindings.scene import BIND, PAGES

FILES = {"floors/F6.yaml": floor("F6", 1, 2), "floors/F1.yaml": floor("F1", 11)}
DRAW = "corner-1:\n    name: 1 号\n    major: 10006\n    minor: 1\n    pages: [draw]"
SPRING = DRAW.replace("draw", "spring")


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with opened(tmp_path, FILES) as shop:
        shop.wechat.devices(1, 2, 11)
        await shop.settle()
        yield shop


@pytest.mark.parametrize(
    "content",
    [
        floor("F6", 1),
        floor("F6", 1).replace("\n", "\r\n"),
        "\ufeff" + floor("F6", 1),
        "\n\n" + floor("F6", 1),
        floor("F6", 1).rstrip("\n"),
        floor("F6", 1, note=" </textarea><script>alert(1)</script> &lt; &amp;amp;"),
        floor("F6", 1) + "\n\n# end \t \n\n",
        floor("F6", 1).replace("\n", "\r\n", 3),
    ],
    ids=["plain", "crlf", "bom", "leading lines", "no last end", "markup", "trailing lines", "mixed"],
)
async def test_text_comes_back_byte_for_byte_but_for_what_was_typed(content: str, tmp_path: Path) -> None:
    async with opened(tmp_path, {"floors/F6.yaml": content}, account=False) as shop:
        page = await shop.browser.see("/bindings/F6")
        assert "<script>alert" not in page.body
        saved = await shop.browser.send(page, "apply")
        assert (saved.code, shop.read()) == (200, content)
        typed = page.fields["text"].replace("1 号", "一号角落")
        assert (await shop.browser.send(saved, "apply", text=typed)).code == 200
        assert shop.read() == content.replace("1 号", "一号角落")


async def test_a_check_marks_the_line_with_the_fault_and_changes_nothing(shop: Shop) -> None:
    page, text = await shop.edit(SPRING, SPRING.replace("minor: 1", "minor: one"))
    checked = await shop.browser.send(page, "check", text=text)
    assert checked.code == 200
    assert checked.lines == [8]
    assert "one" in checked.text
    assert "whole number" in checked.text
    assert checked.fields["text"] == text
    assert shop.read() == FILES["floors/F6.yaml"]


async def test_a_faulty_text_is_not_saved_and_stays_in_the_editor(shop: Shop) -> None:
    page, text = await shop.edit("spring", "sprung")
    refused = await shop.browser.send(page, "apply", text=text)
    assert (refused.code, refused.lines, refused.fields["text"]) == (422, [9, 14], text)
    assert "Did you mean" in refused.text
    assert shop.read() == FILES["floors/F6.yaml"]


async def test_a_plan_says_titles_and_calls_and_writes_nothing(shop: Shop) -> None:
    page, text = await shop.edit(SPRING, DRAW)
    planned = await shop.browser.send(page, "plan", text=text)
    assert planned.code == 200
    assert "1 号: 春季新品 → 幸运抽奖" in planned.text
    assert planned.fields["text"] == text
    assert shop.wechat.writes() == {}
    assert shop.read() == FILES["floors/F6.yaml"]
    assert shop.gateway
    assert shop.gateway.sync.progress
    assert not shop.gateway.sync.progress.plan


async def test_three_looks_cost_one_reading_of_the_account(tmp_path: Path) -> None:
    async with opened(tmp_path, FILES) as shop:
        page, text = await shop.edit(SPRING, DRAW)
        for _ in range(3):
            page = await shop.browser.send(page, "plan", text=text)
        assert shop.wechat.calls()[PAGES] == 1
        assert "WeChat as it was at 2026-11-24 12:00:00" in page.text


async def test_plan_and_apply_rebind_the_beacon_and_the_audit_names_who_did_it(shop: Shop) -> None:
    with shop.visited_by(WANG):
        done = await shop.plan_and_apply(SPRING, DRAW)
    assert done.code == 200
    assert "job=" in done.address
    assert "Done: 1 change applied, 1 read back." in done.text
    assert shop.wechat.shown(1) == ["幸运抽奖"]
    assert shop.wechat.shown(2) == ["春季新品"]
    assert DRAW in shop.read()
    assert shop.gateway
    newest = (await shop.gateway.ledger.audit(since=None, limit=1))[0]
    assert (newest.cause.what, newest.cause.who, newest.outcome) == ("page", "wang", "verified")
    assert shop.reload.store
    assert newest.revision == shop.reload.store.revision
    assert "wang · this page · 1 change, all read back" in done.text
    assert "1 号: 春季新品 → 幸运抽奖" in done.text


async def test_apply_without_a_plan_shows_it_first(shop: Shop) -> None:
    page, text = await shop.edit(SPRING, DRAW)
    first = await shop.browser.send(page, "apply", text=text)
    assert "Review the changes first." in first.text
    assert shop.read() == FILES["floors/F6.yaml"]
    assert shop.wechat.writes() == {}
    assert "Done" in (await shop.browser.send(first, "apply")).text
    assert shop.wechat.shown(1) == ["幸运抽奖"]


async def test_what_changes_nothing_at_wechat_is_saved_at_once(shop: Shop) -> None:
    page, text = await shop.edit("F6 层", "F6 层，东侧")
    saved = await shop.browser.send(page, "apply", text=text)
    assert "Nothing had to change at WeChat" in saved.text
    assert "东侧" in shop.read()


async def test_a_file_that_was_changed_meanwhile_is_kept_and_so_is_what_was_typed(shop: Shop) -> None:
    page, text = await shop.edit(SPRING, DRAW)
    theirs = FILES["floors/F6.yaml"].replace("2 号", "二号")
    shop.path("F6").write_text(theirs, encoding="utf-8")
    refused = await shop.browser.send(page, "apply", text=text)
    assert refused.code == 409
    assert shop.read() == theirs
    assert refused.fields["text"] == text
    assert "− name: 二号" in refused.text
    assert "+ name: 2 号" in refused.text
    planned = await shop.browser.send(refused, "apply")
    assert "Done" in (await shop.browser.send(planned, "apply")).text
    assert shop.read() == text


async def test_the_page_says_who_saved_meanwhile(shop: Shop) -> None:
    page, text = await shop.edit("F6 层", "六层")
    with shop.visited_by(LI):
        await shop.plan_and_apply("2 号", "二号")
    refused = await shop.browser.send(page, "apply", text=text)
    assert refused.code == 409
    assert "(saved at 2026-11-24 12:00:00 by li)" in refused.text


async def test_a_plan_that_is_another_one_by_now_is_shown_and_not_carried_out(shop: Shop) -> None:
    page, text = await shop.edit(SPRING, DRAW)
    planned = await shop.browser.send(page, "plan", text=text)
    shop.wechat.bind(2)
    stale = await shop.browser.send(planned, "apply")
    assert stale.code == 409
    assert "The plan is not the one you saw" in stale.text
    assert "2 号" in stale.text
    assert shop.read() == FILES["floors/F6.yaml"]
    assert shop.wechat.writes() == {}
    assert "Done: 2 changes" in (await shop.browser.send(stale, "apply")).text


async def test_a_large_loss_is_explained_and_needs_it_with_a_reason(tmp_path: Path) -> None:
    async with opened(tmp_path, FILES, brake=Brake(1, 0.1)) as shop:
        shop.wechat.devices(1, 2, 11)
        await shop.settle()
        with shop.visited_by(WANG):
            braked = await shop.plan_and_apply("[spring]", "[]", force="yes", reason="please")
            assert braked.code == 409
            assert "2 beacons would lose a page (of 3 that show one). Beyond 1 and 10%" in braked.text
            assert shop.read() == FILES["floors/F6.yaml"]
        with shop.visited_by(LI):
            unexplained = await shop.plan_and_apply("[spring]", "[]", force="yes", reason=" ")
            assert unexplained.code == 409
            done = await shop.browser.send(unexplained, "apply", force="yes", reason="sale is over")
            assert "Done: 2 changes" in done.text
        assert shop.wechat.shown(1) == []
        assert "sale is over" in done.text


async def test_a_floor_that_vanished_is_told_holds_up_no_edit_and_waits_for_its_word(tmp_path: Path) -> None:
    async with opened(tmp_path, FILES) as shop:
        shop.wechat.devices(1, 2, 11)
        await shop.settle()
        shop.path("F1").unlink()
        await shop.reload.load()
        with shop.visited_by(WANG):
            saved = await shop.plan_and_apply(SPRING, DRAW)
            assert "Beacons that disappeared from the files stay unchanged" in saved.text
            assert "F1: 1 beacon with pages disappeared from the files all at once." in saved.text
        assert (shop.wechat.shown(1), shop.wechat.shown(11)) == (["幸运抽奖"], ["春季新品"])
        with shop.visited_by(LI):
            page = await shop.browser.see("/bindings/F6?language=en")
            planned = await shop.browser.send(page, "plan")
            shown = await shop.browser.send(planned, "apply", force="yes", reason="floor closed")
            assert "→ nothing" in shown.text
            assert shop.wechat.shown(11) == ["春季新品"]
            done = await shop.browser.send(shown, "apply", force="yes", reason="floor closed")
            assert "Done: 1 change" in done.text
        assert shop.wechat.shown(11) == []


async def test_taking_a_page_away_that_floors_show_is_refused(shop: Shop) -> None:
    page, text = await shop.edit(PAGES_TEXT[PAGES_TEXT.index("  spring") : PAGES_TEXT.index("  draw")], "", "pages")
    refused = await shop.browser.send(page, "apply", text=text)
    assert refused.code == 422
    assert "errors into other files" in refused.text
    assert "store/floors/F1.yaml:9" in refused.text
    assert shop.read("pages") == PAGES_TEXT


async def test_faults_of_other_files_that_were_there_before_hinder_no_save(shop: Shop) -> None:
    shop.path("F1").write_text("floor: [", encoding="utf-8")
    page, text = await shop.edit("1 号", "一号")
    saved = await shop.browser.send(page, "apply", text=text)
    assert "other files have errors" in saved.text
    assert "一号" in shop.read()
    assert shop.reload.store
    assert len(shop.reload.store.beacons) == 3


async def test_viewers_read_and_change_nothing(shop: Shop) -> None:
    page = await shop.browser.see("/bindings/F6")
    with shop.visited_by(GUEST):
        seen = await shop.browser.see("/bindings/F6?language=en")
        assert seen.fields["text"] == FILES["floors/F6.yaml"]
        assert (seen.read_only, seen.buttons) == (True, [])
        for deed in ("check", "plan", "apply"):
            assert (await shop.browser.send(page, deed, text="floor: F6")).code == 403
    assert shop.read() == FILES["floors/F6.yaml"]


async def test_staff_edit_their_own_floor_only(shop: Shop) -> None:
    other, pages = await shop.browser.see("/bindings/F1"), await shop.browser.see("/bindings/pages")
    with shop.visited_by(WANG):
        assert (await shop.browser.see("/bindings")).fields["text"] == FILES["floors/F6.yaml"]
        assert (await shop.browser.see("/bindings/F1")).read_only
        assert (await shop.browser.see("/bindings/pages")).read_only
        assert (await shop.browser.send(other, "apply", text=floor("F6", 11))).code == 403
        assert (await shop.browser.send(pages, "apply", text=PAGES_TEXT + "#")).code == 403
        page, text = await shop.edit("floor: F6", "floor: F9")
        assert (await shop.browser.send(page, "apply", text=text)).code == 403
    assert shop.read() == FILES["floors/F6.yaml"]
    assert shop.read("F1") == FILES["floors/F1.yaml"]


async def test_staff_neither_take_beacons_nor_a_protection_and_are_told_which(shop: Shop) -> None:
    with shop.visited_by(LI):
        page, text = await shop.edit("minor: 1\n", "minor: 1\n    protect: true\n")
        assert "Saved" in (await shop.browser.send(page, "apply", text=text)).text
    with shop.visited_by(WANG):
        for old, new, said in (
            ("minor: 2\n", "minor: 9\n", "corner-2 was not in your floor's file before"),
            ("    protect: true\n", "", "corner-1 is protected"),
        ):
            page, text = await shop.edit(old, new)
            refused = await shop.browser.send(page, "apply", text=text)
            assert (refused.code, refused.fields["text"]) == (403, text)
            assert said in refused.text
    assert "protect: true" in shop.read()


@pytest.mark.parametrize("name", ["..%2Fpages", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "F6.yaml", ".F6", "nothing", "F6%00"])
async def test_a_name_is_looked_up_and_never_made_into_a_path(name: str, shop: Shop) -> None:
    page = await shop.browser.see("/bindings/F6")
    page.action = f"/bindings/{name}"
    assert (await shop.browser.see(f"/bindings/{name}")).code == 404
    assert (await shop.browser.send(page, "apply", text="x")).code == 404


async def test_a_link_within_the_store_is_written_through_and_one_that_leads_out_is_closed(
    shop: Shop, tmp_path: Path
) -> None:
    inside, outside = shop.folder / "shared.txt", tmp_path / "outside.txt"
    inside.write_text(floor("F7", 21), encoding="utf-8")
    outside.write_text(floor("F8", 31), encoding="utf-8")
    (shop.folder / "floors" / "F7.yaml").symlink_to(inside)
    (shop.folder / "floors" / "F8.yaml").symlink_to(outside)
    shop.wechat.devices(21, 31)
    await shop.settle()
    await shop.plan_and_apply("21 号", "二十一号", "F7")
    assert (shop.folder / "floors" / "F7.yaml").is_symlink()
    assert "二十一号" in inside.read_text(encoding="utf-8")
    closed = await shop.browser.see("/bindings/F8?language=en")
    assert "leads out of the store's folder" in closed.text
    assert "text" not in closed.fields


@pytest.mark.parametrize(
    ("content", "said"),
    [("floor: F6 # \xd6".encode("latin-1"), "not UTF-8"), (b"#" * (1 << 19) + b"#", "too large"), (b"#\0", "no form")],
)
async def test_what_no_form_gives_back_as_it_was_is_not_edited(content: bytes, said: str, shop: Shop) -> None:
    page = await shop.browser.see("/bindings/F6")
    shop.path("F6").write_bytes(content)
    assert said in (await shop.browser.see("/bindings/F6?language=en")).text
    refused = await shop.browser.send(page, "apply", text="floor: F6\n")
    assert refused.code in {403, 409}
    assert shop.path("F6").read_bytes() == content


async def test_the_largest_file_goes_there_and_back(tmp_path: Path) -> None:
    content = floor("F6", 1) + "# 中文\n" * (((1 << 19) - 400) // 9)
    async with opened(tmp_path, {"floors/F6.yaml": content}, account=False) as shop:
        page = await shop.browser.see("/bindings/F6")
        assert (await shop.browser.send(page, "apply", text=page.fields["text"].replace("1 号", "一"))).code == 200
        assert shop.read() == content.replace("1 号", "一")
        too_much = await shop.browser.send(page, "check", text=content + "#" * 500)
        assert "at most 524,288" in too_much.text


async def test_a_reader_saves_and_plans_and_writes_nothing_to_wechat(tmp_path: Path) -> None:
    async with opened(tmp_path, FILES, role=Role.READER) as shop:
        shop.wechat.devices(1, 2, 11)
        page, text = await shop.edit(SPRING, DRAW)
        assert "Save" in page.text
        planned = await shop.browser.send(page, "plan", text=text)
        assert "The gateway that writes will do this" in planned.text
        saved = await shop.browser.send(planned, "apply")
        assert "Saved." in saved.text
        assert DRAW in shop.read()
        assert shop.wechat.writes() == {}


async def test_without_an_account_files_are_checked_and_saved(tmp_path: Path) -> None:
    async with opened(tmp_path, FILES, account=False) as shop:
        page, text = await shop.edit(SPRING, DRAW)
        assert page.buttons == ["check", "apply"]
        assert "No errors." in (await shop.browser.send(page, "check", text=text)).text
        assert "Saved." in (await shop.browser.send(page, "apply", text=text)).text
        assert shop.reload.store
        assert shop.read() == text


async def test_where_a_person_applies_staff_apply_what_is_theirs_and_it_the_rest(tmp_path: Path) -> None:
    async with opened(tmp_path, FILES, apply=ApplyPolicy.MANUAL) as shop:
        shop.wechat.devices(1, 2, 11)
        await shop.settle()
        with shop.visited_by(WANG):
            assert "Done: 1 change" in (await shop.plan_and_apply(SPRING, DRAW)).text
        shop.wechat.bind(11)
        with shop.visited_by(WANG):
            kept = await shop.plan_and_apply(DRAW, SPRING)
            assert "Ask IT to apply it here" in kept.text
        assert shop.wechat.shown(1) == ["幸运抽奖"]
        assert SPRING in shop.read()
        with shop.visited_by(LI):
            assert "Done: 2 changes" in (await shop.plan_and_apply("", "")).text
        assert shop.wechat.shown(1) == ["春季新品"]


async def test_where_wechat_cannot_be_looked_at_nothing_is_saved_and_the_text_stays(shop: Shop) -> None:
    page, text = await shop.edit(SPRING, DRAW)
    planned = await shop.browser.send(page, "plan", text=text)
    shop.wechat.emulator.faults.add(PAGES, InjectedFault.http(500), times=None)
    refused = await shop.browser.send(planned, "apply")
    assert (refused.code, refused.fields["text"]) == (503, text)
    assert shop.read() == FILES["floors/F6.yaml"]
    assert "save" in refused.buttons


async def test_it_can_be_saved_all_the_same_and_is_applied_by_the_next_pass(shop: Shop) -> None:
    page, text = await shop.edit(SPRING, DRAW)
    assert "save" not in page.buttons
    shop.wechat.emulator.faults.add(PAGES, InjectedFault.http(500), times=None)
    refused = await shop.browser.send(page, "plan", text=text)
    saved = await shop.browser.send(refused, "save")
    assert "Saved. Nothing was changed at WeChat yet. It is retried automatically." in saved.text
    assert shop.read() == text
    assert shop.wechat.shown(1) == ["春季新品"]
    shop.wechat.emulator.faults.clear()
    await shop.settle()
    assert shop.wechat.shown(1) == ["幸运抽奖"]


async def test_saving_only_is_no_way_around_what_somebody_else_saved_or_around_faults(shop: Shop) -> None:
    page, text = await shop.edit(SPRING, DRAW)
    assert (await shop.browser.send(page, "save", text="floor: [")).code == 422
    shop.path("F6").write_text(theirs := f"{shop.read()}# theirs\n")
    assert (await shop.browser.send(page, "save", text=text)).code == 409
    assert shop.read() == theirs


async def test_what_is_saved_stays_saved_when_wechat_fails_on_the_way(shop: Shop) -> None:
    page, text = await shop.edit(SPRING, DRAW)
    planned = await shop.browser.send(page, "plan", text=text)
    shop.wechat.emulator.faults.add(BIND, InjectedFault.http(500), times=None)
    left = await shop.browser.send(planned, "apply")
    assert "The file is saved, but not all of it is applied at WeChat (0 of 1)" in left.text
    assert "It is retried automatically." in left.text
    assert shop.read() == text
    shop.wechat.emulator.faults.clear()
    assert (await shop.browser.see("/bindings/F6")).code == 200  # and nothing ended


async def test_what_takes_long_is_shown_with_how_far_it_is(tmp_path: Path) -> None:
    async with opened(tmp_path, FILES, patience=0.0) as shop:
        shop.wechat.devices(1, 2, 11)
        await shop.settle()
        page, text = await shop.edit(SPRING, DRAW)
        assert shop.gateway
        async with shop.gateway.sync.turn:  # a pass of the daemon's own is under way
            under_way = await shop.browser.send(page, "plan", text=text)
        assert "You may leave this page" in under_way.text
        assert 'http-equiv="refresh" content="2"' in under_way.body
        await shop.editing.wait(under_way.address.partition("job=")[2], 30)
        planned = await shop.browser.see(under_way.address)
        assert planned.fields["text"] == text
        assert "1 号: 春季新品 → 幸运抽奖" in planned.text
        under_way = await shop.browser.send(planned, "apply")
        await shop.editing.wait(under_way.address.partition("job=")[2], 30)
        assert "Done: 1 change" in (await shop.browser.see(under_way.address)).text


async def test_an_outcome_that_is_forgotten_is_said_to_be(shop: Shop) -> None:
    page = await shop.browser.see("/bindings/F6?job=never&language=en")
    assert "The result is no longer known" in page.text
    assert page.fields["text"] == FILES["floors/F6.yaml"]


async def test_saving_keeps_the_mode_and_leaves_nothing_beside_the_file(shop: Shop) -> None:
    shop.path("F6").chmod(0o664)
    await shop.plan_and_apply(SPRING, DRAW)
    assert shop.path("F6").stat().st_mode & 0o777 == 0o664
    assert sorted(path.name for path in (shop.folder / "floors").iterdir()) == ["F1.yaml", "F6.yaml"]


async def test_a_full_card_loses_neither_the_file_nor_what_was_typed(tmp_path: Path) -> None:
    with small_card(tmp_path / "store") as store:
        async with opened(tmp_path, FILES, account=False) as shop:
            page, text = await shop.edit(SPRING, DRAW)
            with pytest.raises(OSError, match="No space"):
                (store / "photos").write_bytes(bytes(2 << 20))
            refused = await shop.browser.send(page, "apply", text=text)
            assert (refused.code, refused.fields["text"]) == (507, text)
            assert "the card is full" in refused.text
            assert shop.read() == FILES["floors/F6.yaml"]
            assert sorted(path.name for path in (store / "floors").iterdir()) == ["F1.yaml", "F6.yaml"]
            (store / "photos").unlink()
            assert "Saved." in (await shop.browser.send(refused, "apply")).text
        assert shop.read() == text


async def test_a_folder_that_may_not_be_written_says_who_can_change_that(tmp_path: Path) -> None:
    with small_card(tmp_path / "store") as store:
        async with opened(tmp_path, FILES, account=False) as shop:
            page, text = await shop.edit(SPRING, DRAW)
            remounted(store, "ro")
            refused = await shop.browser.send(page, "apply", text=text)
            assert refused.code == 507
            assert "the gateway may not write into that folder" in refused.text
            assert "sudo systemctl restart beacon-gateway" in refused.text


async def test_an_incomplete_form_changes_nothing(shop: Shop) -> None:
    page = await shop.browser.see("/bindings/F6")
    del page.fields["text"]
    assert (await shop.browser.send(page, "apply")).code == 400
    assert (await shop.browser.send(page, "delete", text="floor: F6")).code == 400
    assert (await shop.browser.send(page, "apply", text="floor: F6", visit="forged")).code == 403
    assert shop.read() == FILES["floors/F6.yaml"]
