"""A plan that is only looked at: for other files than those in force, and without a trace."""

import asyncio
from dataclasses import replace

import pytest

from beacon_gateway.core.bindings.target import TryLater
from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.settings import WeChatSettings
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.services.bindings.sync import ManualRequest
from tests.patience import until
from tests.services.bindings.scene import PAGES, SETTINGS, Gateway, WeChatSide, beacon, gateway_at, own, store

SPRING = own("spring-sale")
DRAW = own("lucky-draw", title="幸运抽奖", icon="draw")
NOW = replace(store([beacon(1, "spring-sale"), beacon(2, "spring-sale")], [SPRING, DRAW]), revision="now")
DRAFT = replace(store([beacon(1, "lucky-draw"), beacon(2, "spring-sale")], [SPRING, DRAW]), revision="draft")


@pytest.fixture
async def settled(wechat: WeChatSide, gateway: Gateway) -> Gateway:
    wechat.devices(1, 2)
    await gateway.settle(NOW)
    wechat.calls()
    return gateway


async def test_a_preview_is_the_plan_of_an_apply_and_leaves_no_trace(wechat: WeChatSide, settled: Gateway) -> None:
    progress, ledger = settled.sync.progress, await settled.ledger.read()
    preview = await settled.sync.previews.of(DRAFT)
    assert len(preview.plan) == 1
    assert wechat.writes() == {}
    assert settled.sync.progress is progress
    assert await settled.ledger.read() == ledger
    settled.sync.use(DRAFT)
    by_hand = ManualRequest("wang", plan=preview.plan.digest)
    assert (await settled.sync.once(write=True, cause="page", by_hand=by_hand)).state is SyncState.IN_SYNC
    assert wechat.shown(1) == [DRAW.title]


async def test_a_preview_does_not_end_a_hold(settled: Gateway) -> None:
    await settled.once(DRAFT)
    await settled.sync.undo(ManualRequest("wang"))
    assert (await settled.sync.previews.of(NOW)).hold is None  # there it is edited
    assert (await settled.sync.previews.of(DRAFT)).hold
    assert (await settled.ledger.read()).hold is not None


async def test_looks_share_a_reading_until_something_is_written(wechat: WeChatSide, settled: Gateway) -> None:
    await settled.sync.previews.of(DRAFT)
    await settled.sync.previews.of(DRAFT)
    assert wechat.calls()[PAGES] == 0
    await settled.once(DRAFT)
    wechat.calls()
    assert not (await settled.sync.previews.of(DRAFT)).plan
    assert wechat.calls()[PAGES] == 1
    await settled.sync.previews.of(DRAFT, within=0.0)
    assert wechat.calls()[PAGES] == 1


async def test_an_account_that_lists_nothing_is_not_believed(wechat: WeChatSide, settled: Gateway) -> None:
    for page_id in list(wechat.account.pages):
        wechat.bind(1)
        wechat.bind(2)
        del wechat.account.pages[page_id]
    with pytest.raises(TryLater, match="lists no page at all"):
        await settled.sync.previews.of(DRAFT, within=0.0)
    assert (await settled.sync.previews.of(DRAFT, force=True)).plan


async def test_a_preview_tells_that_it_would_be_braked(wechat: WeChatSide, tmp_path: object) -> None:
    options = WeChatSettings(SETTINGS.appid, brake=Brake(0, 0.0))
    wechat.devices(1, 2)
    async with gateway_at(wechat.url, tmp_path, options=options) as gateway:  # type: ignore[arg-type]  # passed on as it is
        await gateway.settle(NOW)
        assert (await gateway.sync.previews.of(DRAFT)).braked
        await gateway.once(DRAFT, force=True)
        assert (await gateway.sync.previews.of_undo(DRAFT)).braked


async def test_an_own_pass_waits_while_somebody_has_the_turn(settled: Gateway) -> None:
    before = settled.sync.progress
    async with settled.sync.turn:
        running = asyncio.create_task(settled.sync.run())
        await settled.sync.previews.of(DRAFT, within=0.0)  # meanwhile a pass would have begun
        assert settled.sync.progress is before
    await until(lambda: settled.sync.progress is not before)
    running.cancel()
