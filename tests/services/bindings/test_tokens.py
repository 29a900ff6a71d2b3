"""One token for all calls, replaced once when it has to be, and never told to anybody."""

import asyncio
import io
import json
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from beacon_gateway.adapters.wechat.transport.client import TOKEN_MARGIN_S
from beacon_gateway.core.bindings.target import NeedsOperator, TargetError, TryLater
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.simulator.wechat import InjectedFault
from tests.patience import HANG_S
from tests.services.bindings.liars import TOKEN_SENT, answering, lying, saying, speaking_no_http
from tests.services.bindings.scene import (
    BIND,
    DEVICES,
    PAGES,
    RELATIONS,
    SECRET,
    SETTINGS,
    TOKEN,
    Gateway,
    WeChatSide,
    beacon,
    gateway_at,
    own,
    store,
    wechat_side,
)

LIST_PAGES: Final = {"type": 2, "begin": 0, "count": 50}
WANTED: Final = store([beacon(1, "spring-sale")], [own("spring-sale")])


async def list_pages(gateway: Gateway) -> None:
    await gateway.client.call(PAGES, LIST_PAGES)


async def test_one_token_serves_many_calls_at_once(wechat: WeChatSide, gateway: Gateway) -> None:
    await asyncio.gather(*(list_pages(gateway) for _ in range(30)))
    assert wechat.calls() == {TOKEN: 1, PAGES: 30}


