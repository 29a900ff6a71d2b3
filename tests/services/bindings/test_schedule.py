"""Switches by the clock: only by one that is right, whatever it does meanwhile, and not stopped by the brake."""

from datetime import timedelta
from pathlib import Path

import pytest

from beacon_gateway.core.bindings.plan import WithheldReason
from beacon_gateway.core.model.store import Slot, Store
from beacon_gateway.services.bindings.progress import SyncState
from tests.patience import until
from tests.services.bindings.scene import NOON, Gateway, WeChatSide, beacon, gateway_at, own, store
from tests.services.bindings.test_run import running

SPRING = own("spring-sale", title="春季新品")
DRAW = own("lucky-draw", title="幸运抽奖", icon="draw")
EVENING = Slot(NOON + timedelta(hours=6), NOON + timedelta(hours=10), ("lucky-draw",))
TEN = range(1, 11)


def scheduled(*numbers: int, plain: tuple[int, ...] = ()) -> Store:
    beacons = [beacon(number, "spring-sale", schedule=(EVENING,)) for number in numbers]
    return store([*beacons, *(beacon(number, "lucky-draw") for number in plain)], [SPRING, DRAW])


async def test_opening_time_is_not_braked_in_either_direction(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(*TEN)
    for hours, title in ((0, SPRING.title), (6, DRAW.title), (10, SPRING.title)):
        gateway.clock.now = NOON + timedelta(hours=hours)
        assert (await gateway.once(scheduled(*TEN))).state is SyncState.IN_SYNC
        assert [wechat.shown(number) for number in TEN] == [[title]] * 10


async def test_files_that_lost_their_schedules_and_pages_are_braked_all_the_same(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.devices(*TEN)
    await gateway.once(scheduled(*TEN))
    emptied = store([beacon(number, schedule=(EVENING,)) for number in TEN], [SPRING, DRAW])
    assert (await gateway.once(emptied)).state is SyncState.BRAKED


async def test_without_a_clock_only_what_has_a_schedule_waits(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    gateway.clock.right = False
    progress = await gateway.once(scheduled(1, plain=(2,)))
    assert [item.why for item in progress.plan.withheld] == [WithheldReason.CLOCK]
    assert progress.state is SyncState.PENDING
    assert (wechat.shown(1), wechat.shown(2)) == ([], [DRAW.title])
    gateway.clock.right = True
    assert (await gateway.once(scheduled(1, plain=(2,)))).state is SyncState.IN_SYNC
    assert wechat.shown(1) == [SPRING.title]


@pytest.mark.parametrize("hours", [6, -48])
async def test_a_clock_that_jumps_leads_to_a_new_look(wechat: WeChatSide, tmp_path: Path, hours: int) -> None:
    wechat.devices(1)
    async with gateway_at(wechat.url, tmp_path, look_at_clock=0.02) as gateway:
        if hours < 0:
            gateway.clock.now += timedelta(hours=54)
        async with running(gateway):
            gateway.sync.use(scheduled(1))
            await until(lambda: wechat.shown(1) == [SPRING.title] and gateway.sync.verified > 0)
            await until(lambda: gateway.sync.progress is not None and gateway.sync.progress.state is SyncState.IN_SYNC)
            gateway.clock.now += timedelta(hours=hours)
            await until(lambda: wechat.shown(1) == [DRAW.title])


async def test_a_clock_that_begins_to_be_right_leads_to_a_new_look(wechat: WeChatSide, tmp_path: Path) -> None:
    wechat.devices(1)
    async with gateway_at(wechat.url, tmp_path, look_at_clock=0.02) as gateway:
        gateway.clock.right = False
        async with running(gateway):
            gateway.sync.use(scheduled(1))
            await until(lambda: gateway.sync.progress is not None and gateway.sync.progress.state is SyncState.PENDING)
            gateway.clock.right = True
            await until(lambda: wechat.shown(1) == [SPRING.title])


async def test_a_switch_that_fell_into_a_power_cut_is_made_at_the_start(wechat: WeChatSide, tmp_path: Path) -> None:
    wechat.devices(*TEN)
    async with gateway_at(wechat.url, tmp_path) as gateway:
        await gateway.once(scheduled(*TEN))
    async with gateway_at(wechat.url, tmp_path) as gateway:
        gateway.clock.now = NOON + timedelta(hours=7)
        async with running(gateway):
            gateway.sync.use(scheduled(*TEN))
            await until(lambda: all(wechat.shown(number) == [DRAW.title] for number in TEN))
