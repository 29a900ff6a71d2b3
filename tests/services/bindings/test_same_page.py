"""A page that the account has already is not made a second time unasked; what an undo cannot bring back is named."""

from dataclasses import replace

from beacon_gateway.core.bindings.plan import WithheldReason
from beacon_gateway.core.model.settings import Language
from beacon_gateway.presentation.plans import PlanText, plan_json
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.services.bindings.sync import ManualRequest
from tests.services.bindings.scene import MAKE, Gateway, WeChatSide, beacon, console, key, own, ref, store

MEMBERS = own("members", title="会员日", url="https://h5.example.com/members")
"""As somebody made it in the console: see `WeChatSide.page`."""
DRAW = own("draw", title="幸运抽奖", icon="draw")
WANTED = store([beacon(1, "members"), beacon(2, "draw")], [MEMBERS, DRAW])


async def test_a_page_of_the_same_title_and_address_is_not_made_again(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    number = wechat.page()
    progress = await gateway.once(WANTED)
    assert progress.state is SyncState.PENDING
    assert wechat.titles() == sorted(["会员日", DRAW.title])
    assert (wechat.shown(1), wechat.shown(2)) == ([], [DRAW.title])  # and holds up no other change
    assert [(item.page.slug, item.like) for item in progress.plan.withheld_pages] == [("members", ref(number))]
    assert [(item.key, item.why, item.pages) for item in progress.plan.withheld] == [
        (key(1), WithheldReason.PAGE_WITHHELD, ("members",))
    ]
    said = "\n".join(PlanText(progress.plan, WANTED, Language.ENGLISH).lines())
    assert f"members: {{wechat_page_id: {number}}}" in said
    assert plan_json(progress.plan)["withheld_pages"] == [{"page": "members", "like": str(number)}]


async def test_its_number_in_the_files_is_enough(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    number = wechat.page()
    await gateway.once(WANTED)
    named = store([beacon(1, "members"), beacon(2, "draw")], [console("members", number), DRAW])
    assert (await gateway.once(named)).state is SyncState.IN_SYNC
    assert wechat.shown(1) == ["会员日"]


async def test_a_person_may_want_a_second_one(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    wechat.page()
    assert (await gateway.once(WANTED, force=True)).state is SyncState.IN_SYNC
    assert wechat.titles() == sorted(["会员日", "会员日", DRAW.title])
    wechat.calls()
    assert (await gateway.once(WANTED)).state is SyncState.IN_SYNC  # it is ours now
    assert MAKE not in wechat.calls()


async def test_another_title_or_another_address_is_another_page(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    wechat.page()
    other = replace(MEMBERS, title="会员之日"), replace(MEMBERS, slug="elsewhere", url="https://h5.example.com/else")
    assert (await gateway.once(store([beacon(1, "members"), beacon(2, "elsewhere")], other))).state is SyncState.IN_SYNC


async def test_a_page_of_ours_under_another_name_is_no_reason(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    await gateway.settle(WANTED)
    renamed = store([beacon(1, "members-day"), beacon(2, "draw")], [replace(MEMBERS, slug="members-day"), DRAW])
    assert (await gateway.once(renamed)).state is SyncState.IN_SYNC


async def test_an_undo_names_the_pages_that_were_deleted(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    await gateway.settle(WANTED)
    number = wechat.page_id("会员日")
    left = store([beacon(1, "draw"), beacon(2, "draw")], [DRAW])
    await gateway.settle(left)
    await gateway.sync.once(write=True, cause="apply", by_hand=ManualRequest("wang", prune=True))
    assert wechat.titles() == [DRAW.title]
    wechat.calls()
    progress = await gateway.sync.undo(ManualRequest("wang"))
    assert [(page, was.title) for page, was in progress.plan.deleted] == [(ref(number), "会员日")]
    assert not progress.plan.left_over
    assert progress.plan.leaves_out
    said = "\n".join(PlanText(progress.plan, left, Language.ENGLISH).lines())
    assert f"The page 会员日 ({number}, {MEMBERS.url}) was deleted, and WeChat cannot restore it." in said
    assert wechat.writes() == {}
