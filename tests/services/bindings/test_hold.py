"""A hold lasts until what was undone is edited, and everything else goes on."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from beacon_gateway.core.bindings.target import Hold
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.services.bindings.sync import ManualRequest
from tests.patience import until
from tests.services.bindings.scene import NOON, Gateway, WeChatSide, beacon, gateway_at, key, own, store

SPRING = own("spring-sale", title="春季新品")
SUMMER = own("spring-sale", title="夏季新品", icon="summer")
DRAW = own("lucky-draw", title="幸运抽奖", icon="draw")
WANG = ManualRequest("wang", "wrong page")
BOTH = ["幸运抽奖", "春季新品"]


def files(one: str = "lucky-draw", *, spring: object = SUMMER, three: str = "lucky-draw", revision: str = "") -> Store:
    assert isinstance(spring, type(SPRING))
    beacons = [beacon(1, *one.split()), beacon(2, "spring-sale"), beacon(3, *three.split())]
    return replace(store(beacons, [spring, DRAW]), revision=revision or f"{one} {spring.title} {three}")


BEFORE, AFTER = files("spring-sale", spring=SPRING), files()


@pytest.fixture
async def undone(wechat: WeChatSide, gateway: Gateway) -> Gateway:
    """Return a gateway of which an edit, of a beacon and of a page, was undone."""
    wechat.devices(1, 2, 3)
    await gateway.once(BEFORE)
    await gateway.once(AFTER)
    await gateway.sync.undo(WANG)
    wechat.calls()
    return gateway


async def test_an_edit_of_something_else_is_applied_and_ends_no_hold(wechat: WeChatSide, undone: Gateway) -> None:
    progress = await undone.once(files(three="spring-sale"))
    assert (progress.state, progress.hold is not None) == (SyncState.PENDING, True)
    assert progress.waits_only_for_hold
    assert (wechat.shown(1), wechat.shown(2), wechat.shown(3)) == (["春季新品"], ["春季新品"], ["春季新品"])
    assert (await undone.once(AFTER)).hold is not None
    assert (wechat.shown(1), wechat.shown(3)) == (["春季新品"], ["幸运抽奖"])


async def test_another_revision_of_the_same_ends_no_hold(wechat: WeChatSide, undone: Gateway) -> None:
    assert (await undone.once(files(revision="a thumbnail"))).hold is not None
    assert wechat.writes() == {}


async def test_an_edit_of_one_thing_that_was_undone_lets_only_that_go(wechat: WeChatSide, undone: Gateway) -> None:
    progress = await undone.once(files("lucky-draw spring-sale"))
    assert progress.hold is not None
    assert wechat.shown(1) == BOTH
    assert wechat.shown(2) == ["春季新品"]  # the page's old title is held
    autumn = own("spring-sale", title="秋季新品")
    assert (await undone.once(files("lucky-draw spring-sale", spring=autumn))).state is SyncState.IN_SYNC
    assert wechat.shown(2) == ["秋季新品"]
    assert (await undone.ledger.read()).hold is None


async def test_an_edit_that_says_what_the_undo_put_back_ends_the_hold(wechat: WeChatSide, undone: Gateway) -> None:
    assert (await undone.once(BEFORE)).state is SyncState.IN_SYNC
    assert (await undone.ledger.read()).hold is None
    assert wechat.writes() == {}
    assert (await undone.once(AFTER)).state is SyncState.IN_SYNC
    assert wechat.shown(1) == ["幸运抽奖"]


async def test_to_look_at_other_files_ends_no_hold(wechat: WeChatSide, undone: Gateway) -> None:
    await undone.once(files("lucky-draw spring-sale"), write=False)
    assert (await undone.once(AFTER)).hold is not None
    assert wechat.shown(1) == ["春季新品"]


async def test_a_floor_that_is_away_for_a_moment_ends_no_hold(wechat: WeChatSide, undone: Gateway) -> None:
    await undone.once(replace(AFTER, beacons={}))
    assert (await undone.once(AFTER)).hold is not None
    assert wechat.writes() == {}


async def test_nor_where_the_undo_left_a_beacon_without_a_page(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2, 3)
    wanted = store([beacon(1, "lucky-draw"), beacon(2, "spring-sale")], [SPRING, DRAW])
    await gateway.once(store([beacon(1), beacon(2, "spring-sale")], [SPRING, DRAW]))
    await gateway.once(replace(wanted, revision="bound"))
    await gateway.sync.undo(WANG)
    assert wechat.shown(1) == []
    await gateway.once(replace(wanted, beacons={key(2): wanted.beacons[key(2)]}))
    assert (await gateway.once(wanted)).hold is not None
    assert wechat.shown(1) == []


async def test_nor_does_an_apply_while_the_floor_is_away(wechat: WeChatSide, undone: Gateway) -> None:
    undone.sync.use(replace(AFTER, beacons={}))
    await undone.sync.once(write=True, cause="apply", by_hand=ManualRequest("li"))
    assert (await undone.once(AFTER)).hold is not None
    assert wechat.shown(1) == ["夏季新品"]  # the page was there, and applied; the beacon was not


async def test_a_plan_that_nobody_agreed_to_ends_no_hold(wechat: WeChatSide, undone: Gateway) -> None:
    undone.sync.use(AFTER)
    by_hand = ManualRequest("li", plan="0123456789ab")
    assert (await undone.sync.once(write=True, cause="apply", by_hand=by_hand)).state is SyncState.STALE
    assert (await undone.once(AFTER)).hold is not None
    assert wechat.writes() == {}


async def test_what_is_typed_about_something_else_ends_no_hold(wechat: WeChatSide, undone: Gateway) -> None:
    wanted = files(three="spring-sale")
    undone.sync.use(wanted)
    preview = await undone.sync.previews.of(wanted, keeps_hold=True)
    assert [change.key for change in preview.plan.bindings] == [key(3)]
    assert preview.hold is not None
    by_hand = ManualRequest("li", plan=preview.plan.digest, keeps_hold=True)
    progress = await undone.sync.once(write=True, cause="page", by_hand=by_hand)
    assert progress.waits_only_for_hold
    assert (wechat.shown(1), wechat.shown(3)) == (["春季新品"], ["春季新品"])


async def test_another_edit_is_undone_by_itself_and_undone_again_is_redone(wechat: WeChatSide, undone: Gateway) -> None:
    wanted = files(three="spring-sale")
    await undone.once(wanted)
    undone.sync.use(wanted)
    second = await undone.sync.undo(WANG)
    assert second.hold is not None
    assert wechat.shown(3) == ["幸运抽奖"]
    assert len((await undone.once(wanted)).held) == 3
    third = await undone.sync.undo(WANG)
    assert third.hold is None
    assert wechat.shown(3) == ["春季新品"]
    left = await undone.once(wanted)
    assert (len(left.held), wechat.shown(1)) == (2, ["春季新品"])


async def test_a_hold_of_an_older_version_is_taken_over(wechat: WeChatSide, undone: Gateway) -> None:
    await undone.ledger.put_hold(Hold("a revision as it was made then", NOON, "wang", "wrong page"))
    async with gateway_at(wechat.url, folder_of(undone)) as gateway:
        assert (await gateway.once(AFTER, write=False)).hold is not None
        progress = await gateway.once(files(three="spring-sale"))
        assert progress.hold is not None
        assert (wechat.shown(1), wechat.shown(3)) == (["春季新品"], ["春季新品"])
        stored = (await gateway.ledger.read()).hold
        assert stored
        assert stored.things.keys() == {key(1), "spring-sale"}


async def test_the_daemon_itself_holds_it_after_a_restart(wechat: WeChatSide, undone: Gateway) -> None:
    async with gateway_at(wechat.url, folder_of(undone)) as gateway:
        gateway.sync.use(files(three="spring-sale"))
        running = asyncio.create_task(gateway.sync.run())
        await until(lambda: wechat.shown(3) == ["春季新品"])
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert wechat.shown(1) == ["春季新品"]


def folder_of(gateway: Gateway) -> Path:
    return gateway.ledger._lock_path.parent
