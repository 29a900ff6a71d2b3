"""What somebody changed at WeChat is told by kind, and put right only where that is asked for."""

from dataclasses import replace
from pathlib import Path

from structlog.testing import capture_logs

from beacon_gateway.core.bindings.drift import DriftKind
from beacon_gateway.core.bindings.history.audit import AuditCause
from beacon_gateway.core.model.settings import DriftPolicy, WeChatSettings
from beacon_gateway.core.model.store import Page
from beacon_gateway.services.bindings.progress import Progress, SyncState
from tests.services.bindings.scene import SETTINGS, Gateway, WeChatSide, beacon, console, gateway_at, key, own, store

SPRING = own("spring-sale", title="春季新品")
WANTED = store([beacon(1, "spring-sale"), beacon(2, "spring-sale")], [SPRING])
REPAIR = WeChatSettings(appid=SETTINGS.appid, drift=DriftPolicy.REPAIR)


async def compare(gateway: Gateway) -> Progress:
    """Make the pass that the clock brings about."""
    return await gateway.sync._pass(AuditCause("drift"), write=True, leave_drift=True)


def kinds(progress: Progress) -> list[DriftKind]:
    return [drift.kind for drift in progress.drift if drift.kind is not DriftKind.NOT_ACTIVATED]


async def test_each_kind_of_change_is_told(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    members = wechat.page("会员日")
    draw = own("lucky-draw", title="幸运抽奖", icon="draw")
    hello = own("hello", title="您好")
    pages: list[Page] = [SPRING, draw, hello, console("members", members)]
    await gateway.once(store([beacon(1, "spring-sale"), beacon(2, "spring-sale")], pages))
    account = wechat.account
    wechat.bind(1)
    edited, marked = account.pages[wechat.page_id(draw.title)], account.pages[wechat.page_id(SPRING.title)]
    account.replace_page(replace(edited, title="谁改的"))
    account.replace_page(replace(marked, comment=""))
    account.delete_pages([wechat.page_id(hello.title), members])
    progress = await compare(gateway)
    found = {(drift.kind, drift.page or drift.key) for drift in progress.drift}
    assert found >= {
        (DriftKind.REBOUND, key(1)),
        (DriftKind.PAGE_EDITED, "lucky-draw"),
        (DriftKind.MARK_CHANGED, "spring-sale"),
        (DriftKind.PAGE_DELETED, "hello"),
        (DriftKind.PAGE_DELETED, "members"),
    }


async def test_a_beacon_that_left_the_account_is_told(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    await gateway.once(WANTED)
    del wechat.account.devices[wechat.device_id(2)]
    assert kinds(await compare(gateway)) == [DriftKind.UNKNOWN]


async def test_a_beacon_that_nobody_ever_used_is_told(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    await gateway.once(WANTED)
    unused = [drift.key for drift in (await compare(gateway)).drift if drift.kind is DriftKind.NOT_ACTIVATED]
    assert unused == [key(1), key(2)]


async def test_a_foreign_page_put_beside_ours_is_told_until_people_look_at_the_files(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.devices(1, 2)
    await gateway.once(WANTED)
    foreign = wechat.page("他人页面")
    wechat.bind(1, *wechat.account.bindings(wechat.device_id(1)), foreign)
    for _ in range(2):
        assert kinds(await compare(gateway)) == [DriftKind.REBOUND]
    await gateway.once(WANTED)
    assert kinds(await compare(gateway)) == []


async def test_drift_is_logged_once(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    await gateway.once(WANTED)
    wechat.bind(1)
    with capture_logs() as events:
        for _ in range(3):
            await compare(gateway)
    assert [event["kind"] for event in events if event["event"] == "sync.drift"] == [DriftKind.REBOUND]


async def test_reported_drift_stays_and_repaired_drift_goes(wechat: WeChatSide, tmp_path: Path) -> None:
    wechat.devices(1, 2)
    async with gateway_at(wechat.url, tmp_path) as gateway:
        await gateway.once(WANTED)
        wechat.bind(1)
        progress = await compare(gateway)
        assert (progress.state, wechat.shown(1)) == (SyncState.PENDING, [])
    async with gateway_at(wechat.url, tmp_path, options=REPAIR) as gateway:
        gateway.sync.use(WANTED)
        assert (await compare(gateway)).state is SyncState.IN_SYNC
        assert wechat.shown(1) == [SPRING.title]


async def test_a_beacon_that_comes_to_the_account_later_is_bound_though_drift_is_only_reported(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.devices(1)
    await gateway.once(WANTED)
    wechat.devices(2)
    wechat.bind(1)
    progress = await compare(gateway)
    assert (wechat.shown(1), wechat.shown(2)) == ([], [SPRING.title])
    assert progress.state is SyncState.PENDING


async def test_what_was_refused_is_not_tried_again_at_each_compare(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    await gateway.once(store([beacon(1, "spring-sale")], [replace(SPRING, title="这个标题实在是太长了")]))
    wechat.calls()
    assert (await compare(gateway)).state is SyncState.PENDING
    assert wechat.writes() == {}


async def test_a_new_card_in_an_account_in_sync_learns_what_is_ours(
    wechat: WeChatSide, gateway: Gateway, tmp_path: Path
) -> None:
    wechat.devices(1, 2)
    await gateway.once(WANTED)
    async with gateway_at(wechat.url, tmp_path / "new card") as other:
        await other.once(WANTED)
        await other.once(store([beacon(1, "spring-sale")], [SPRING]))
    assert wechat.shown(2) == []
