"""The trouble of one beacon, page, icon or path is its own: the rest is done in the same pass, and it comes last."""

from dataclasses import replace
from pathlib import Path

import pytest

from beacon_gateway.core.bindings.plan import Rebind
from beacon_gateway.core.bindings.target import Blocked, Outdated, TryLater, Unreachable, WaitForQuota
from beacon_gateway.core.model.settings import WeChatSettings
from beacon_gateway.core.model.store import OwnPage
from beacon_gateway.services.bindings.progress import Progress, SyncState, SyncStep
from beacon_gateway.simulator.wechat import InjectedFault
from tests.patience import until
from tests.services.bindings.misfortune import Meanwhile
from tests.services.bindings.scene import (
    BIND,
    ICON,
    MAKE,
    PAGES,
    RELATIONS,
    SETTINGS,
    Gateway,
    WeChatSide,
    beacon,
    console,
    gateway_at,
    icon_of,
    key,
    own,
    store,
)
from tests.services.bindings.test_run import at_rest, running

TWELVE = range(1, 13)
SPRING = own("spring-sale")
DRAW = own("lucky-draw", title="幸运抽奖", icon="draw")
WANTED = store([beacon(number, "spring-sale") for number in TWELVE], [SPRING])


def bound(wechat: WeChatSide) -> set[int]:
    return {number for number in TWELVE if wechat.shown(number)}


def failed(progress: Progress) -> list[int]:
    """Return the numbers of the beacons that were not bound."""
    return [
        change.key.minor
        for change, step in progress.steps.items()
        if isinstance(change, Rebind) and step is not SyncStep.VERIFIED
    ]


@pytest.mark.parametrize(
    "fault",
    [
        InjectedFault.error(-1),
        InjectedFault.http(502),
        InjectedFault.drop(),
        InjectedFault.error(9001002),
        InjectedFault.hang(),
    ],
)
async def test_one_beacon_that_cannot_be_bound_holds_up_no_other(
    wechat: WeChatSide, tmp_path: Path, fault: InjectedFault
) -> None:
    wechat.devices(*TWELVE)
    rule = wechat.emulator.faults.add(BIND, fault, times=None, only=str(wechat.device_id(3)))
    async with gateway_at(wechat.url, tmp_path, call_seconds=2.0) as gateway:
        progress = await gateway.once(WANTED)
        assert bound(wechat) == {*TWELVE} - {3}
        assert (progress.state, failed(progress)) == (SyncState.RETRYING, [3])
        assert isinstance(gateway.sync.trouble, TryLater)
        wechat.emulator.faults.remove(rule)
        assert (await gateway.once(WANTED)).state is SyncState.IN_SYNC
    assert bound(wechat) == {*TWELVE}


