"""`undo` puts the account back, holds there, and touches nothing that others did since."""

from dataclasses import replace

import pytest

from beacon_gateway.core.bindings.plan import WithheldReason
from beacon_gateway.core.model.settings import WeChatSettings
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.services.bindings.sync import ManualRequest
from beacon_gateway.simulator.wechat import InjectedFault
from tests.services.bindings.scene import BIND, SETTINGS, Gateway, WeChatSide, beacon, gateway_at, key, own, store

SPRING = own("spring-sale", title="春季新品")
SUMMER = own("spring-sale", title="夏季新品", icon="summer")
DRAW = own("lucky-draw", title="幸运抽奖", icon="draw")
WANG = ManualRequest("wang", "wrong page")
OPTIONS = WeChatSettings(appid=SETTINGS.appid)


def files(*beacons: tuple[int, str], spring: object = SPRING, revision: str = "") -> Store:
    assert isinstance(spring, type(SPRING))
    return replace(store([beacon(number, slug) for number, slug in beacons], [spring, DRAW]), revision=revision)


BEFORE = files((1, "spring-sale"), (2, "spring-sale"), revision="before")
AFTER = files((1, "lucky-draw"), (2, "spring-sale"), spring=SUMMER, revision="after")


@pytest.fixture
async def changed(wechat: WeChatSide, gateway: Gateway) -> Gateway:
    """Return a gateway that has applied one set of files and then another."""
    wechat.devices(1, 2)
    await gateway.once(BEFORE)
    await gateway.once(AFTER)
    wechat.calls()
    return gateway


async def test_undo_puts_bindings_and_pages_back_with_their_icons(wechat: WeChatSide, changed: Gateway) -> None:
    progress = await changed.sync.undo(WANG)
    assert progress.state is SyncState.IN_SYNC
    assert progress.verified == len(progress.plan) == 2
    assert (wechat.shown(1), wechat.shown(2)) == ([SPRING.title], [SPRING.title])
    icon = wechat.account.pages[wechat.page_id(SPRING.title)].icon_url
    await changed.once(BEFORE)
    assert wechat.account.pages[wechat.page_id(SPRING.title)].icon_url == icon
    assert wechat.calls()["/shakearound/material/add"] == 0


async def test_what_was_undone_is_not_applied_again_by_itself(wechat: WeChatSide, changed: Gateway) -> None:
    await changed.sync.undo(WANG)
    wechat.calls()
    progress = await changed.once(AFTER)
    assert progress.state is SyncState.PENDING
    assert progress.hold is not None
    assert (progress.hold.who, progress.hold.why) == ("wang", "wrong page")
    assert wechat.writes() == {}


async def test_the_hold_outlives_a_restart(wechat: WeChatSide, changed: Gateway) -> None:
    await changed.sync.undo(WANG)
    folder = changed.ledger._lock_path.parent
    wechat.calls()
    async with gateway_at(wechat.url, folder) as gateway:
        assert (await gateway.once(AFTER)).state is SyncState.PENDING
    assert wechat.writes() == {}


async def test_apply_by_hand_ends_the_hold(wechat: WeChatSide, changed: Gateway) -> None:
    await changed.sync.undo(WANG)
    changed.sync.use(AFTER)
    await changed.sync.once(write=True, cause="apply", by_hand=ManualRequest("li"))
    assert wechat.shown(1) == [DRAW.title]
    assert (await changed.ledger.read()).hold is None


async def test_undo_of_an_undo_is_redo_and_ends_the_hold(wechat: WeChatSide, changed: Gateway) -> None:
    await changed.sync.undo(WANG)
    again = await changed.sync.undo(WANG)
    assert again.hold is None
    assert (wechat.shown(1), wechat.shown(2)) == ([DRAW.title], [SUMMER.title])
    wechat.calls()
    assert (await changed.once(AFTER)).state is SyncState.IN_SYNC
    assert wechat.writes() == {}


async def test_what_somebody_changed_since_is_left_alone_and_told(wechat: WeChatSide, changed: Gateway) -> None:
    foreign = wechat.page("他人页面")
    wechat.bind(1, foreign)
    progress = await changed.sync.undo(WANG)
    assert [(item.key, item.why) for item in progress.plan.withheld] == [(key(1), WithheldReason.CHANGED_SINCE)]
    assert wechat.shown(1) == ["他人页面"]


async def test_undo_brings_back_what_a_removed_beacon_showed(wechat: WeChatSide, changed: Gateway) -> None:
    await changed.once(files((2, "spring-sale"), spring=SUMMER))
    assert wechat.shown(1) == []
    await changed.sync.undo(WANG)
    assert wechat.shown(1) == [DRAW.title]
    assert key(1) in (await changed.ledger.read()).bindings


async def test_an_apply_that_took_two_passes_is_undone_as_one(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    await gateway.once(BEFORE)
    wanted = files((1, "lucky-draw"), (2, "lucky-draw"), revision="after")
    wechat.emulator.faults.add(BIND, InjectedFault.error(-1), times=2, only=str(wechat.device_id(1)))
    assert (await gateway.once(wanted)).state is SyncState.RETRYING
    assert (wechat.shown(1), wechat.shown(2)) == ([SPRING.title], [DRAW.title])
    await gateway.once(wanted)
    await gateway.sync.undo(WANG)
    assert (wechat.shown(1), wechat.shown(2)) == ([SPRING.title], [SPRING.title])


async def test_undo_of_many_is_braked_and_holds_nothing(wechat: WeChatSide, gateway: Gateway) -> None:
    ten = range(1, 11)
    wechat.devices(*ten)
    await gateway.once(files(*((number, "spring-sale") for number in ten)))
    await gateway.once(files(*((number, "lucky-draw") for number in ten)), force=True)
    assert (await gateway.sync.undo(WANG)).state is SyncState.BRAKED
    assert (await gateway.ledger.read()).hold is None
    assert (await gateway.sync.undo(WANG, force=True)).state is SyncState.IN_SYNC
    assert wechat.shown(1) == [SPRING.title]


async def test_with_nothing_done_there_is_nothing_to_undo(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    gateway.sync.use(BEFORE)
    progress = await gateway.sync.undo(WANG)
    assert (progress.state, len(progress.plan)) == (SyncState.IN_SYNC, 0)
    assert wechat.writes() == {}


async def test_the_audit_tells_who_what_and_why(changed: Gateway) -> None:
    await changed.sync.undo(WANG)
    lines = [line for line in await changed.ledger.audit(since=None, limit=99) if line.cause.what == "undo"]
    assert {(line.cause.who, line.cause.why) for line in lines} == {("wang", "wrong page")}
    assert [line.outcome for line in lines] == ["begun", "begun", "verified", "verified"]
    assert len({line.plan for line in lines}) == 1