async def test_a_second_pass_needs_no_second_token(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    await gateway.once(WANTED)
    await gateway.once(WANTED)
    assert wechat.calls()[TOKEN] == 1


async def test_two_processes_share_a_token(wechat: WeChatSide, gateway: Gateway, tmp_path: Path) -> None:
    async with gateway_at(wechat.url, tmp_path / "another") as other:
        for _ in range(3):
            await list_pages(gateway)
            await list_pages(other)
    assert wechat.calls() == {TOKEN: 2, PAGES: 6}


async def test_a_token_is_replaced_shortly_before_its_end(wechat: WeChatSide, gateway: Gateway) -> None:
    await list_pages(gateway)
    for seconds, fetched in ((7200 - TOKEN_MARGIN_S - 1, 0), (1, 1)):
        wechat.calls()
        gateway.monotonic.now += seconds
        wechat.clock.now += seconds
        await list_pages(gateway)
        assert wechat.calls()[TOKEN] == fetched


async def test_a_token_that_another_process_fetched_long_ago_is_trusted_for_the_rest_of_its_life(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.emulator.tokens.stable(wechat.clock.now)
    wechat.clock.now += 7200 - 300
    await list_pages(gateway)
    gateway.monotonic.now += 300 - TOKEN_MARGIN_S - 1
    await list_pages(gateway)
    assert wechat.calls() == {TOKEN: 1, PAGES: 2}
    gateway.monotonic.now += 1
    wechat.clock.now += 300 - TOKEN_MARGIN_S
    await list_pages(gateway)
    assert wechat.calls() == {TOKEN: 1, PAGES: 1}


async def test_an_expired_token_costs_one_refresh(wechat: WeChatSide, gateway: Gateway) -> None:
    await list_pages(gateway)
    wechat.calls()
    wechat.clock.now += 7200  # and the gateway's own clock has not moved: it was asleep
    await list_pages(gateway)
    assert wechat.calls() == {TOKEN: 1, PAGES: 2}


async def test_a_token_revoked_under_many_calls_costs_one_refresh(wechat: WeChatSide, gateway: Gateway) -> None:
    await list_pages(gateway)
    wechat.calls()
    wechat.clock.now += 60
    wechat.emulator.tokens.stable(wechat.clock.now, force=True)
    await asyncio.gather(*(list_pages(gateway) for _ in range(30)))
    assert wechat.calls()[TOKEN] == 1


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_token_rejected_by_mistake_is_asked_for_and_tried_once_more(
    wechat: WeChatSide, gateway: Gateway, errcode: int
) -> None:
    await list_pages(gateway)
    wechat.calls()
    wechat.emulator.faults.add(PAGES, InjectedFault.error(errcode))
    await list_pages(gateway)
    assert wechat.calls() == {TOKEN: 1, PAGES: 2}


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_token_rejected_for_good_needs_a_person_after_one_refresh(
    wechat: WeChatSide, gateway: Gateway, errcode: int
) -> None:
    await list_pages(gateway)
    wechat.calls()
    wechat.emulator.faults.add(PAGES, InjectedFault.error(errcode), times=None)
    with pytest.raises(NeedsOperator):
        await list_pages(gateway)
    calls = wechat.calls()
    assert calls[TOKEN] == 1
    assert calls[PAGES] <= 2


async def test_a_fresh_token_that_is_rejected_too_needs_a_person(wechat: WeChatSide, gateway: Gateway) -> None:
    await list_pages(gateway)
    wechat.clock.now += 7200
    wechat.emulator.faults.add(PAGES, InjectedFault.error(40001), times=None)
    wechat.calls()
    with pytest.raises(NeedsOperator) as caught:
        await list_pages(gateway)
    assert caught.value.code == "40001"
    assert wechat.calls() == {TOKEN: 1, PAGES: 2}


@pytest.mark.parametrize("errcode", [40001, 40125])
async def test_a_wrong_secret_needs_a_person(tmp_path: Path, errcode: Literal[40001, 40125]) -> None:
    async with (
        wechat_side(replace(SETTINGS, wrong_secret=errcode)) as wechat,
        gateway_at(wechat.url, tmp_path, secret="a wrong one") as gateway,
    ):
        with pytest.raises(NeedsOperator) as caught:
            await gateway.once(WANTED)
        assert caught.value.code == str(errcode)
        assert set(wechat.calls()) == {TOKEN}


async def test_an_address_off_the_whitelist_needs_a_person_and_is_named(tmp_path: Path) -> None:
    settings = replace(SETTINGS, ip_whitelist=frozenset({"203.0.113.9"}))
    async with wechat_side(settings) as wechat, gateway_at(wechat.url, tmp_path) as gateway:
        with pytest.raises(NeedsOperator, match=r"invalid ip 127\.0\.0\.1") as caught:
            await gateway.once(WANTED)
        assert caught.value.code == "40164"


@pytest.mark.parametrize("errcode", [48001, 9001020])
async def test_a_recalled_account_needs_a_person(tmp_path: Path, errcode: Literal[48001, 9001020]) -> None:
    async with (
        wechat_side(replace(SETTINGS, recalled=errcode)) as wechat,
        gateway_at(wechat.url, tmp_path) as gateway,
    ):
        with pytest.raises(NeedsOperator) as caught:
            await gateway.once(WANTED)
        assert caught.value.code == str(errcode)
        assert wechat.writes() == {}


async def test_rights_withdrawn_in_the_middle_of_a_pass_need_a_person(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    wechat.emulator.faults.add(BIND, InjectedFault.error(48001))
    with pytest.raises(NeedsOperator):
        await gateway.once(WANTED)
    assert (await gateway.once(WANTED)).state is SyncState.IN_SYNC


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"access_token": "t"},
        {"expires_in": 7200},
        {"access_token": 5, "expires_in": 7200},
        {"access_token": "", "expires_in": 7200},
        {"access_token": "t", "expires_in": None},
    ],
)
async def test_an_answer_without_a_token_is_no_token(tmp_path: Path, answer: dict[str, object]) -> None:
    async with lying() as (wechat, liar), gateway_at(wechat.url, tmp_path) as gateway:
        liar.lie = lambda path, reply: answer if path == TOKEN else reply
        with pytest.raises(TryLater):
            await list_pages(gateway)
        assert wechat.calls() == {TOKEN: 1}


# What is never told


def told(error: BaseException) -> str:
    """Return all that an exception and those behind it can be made to say."""
    stream = io.StringIO()
    for one in chain(error):
        stream.write(f"{one}\n{one!r}\n{one.args!r}\n{getattr(one, '__notes__', '')}\n")
    traceback.print_exception(error, file=stream)
    return stream.getvalue()


def chain(error: BaseException | None) -> Iterator[BaseException]:
    if error:
        yield error
        yield from chain(error.__cause__)
        if error.__context__ is not error.__cause__:
            yield from chain(error.__context__)


TROUBLES: Final = {
    "busy": InjectedFault.error(-1),
    "a recalled account": InjectedFault.error(48001),
    "refused": InjectedFault.error(9001001),
    "a rejected token": InjectedFault.error(40001),
    "502": InjectedFault.http(502),
    "a cut": InjectedFault.drop(),
    "a lost answer": InjectedFault.lose_answer(),
    "half an answer": InjectedFault.truncate(),
}


