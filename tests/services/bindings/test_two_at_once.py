"""Two machines on one account, against the rule that exactly one writes; and a picture that WeChat does not take."""

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path

from beacon_gateway.core.model.store import OwnPage
from beacon_gateway.services.bindings.progress import SyncState
from tests.services.bindings.scene import Gateway, WeChatSide, beacon, gateway_at, icon_of, own, picture, store

SPRING = own("spring-sale")
DRAW = own("lucky-draw", title="幸运抽奖", icon="draw")
WANTED = store(
    [beacon(1, "spring-sale"), beacon(2, "lucky-draw"), beacon(3, "spring-sale", "lucky-draw")], [SPRING, DRAW]
)


async def test_two_machines_that_apply_the_same_files_at_once_end_up_as_the_files_say(
    wechat: WeChatSide, gateway: Gateway, tmp_path: Path
) -> None:
    wechat.devices(1, 2, 3)
    foreign = wechat.page("他人页面")
    wechat.bind(1, foreign)
    async with gateway_at(wechat.url, tmp_path / "another") as other:
        await asyncio.gather(gateway.settle(WANTED), other.settle(WANTED))
        for one in (gateway, other, gateway):  # they may have made a page twice: all take the older one
            await one.settle(WANTED)
        wechat.calls()
        for one in (gateway, other):
            assert (await one.once(WANTED)).state is SyncState.IN_SYNC
    assert wechat.writes() == {}
    assert [wechat.shown(number) for number in (1, 2, 3)] == [
        ["他人页面", SPRING.title],
        [DRAW.title],
        [DRAW.title, SPRING.title],
    ]
    shown = {page for number in (1, 2, 3) for page in wechat.account.bindings(wechat.device_id(number))}
    assert Counter(wechat.account.pages[page].title for page in shown) == dict.fromkeys(
        ("他人页面", SPRING.title, DRAW.title), 1
    )


async def test_an_icon_of_201_pixels_holds_up_its_own_page_alone(wechat: WeChatSide, tmp_path: Path) -> None:
    def icon(page: OwnPage) -> bytes:
        right = icon_of(page)
        return right.replace((120).to_bytes(4, "big"), (201).to_bytes(4, "big"), 1) if page is SPRING else right

    wechat.devices(1, 2, 3)
    async with gateway_at(wechat.url, tmp_path, icon=icon) as gateway:
        progress = await gateway.once(WANTED)
        assert progress.state is SyncState.PENDING
        assert progress.trouble is not None
        assert progress.trouble.code == "9001009"
        assert [wechat.shown(number) for number in (1, 2, 3)] == [[], [DRAW.title], []]

        repainted = replace(SPRING, icon="icons/autumn.png", icon_digest=own("x", icon="autumn").icon_digest)
        assert picture("autumn") == icon_of(repainted)
        await gateway.settle(replace(WANTED, pages={page.slug: page for page in (repainted, DRAW)}))
        assert [wechat.shown(number) for number in (1, 3)] == [[SPRING.title], [DRAW.title, SPRING.title]]
