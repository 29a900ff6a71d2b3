"""What does not get in, and that all goes on after it."""

from typing import Final

import pytest

from tests.adapters.wechat.callback.conftest import Log
from tests.adapters.wechat.callback.scene import (
    AES_KEY,
    FINE,
    NOON,
    OPENID,
    PATH,
    TOKEN,
    Mode,
    Scene,
    scene,
)


async def test_another_token_is_refused(plain: Scene, log: Log) -> None:
    assert await plain.post(plain.xml(), plain.query(token="another")) == (403, "")
    assert (plain.told, plain.door.refused) == ([], {"forged": 1})
    assert "wechat-callback-token" in log[0]["to_do"]
    await plain.next_good_one_is_taken()


@pytest.mark.parametrize("changed", ["timestamp", "nonce"])
async def test_what_is_signed_cannot_be_changed(plain: Scene, changed: str) -> None:
    query = plain.query()
    assert await plain.post(plain.xml(), query | {changed: str(int(query[changed]) + 1)}) == (403, "")
    assert (plain.told, plain.door.refused) == ([], {"forged": 1})


async def test_one_signature_is_good_for_one_message(plain: Scene) -> None:
    query, body = plain.query(), plain.xml()
    assert await plain.post(body, query) == FINE
    assert await plain.post(body.replace(OPENID, "somebody else"), query) == (403, "")
    assert await plain.post(body, query) == FINE
    assert ([shake.openid for shake in plain.told], plain.door.refused) == ([OPENID], {"replayed": 1})
    await plain.next_good_one_is_taken()


async def test_the_signature_of_an_address_check_is_good_for_no_message(plain: Scene) -> None:
    query = plain.query()
    for echo, status in (("123", 200), ("123", 200), ("124", 403)):
        async with plain.session.get(plain.url, params=query | {"echostr": echo}) as response:
            assert response.status == status
    assert await plain.post(plain.xml(), query) == (403, "")
    assert (plain.told, plain.door.refused) == ([], {"replayed": 2})


@pytest.mark.parametrize("seconds", [0, 1, 119, 120])
@pytest.mark.parametrize("ahead", [1, -1])
async def test_a_signature_is_good_for_two_minutes_before_and_after(plain: Scene, seconds: int, ahead: int) -> None:
    when = NOON.timestamp() + ahead * seconds
    assert await plain.post(plain.xml(), plain.query(when=when)) == FINE


@pytest.mark.parametrize("seconds", [121, 3_600, 86_400])
@pytest.mark.parametrize("ahead", [1, -1])
async def test_an_older_one_or_one_from_the_future_is_refused(plain: Scene, seconds: int, ahead: int) -> None:
    when = NOON.timestamp() + ahead * seconds
    assert await plain.post(plain.xml(), plain.query(when=when)) == (403, "")
    assert (plain.told, plain.door.refused) == ([], {"stale": 1})
    await plain.next_good_one_is_taken()


async def test_a_signature_is_never_forgotten_while_it_is_good(plain: Scene) -> None:
    query, body = plain.query(when=NOON.timestamp() + 120), plain.xml()
    assert await plain.post(body, query) == FINE
    for _ in range(8):
        plain.clock.advance(30)
        assert await plain.post(body.replace(OPENID, "somebody else"), query) == (403, "")
        assert await plain.post(plain.xml()) == FINE
    assert plain.door.refused == {"replayed": 8}


BAD_QUERIES: Final[dict[str, str]] = {
    "none": "",
    "no signature": "timestamp=1700020800&nonce=1",
    "no timestamp": f"signature={'0' * 40}&nonce=1",
    "no nonce": f"signature={'0' * 40}&timestamp=1700020800",
    "a short signature": "signature=00&timestamp=1700020800&nonce=1",
    "a signature in capitals": f"signature={'A' * 40}&timestamp=1700020800&nonce=1",
    "a negative time": f"signature={'0' * 40}&timestamp=-1&nonce=1",
    "a time of many digits": f"signature={'0' * 40}&timestamp={'1' * 400}&nonce=1",
    "digits of another script": f"signature={'0' * 40}&timestamp=%EF%BC%91&nonce=1",
    "a long nonce": f"signature={'0' * 40}&timestamp=1700020800&nonce={'1' * 129}",
    "bytes that are no text": f"signature={'0' * 40}&timestamp=1700020800&nonce=%FF%00",
    "the same name twice": f"signature={'0' * 40}&timestamp=1700020800&nonce=1&nonce=2",
    "many fields": f"signature={'0' * 40}&timestamp=1700020800&nonce=1&" + "&".join(f"a{n}=" for n in range(99)),
    "encrypted without a signature": f"signature={'0' * 40}&timestamp=1700020800&nonce=1&encrypt_type=aes",
}