@pytest.mark.parametrize("fault", TROUBLES.values(), ids=TROUBLES)
@pytest.mark.parametrize("path", [TOKEN, PAGES, DEVICES, RELATIONS, BIND])
async def test_no_trouble_tells_the_secret_or_the_token(
    wechat: WeChatSide, gateway: Gateway, path: str, fault: InjectedFault
) -> None:
    wechat.devices(1)
    token, _ = wechat.emulator.tokens.stable(wechat.clock.now)
    wechat.page()
    wechat.emulator.faults.add(path, fault, times=None)
    with capture_logs() as events:
        try:
            progress = await gateway.once(WANTED)
        except TargetError as error:
            text = told(error)
        else:
            text = told(progress.trouble) if progress.trouble else ""  # it may have been done all the same
    text += json.dumps(events, default=repr) + repr(gateway.client) + repr(gateway.sync) + repr(gateway.target)
    assert path in text
    assert SECRET not in text
    assert token not in text


async def test_nobody_there_is_no_reason_to_tell(tmp_path: Path) -> None:
    async with wechat_side() as wechat:
        url = wechat.url
    async with gateway_at(url, tmp_path) as gateway:
        with pytest.raises(TryLater) as caught:
            await gateway.once(WANTED)
    assert SECRET not in told(caught.value)


@pytest.mark.parametrize("line", [b"220 mail.example.com ESMTP\r\n\r\n", b"\x16\x03\x01\x02\x00", b""])
async def test_a_server_that_speaks_no_http_is_no_reason_to_tell(tmp_path: Path, line: bytes) -> None:
    async with speaking_no_http(line) as url, gateway_at(url, tmp_path) as gateway:
        with pytest.raises(TryLater) as caught:
            await list_pages(gateway)
    assert SECRET not in told(caught.value)
    assert TOKEN_SENT not in told(caught.value)


async def test_a_redirect_carries_nothing_to_another_place(tmp_path: Path) -> None:
    """A redirect, of a hotel's Wi-Fi page or a proxy, must not carry the secret or the token."""
    arrived: list[str] = []

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        arrived.append(f"{request.url} {await request.text()}")
        return web.json_response({"errcode": 0, "data": {"pages": [], "total_count": 0}})

    async with answering(elsewhere) as other:

        async def redirect(request: web.Request) -> web.StreamResponse:
            raise web.HTTPTemporaryRedirect(f"{other}{request.path_qs}")

        async with answering(redirect) as url, gateway_at(url, tmp_path) as gateway:
            with pytest.raises(TryLater):
                await list_pages(gateway)
    assert arrived == []


async def test_a_redirect_in_circles_is_no_reason_to_tell(tmp_path: Path) -> None:
    async def redirect(request: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect(request.path_qs)

    async with answering(redirect) as url, gateway_at(url, tmp_path) as gateway:
        with pytest.raises(TryLater) as caught:
            await list_pages(gateway)
    assert TOKEN_SENT not in told(caught.value)


async def test_the_token_is_sent_in_the_address_only_and_the_secret_only_for_a_token(tmp_path: Path) -> None:
    seen: list[tuple[str, str]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append((str(request.query.get("access_token")), await request.text()))
        return web.json_response({"errcode": 0, "data": {"pages": [], "total_count": 0}})

    async with answering(answer) as url, gateway_at(url, tmp_path) as gateway:
        await list_pages(gateway)
    assert [token for token, _ in seen] == [TOKEN_SENT]
    assert json.loads(seen[0][1]) == LIST_PAGES


async def test_chinese_is_sent_as_chinese(tmp_path: Path) -> None:
    seen: list[bytes] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append(await request.read())
        return web.json_response({"errcode": 0, "data": {}})

    async with answering(answer) as url, gateway_at(url, tmp_path) as gateway:
        await gateway.client.call(PAGES, {"title": "春季新品"})
    assert "春季新品".encode() in seen[0]


async def test_no_more_than_five_calls_are_under_way(tmp_path: Path) -> None:
    under_way, most, five = 0, 0, asyncio.Event()

    async def answer(_: web.Request) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way == 5:
            five.set()
        await five.wait()
        under_way -= 1
        return web.json_response({"errcode": 0})

    async with answering(answer) as url, gateway_at(url, tmp_path) as gateway, asyncio.timeout(HANG_S):
        await asyncio.gather(*(list_pages(gateway) for _ in range(40)))
    assert most == 5


async def test_a_truth_about_errors_that_is_no_number_is_a_passing_trouble(tmp_path: Path) -> None:
    for body in (b'{"errcode": "no"}', b'{"errcode": null}', b'{"errcode": []}', b'{"errcode": Infinity}'):
        async with saying(body) as url, gateway_at(url, tmp_path) as gateway:
            with pytest.raises(TryLater):
                await list_pages(gateway)
