"""Pages: made, overwritten, listed in full, deleted; and the bindings from either side."""

from dataclasses import replace
from typing import Final

import pytest

from beacon_gateway.adapters.wechat.pages import ADD, DELETE, SEARCH, PageCalls, PageContent, WeChatPage
from beacon_gateway.adapters.wechat.relations import SEARCH as RELATIONS
from beacon_gateway.adapters.wechat.relations import Relations
from beacon_gateway.adapters.wechat.transport.client import Upload, WeChatClient
from beacon_gateway.core.bindings.target import Refused, TryLater
from beacon_gateway.simulator.wechat.request import Reply
from tests.services.bindings.liars import lying
from tests.services.bindings.scene import SECRET, SETTINGS, TOKEN, WeChatSide, key, picture

DRAFT: Final = PageContent("春季新品", "全场八折起", "https://h5.example.com/spring", "", "a mark")


@pytest.fixture
def pages(client: WeChatClient) -> PageCalls:
    return PageCalls(client)


async def drafted(pages: PageCalls) -> PageContent:
    return replace(DRAFT, icon_url=await pages.add_icon(Upload("spring.png", picture("spring"))))


async def test_a_page_reads_back_as_it_was_made_and_then_as_it_was_overwritten(pages: PageCalls) -> None:
    draft = await drafted(pages)
    page_id = await pages.add(draft)
    assert await pages.all() == (await pages.find([page_id])).pages == [WeChatPage(page_id, draft)]
    other = replace(draft, title="夏季新品", comment="another mark")
    await pages.update(page_id, other)
    assert await pages.all() == [WeChatPage(page_id, other)]


@pytest.mark.parametrize("many", [0, 1, 49, 50, 51, 100, 120])
async def test_every_page_is_read_with_a_call_for_each_fifty(wechat: WeChatSide, pages: PageCalls, many: int) -> None:
    made = [wechat.page(f"第{number}页") for number in range(many)]
    assert [page.page_id for page in await pages.all()] == made
    assert wechat.calls() == {TOKEN: 1, SEARCH: max(1, -(-many // 50))}
    assert [page.page_id for page in (await pages.find(made)).pages] == made
    assert wechat.calls()[SEARCH] == -(-many // 50)


async def test_a_page_deleted_while_the_list_is_read_is_no_reason_to_miss_another() -> None:
    async with lying() as (wechat, liar):
        made = [wechat.page(f"第{number}页") for number in range(60)]

        def delete_the_first(called: str, reply: Reply) -> Reply:
            if called == SEARCH and made[0] in wechat.account.pages:
                wechat.account.delete_pages([made[0]])
            return reply

        liar.lie = delete_the_first
        async with WeChatClient(api_base=wechat.url, appid=SETTINGS.appid, secret=SECRET) as client:
            with pytest.raises(TryLater):
                await PageCalls(client).all()
            assert len(await PageCalls(client).all()) == 59


async def test_only_a_page_that_nothing_shows_is_deleted(wechat: WeChatSide, pages: PageCalls) -> None:
    wechat.devices(1)
    page_id = wechat.page()
    wechat.bind(1, page_id)
    with pytest.raises(Refused) as caught:
        await pages.delete(page_id)
    assert caught.value.code == "9001029"
    wechat.bind(1)
    await pages.delete(page_id)
    assert wechat.titles() == []
    with pytest.raises(Refused) as caught:
        await pages.delete(page_id)
    assert caught.value.code == "9001026"
    assert wechat.writes() == {DELETE: 3}


async def test_a_title_that_is_too_wide_is_refused(wechat: WeChatSide, pages: PageCalls) -> None:
    draft = await drafted(pages)
    with pytest.raises(Refused) as caught:
        await pages.add(replace(draft, title="一二三四五六7"))
    assert caught.value.code == "9001027"
    assert wechat.calls()[ADD] == 1


async def test_bindings_are_read_from_either_side(wechat: WeChatSide, client: WeChatClient) -> None:
    wechat.devices(*range(120))
    everywhere, nowhere, first = wechat.page("一"), wechat.page("二"), wechat.page("三")
    for number in range(120):
        wechat.bind(number, everywhere, *([first] if number == 0 else []))
    relations = Relations(client)
    assert sorted(await relations.pages_of(key(0))) == [everywhere, first]
    assert await relations.pages_of(wechat.device_id(7)) == [everywhere]
    assert set((await relations.devices_of(everywhere)).devices) == {key(number) for number in range(120)}
    assert [(await relations.devices_of(page_id)).devices for page_id in (nowhere, first)] == [[], [key(0)]]
    assert wechat.calls()[RELATIONS] == 2 + 3 + 2
