"""Whatever WeChat answers: what is read of it is sound, or its caller hears of it in one of the words for that."""

import asyncio
import json
import random
import zlib
from collections.abc import AsyncIterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.adapters.wechat.transport.http import MAX_ANSWER_BYTES
from beacon_gateway.core.bindings.target import NeedsOperator, TargetError, TryLater
from beacon_gateway.core.text.soundness import MAX_INTEGER, REPLACEMENT
from tests.adapters.wechat.endpoints import ALL, READS, Deed, Scene, make_ready, set_up
from tests.adapters.wechat.spoiling import BODIES, Spoil, SpoilingServer, spoiling, spoilt
from tests.services.bindings.scene import PAGES, SECRET, SETTINGS, TOKEN, WeChatSide, beacon, gateway_at, own, store

SEEDS = 40


@pytest.fixture
async def server(wechat: WeChatSide) -> AsyncIterator[SpoilingServer]:
    async with spoiling(wechat.url) as server:
        yield server


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


def client_of(url: str) -> WeChatClient:
    return WeChatClient(api_base=url, appid=SETTINGS.appid, secret=SECRET, sleep=no_pause)


def is_sound(value: object) -> bool:
    """True if it can be stored in SQLite, shown and serialised, whatever it is."""
    match value:
        case str():
            return value == value.encode("utf-8", "replace").decode() and not any(c < " " for c in value)
        case int():
            return abs(value) <= MAX_INTEGER
        case dict():
            return all(is_sound(key) and is_sound(inner) for key, inner in value.items())
        case list() | tuple() | frozenset():
            return all(map(is_sound, value))
    if is_dataclass(value):
        return all(is_sound(getattr(value, field.name)) for field in fields(value))
    return is_sound(str(value.astimezone() if isinstance(value, datetime) else value))


async def outcome(deed: Deed, at: Scene) -> object:
    """Return a method's result, or the text and code of its TargetError; any other exception is a failed test."""
    try:
        return await deed(at)
    except TargetError as error:
        return str(error), error.code


@pytest.mark.parametrize("name", ALL)
async def test_every_method_gives_what_is_sound_or_a_target_error(
    wechat: WeChatSide, server: SpoilingServer, name: str
) -> None:
    path, deed = ALL[name]
    async with client_of(wechat.url) as client:
        at = set_up(wechat, client)
    make_ready(wechat, at, name)
    chances = [random.Random(f"{name} {seed}") for seed in range(SEEDS)]
    ways = [
        *((body, lambda _, content=content: content) for body, content in BODIES.items()),
        *((f"seed {seed}", lambda good, chance=chance: spoilt(good, chance)) for seed, chance in enumerate(chances)),
    ]
    server.path = path
    for way, spoil in ways:
        server.spoil = spoil
        async with client_of(server.url) as client:
            found = await outcome(deed, replace(at, client=client))
        assert is_sound(found), way


async def test_a_token_is_sound_or_a_target_error(wechat: WeChatSide, server: SpoilingServer) -> None:
    name = "opening"
    path, deed = READS[name]
    async with client_of(wechat.url) as client:
        at = set_up(wechat, client)
    server.path = TOKEN
    chances = [random.Random(f"token {seed}") for seed in range(5 * SEEDS)]
    ways = [
        *((lambda _, content=content: content) for content in BODIES.values()),
        *((lambda good, chance=chance: spoilt(good, chance)) for chance in chances),
    ]
    for spoil in ways:
        server.spoil = spoil
        async with client_of(server.url) as client:
            found = await outcome(deed, replace(at, client=client))
        assert is_sound(found)
        assert SECRET not in str(found)
    assert wechat.calls()[path] > 0


@pytest.mark.parametrize("lifetime", [True, -1, 0, 10**20, 1e400, "soon", None, [7200]])
async def test_a_token_that_lives_for_no_time_is_none(
    wechat: WeChatSide, server: SpoilingServer, lifetime: object
) -> None:
    server.path = TOKEN
    server.spoil = lambda _: json.dumps({"access_token": "T", "expires_in": lifetime}).encode()
    _, deed = READS["opening"]
    async with client_of(wechat.url) as client:
        at = set_up(wechat, client)
    async with client_of(server.url) as client:
        with pytest.raises(TryLater, match="without a token"):
            await deed(replace(at, client=client))


