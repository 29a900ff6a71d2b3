"""What one pass makes of an account, seen from the account."""

from dataclasses import replace
from pathlib import Path

import pytest

from beacon_gateway.core.bindings.ownership import mark
from beacon_gateway.core.bindings.plan import WithheldReason
from beacon_gateway.core.model.settings import Role
from beacon_gateway.core.model.store import Page
from beacon_gateway.core.model.target_status import FailedChange, TargetState
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.services.status.target_status import LastAttempt
from tests.services.bindings.scene import (
    BIND,
    EDIT,
    ICON,
    MAKE,
    SETTINGS,
    Gateway,
    WeChatSide,
    beacon,
    console,
    gateway_at,
    key,
    own,
    ref,
    store,
    wechat_side,
)

SPRING = own("spring-sale", title="春季新品")
DRAW = own("lucky-draw", title="幸运抽奖", icon="draw")


async def test_a_page_of_the_console_is_bound_and_read_back(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    members = wechat.page("会员日")
    wanted = store([beacon(1, "members"), beacon(2, "members")], [console("members", members)])
    progress = await gateway.once(wanted)
    assert progress.state is SyncState.IN_SYNC
    assert progress.applied == progress.verified == len(progress.plan) == 2
    assert wechat.shown(1) == wechat.shown(2) == ["会员日"]
    assert wechat.writes() == {BIND: 2}


async def test_a_missing_page_is_made_in_full_and_bound(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    progress = await gateway.once(store([beacon(1, "spring-sale")], [SPRING]))
    assert progress.applied == progress.verified == len(progress.plan) == 2
    (page,) = wechat.account.pages.values()
    assert (page.title, page.description, page.page_url) == (SPRING.title, SPRING.description, SPRING.url)
    assert page.comment == mark(SPRING)
    assert wechat.account.materials.is_icon(page.icon_url)
    assert wechat.shown(1) == [SPRING.title]
    assert wechat.writes() == {ICON: 1, MAKE: 1, BIND: 1}


async def test_one_page_for_many_beacons_is_made_once(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(*range(1, 8))
    progress = await gateway.once(store([beacon(number, "spring-sale") for number in range(1, 8)], [SPRING]))
    assert progress.applied == progress.verified == len(progress.plan) == 8
    assert wechat.titles() == [SPRING.title]
    assert wechat.writes() == {ICON: 1, MAKE: 1, BIND: 7}


async def test_a_second_pass_sends_no_write(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    members = wechat.page()
    wanted = store([beacon(1, "spring-sale", "members"), beacon(2)], [SPRING, console("members", members)])
    await gateway.once(wanted)
    wechat.calls()
    again = await gateway.once(wanted)
    assert (again.state, again.applied, len(again.plan)) == (SyncState.IN_SYNC, 0, 0)
    assert wechat.writes() == {}


@pytest.mark.parametrize(
    ("changed", "uploads"),
    [
        (own("spring-sale", title="夏季新品"), 0),
        (own("spring-sale", url="https://h5.example.com/elsewhere"), 0),
        (own("spring-sale", text="全场七折起"), 0),
        (own("spring-sale", icon="summer"), 1),
        (replace(SPRING, icon="icons/moved/spring.png"), None),
    ],
    ids=["title", "url", "description", "icon", "only the icon's path"],
)
async def test_a_changed_page_is_edited_in_place(
    wechat: WeChatSide, gateway: Gateway, changed: object, uploads: int | None
) -> None:
    assert isinstance(changed, type(SPRING))
    wechat.devices(1)
    await gateway.once(store([beacon(1, "spring-sale")], [SPRING]))
    (before,) = wechat.account.pages.values()
    wechat.calls()
    progress = await gateway.once(store([beacon(1, "spring-sale")], [changed]))
    (after,) = wechat.account.pages.values()
    assert after.page_id == before.page_id
    assert (after.title, after.description, after.page_url) == (changed.title, changed.description, changed.url)
    assert (after.icon_url != before.icon_url) == bool(uploads)
    assert wechat.shown(1) == [changed.title]
    expected = {} if uploads is None else {EDIT: 1} | ({ICON: 1} if uploads else {})
    assert wechat.writes() == expected
    assert progress.verified == len(progress.plan) == (0 if uploads is None else 1)


async def test_an_icon_with_a_chinese_name_is_uploaded(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    progress = await gateway.once(store([beacon(1, "spring-sale")], [own("spring-sale", icon="春季 “新品”")]))
    assert progress.state is SyncState.IN_SYNC


async def test_a_page_that_somebody_edited_by_hand_is_put_right(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    wanted = store([beacon(1, "spring-sale")], [SPRING])
    await gateway.once(wanted)
    (page,) = wechat.account.pages.values()
    wechat.account.replace_page(replace(page, title="谁改的", comment=""))
    wechat.calls()
    await gateway.once(wanted)
    (after,) = wechat.account.pages.values()
    assert (after.page_id, after.title, after.comment) == (page.page_id, SPRING.title, mark(SPRING))
    assert MAKE not in wechat.writes()


async def test_a_removed_beacon_loses_our_pages_and_keeps_foreign_ones(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    foreign, members = wechat.page("他人页面"), wechat.page("会员日")
    wechat.bind(1, foreign)
    pages: list[Page] = [SPRING, console("members", members)]
    await gateway.once(store([beacon(1, "spring-sale", "members"), beacon(2, "spring-sale")], pages))
    assert wechat.shown(1) == sorted(["他人页面", "会员日", SPRING.title])
    wechat.calls()
    progress = await gateway.once(store([beacon(2, "spring-sale")], pages))
    assert progress.verified == len(progress.plan) == 1
    assert wechat.shown(1) == ["他人页面"]
    assert wechat.shown(2) == [SPRING.title]
    assert wechat.writes() == {BIND: 1}
    assert key(1) not in (await gateway.ledger.read()).bindings


async def test_a_page_taken_out_of_the_files_is_unbound_but_not_deleted(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    await gateway.once(store([beacon(1, "spring-sale", "lucky-draw")], [SPRING, DRAW]))
    await gateway.once(store([beacon(1, "spring-sale")], [SPRING]))
    assert wechat.shown(1) == [SPRING.title]
    assert wechat.titles() == sorted([SPRING.title, DRAW.title])


async def test_a_beacon_left_to_others_again_loses_what_was_ours(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    foreign = wechat.page("他人页面")
    wechat.bind(1, foreign)
    await gateway.once(store([beacon(1, "spring-sale")], [SPRING]))
    await gateway.once(store([replace(beacon(1), pages=None)], [SPRING]), force=True)
    assert wechat.shown(1) == ["他人页面"]


async def test_what_others_made_is_never_touched(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2, 3)
    foreign = wechat.page("他人页面", comment="do not touch")
    marked_alike = wechat.page("像我们的", comment="bg:spring--:00000000:00000000")
    wechat.bind(2, foreign, marked_alike)
    wechat.bind(3, foreign)
    before = {page_id: wechat.account.pages[page_id] for page_id in (foreign, marked_alike)}
    await gateway.once(store([beacon(1, "spring-sale"), beacon(3, "spring-sale")], [SPRING]))
    await gateway.once(store([beacon(3, "lucky-draw")], [DRAW]))
    await gateway.once(store([], []), force=True)
    assert {page_id: wechat.account.pages[page_id] for page_id in before} == before
    assert wechat.account.bindings(wechat.device_id(2)) == (foreign, marked_alike)
    assert wechat.account.bindings(wechat.device_id(3)) == (foreign,)
    assert wechat.account.bindings(wechat.device_id(1)) == ()


async def test_a_page_of_the_console_is_never_edited(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    members = wechat.page("会员日", comment="by hand")
    before = wechat.account.pages[members]
    await gateway.once(store([beacon(1, "members")], [console("members", members)]))
    await gateway.once(store([], []), force=True)
    assert wechat.account.pages[members] == before
    assert wechat.shown(1) == []


async def test_an_empty_card_finds_its_pages_by_their_marks(wechat: WeChatSide, tmp_path: Path) -> None:
    wechat.devices(1, 2)
    wanted = store([beacon(1, "spring-sale"), beacon(2, "lucky-draw")], [SPRING, DRAW])
    async with gateway_at(wechat.url, tmp_path / "old card") as gateway:
        await gateway.once(wanted)
    wechat.calls()
    async with gateway_at(wechat.url, tmp_path / "new card") as gateway:
        progress = await gateway.once(wanted)
        assert progress.state is SyncState.IN_SYNC
        assert wechat.writes() == {}
        edited = replace(SPRING, title="夏季新品")
        await gateway.once(store([beacon(1, "spring-sale", "lucky-draw"), beacon(2)], [edited, DRAW]))
    assert wechat.writes() == {EDIT: 1, BIND: 2}
    assert wechat.titles() == sorted(["夏季新品", DRAW.title])
    assert wechat.shown(1) == sorted(["夏季新品", DRAW.title])
    assert wechat.shown(2) == []


async def test_the_ledger_holds_what_was_made_and_bound(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    foreign = wechat.page("他人页面")
    wechat.bind(1, foreign)
    await gateway.once(store([beacon(1, "spring-sale")], [SPRING]))
    ours = ref(wechat.page_id(SPRING.title))
    ledger = await gateway.ledger.read()
    assert ledger.pages == {"spring-sale": ours}
    assert ledger.bindings == {key(1): {ours}}


async def test_pages_come_first_then_bindings_then_what_is_only_taken_away(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.devices(1, 2, 3)
    await gateway.once(store([beacon(1, "spring-sale"), beacon(3)], [SPRING]))
    done = len(wechat.order_of_writes())
    edited = own("spring-sale", title="夏季新品")
    await gateway.once(store([beacon(1), beacon(2, "lucky-draw"), beacon(3, "spring-sale")], [edited, DRAW]))
    assert wechat.order_of_writes()[done:] == [ICON, MAKE, EDIT, BIND, BIND, BIND]
    assert wechat.shown(1) == []


async def test_what_is_taken_away_is_taken_after_everything_else(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    await gateway.once(store([beacon(1, "spring-sale")], [SPRING]))
    progress = await gateway.once(store([beacon(2, "spring-sale")], [SPRING]), force=True)
    assert [(change.key, change.pages) for change in progress.plan.bindings] == [
        (key(2), ("spring-sale",)),
        (key(1), ()),
    ]
    lines = await gateway.ledger.run(lambda db: db.execute("SELECT change, outcome FROM audit ORDER BY id").fetchall())
    assert lines[-2:] == [
        (f"bind {key(2)} to spring-sale", "verified"),
        (f"bind {key(1)} (1 号, floor F6) to nothing", "verified"),
    ]


async def test_a_beacon_that_others_filled_is_left_alone_and_named_and_no_page_is_made_for_it(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.devices(1, 2)
    wechat.bind(1, *(wechat.page(f"别人{number}") for number in range(30)))
    wanted = store([beacon(1, "spring-sale"), beacon(2, "lucky-draw")], [SPRING, DRAW])
    progress = await gateway.once(wanted)
    assert wechat.writes() == {ICON: 1, MAKE: 1, BIND: 1}
    assert wechat.shown(2) == [DRAW.title]
    assert progress.state is SyncState.PENDING
    status = LastAttempt(gateway.sync, Role.WRITER).status(gateway.clock.utc())
    assert (status.state, status.failures, status.pending) == (TargetState.REFUSED, 1, 1)
    assert status.failed == (FailedChange("1 号", "9001037", ""),)
    wechat.bind(1)
    assert (await gateway.once(wanted)).state is SyncState.IN_SYNC
    assert wechat.shown(1) == [SPRING.title]


async def test_thirty_pages_fit_and_the_thirty_first_is_left_out_alone(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    pages = [console(f"page-{number}", wechat.page()) for number in range(31)]
    slugs = [page.slug for page in pages]
    progress = await gateway.once(store([beacon(1, *slugs), beacon(2, *slugs[:30])], pages))
    assert (progress.state, progress.applied, progress.verified) == (SyncState.PENDING, 1, 1)
    assert [(item.key, item.why) for item in progress.plan.withheld] == [(key(1), WithheldReason.FULL)]
    assert wechat.shown(1) == []
    assert len(wechat.shown(2)) == 30


async def test_a_refused_page_stops_no_other(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    bad = replace(SPRING, title="这个标题实在是太长了")
    progress = await gateway.once(store([beacon(1, "spring-sale"), beacon(2, "lucky-draw")], [bad, DRAW]))
    assert progress.state is SyncState.PENDING
    assert (progress.applied, progress.verified) == (2, 2)
    assert wechat.shown(1) == []
    assert wechat.shown(2) == [DRAW.title]


async def test_the_cause_told_for_a_refused_page_is_wechats(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    bad = replace(SPRING, title="这个标题实在是太长了")
    progress = await gateway.once(store([beacon(1, "spring-sale")], [bad]))
    assert progress.trouble is not None
    assert progress.trouble.code == "9001027"


async def test_ids_may_come_as_strings(tmp_path: Path) -> None:
    async with (
        wechat_side(replace(SETTINGS, ids_as_strings=True)) as wechat,
        gateway_at(wechat.url, tmp_path) as gateway,
    ):
        wechat.devices(1, 2)
        wanted = store([beacon(1, "spring-sale"), beacon(2, "members")], [SPRING, console("members", wechat.page())])
        progress = await gateway.once(wanted)
        assert progress.verified == len(progress.plan) == 3
        wechat.calls()
        assert (await gateway.once(wanted)).state is SyncState.IN_SYNC
        assert wechat.writes() == {}
