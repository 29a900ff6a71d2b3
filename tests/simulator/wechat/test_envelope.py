"""What every answer looks like, and how requests are read."""

import json
import re
from dataclasses import replace
from typing import Literal

import pytest

from tests.simulator.wechat.wechat_client import SETTINGS, Wechat, serving

RID = re.compile(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$")
ALL_DEVICES = {"type": 2, "last_seen": 0, "count": 50}


async def raw(wechat: Wechat, name: str, body: bytes) -> int:
    query = {"access_token": await wechat.token()}
    async with wechat.session.post(f"/shakearound/{name}", data=body, params=query) as response:
        answer = await response.json()
        return int(answer["errcode"])


async def test_success_has_a_full_stop_on_shakearound(wechat: Wechat) -> None:
    assert (await wechat.call("device/search", ALL_DEVICES))["errmsg"] == "success."


async def test_success_is_ok_on_cgi_bin(wechat: Wechat) -> None:
    answer = await wechat.send(
        "POST", "/cgi-bin/clear_quota", {"appid": SETTINGS.appid}, access_token=await wechat.token()
    )
    assert answer == {"errcode": 0, "errmsg": "ok"}


async def test_a_token_comes_without_errcode(wechat: Wechat) -> None:
    assert set(await wechat.stable_token()) == {"access_token", "expires_in"}


async def test_a_business_error_is_http_200_without_data(wechat: Wechat) -> None:
    query = {"access_token": await wechat.token()}
    async with wechat.session.post("/shakearound/page/delete", json={"page_id": 1}, params=query) as response:
        assert response.status == 200
        assert set(await response.json()) == {"errcode", "errmsg"}


async def test_every_error_text_ends_in_a_fresh_rid(wechat: Wechat) -> None:
    first = (await wechat.call("page/delete", {"page_id": 1}))["errmsg"]
    second = (await wechat.call("page/delete", {"page_id": 1}))["errmsg"]
    assert RID.search(first)
    assert RID.search(second)
    assert first != second


@pytest.mark.parametrize(("suffix", "form"), [("hint", r"invalid page id hint: \[\w+\]"), ("none", "invalid page id")])
async def test_error_texts_of_other_years(suffix: Literal["hint", "none"], form: str) -> None:
    async with serving(replace(SETTINGS, errmsg_suffix=suffix)) as wechat:
        assert re.fullmatch(form, (await wechat.call("page/delete", {"page_id": 1}))["errmsg"])


async def test_a_token_in_the_body_is_no_token(wechat: Wechat) -> None:
    body = {**ALL_DEVICES, "access_token": await wechat.token()}
    assert (await wechat.send("POST", "/shakearound/device/search", body))["errcode"] == 41001


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (b"", 44002),
        (b"  ", 44002),
        (b"{", 47001),
        (b"[]", 47001),
        (b"\xff\xfe", 47001),
        (b"[" * 100_000, 47001),
        (b'{"type": ' + b"9" * 5_000 + b"}", 47001),
        (b"{}", 9001001),
        (b'{"type": true}', 9001001),
        (b'{"type": 2.5}', 9001001),
        (b'{"type": "x"}', 9001001),
        (b'{"type": 99999999999999999999}', 9001001),
        (b'{"type": 4}', 9001001),
        (b'{"type": 1, "device_identifiers": {}}', 9001001),
        (b'{"type": 1, "device_identifiers": [1]}', 9001001),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(wechat: Wechat, body: bytes, errcode: int) -> None:
    assert await raw(wechat, "device/search", body) == errcode


async def test_escaped_text_is_accepted_and_comes_back_as_real_characters(wechat: Wechat) -> None:
    device_id = wechat.account.add_device(major=1, minor=1)
    body = json.dumps({"device_identifier": {"device_id": device_id}, "comment": "北扶梯"}, ensure_ascii=True)
    assert "\\u5317" in body
    assert await raw(wechat, "device/update", body.encode()) == 0
    query = {"access_token": await wechat.token()}
    async with wechat.session.post("/shakearound/device/search", json=ALL_DEVICES, params=query) as response:
        assert "北扶梯" in await response.text(encoding="utf-8")


async def test_half_a_surrogate_pair_is_refused(wechat: Wechat) -> None:
    device_id = wechat.account.add_device(major=1, minor=1)
    body = b'{"device_identifier": {"device_id": %d}, "comment": "\\ud83d"}' % device_id
    assert await raw(wechat, "device/update", body) == 40033


async def test_numbers_may_come_as_strings(wechat: Wechat) -> None:
    device_id, page_id = wechat.account.add_device(major=1, minor=1), wechat.add_page()
    body = {"device_identifier": {"device_id": str(device_id)}, "page_ids": [str(page_id)]}
    assert await wechat.errcode("device/bindpage", body) == 0
    assert wechat.account.bindings(device_id) == (page_id,)


async def test_ids_may_be_answered_as_strings() -> None:
    async with serving(replace(SETTINGS, ids_as_strings=True)) as wechat:
        device_id, page_id = wechat.account.add_device(major=1, minor=1), wechat.add_page()
        wechat.account.bind(device_id, [page_id])
        identifier = {"device_id": device_id}
        relations = await wechat.data("relation/search", {"type": 1, "device_identifier": identifier})
    assert relations["relations"][0]["device_id"] == str(device_id)
    assert relations["relations"][0]["page_id"] == str(page_id)
    assert relations["relations"][0]["major"] == 1


@pytest.mark.parametrize(
    ("method", "path", "errcode"),
    [
        ("GET", "/shakearound/device/search", 43002),
        ("POST", "/cgi-bin/token", 43001),
        ("POST", "/shakearound/nothing", 40066),
    ],
)
async def test_a_wrong_verb_or_path_is_named(wechat: Wechat, method: str, path: str, errcode: int) -> None:
    assert (await wechat.send(method, path))["errcode"] == errcode


async def test_a_huge_body_is_turned_away() -> None:
    async with (
        serving(replace(SETTINGS, body_limit=1_000)) as wechat,
        wechat.session.post("/shakearound/device/search", data=b"x" * 2_000) as response,
    ):
        assert response.status == 413


async def test_calls_are_remembered_in_order_and_counted_per_path() -> None:
    async with serving(replace(SETTINGS, calls_kept=3)) as wechat:
        for _ in range(3):
            await wechat.errcode("page/delete", {"page_id": 1})
        calls = [(call.path, call.errcode) for call in wechat.emulator.calls]
        assert calls == [
            ("/shakearound/page/delete", 9001026),
            ("/cgi-bin/stable_token", 0),
            ("/shakearound/page/delete", 9001026),
        ]
        assert wechat.emulator.count("/shakearound/page/delete") == 3


async def test_red_packets_are_honestly_refused(wechat: Wechat) -> None:
    answer = await wechat.send("GET", "/shakearound/lottery/querylottery", access_token=await wechat.token())
    assert answer["errcode"] == 9001067
