"""Reading the account: all of it, with few calls, and no answer that makes no sense is taken for "nothing there"."""

import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from aiohttp import web

from beacon_gateway.core.bindings.plan import WithheldReason
from beacon_gateway.core.bindings.target import TargetError, TryLater
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.simulator.wechat.request import Reply
from tests.patience import HANG_S
from tests.services.bindings.liars import Lie, answering, lying, saying
from tests.services.bindings.scene import (
    DEVICES,
    EDIT,
    ICON,
    MAKE,
    PAGES,
    RELATIONS,
    TOKEN,
    Gateway,
    WeChatSide,
    beacon,
    console,
    gateway_at,
    key,
    own,
    ref,
    store,
)

SPRING = own("spring-sale", title="春季新品")
READING: Final = (PAGES, DEVICES, RELATIONS)
LISTS: Final = {PAGES: "pages", DEVICES: "devices", RELATIONS: "relations"}


def fill(wechat: WeChatSide, devices: int, pages: int) -> list[int]:
    """Make so many devices and pages; each device shows the first page, and one of the others in turn."""
    wechat.devices(*range(1, devices + 1))
    page_ids = [wechat.page(f"第{number}页") for number in range(pages)]
    for number in range(1, devices + 1):
        wechat.bind(number, page_ids[0], page_ids[number % pages])
    return page_ids


