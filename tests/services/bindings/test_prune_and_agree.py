"""Deleting pages that nobody needs, and carrying out no other plan than the one agreed to."""

from pathlib import Path

import pytest

from beacon_gateway.core.bindings.plan_calls import calls_of
from beacon_gateway.services.bindings.progress import Progress, SyncState
from beacon_gateway.services.bindings.sync import ManualRequest
from beacon_gateway.simulator.wechat import InjectedFault
from tests.services.bindings.misfortune import Meanwhile
from tests.services.bindings.scene import BIND, MAKE, Gateway, WeChatSide, beacon, console, gateway_at, own, store

TOKEN_CALL = 1
"""Only the first pass needs it."""
DELETE = "/shakearound/page/delete"
SPRING = own("spring-sale", title="春季新品")
DRAW = own("lucky-draw", title="幸运抽奖", icon="draw")
BOTH = store([beacon(1, "spring-sale", "lucky-draw")], [SPRING, DRAW])
ONE = store([beacon(1, "spring-sale")], [SPRING])


async def prune(gateway: Gateway, *, write: bool = True, plan: str = "") -> Progress:
    return await gateway.sync.once(write=write, cause="apply", by_hand=ManualRequest(prune=True, plan=plan))


async def test_a_page_that_nothing_needs_is_told_and_deleted_only_when_asked(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.devices(1)
    await gateway.once(BOTH)
    assert (await gateway.once(BOTH)).plan.prunable == 0
    assert (await gateway.once(ONE)).plan.prunable == 1
    assert wechat.titles() == sorted([SPRING.title, DRAW.title])
    progress = await prune(gateway)
    assert (progress.state, progress.verified) == (SyncState.IN_SYNC, 1)
    assert wechat.titles() == [SPRING.title]
    assert "lucky-draw" not in (await gateway.ledger.read()).pages


async def test_a_page_is_deleted_after_it_was_unbound(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    await gateway.once(BOTH)
    done = len(wechat.order_of_writes())
    gateway.sync.use(ONE)
    assert (await prune(gateway)).verified == 2
    assert wechat.order_of_writes()[done:] == [BIND, DELETE]


async def test_a_new_card_knows_its_pages_by_their_marks(wechat: WeChatSide, gateway: Gateway, tmp_path: Path) -> None:
    wechat.devices(1)
    await gateway.once(BOTH)
    await gateway.once(ONE)
    async with gateway_at(wechat.url, tmp_path / "new card") as other:
        other.sync.use(ONE)
        await prune(other)
    assert wechat.titles() == [SPRING.title]


async def test_what_others_made_or_show_is_never_deleted(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    wechat.page("他人页面", comment="do not touch")
    wechat.page("像我们的", comment="bg:spring--:00000000:00000000")
    members = wechat.page("会员日")
    await gateway.once(store([beacon(1, "lucky-draw", "members")], [DRAW, console("members", members)]))
    wechat.bind(2, wechat.page_id(DRAW.title))
    gateway.sync.use(ONE)
    await prune(gateway)
    assert DELETE not in wechat.writes()
    assert wechat.titles() == sorted(["他人页面", "像我们的", "会员日", DRAW.title, SPRING.title])


@pytest.mark.parametrize(
    "fault", [InjectedFault.error(-1), InjectedFault.drop(), InjectedFault.lose_answer(), InjectedFault.truncate()]
)
async def test_a_deletion_that_meets_misfortune_is_finished_by_the_next(
    wechat: WeChatSide, gateway: Gateway, fault: InjectedFault
) -> None:
    wechat.devices(1)
    await gateway.once(BOTH)
    gateway.sync.use(ONE)
    wechat.emulator.faults.add(DELETE, fault)
    await prune(gateway)
    assert (await prune(gateway)).state is SyncState.IN_SYNC
    assert wechat.titles() == [SPRING.title]


async def test_a_plan_that_is_no_longer_the_one_agreed_to_is_not_carried_out(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.devices(1)
    agreed = (await gateway.once(BOTH, write=False)).plan.digest
    gateway.sync.use(ONE)
    stale = await prune(gateway, plan=agreed)
    assert stale.state is SyncState.STALE
    assert wechat.writes() == {}
    assert (await prune(gateway, plan=stale.plan.digest)).state is SyncState.IN_SYNC


async def test_somebody_at_the_console_between_reading_and_writing_is_not_overwritten(
    wechat: WeChatSide, tmp_path: Path
) -> None:
    wechat.devices(1)
    foreign = wechat.page("他人页面")
    async with gateway_at(wechat.url, tmp_path, fresh_seconds=0.0) as gateway:
        meanwhile = wechat.emulator.faults = Meanwhile(MAKE, lambda: wechat.bind(1, foreign))
        progress = await gateway.once(ONE)
    assert meanwhile.happened
    assert progress.state is SyncState.IN_SYNC
    assert wechat.shown(1) == sorted(["他人页面", SPRING.title])


async def test_two_gateways_that_made_one_page_twice_agree_on_the_older(
    wechat: WeChatSide, gateway: Gateway, tmp_path: Path
) -> None:
    wechat.devices(1)
    await gateway.once(ONE)
    (first,) = wechat.account.pages.values()
    second = wechat.page(SPRING.title, comment=first.comment)
    wechat.bind(1, first.page_id, second)
    async with gateway_at(wechat.url, tmp_path / "another") as other:
        for one in (other, gateway, other):
            await one.once(ONE)
    assert wechat.account.bindings(wechat.device_id(1)) == (first.page_id,)


async def test_a_plan_says_how_many_calls_it_needs(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2, 3)
    planned = await gateway.once(BOTH, write=False)
    reading = wechat.calls().total()
    await gateway.once(BOTH)
    calls = calls_of(planned.plan)
    assert wechat.calls().total() == reading - TOKEN_CALL + calls.total + calls.looks
