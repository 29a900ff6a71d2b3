"""What this gateway wrote and has not read back is its own doing, and nobody else's: no drift."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from beacon_gateway.core.bindings.drift import DriftKind
from beacon_gateway.core.model.settings import DriftPolicy, WeChatSettings
from beacon_gateway.services.bindings.progress import Progress, SyncState, SyncStep
from beacon_gateway.services.bindings.sync import ManualRequest
from beacon_gateway.simulator.wechat import InjectedFault
from beacon_gateway.simulator.wechat.request import Reply
from tests.patience import HANG_S, until
from tests.services.bindings.liars import lying
from tests.services.bindings.scene import (
    BIND,
    EDIT,
    RELATIONS,
    SETTINGS,
    Gateway,
    WeChatSide,
    beacon,
    gateway_at,
    key,
    own,
    store,
)
from tests.services.bindings.test_drift import compare, kinds
from tests.services.bindings.test_run import at_rest, running

SPRING = own("spring-sale")
SUMMER = own("spring-sale", title="夏季新品")
DRAW = own("lucky-draw", title="幸运抽奖", icon="draw")
FORMER = replace(store([beacon(1, "spring-sale"), beacon(2, "spring-sale")], [SPRING, DRAW]), revision="one")
EDITED = replace(store([beacon(1, "lucky-draw"), beacon(2, "spring-sale")], [SUMMER, DRAW]), revision="two")


async def cut_off_before_it_was_read_back(gateway: Gateway, wechat: WeChatSide, path: str) -> None:
    """Apply the edited files, and end like a process that is killed as the first answer of a path comes."""
    wechat.emulator.faults.add(path, InjectedFault.hang())
    gateway.sync.use(EDITED)
    task = asyncio.create_task(gateway.sync.once(write=True, cause="files"))
    before = wechat.emulator.count(path)
    await until(lambda: wechat.emulator.count(path) > before)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_binding_that_was_cut_off_before_it_was_read_back_is_no_drift(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.devices(1, 2)
    await gateway.once(FORMER)
    bound = wechat.emulator.count(BIND)
    wechat.emulator.faults.add(RELATIONS, InjectedFault.hang(), only='"type": 1')  # the reading back
    gateway.sync.use(EDITED)
    task = asyncio.create_task(gateway.sync.once(write=True, cause="files"))
    await until(lambda: wechat.emulator.count(BIND) > bound and wechat.shown(1) == [DRAW.title])
    await until(lambda: not wechat.emulator.faults.waiting())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    progress = await compare(gateway)
    assert (kinds(progress), progress.state) == ([], SyncState.IN_SYNC)
    ledger = await gateway.ledger.read()
    assert not ledger.sent.bindings
    assert not ledger.sent.pages
    wechat.bind(1)
    assert kinds(await compare(gateway)) == [DriftKind.REBOUND]


@pytest.mark.parametrize("path", [BIND, EDIT])
async def test_a_write_that_never_arrived_is_no_drift_and_is_made_by_the_next_pass(
    wechat: WeChatSide, gateway: Gateway, path: str
) -> None:
    wechat.devices(1, 2)
    await gateway.once(FORMER)
    await cut_off_before_it_was_read_back(gateway, wechat, path)
    progress = await compare(gateway)
    assert (kinds(progress), progress.state) == ([], SyncState.IN_SYNC)
    assert wechat.shown(1) == [DRAW.title]
    assert SUMMER.title in wechat.titles()


async def test_what_somebody_changed_after_it_was_sent_is_theirs(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    await gateway.once(FORMER)
    await cut_off_before_it_was_read_back(gateway, wechat, BIND)
    foreign = wechat.page("他人页面")
    wechat.bind(1, foreign)
    wechat.calls()
    progress = await compare(gateway)
    assert kinds(progress) == [DriftKind.REBOUND]


async def test_a_reading_that_lags_is_no_drift(wechat: WeChatSide, gateway: Gateway) -> None:
    """The target reads back what was there before, and shows what was written a moment later."""
    wechat.devices(1, 2)
    await gateway.once(FORMER)
    wechat.emulator.faults.add(RELATIONS, InjectedFault.error(-1), times=3, only=f'"device_id": {wechat.device_id(1)}')
    assert (await gateway.once(EDITED)).state is SyncState.RETRYING
    progress = await compare(gateway)
    assert (kinds(progress), progress.state) == ([], SyncState.IN_SYNC)
    assert (await gateway.ledger.read()).verified.bindings[key(1)] == {str(wechat.page_id(DRAW.title))}


async def test_an_edit_that_was_under_way_is_carried_out_in_full_after_a_restart(
    wechat: WeChatSide, tmp_path: Path
) -> None:
    wechat.devices(1, 2)
    async with gateway_at(wechat.url, tmp_path) as gateway, running(gateway):
        gateway.sync.use(FORMER)
        await until(lambda: at_rest(gateway, SyncState.IN_SYNC))
        wechat.bind(2)  # by somebody in the console
        rule = wechat.emulator.faults.add(RELATIONS, InjectedFault.error(-1), times=None)
        gateway.sync.use(EDITED)
        await until(lambda: gateway.sync.trouble is not None)
    wechat.emulator.faults.remove(rule)
    async with gateway_at(wechat.url, tmp_path) as again, running(again):
        again.sync.use(EDITED)
        await until(lambda: at_rest(again, SyncState.IN_SYNC))
        assert (wechat.shown(1), wechat.shown(2)) == ([DRAW.title], [SUMMER.title])
        async with asyncio.timeout(HANG_S):
            while (await again.ledger.read()).edit_is_due:  # noted last of all
                await asyncio.sleep(0)


async def test_a_plain_restart_repairs_nothing(wechat: WeChatSide, tmp_path: Path) -> None:
    wechat.devices(1, 2)
    for _ in range(2):
        async with gateway_at(wechat.url, tmp_path) as gateway, running(gateway):
            gateway.sync.use(FORMER)
            await until(lambda: at_rest(gateway, SyncState.IN_SYNC, SyncState.PENDING))
            wechat.bind(2)
    assert wechat.shown(2) == []


async def test_the_daemon_looks_at_once_after_a_command_wrote(wechat: WeChatSide, tmp_path: Path) -> None:
    wechat.devices(1, 2)
    options = WeChatSettings(appid=SETTINGS.appid, drift=DriftPolicy.REPORT)
    async with gateway_at(wechat.url, tmp_path, options=options, look_at_ledger=0.02) as gateway, running(gateway):
        gateway.sync.use(FORMER)
        await until(lambda: at_rest(gateway, SyncState.IN_SYNC))
        wechat.bind(1)
        async with gateway_at(wechat.url, tmp_path) as command:
            command.sync.use(FORMER)
            before = gateway.sync.progress
            applied = await command.sync.once(write=True, cause="apply", by_hand=ManualRequest("wang"))
            assert applied.state is SyncState.IN_SYNC
        await until(lambda: is_another(gateway, before) and at_rest(gateway, SyncState.IN_SYNC))


async def test_a_daemon_that_braked_is_at_rest_once_a_person_applied(wechat: WeChatSide, tmp_path: Path) -> None:
    wechat.devices(*range(1, 9))
    former = store([beacon(number, "spring-sale") for number in range(1, 9)], [SPRING, DRAW])
    edited = store([beacon(number) for number in range(1, 9)], [SPRING, DRAW])
    async with gateway_at(wechat.url, tmp_path, look_at_ledger=0.02) as gateway, running(gateway):
        gateway.sync.use(former)
        await until(lambda: at_rest(gateway, SyncState.IN_SYNC))
        gateway.sync.use(edited)
        await until(lambda: at_rest(gateway, SyncState.BRAKED))
        async with gateway_at(wechat.url, tmp_path) as command:
            await command.once(edited, force=True)
        await until(lambda: at_rest(gateway, SyncState.IN_SYNC))


async def test_what_wechat_keeps_otherwise_is_no_drift_and_is_put_right(tmp_path: Path) -> None:
    async with lying() as (wechat, liar), gateway_at(wechat.url, tmp_path) as gateway:
        wechat.devices(1, 2)
        await gateway.settle(FORMER)

        def lie(path: str, reply: Reply) -> Reply:
            if path == EDIT:
                page = wechat.account.pages[wechat.page_id(SUMMER.title)]
                wechat.account.replace_page(replace(page, page_url=page.page_url + "/"))
            if path == BIND:
                wechat.bind(1)
            return reply

        liar.lie = lie
        assert (await gateway.once(EDITED)).count(SyncStep.DIFFERS) == 2
        liar.lie = lambda _, reply: reply
        assert kinds(await gateway.once(EDITED, write=False)) == []
        progress = await compare(gateway)  # reports what others changed, and writes what is its own
        assert (kinds(progress), progress.state) == ([], SyncState.IN_SYNC)
        assert (wechat.shown(1), wechat.shown(2)) == ([DRAW.title], [SUMMER.title])


def is_another(gateway: Gateway, before: Progress | None) -> bool:
    return gateway.sync.progress is not before


async def test_what_the_daemon_writes_itself_is_no_reason_to_look_again(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    await gateway.once(FORMER)
    assert not gateway.ledger.another_wrote()