@pytest.mark.parametrize("lifetime", ["7200", 7200.0])
async def test_a_lifetime_may_come_as_text_or_with_a_fraction_of_nothing(
    wechat: WeChatSide, server: SpoilingServer, lifetime: object
) -> None:
    server.path = TOKEN
    server.spoil = lambda good: json.dumps({**json.loads(good), "expires_in": lifetime}).encode()
    _, deed = READS["opening"]
    async with client_of(wechat.url) as client:
        at = set_up(wechat, client)
    async with client_of(server.url) as client:
        await deed(replace(at, client=client))


@pytest.mark.parametrize(
    ("spoil", "seen"),
    [
        (lambda good: good.replace("一".encode(), b"1F\x07"), "1F "),
        (lambda good: good.replace("一".encode(), b"1F\n"), "1F "),
        (lambda good: good.replace("一".encode(), "门".encode()[:-1]), REPLACEMENT),
        (lambda good: good.replace("一".encode(), b"\\ud83d"), REPLACEMENT),
    ],
    ids=["control character", "line feed", "cut UTF-8", "half an emoji"],
)
async def test_a_spoilt_text_costs_no_more_than_its_character(
    wechat: WeChatSide, server: SpoilingServer, spoil: Spoil, seen: str
) -> None:
    async with client_of(wechat.url) as client:
        at = set_up(wechat, client)
    server.path, server.spoil = PAGES, spoil
    async with client_of(server.url) as client:
        pages = await READS["all pages"][1](replace(at, client=client))
    assert [page.draft.title for page in pages] == [seen, "二"]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Encoding": "gzip"}, b"no gzip"),
        ({"Content-Encoding": "deflate"}, zlib.compress(b" " * 10_000)[:-9]),
        ({"Content-Encoding": "deflate"}, zlib.compress(b" " * (200 << 20), 9)),
        ({"Set-Cookie": "a=b; Expires=never; \x80"}, b"{}"),
        ({"Content-Type": "text/plain; charset=punycode"}, b"\xff"),
    ],
    ids=["no gzip", "cut deflate", "200 MB of blanks in 200 kB", "cookie", "charset"],
)
async def test_no_encoding_of_an_answer_is_more_than_a_target_error(
    wechat: WeChatSide, server: SpoilingServer, headers: dict[str, str], body: bytes
) -> None:
    async with client_of(wechat.url) as client:
        at = set_up(wechat, client)
    server.path, server.spoil, server.headers = READS["opening"][0], lambda _: body, tuple(headers.items())
    async with client_of(server.url) as client:
        with pytest.raises(TryLater):
            await READS["opening"][1](replace(at, client=client))
    assert MAX_ANSWER_BYTES < 200 << 20


async def test_a_page_whose_title_comes_back_spoilt_is_not_edited_for_ever(
    wechat: WeChatSide, server: SpoilingServer, tmp_path: Path
) -> None:
    """WeChat keeps a control character, and sends it raw: the page is what the files say."""
    wechat.devices(1)
    wanted = store([beacon(1, "spring")], [own("spring", title="春\x07季")])
    server.path, server.spoil = PAGES, lambda good: good.replace(b"\\u0007", b"\x07")
    async with gateway_at(server.url, tmp_path) as gateway:
        await gateway.settle(wanted)
        wechat.calls()
        assert not (await gateway.once(wanted)).plan
        assert wechat.writes() == {}


async def test_a_page_that_others_gave_half_an_emoji_is_left_alone(
    wechat: WeChatSide, server: SpoilingServer, tmp_path: Path
) -> None:
    wechat.devices(1)
    theirs = wechat.page("别人")
    wechat.bind(1, theirs)
    server.path, server.spoil = PAGES, lambda good: good.replace("别人".encode(), b"\\ud83d")
    wanted = store([beacon(1, "spring")], [own("spring")])
    async with gateway_at(server.url, tmp_path) as gateway:
        await gateway.settle(wanted)
        wechat.calls()
        assert not (await gateway.once(wanted)).plan
        assert wechat.writes() == {}
    assert wechat.shown(1) == ["别人", "春季新品"]


async def test_an_error_says_what_wechat_said_in_a_text_that_can_be_shown(
    wechat: WeChatSide, server: SpoilingServer
) -> None:
    async with client_of(wechat.url) as client:
        at = set_up(wechat, client)
    path, deed = READS["opening"]
    server.path, server.spoil = path, lambda _: BODIES["an errmsg that a terminal obeys"]
    async with client_of(server.url) as client:
        with pytest.raises(NeedsOperator) as caught:
            await deed(replace(at, client=client))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500
    assert str(caught.value).startswith(f"{path}: 40013")