@pytest.mark.parametrize("query", BAD_QUERIES.values(), ids=BAD_QUERIES)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_query_that_wechat_would_not_write_is_refused(plain: Scene, method: str, query: str) -> None:
    async with plain.session.request(method, f"{plain.url}?{query}", data=plain.xml()) as response:
        assert (response.status, await response.read()) == (400, b"")
    assert (plain.told, plain.door.refused) == ([], {"query": 1})
    await plain.next_good_one_is_taken()


@pytest.mark.parametrize("echo", ["", "1" * 129, "a\nb", "词"])
async def test_only_a_short_plain_text_is_given_back(plain: Scene, echo: str) -> None:
    async with plain.session.get(plain.url, params=plain.query() | {"echostr": echo}) as response:
        assert (response.status, await response.read()) == (400, b"")
    assert plain.door.refused == {"query": 1}


@pytest.mark.parametrize("path", ["/", "/wechat", PATH + "/", PATH + "/x", "/WECHAT/EVENTS"])
async def test_there_is_nothing_at_other_addresses(plain: Scene, path: str) -> None:
    assert await plain.post(plain.xml(), path=path) == (404, "")
    assert (plain.told, plain.door.refused) == ([], {"path": 1})
    await plain.next_good_one_is_taken()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
async def test_there_are_two_methods(plain: Scene, method: str) -> None:
    async with plain.session.request(method, plain.url, params=plain.query()) as response:
        assert (response.status, await response.read()) == (405, b"")
        assert response.headers["Allow"] == "GET, POST"
    assert plain.door.refused == {"method": 1}
    await plain.next_good_one_is_taken()


async def test_before_the_clock_is_set_nothing_is_taken_and_that_is_told_once(plain: Scene, log: Log) -> None:
    plain.clock.is_synchronised = False
    for _ in range(3):
        assert await plain.post(plain.xml()) == (503, "")
        plain.clock.advance(3_600)
    assert (plain.told, plain.door.refused) == ([], {"clock": 3})
    assert [line["reason"] for line in log] == ["clock"]
    plain.clock.is_synchronised = True
    await plain.next_good_one_is_taken()
    plain.clock.is_synchronised = False
    await plain.post(plain.xml())
    assert [line["reason"] for line in log] == ["clock"] * 2


async def test_a_refusal_is_told_once_a_minute_with_how_many_they_were(plain: Scene, log: Log) -> None:
    for seconds in (0, 1, 58, 1, 60):
        plain.clock.advance(seconds)
        assert await plain.post("boom") == (400, "")
    assert [(line["event"], line["reason"], line["count"]) for line in log] == [
        ("callback.refused", "malformed", 1),
        ("callback.refused", "malformed", 3),
        ("callback.refused", "malformed", 1),
    ]
    assert plain.door.refused == {"malformed": 5}


@pytest.mark.parametrize(("mode", "aes_key"), [("plain", None), ("safe", AES_KEY)])
async def test_no_answer_tells_who_answers(mode: Mode, aes_key: str | None) -> None:
    async with scene(aes_key=aes_key) as here:
        for query in (here.query(), {"a": "b"}):
            async with here.session.post(here.url, params=query, data=here.xml()) as response:
                assert response.headers["Server"] == "gateway"
                assert not {"Set-Cookie", "X-Powered-By"} & set(response.headers)
        await here.next_good_one_is_taken(mode)


async def test_the_door_names_no_secret(safe: Scene) -> None:
    query = safe.query()
    for text in (repr(safe.door), repr(vars(safe.door)), str(query)):
        assert TOKEN not in text
        assert AES_KEY not in text


async def test_ours_to_mend_is_told_by_its_class(plain: Scene, log: Log) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError(f"boom {OPENID}")

    plain.door._take = fail
    assert await plain.post(plain.xml()) == (500, "")
    assert [(line["reason"], line["error"]) for line in log] == [("fault", "ZeroDivisionError")]
