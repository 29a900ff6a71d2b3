"""One row of a list that makes no sense is its own trouble: the rest is done, and nothing is made that it may be."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import pytest

from beacon_gateway.adapters.wechat.account_reader import AccountReader
from beacon_gateway.core.bindings.drift import SOMEBODYS
from beacon_gateway.core.bindings.ownership import mark
from beacon_gateway.core.bindings.plan import WithheldReason
from beacon_gateway.core.bindings.target import TryLater
from beacon_gateway.core.model.settings import Role
from beacon_gateway.core.model.target_status import TargetState
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.presentation.plans import plan_json
from beacon_gateway.services.bindings.progress import Progress, SyncState
from beacon_gateway.services.status.target_status import LastAttempt
from beacon_gateway.simulator.wechat.request import Reply
from tests.services.bindings.liars import Liar, lying
from tests.services.bindings.scene import (
    BIND,
    DEVICES,
    MAKE,
    NOON,
    PAGES,
    RELATIONS,
    Gateway,
    WeChatSide,
    beacon,
    gateway_at,
    key,
    own,
    store,
)

SPRING, DRAW = own("spring-sale"), own("lucky-draw", title="幸运抽奖", icon="draw")
WANTED: Final = store([beacon(1, "spring-sale"), beacon(2)], [SPRING])
EDITED: Final = store([beacon(1, "spring-sale"), beacon(2, "spring-sale")], [SPRING])
WITH_NEW: Final = store([beacon(1, "spring-sale"), beacon(2, "lucky-draw")], [SPRING, DRAW])
LISTS: Final = {PAGES: "pages", DEVICES: "devices", RELATIONS: "relations"}

Spoil = Callable[[dict[str, Any]], object]
"""From a row to what stands in its place."""


def spoiling(path: str, number: int, spoil: Spoil) -> Callable[[str, Reply], Reply]:
    """Spoil in all answers of a path the row with this number."""
    name = "page_id" if path == PAGES else "device_id"

    def lie(called: str, reply: Reply) -> Reply:
        data: Any = reply.get("data", {})
        if called == path and LISTS[path] in data:
            data[LISTS[path]] = [spoil(row) if row.get(name) == number else row for row in data[LISTS[path]]]
        return reply

    return lie


def without(name: str) -> Spoil:
    return lambda row: {field: value for field, value in row.items() if field != name}


def with_odd(**fields: object) -> Spoil:
    return lambda row: row | fields


ODD_FIELDS: Final = [with_odd(title=[1]), with_odd(page_url={}), with_odd(description=True), with_odd(comment=[])]
NAMELESS: Final = [without("page_id"), with_odd(page_id="x"), with_odd(page_id=None), lambda _: None, lambda _: "x"]


@pytest.fixture
async def account() -> AsyncIterator[tuple[WeChatSide, Liar]]:
    async with lying() as (wechat, liar):
        wechat.devices(1, 2, 3)
        yield wechat, liar


@pytest.fixture
async def gateway(account: tuple[WeChatSide, Liar], tmp_path: Path) -> AsyncIterator[Gateway]:
    async with gateway_at(account[0].url, tmp_path) as opened:
        yield opened


def state_of(gateway: Gateway) -> tuple[str, list[str]]:
    status = LastAttempt(gateway.sync, Role.WRITER).status(NOON)
    return status.state, [item.subject for item in status.failed]


def not_made(progress: Progress) -> list[str]:
    return [item.page.slug for item in progress.plan.withheld_pages]


@pytest.mark.parametrize("spoil", [*ODD_FIELDS, *NAMELESS])
async def test_a_page_of_others_that_makes_no_sense_is_named_and_bindings_go_on(
    account: tuple[WeChatSide, Liar], gateway: Gateway, spoil: Spoil
) -> None:
    wechat, liar = account
    await gateway.settle(WANTED)
    theirs = wechat.page()
    liar.lie = spoiling(PAGES, theirs, spoil)
    progress = await gateway.once(EDITED)
    assert progress.state is SyncState.IN_SYNC
    assert (wechat.shown(1), wechat.shown(2)) == ([SPRING.title], [SPRING.title])
    state, (named,) = state_of(gateway)
    assert (state, named) in {
        (TargetState.UNREAD, f"page {theirs}"),
        (TargetState.UNREAD, "page (no. 2 of the list)"),
    }
    liar.lie = lambda _, reply: reply
    assert not (await gateway.once(EDITED)).unread


@pytest.mark.parametrize("spoil", [*ODD_FIELDS, *NAMELESS])
async def test_our_own_page_that_makes_no_sense_is_not_made_again_and_is_bound_as_ever(
    account: tuple[WeChatSide, Liar], gateway: Gateway, spoil: Spoil
) -> None:
    wechat, liar = account
    await gateway.settle(WANTED)
    wechat.page()
    liar.lie = spoiling(PAGES, wechat.page_id(SPRING.title), spoil)
    wechat.calls()
    progress = await gateway.once(EDITED)
    assert (progress.state, not_made(progress)) == (SyncState.IN_SYNC, [])
    assert not {item.kind for item in progress.drift} & SOMEBODYS
    assert wechat.writes() == {BIND: 1}
    assert (wechat.shown(1), wechat.shown(2)) == ([SPRING.title], [SPRING.title])
    assert state_of(gateway)[0] == TargetState.UNREAD
    assert not (await gateway.once(EDITED)).plan  # nor is it written at each look


@pytest.mark.parametrize("spoil", [with_odd(comment=[]), *NAMELESS[3:]])
async def test_no_page_is_added_while_a_page_whose_mark_cannot_be_read_may_be_it(
    account: tuple[WeChatSide, Liar], gateway: Gateway, spoil: Spoil
) -> None:
    wechat, liar = account
    await gateway.settle(WANTED)
    liar.lie = spoiling(PAGES, wechat.page(), spoil)
    wechat.calls()
    progress = await gateway.once(WITH_NEW)
    assert not_made(progress) == ["lucky-draw"]
    assert [item.why for item in progress.plan.withheld] == [WithheldReason.PAGE_WITHHELD]
    assert plan_json(progress.plan)["withheld_pages"] == [{"page": "lucky-draw", "like": None}]
    assert MAKE not in wechat.writes()
    assert state_of(gateway)[0] == TargetState.UNREAD
    liar.lie = lambda _, reply: reply
    await gateway.settle(WITH_NEW)
    assert wechat.shown(2) == [DRAW.title]


async def test_a_person_who_knows_that_it_is_not_there_has_it_made(
    account: tuple[WeChatSide, Liar], gateway: Gateway
) -> None:
    wechat, liar = account
    await gateway.settle(WANTED)
    liar.lie = spoiling(PAGES, wechat.page(), lambda _: None)
    await gateway.once(WITH_NEW, force=True)
    assert wechat.titles() == sorted([SPRING.title, DRAW.title, "会员日"])


@pytest.mark.parametrize("spoil", [*ODD_FIELDS[:3], *NAMELESS[:3]])
async def test_a_mark_that_can_be_read_says_whose_page_it_is(
    account: tuple[WeChatSide, Liar], gateway: Gateway, spoil: Spoil
) -> None:
    wechat, liar = account
    wechat.page()
    lost = wechat.page(DRAW.title, comment=mark(DRAW))  # by a card that is lost
    liar.lie = spoiling(PAGES, lost, spoil)
    progress = await gateway.once(WITH_NEW)
    assert DRAW.title in wechat.titles()
    assert wechat.titles().count(DRAW.title) == 1
    assert wechat.shown(1) == [SPRING.title]  # which it surely is not
    is_known = spoil in ODD_FIELDS
    assert (wechat.shown(2), not_made(progress)) == (([DRAW.title], []) if is_known else ([], ["lucky-draw"]))


@pytest.mark.parametrize("spoil", NAMELESS)
async def test_what_others_bound_of_a_nameless_page_is_never_overwritten(
    account: tuple[WeChatSide, Liar], gateway: Gateway, spoil: Spoil
) -> None:
    wechat, liar = account
    await gateway.settle(WANTED)
    theirs = wechat.page()
    wechat.bind(2, theirs)
    liar.lie = spoiling(PAGES, theirs, spoil)
    more = store([beacon(1, "spring-sale"), beacon(2, "spring-sale"), beacon(3, "spring-sale")], [SPRING])
    progress = await gateway.once(more)
    assert (wechat.shown(2), wechat.shown(3)) == (["会员日"], [SPRING.title])
    assert [str(error) for error in progress.later.values()] == [
        f"{key(2)} shows other pages than the lists say, of which not all can be read"
    ]
    liar.lie = lambda _, reply: reply
    await gateway.settle(more)
    assert wechat.shown(2) == sorted(["会员日", SPRING.title])


async def test_pages_that_all_make_no_sense_are_no_empty_account(
    account: tuple[WeChatSide, Liar], gateway: Gateway
) -> None:
    wechat, liar = account
    await gateway.settle(WANTED)
    for number in range(6):
        wechat.page(f"第{number}页")

    def lie(path: str, reply: Reply) -> Reply:
        if path == PAGES:
            reply["data"]["pages"] = [None for _ in reply["data"]["pages"]]  # type: ignore[index]  # JSON
        return reply

    liar.lie = lie
    wechat.calls()
    with pytest.raises(TryLater, match="page_id"):
        await gateway.once(EDITED)
    assert wechat.writes() == {}


@pytest.mark.parametrize("place", [0, 48, 49, 50, 98, 99, 119])
async def test_a_nameless_row_costs_no_other_row_wherever_it_stands(
    account: tuple[WeChatSide, Liar], gateway: Gateway, place: int
) -> None:
    wechat, liar = account
    made = [wechat.page(f"第{number}页") for number in range(120)]
    wechat.devices(*range(4, 121))
    devices = [wechat.device_id(number) for number in range(1, 121)]
    spoil_page = spoiling(PAGES, made[place], without("page_id"))
    spoil_device = spoiling(DEVICES, devices[place], without("device_id"))
    liar.lie = lambda path, reply: spoil_device(path, spoil_page(path, reply))
    for _ in range(2):  # the second time devices are asked for ahead
        existing = await gateway.target.read()
        assert existing.pages.keys() == {str(number) for number in made if number != made[place]}
        assert (existing.nameless_pages, len(existing.unread)) == (1, 2)
        assert len(existing.bindings) == 119


@pytest.mark.parametrize("spoil", [without("device_id"), with_odd(device_id="x"), lambda _: None, lambda _: 7])
async def test_a_device_without_a_number_is_named_by_its_place_and_the_rest_is_done(
    account: tuple[WeChatSide, Liar], gateway: Gateway, spoil: Spoil
) -> None:
    wechat, liar = account
    liar.lie = spoiling(DEVICES, wechat.device_id(3), spoil)
    progress = await gateway.once(EDITED)
    assert (progress.state, [*map(str, progress.unread)]) == (SyncState.IN_SYNC, ["device (no. 3 of the list)"])
    assert (wechat.shown(1), wechat.shown(2)) == ([SPRING.title], [SPRING.title])


@pytest.mark.parametrize(
    ("spoil", "is_known"),
    [(without("device_id"), True), (with_odd(uuid="x"), True), (lambda _: None, False), (lambda _: {}, False)],
)
async def test_a_relation_that_makes_no_sense_is_its_pages_own_trouble(
    account: tuple[WeChatSide, Liar],
    gateway: Gateway,
    spoil: Spoil,
    is_known: bool,
) -> None:
    wechat, liar = account
    await gateway.settle(EDITED)
    wechat.page()
    liar.lie = spoiling(RELATIONS, wechat.device_id(2), spoil)
    for _ in range(2):
        progress = await gateway.once(EDITED)
        assert (progress.state, bool(progress.plan), bool(progress.unread)) == (SyncState.IN_SYNC, False, not is_known)
    assert (wechat.shown(1), wechat.shown(2)) == ([SPRING.title], [SPRING.title])


async def test_what_lists_an_account_for_people_names_what_it_leaves_out(
    account: tuple[WeChatSide, Liar], gateway: Gateway
) -> None:
    wechat, liar = account
    odd, theirs = wechat.page(), wechat.page("another")
    wechat.bind(1, theirs, odd)
    spoil_page = spoiling(PAGES, odd, without("page_id"))
    spoil_device = spoiling(DEVICES, wechat.device_id(3), with_odd(major=-1))
    liar.lie = lambda path, reply: spoil_device(path, spoil_page(path, reply))
    inventory = await AccountReader(gateway.client).read()
    assert ([page.number for page in inventory.pages], len(inventory.beacons)) == ([theirs], 2)
    assert inventory.bindings[key(1)] == (theirs,)
    assert [*map(str, inventory.unread)] == [f"device {wechat.device_id(3)}", "page (no. 1 of the list)"]
    for language in languages():
        assert "page 7" in say("account.left-out", language, name="page 7", reason="…")
