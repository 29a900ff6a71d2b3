"""A large account, in exact numbers of calls."""

from tests.services.bindings import thousand
from tests.services.bindings.scene import BIND, DEVICES, PAGES, RELATIONS, TOKEN, Gateway, WeChatSide
from tests.services.bindings.thousand import FEWEST_CALLS

FULL_READ = {PAGES: 1, DEVICES: 20, RELATIONS: 50}


async def test_it_is_read_with_as_few_calls_as_designed_again_and_again(wechat: WeChatSide, gateway: Gateway) -> None:
    thousand.fill(wechat)
    await gateway.target.read()
    assert wechat.calls() == {TOKEN: 1, **FULL_READ}
    await gateway.target.read()
    assert wechat.calls() == FULL_READ
    assert sum(FULL_READ.values()) == FEWEST_CALLS


async def test_in_sync_nothing_is_written(wechat: WeChatSide, gateway: Gateway) -> None:
    progress = await gateway.once(thousand.fill(wechat))
    assert not progress.plan
    assert wechat.calls() == {TOKEN: 1, **FULL_READ}


async def test_three_changed_beacons_take_three_calls_a_look_before_and_their_read_back(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    progress = await gateway.once(thousand.fill(wechat, changed=3))
    assert progress.applied == progress.verified == len(progress.plan) == 3
    assert wechat.calls() == {TOKEN: 1, **FULL_READ, BIND: 3, RELATIONS: 50 + 3 + 3}