def rounded_up(rows: int) -> int:
    """Count the answers of 50 rows that these fill; one is needed to learn that there are none."""
    return max(1, -(-rows // 50))


@pytest.mark.parametrize(
    ("devices", "pages"), [(0, 0), (1, 1), (49, 7), (50, 3), (51, 3), (100, 50), (120, 60), (150, 100)]
)
async def test_everything_is_read_with_the_promised_calls(
    wechat: WeChatSide, gateway: Gateway, devices: int, pages: int
) -> None:
    page_ids = fill(wechat, devices, pages)
    shown_by = {page_id: len(wechat.account.devices_of_page(page_id)) for page_id in page_ids}
    existing = await gateway.target.read()
    assert set(existing.pages) == {ref(page_id) for page_id in page_ids}
    assert existing.bindings == {
        key(number): {ref(page_id) for page_id in wechat.account.bindings(wechat.device_id(number))}
        for number in range(1, devices + 1)
    }
    expected = {TOKEN: 1, PAGES: rounded_up(pages), DEVICES: rounded_up(devices)}
    relations = sum(rounded_up(rows) for rows in shown_by.values())
    assert wechat.calls() == expected | ({RELATIONS: relations} if relations else {})


async def test_the_devices_that_a_later_read_finds_more_are_read_too(wechat: WeChatSide, gateway: Gateway) -> None:
    fill(wechat, 120, 3)
    await gateway.target.read()
    wechat.devices(*range(121, 261))
    wechat.calls()
    assert set((await gateway.target.read()).bindings) == {key(number) for number in range(1, 261)}
    assert wechat.calls()[DEVICES] == rounded_up(260)


async def test_devices_that_came_in_between_are_read_too(wechat: WeChatSide, gateway: Gateway) -> None:
    for number in range(1, 121):
        wechat.account.add_device(major=10006, minor=number, device_id=20_000 + 10 * number)
    await gateway.target.read()
    for number in range(121, 151):
        wechat.account.add_device(major=10006, minor=number, device_id=20_000 + 10 * (number - 120) + 5)
    assert set((await gateway.target.read()).bindings) == {key(number) for number in range(1, 151)}


async def test_reading_back_asks_for_no_more_than_was_written(wechat: WeChatSide, gateway: Gateway) -> None:
    page_ids = fill(wechat, 60, 60)
    await gateway.target.read()
    wechat.calls()
    seen = await gateway.target.read_back([key(1), key(2)], [ref(page_id) for page_id in page_ids[:55]])
    assert set(seen.pages) == {ref(page_id) for page_id in page_ids[:55]}
    assert seen.bindings == {key(number): {ref(page_ids[0]), ref(page_ids[number])} for number in (1, 2)}
    assert wechat.calls() == {PAGES: 2, RELATIONS: 2}


async def test_devices_may_have_any_ids_in_any_order(wechat: WeChatSide, gateway: Gateway) -> None:
    ids = random.Random(5).sample(range(20_000, 90_000), 120)
    for number, device_id in enumerate(sorted(ids), 1):
        wechat.account.add_device(major=10006, minor=121 - number, device_id=device_id)
    assert set((await gateway.target.read()).bindings) == {key(number) for number in range(1, 121)}


async def test_an_account_without_anything_is_left_alone(wechat: WeChatSide, gateway: Gateway) -> None:
    members = console("members", 50054)
    progress = await gateway.once(store([beacon(1, "members"), beacon(2, "members")], [members]))
    assert wechat.writes() == {}
    assert [(item.beacon and item.beacon.slug, item.why) for item in progress.plan.withheld] == [
        ("corner-1", WithheldReason.NOT_AT_TARGET),
        ("corner-2", WithheldReason.NOT_AT_TARGET),
    ]


async def test_no_page_is_made_in_an_account_without_beacons(wechat: WeChatSide, gateway: Gateway) -> None:
    """There is nothing to bind it to: the account is the wrong one, or its list came empty."""
    progress = await gateway.once(store([beacon(1, "spring-sale"), beacon(2, "spring-sale")], [SPRING]))
    assert wechat.writes() == {}
    assert [item.why for item in progress.plan.withheld] == [WithheldReason.NOT_AT_TARGET] * 2


async def test_a_beacon_that_the_account_lacks_holds_up_no_other(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    progress = await gateway.once(store([beacon(1, "spring-sale"), beacon(2, "spring-sale")], [SPRING]))
    assert [(item.key, item.why) for item in progress.plan.withheld] == [(key(2), WithheldReason.NOT_AT_TARGET)]
    assert wechat.shown(1) == [SPRING.title]


async def keep_one_page_and_one_foreign_binding(wechat: WeChatSide, gateway: Gateway) -> None:
    """Bring about what a wrong conclusion could destroy."""
    wechat.devices(1, 2)
    wechat.bind(1, wechat.page("他人页面"))
    await gateway.once(store([beacon(1, "spring-sale"), beacon(2, "spring-sale")], [SPRING]))
    assert wechat.shown(1) == ["他人页面", "春季新品"]
    wechat.calls()


def emptied(path: str, told: int) -> Lie:
    def lie(called: str, reply: Reply) -> Reply:
        return {"data": {LISTS[path]: [], "total_count": told}} if called == path else reply

    return lie


@pytest.mark.parametrize("path", READING)
async def test_a_list_shorter_than_its_count_is_not_believed(tmp_path: Path, path: str) -> None:
    async with lying() as (wechat, liar), gateway_at(wechat.url, tmp_path) as gateway:
        await keep_one_page_and_one_foreign_binding(wechat, gateway)
        liar.lie = emptied(path, told=2)
        with pytest.raises(TryLater):
            await gateway.once(store([], []))
        with pytest.raises(TryLater):
            await gateway.once(store([beacon(1), beacon(2, "lucky-draw")], [own("lucky-draw", title="幸运抽奖")]))
        liar.lie = lambda _, reply: reply
        assert wechat.writes() == {}
        assert wechat.shown(1) == ["他人页面", "春季新品"]


@pytest.mark.parametrize("path", [PAGES, DEVICES])
async def test_an_empty_list_is_not_believed_by_who_remembers_better(tmp_path: Path, path: str) -> None:
    """Taken for the truth, it would make the pages again and overwrite what others bound."""
    async with lying() as (wechat, liar), gateway_at(wechat.url, tmp_path) as gateway:
        await keep_one_page_and_one_foreign_binding(wechat, gateway)
        liar.lie = emptied(path, told=0)
        wanted = store([beacon(1, "spring-sale"), beacon(2, "spring-sale")], [SPRING])
        with suppress(TargetError):  # to conclude nothing is as good as to conclude the right thing
            await gateway.once(wanted)
        assert wechat.writes() == {}
        liar.lie = lambda _, reply: reply
        assert (await gateway.once(wanted)).state is SyncState.IN_SYNC
        assert wechat.titles() == ["他人页面", "春季新品"]
        assert wechat.shown(1) == ["他人页面", "春季新品"]


@pytest.mark.parametrize("path", READING)
async def test_a_list_that_never_ends_is_given_up(tmp_path: Path, path: str) -> None:
    """An interface of 2015 knows no `last_seen`, and gives the first fifty again and again."""
    rows = [
        {"page_id": number, "device_id": number, "uuid": str(key(1).uuid), "major": 10006, "minor": number}
        for number in range(1, 51)
    ]

    async def answer(request: web.Request) -> web.StreamResponse:
        count = 120 if request.path == path else 1
        data = {LISTS[request.path]: rows if request.path == path else rows[:1], "total_count": count}
        return web.json_response({"errcode": 0, "data": data})

    async with answering(answer) as url, gateway_at(url, tmp_path) as gateway:
        with pytest.raises(TryLater):
            async with asyncio.timeout(HANG_S):
                await gateway.target.read()


def _rows(row: bytes) -> bytes:
    """Return an answer with so many of these rows that they are no row's trouble but the list's."""
    rows = b", ".join([row] * 5)
    return b'{"data": {"pages": [%b], "devices": [%b], "relations": [%b], "total_count": 5}}' % (rows, rows, rows)


NONSENSE: Final[Mapping[str, bytes]] = {
    "nothing": b"",
    "html": b"<html><body>502</body></html>",
    "half": b'{"errcode": 0, "data": {"pages": [',
    "a list": b"[]",
    "null": b"null",
    "a number": b"7",
    "no data": b'{"errcode": 0, "errmsg": "success."}',
    "data is null": b'{"errcode": 0, "data": null}',
    "data is a list": b'{"errcode": 0, "data": []}',
    "data without a list": b'{"errcode": 0, "data": {"total_count": 0}}',
    "lists that are objects": b'{"data": {"pages": {}, "devices": {}, "relations": {}, "total_count": 0}}',
    "lists that are null": b'{"data": {"pages": null, "devices": null, "relations": null, "total_count": 0}}',
    "no count": b'{"data": {"pages": [], "devices": [], "relations": []}}',
    "a count of null": b'{"data": {"pages": [], "devices": [], "relations": [], "total_count": null}}',
    "an endless count": b'{"data": {"pages": [], "devices": [], "relations": [], "total_count": Infinity}}',
    "rows that are numbers": _rows(b"1"),
    "rows that are null": _rows(b"null"),
    "rows that are texts": _rows(b'"a"'),
    "rows that are lists": _rows(b"[]"),
    "rows without anything": _rows(b"{}"),
    "no UTF-8": b'{"errcode": 0, "data": {"pages": [], "x": "\xff\xfe"}}',
    "UTF-16": '{"errcode": 0}'.encode("utf-16"),
    "five megabytes": b'{"errcode": 0, "data": {"pages": [' + b"0," * (5 << 19) + b"0]}}",
    "five megabytes of brackets": b"[" * (5 << 20),
    "deep brackets": b"[" * 100_000,
    "deep objects": b'{"data":' * 100_000,
}


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("path", READING)
async def test_an_answer_that_makes_no_sense_is_a_passing_trouble(tmp_path: Path, path: str, body: bytes) -> None:
    """Each list in turn, while the others are sound."""
    rows: dict[str, list[dict[str, object]]] = {
        PAGES: [{"page_id": 1, "title": "t", "description": "d", "page_url": "https://h5.example.com", "comment": ""}],
        DEVICES: [],
        RELATIONS: [],
    }

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == path:
            return web.Response(body=body, content_type="application/json")
        assert request.path in READING, "nothing is written"
        data = {LISTS[request.path]: rows[request.path], "total_count": len(rows[request.path])}
        return web.json_response({"errcode": 0, "data": data})

    async with answering(answer) as url, gateway_at(url, tmp_path) as gateway:
        with pytest.raises(TryLater):
            await gateway.once(store([beacon(1, "members")], [console("members", 1)]))


@pytest.mark.parametrize("data", [None, {}, [], {"page_id": None, "pic_url": None}, {"page_id": "no number"}])
@pytest.mark.parametrize("path", [MAKE, ICON])
async def test_a_write_whose_answer_makes_no_sense_is_a_passing_trouble(
    tmp_path: Path, path: str, data: object
) -> None:
    async with lying() as (wechat, liar), gateway_at(wechat.url, tmp_path) as gateway:
        wechat.devices(1)
        liar.lie = lambda called, reply: {"data": data} if called == path else reply
        wanted = store([beacon(1, "spring-sale")], [SPRING])
        progress = await gateway.once(wanted)
        assert isinstance(progress.trouble, TryLater)
        liar.lie = lambda _, reply: reply
        await gateway.settle(wanted)
        assert wechat.titles() == [SPRING.title]
        assert wechat.shown(1) == [SPRING.title]


async def test_an_edit_needs_no_data_in_its_answer(tmp_path: Path) -> None:
    async with lying() as (wechat, liar), gateway_at(wechat.url, tmp_path) as gateway:
        wechat.devices(1)
        await gateway.once(store([beacon(1, "spring-sale")], [SPRING]))
        liar.lie = lambda called, reply: {} if called == EDIT else reply
        progress = await gateway.once(store([beacon(1, "spring-sale")], [own("spring-sale", title="夏季新品")]))
        assert progress.verified == 1


async def test_a_write_that_does_nothing_is_found_out(tmp_path: Path) -> None:
    async with lying() as (wechat, liar), gateway_at(wechat.url, tmp_path) as gateway:
        wechat.devices(1)
        members = wechat.page("会员日")

        def lie(called: str, reply: Reply) -> Reply:
            if called.endswith("bindpage"):
                wechat.account.bind(wechat.device_id(1), [])
            return reply

        liar.lie = lie
        progress = await gateway.once(store([beacon(1, "members")], [console("members", members)]))
        assert (progress.state, progress.applied, progress.verified) == (SyncState.PENDING, 1, 0)


JUNK: Final[tuple[object, ...]] = (
    None,
    [],
    {},
    "",
    "x",
    -1,
    0,
    1.5,
    True,
    float("inf"),
    float("nan"),
    [None],
    {"a": 1},
    "9" * 5000,
    10**400,
)


def with_junk(value: object, rng: random.Random) -> object:
    """Return the same value with one place of it replaced by junk."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        name = rng.choice([*value])
        return {**value, name: with_junk(value[name], rng)}
    if isinstance(value, list) and value and rng.random() < 0.85:
        at = rng.randrange(len(value))
        return [*value[:at], with_junk(value[at], rng), *value[at + 1 :]]
    return rng.choice(JUNK)


def bending(bent: str, rng: random.Random) -> Lie:
    """Return the lie that puts junk somewhere into the answers of one path."""

    def lie(path: str, reply: Reply) -> Reply:
        if path != bent:
            return reply
        name = rng.choice([*reply])
        return {**reply, name: with_junk(reply[name], rng)}

    return lie


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_wechat_answers_a_pass_ends_in_a_trouble_with_a_name(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    async with lying() as (wechat, liar), gateway_at(wechat.url, tmp_path) as gateway:
        wechat.devices(1, 2, 3)
        wechat.bind(1, wechat.page("他人页面"))
        paths = (TOKEN, *READING, MAKE, ICON, EDIT)
        for number in range(40):
            liar.lie = bending(rng.choice(paths), rng)
            gateway.monotonic.now += 7200
            title = f"第{number}次"
            wanted = store([beacon(1, "page"), beacon(2, "page")], [own("page", title=title, icon=str(number % 3))])
            try:
                await gateway.once(wanted)
            except TargetError as error:
                assert str(error)  # noqa: PT017 - anything else than a TargetError fails
        assert "他人页面" in wechat.titles()


async def test_an_answer_of_three_megabytes_is_read(tmp_path: Path) -> None:
    pad = b" " * (3 << 20)
    body = b'{"data": {"pages": [], "devices": [], "relations": [], "total_count": 0}' + pad + b"}"
    async with saying(body) as url, gateway_at(url, tmp_path) as gateway:
        existing = await gateway.target.read()
    assert (existing.pages, existing.bindings) == ({}, {})
