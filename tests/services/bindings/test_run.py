"""`Sync.run`: when it looks, when it writes by itself, and what does not stop it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from beacon_gateway.core.bindings.target import NeedsOperator, TryLater, WaitForQuota
from beacon_gateway.core.model.settings import ApplyPolicy, DriftPolicy, Role, WeChatSettings
from beacon_gateway.core.model.store import Page, Slot
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.services.bindings.retries import FIRST_SYNC_RETRY_S
from beacon_gateway.simulator.wechat import InjectedFault
from tests.patience import until
from tests.services.bindings.scene import (
    BIND,
    DEVICES,
    MAKE,
    NOON,
    PAGES,
    SETTINGS,
    Gateway,
    WeChatSide,
    beacon,
    console,
    gateway_at,
    own,
    store,
)

SPRING = own("spring-sale", title="春季新品")
DRAW = own("lucky-draw", title="幸运抽奖", icon="draw")
WANTED = store([beacon(1, "spring-sale")], [SPRING])
OTHER = store([beacon(1, "lucky-draw")], [SPRING, DRAW])


@asynccontextmanager
async def running(gateway: Gateway) -> AsyncIterator[asyncio.Task[None]]:
    """Run while the block does. A run that ended by itself shows why."""
    task = asyncio.create_task(gateway.sync.run())
    try:
        yield task
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def at_rest(gateway: Gateway, *states: SyncState) -> bool:
    return gateway.sync.progress is not None and gateway.sync.progress.state in states


async def test_a_store_that_is_handed_in_is_applied(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    async with running(gateway):
        gateway.sync.use(WANTED)
        await until(lambda: at_rest(gateway, SyncState.IN_SYNC))
    assert wechat.shown(1) == [SPRING.title]
    assert (gateway.sync.applied, gateway.sync.verified) == (2, 2)


async def test_without_a_store_nothing_is_called(wechat: WeChatSide, gateway: Gateway) -> None:
    async with running(gateway):
        for _ in range(100):
            await asyncio.sleep(0)
    assert wechat.calls() == {}


async def test_each_store_in_turn_is_applied(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    async with running(gateway):
        for wanted, title in ((WANTED, SPRING.title), (OTHER, DRAW.title), (WANTED, SPRING.title)):
            gateway.sync.use(wanted)
            await until(lambda title=title: wechat.shown(1) == [title] and at_rest(gateway, SyncState.IN_SYNC))  # type: ignore[misc]  # the loop's title


@pytest.mark.parametrize("path", [PAGES, MAKE, BIND])
async def test_a_store_handed_in_while_a_pass_is_under_way_is_applied_next(
    wechat: WeChatSide, gateway: Gateway, path: str
) -> None:
    wechat.devices(1)
    async with running(gateway):
        gateway.sync.use(WANTED)
        await until(lambda: wechat.emulator.count(path) == 1)
        assert not at_rest(gateway, SyncState.IN_SYNC)
        gateway.sync.use(OTHER)
        await until(lambda: wechat.shown(1) == [DRAW.title])


async def test_a_cancelled_run_lets_go_of_the_lock(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    wechat.emulator.faults.add(BIND, InjectedFault.hang())
    async with running(gateway):
        gateway.sync.use(WANTED)
        await until(lambda: wechat.emulator.count(BIND) == 1)
    assert (await gateway.once(WANTED)).state is SyncState.IN_SYNC
    assert wechat.titles() == [SPRING.title]
    assert wechat.shown(1) == [SPRING.title]


async def test_a_reader_only_compares(wechat: WeChatSide, tmp_path: Path) -> None:
    wechat.devices(1)
    options = WeChatSettings(appid=SETTINGS.appid, role=Role.READER, drift=DriftPolicy.REPAIR)
    async with gateway_at(wechat.url, tmp_path, options=options) as gateway, running(gateway):
        gateway.sync.use(WANTED)
        await until(lambda: at_rest(gateway, SyncState.PENDING))
    assert wechat.writes() == {}


async def test_apply_manual_waits_for_a_person(wechat: WeChatSide, tmp_path: Path) -> None:
    wechat.devices(1)
    options = WeChatSettings(appid=SETTINGS.appid, apply=ApplyPolicy.MANUAL)
    async with gateway_at(wechat.url, tmp_path, options=options) as gateway, running(gateway):
        gateway.sync.use(WANTED)
        await until(lambda: at_rest(gateway, SyncState.PENDING))
    assert wechat.writes() == {}


@pytest.mark.parametrize("drift", DriftPolicy)
async def test_drift_is_reported_or_repaired_as_set(wechat: WeChatSide, tmp_path: Path, drift: DriftPolicy) -> None:
    wechat.devices(1)
    foreign = wechat.page("他人页面")
    options = WeChatSettings(appid=SETTINGS.appid, drift=drift, drift_every=0.0)
    async with gateway_at(wechat.url, tmp_path, options=options) as gateway, running(gateway):
        gateway.sync.use(WANTED)
        await until(lambda: at_rest(gateway, SyncState.IN_SYNC))
        wechat.bind(1, foreign)
        if drift is DriftPolicy.REPAIR:
            await until(lambda: wechat.shown(1) == ["他人页面", SPRING.title])
        else:
            await until(lambda: at_rest(gateway, SyncState.PENDING))
            assert wechat.shown(1) == ["他人页面"]


async def test_a_trouble_is_shown_and_new_files_try_again(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    wechat.emulator.faults.add(BIND, InjectedFault.error(-1), times=2)
    async with running(gateway):
        gateway.sync.use(WANTED)
        await until(lambda: at_rest(gateway, SyncState.RETRYING))
        assert isinstance(gateway.sync.trouble, TryLater)
        gateway.sync.use(WANTED)
        await until(lambda: gateway.sync.trouble is None)
        assert at_rest(gateway, SyncState.IN_SYNC)
    assert wechat.shown(1) == [SPRING.title]


async def test_an_account_that_needs_a_person_does_not_end_the_run(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    wechat.emulator.faults.add(BIND, InjectedFault.error(48001))
    async with running(gateway):
        gateway.sync.use(WANTED)
        await until(lambda: at_rest(gateway, SyncState.OPERATOR))
        assert isinstance(gateway.sync.trouble, NeedsOperator)
        gateway.sync.use(WANTED)
        await until(lambda: at_rest(gateway, SyncState.IN_SYNC))


async def test_a_state_folder_that_goes_away_does_not_end_the_run(wechat: WeChatSide, tmp_path: Path) -> None:
    """The card is pulled, the file system turns read-only: the gateway must go on listening."""
    wechat.devices(1)
    state = tmp_path / "state"
    async with gateway_at(wechat.url, state) as gateway, running(gateway) as run:
        gateway.sync.use(WANTED)
        await until(lambda: at_rest(gateway, SyncState.IN_SYNC))
        state.rename(tmp_path / "elsewhere")
        gateway.sync.use(OTHER)
        await until(lambda: run.done() or gateway.sync.trouble is not None)
        assert not run.done()
        (tmp_path / "elsewhere").rename(state)
        gateway.sync.use(OTHER)
        await until(lambda: wechat.shown(1) == [DRAW.title])


async def test_a_slot_shows_its_pages_and_after_it_the_usual_ones(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    day = Slot(NOON + timedelta(hours=1), NOON + timedelta(hours=2), ("members",))
    night = Slot(NOON + timedelta(hours=3), NOON + timedelta(hours=4), ())
    pages: list[Page] = [SPRING, console("members", wechat.page("会员日"))]
    wanted = store([beacon(1, "spring-sale", schedule=(day, night))], pages)
    shown = {}
    for minutes in (0, 59, 60, 119, 120, 180, 239, 240):
        gateway.clock.now = NOON + timedelta(minutes=minutes)
        assert (await gateway.once(wanted)).state is SyncState.IN_SYNC
        shown[minutes] = wechat.shown(1)
    usual, members, nothing = [SPRING.title], ["会员日"], list[str]()
    assert list(shown.values()) == [usual, usual, members, members, usual, nothing, nothing, usual]


async def test_the_start_of_a_slot_is_a_reason_to_look(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    start = NOON + timedelta(seconds=0.02)
    slot = Slot(start, NOON + timedelta(hours=1), ("members",))
    wanted = store([beacon(1, "spring-sale", schedule=(slot,))], [SPRING, console("members", wechat.page("会员日"))])
    async with running(gateway):
        gateway.sync.use(wanted)
        await until(lambda: wechat.shown(1) == [SPRING.title] and at_rest(gateway, SyncState.IN_SYNC))
        gateway.clock.now = start
        await until(lambda: wechat.shown(1) == ["会员日"])
        await until(lambda: at_rest(gateway, SyncState.IN_SYNC))
    causes = await gateway.ledger.run(lambda db: db.execute("SELECT DISTINCT cause FROM audit").fetchall())
    assert causes == [("start",), ("schedule",)]


@pytest.mark.parametrize(
    ("errcode", "seconds"),
    [(48001, 86_400), (9001020, 86_400), (50002, 86_400), (40164, 600), (89501, 600), (89506, 86_400), (89507, 3600)],
)
async def test_an_account_that_needs_a_person_is_left_alone_for_as_long_as_its_trouble_asks(
    gateway: Gateway, wechat: WeChatSide, errcode: int, seconds: float
) -> None:
    wechat.emulator.faults.add("*", InjectedFault.error(errcode), times=None)
    with capture_logs() as events:
        async with running(gateway):
            gateway.sync.use(WANTED)
            await until(lambda: gateway.sync.trouble is not None)
    (complaint,) = [event for event in events if event["event"] == "sync.needs_operator"]
    assert (complaint["code"], complaint["pause"]) == (str(errcode), seconds)


async def test_no_switch_of_the_schedule_asks_an_account_that_needs_a_person(
    gateway: Gateway, wechat: WeChatSide
) -> None:
    start = NOON + timedelta(microseconds=1)
    slot = Slot(start, NOON + timedelta(hours=1), ())
    wechat.emulator.faults.add(PAGES, InjectedFault.error(48001), times=None)
    async with running(gateway):
        gateway.sync.use(store([beacon(1, "spring-sale", schedule=(slot,))], [SPRING]))
        await until(lambda: gateway.sync.trouble is not None)
        for _ in range(20):
            await gateway.client.read(DEVICES, {"type": 2, "last_seen": 0, "count": 50})
    assert wechat.calls()[PAGES] == 1


async def test_a_used_up_quota_is_waited_for_until_midnight_in_beijing(gateway: Gateway, wechat: WeChatSide) -> None:
    wechat.devices(1)
    wechat.emulator.faults.add(MAKE, InjectedFault.error(45009))
    with capture_logs() as events:
        async with running(gateway):
            gateway.sync.use(WANTED)
            await until(lambda: isinstance(gateway.sync.trouble, WaitForQuota))
    (complaint,) = [event for event in events if event["event"] == "sync.waits"]
    assert 12 * 3600 <= complaint["pause"] <= 12 * 3600 + FIRST_SYNC_RETRY_S
    assert gateway.sync.progress
    assert complaint["left"] == gateway.sync.progress.waiting == 2
    assert gateway.sync.progress.state is SyncState.RETRYING