async def test_what_came_to_nothing_is_tried_last_the_next_time(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(*TWELVE)
    members = console("members", wechat.page())
    pages = {**WANTED.pages, "members": members}
    wechat.emulator.faults.add(BIND, InjectedFault.error(-1), times=None, only=str(wechat.device_id(1)))
    await gateway.once(replace(WANTED, pages=pages))
    before = len(wechat.emulator.calls)
    changed = {key(number): beacon(number, "members") for number in (2, 3)}
    await gateway.once(replace(WANTED, pages=pages, beacons={**WANTED.beacons, **changed}))
    binds = [call.errcode for call in list(wechat.emulator.calls)[before:] if call.path == BIND]
    assert binds == [0, 0, -1, -1]


async def test_a_short_trouble_is_over_before_the_pass_is(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(*TWELVE)
    wechat.emulator.faults.add(BIND, InjectedFault.error(-1), times=3)
    progress = await gateway.once(WANTED)
    assert (progress.state, progress.verified) == (SyncState.IN_SYNC, 13)


async def test_a_binding_that_arrived_though_its_answer_was_lost_is_not_written_again(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.devices(*TWELVE)
    wechat.emulator.faults.add(BIND, InjectedFault.lose_answer(), only=str(wechat.device_id(3)))
    assert (await gateway.once(WANTED)).state is SyncState.IN_SYNC
    assert wechat.writes()[BIND] == 12


@pytest.mark.parametrize(("fault", "calls"), [(InjectedFault.error(-1), 5), (InjectedFault.drop(), 3)])
async def test_the_same_trouble_of_one_beacon_after_another_is_wechats(
    wechat: WeChatSide, gateway: Gateway, fault: InjectedFault, calls: int
) -> None:
    wechat.devices(*TWELVE)
    wechat.emulator.faults.add(BIND, fault, times=None)
    with pytest.raises(TryLater):
        await gateway.once(WANTED)
    assert wechat.writes()[BIND] == calls


@pytest.mark.parametrize("path", [MAKE, ICON])
async def test_a_page_that_cannot_be_made_today_holds_up_its_own_beacons_alone(
    wechat: WeChatSide, gateway: Gateway, path: str
) -> None:
    wechat.devices(1, 2, 3)
    members = console("members", wechat.page("会员日"))
    await gateway.once(store([beacon(3, "members")], [members]))
    wechat.emulator.faults.add(path, InjectedFault.error(45009), times=None)
    wanted = store([beacon(1, "spring-sale"), beacon(2, "lucky-draw"), beacon(3)], [SPRING, DRAW, members])
    wanted = replace(wanted, beacons={**wanted.beacons, key(3): beacon(3)})
    wechat.calls()
    progress = await gateway.once(wanted)
    assert wechat.shown(3) == []
    assert progress.state is SyncState.RETRYING
    assert isinstance(gateway.sync.trouble, WaitForQuota)
    assert {type(error) for error in progress.troubles.values()} == {WaitForQuota, Blocked}
    assert progress.count(SyncStep.BLOCKED) == 2
    assert wechat.calls()[path] == 1


async def test_a_refused_icon_holds_up_its_page_and_its_beacons_alone(wechat: WeChatSide, tmp_path: Path) -> None:
    def icon(page: OwnPage) -> bytes:
        return b"no picture" if page.slug == "spring-sale" else icon_of(page)

    wechat.devices(1, 2)
    wanted = store([beacon(1, "spring-sale"), beacon(2, "lucky-draw")], [SPRING, DRAW])
    async with gateway_at(wechat.url, tmp_path, icon=icon) as gateway:
        progress = await gateway.once(wanted)
    assert [wechat.shown(number) for number in (1, 2)] == [[], [DRAW.title]]
    assert sorted(progress.steps.values()) == [SyncStep.BLOCKED, SyncStep.REFUSED, SyncStep.VERIFIED, SyncStep.VERIFIED]


async def test_a_beacon_that_cannot_be_read_back_is_not_taken_for_wrong(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(*TWELVE)
    await gateway.once(store([beacon(number) for number in TWELVE], []))  # verified, so that none is asked before
    wechat.emulator.faults.add(RELATIONS, InjectedFault.error(-1), times=3, only=str(wechat.device_id(3)))
    progress = await gateway.once(WANTED)
    assert (progress.verified, progress.count(SyncStep.WRITTEN), progress.state) == (12, 1, SyncState.RETRYING)
    wechat.calls()
    assert (await gateway.once(WANTED)).state is SyncState.IN_SYNC
    assert wechat.writes() == {}


async def test_a_time_out_of_one_call_is_that_beacons_own(wechat: WeChatSide, tmp_path: Path) -> None:
    wechat.devices(*TWELVE)
    wechat.emulator.faults.add(BIND, InjectedFault.hang(), only=str(wechat.device_id(3)))
    async with gateway_at(wechat.url, tmp_path, call_seconds=2.0) as gateway:
        progress = await gateway.once(WANTED)
        assert [type(error) for error in progress.troubles.values()] == [Unreachable]
        assert failed(progress) == [3]


async def test_a_page_that_went_away_since_it_was_read_is_planned_for_again(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.devices(*TWELVE)
    await gateway.once(store([], [SPRING, DRAW]))

    def delete() -> None:
        wechat.account.delete_pages([wechat.page_id(SPRING.title)])

    wechat.emulator.faults = Meanwhile(BIND, delete)
    progress = await gateway.once(replace(WANTED, pages={page.slug: page for page in (SPRING, DRAW)}))
    assert (progress.state, bound(wechat)) == (SyncState.IN_SYNC, {*TWELVE})


async def test_what_is_refused_after_a_new_plan_too_is_refused(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(*TWELVE)
    wechat.emulator.faults.add(BIND, InjectedFault.error(9001026), times=None, only=str(wechat.device_id(3)))
    progress = await gateway.once(WANTED)
    assert (progress.state, bound(wechat)) == (SyncState.PENDING, {*TWELVE} - {3})
    assert [type(error) for error in progress.troubles.values()] == [Outdated]
    assert progress.applied == 12  # the page among them


async def test_a_page_that_is_deleted_while_the_account_is_read_does_not_end_the_reading(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.devices(1)
    doomed = wechat.page("他人页面")
    wechat.emulator.faults = Meanwhile(RELATIONS, lambda: wechat.account.delete_pages([doomed]))
    assert (await gateway.target.read()).pages == {}
    assert wechat.calls()[PAGES] == 1


async def test_the_daemon_tries_again_what_came_to_nothing_and_names_it_meanwhile(
    wechat: WeChatSide, tmp_path: Path
) -> None:
    wechat.devices(*TWELVE)
    rule = wechat.emulator.faults.add(BIND, InjectedFault.error(-1), times=None, only=str(wechat.device_id(3)))
    options = WeChatSettings(appid=SETTINGS.appid)
    async with gateway_at(wechat.url, tmp_path, options=options, first_retry=0.05) as gateway, running(gateway):
        gateway.sync.use(WANTED)
        await until(lambda: at_rest(gateway, SyncState.RETRYING) and bound(wechat) == {*TWELVE} - {3})
        wechat.emulator.faults.remove(rule)
        await until(lambda: at_rest(gateway, SyncState.IN_SYNC) and bound(wechat) == {*TWELVE})
