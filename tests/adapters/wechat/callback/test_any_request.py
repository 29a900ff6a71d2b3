"""Whatever knocks at the door for WeChat's events is answered or hung up on; nothing is recorded that was not signed.

Any method, path, query, header and body, byte for byte; each once by somebody who knows no token, and once behind a
right signature.
"""

import asyncio
import random
from collections.abc import Iterator
from itertools import count, islice
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.web.any_request import CHUNKS, ENCODED, FORM, HEADERS, LINES, NUMBERS, PARTS, TYPED, Asked, Client
from tests.adapters.wechat.callback.conftest import Log
from tests.adapters.wechat.callback.scene import AES_KEY, CHOSEN, PATH, Scene, scene

REQUEST_S = 0.25
AT_ONCE = 10
METHODS = ("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT", "PATCH", "FOO", "get", "G\xcbT")
NAMES = ("signature", "timestamp", "nonce", "encrypt_type", "msg_signature", "echostr", "nobody-knows")
EXAMPLES = settings(derandomize=True, max_examples=300, deadline=None)


def signed(here: Scene) -> str:
    return urlencode(here.query())


def by_anybody(here: Scene, xml: str) -> Iterator[Asked]:
    """Yield what is asked without the token: nothing of it may be recorded."""
    forged = urlencode(here.query(token="another"))
    yield from (Asked(line) for line in LINES)
    for line in LINES:  # the lines' own methods and versions, at the address that there is
        yield Asked(line.replace(" / ", f" {PATH}?{forged} "), body=xml)
    for method in METHODS:
        for query in ("", forged):
            yield Asked(f"{method} {PATH}?{query} HTTP/1.1", body=xml)
    for name in NAMES:
        for value in (*ENCODED, *NUMBERS):
            yield Asked(f"POST {PATH}?{forged}&{name}={value} HTTP/1.1", body=xml)
            yield Asked(f"GET {PATH}?{name}={value} HTTP/1.1")
    for value in ENCODED:
        yield Asked(f"POST {PATH}{value} HTTP/1.1", body=xml)
        yield Asked(f"POST /{value}?{value} HTTP/1.1", body=xml)
    yield from bodies(f"POST {PATH}?{forged} HTTP/1.1", xml)


def with_the_token(here: Scene, xml: str) -> Iterator[Asked]:
    """Yield what is asked behind a right signature, each with one of its own."""
    for method in METHODS:
        yield Asked(f"{method} {PATH}?{signed(here)} HTTP/1.1", body=xml)
    for name in NAMES:
        for value in (*ENCODED, *NUMBERS):
            yield Asked(f"POST {PATH}?{signed(here)}&{name}={value} HTTP/1.1", body=xml)
            yield Asked(f"GET {PATH}?{signed(here)}&{name}={value} HTTP/1.1")
    for number in count():
        asked = next(islice(bodies(f"POST {PATH}?{signed(here)} HTTP/1.1", xml), number, None), None)
        if asked is None:
            return
        yield asked


def bodies(line: str, xml: str) -> Iterator[Asked]:
    for header in HEADERS:
        yield Asked(line, (header,), xml)
    for chunk in CHUNKS:
        yield Asked(line, (("Transfer-Encoding", "chunked"),), chunk, is_cut=True)
    for part in PARTS:
        yield Asked(line, (("Content-Type", "multipart/form-data; boundary=x"),), part)
    for value in TYPED:
        yield Asked(line, (("Content-Type", FORM),), f"xml={quote(value, errors='surrogatepass')}"[:16_000])
        yield Asked(line, (("Content-Type", "text/xml"),), value.encode("utf-8", "surrogatepass").decode("latin-1"))
    for cut in range(0, len(xml), 29):
        yield Asked(line, (("Content-Length", str(len(xml))),), xml[:cut] or "<", is_cut=True)


async def codes_of(here: Scene, all_of_it: Iterator[Asked]) -> list[str]:
    """Ask everything, some at a time; return what was answered as if it were our fault."""
    client, wrong = Client(here.door.port), list[str]()

    async def work() -> None:
        for asked in all_of_it:
            code = await client.code(asked)
            if code >= 500:
                wrong.append(f"{code}: {asked.line[:200]!r} {asked.headers!r} {asked.body[:200]!r}")

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(work())
    assert sum(client.codes.values()) > 300
    return wrong


def is_quiet(here: Scene, log: Log, caplog: pytest.LogCaptureFixture) -> bool:
    """True if nothing failed: no fault was counted, no traceback logged, and no more than a line for each reason."""
    lines = [(line["event"], line.get("reason")) for line in log]
    return (
        not here.door.refused["fault"]
        and "Traceback" not in caplog.text
        and not any("exc_info" in line or line["log_level"] in {"error", "critical"} for line in log)
        and len(lines) == len(set(lines))
    )


@pytest.mark.parametrize("aes_key", [None, AES_KEY], ids=["plain", "safe"])
async def test_nothing_that_was_not_signed_is_recorded(
    aes_key: str | None, log: Log, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene(aes_key=aes_key, request_s=REQUEST_S) as here:
        wrong = await codes_of(here, by_anybody(here, here.xml(around=1).encode().decode("latin-1")))
        assert wrong == []
        assert here.told == []
        assert (here.door.taken, here.door.repeated, here.door.ignored) == (0, 0, 0)
        assert is_quiet(here, log, caplog)
        await here.next_good_one_is_taken("safe" if aes_key else "plain")


async def test_behind_a_signature_stands_what_wechat_would_send_or_nothing(
    log: Log, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene(request_s=REQUEST_S) as here:
        wrong = await codes_of(here, with_the_token(here, here.xml(around=1).encode().decode("latin-1")))
        assert wrong == []
        assert {told.key for told in here.told} == {CHOSEN}
        assert len(here.told) == here.door.taken
        assert {line["event"] for line in log} <= {"callback.refused", "callback.address_checked"}
        assert not here.door.refused["fault"]
        assert "Traceback" not in caplog.text
        await here.next_good_one_is_taken()


async def test_a_message_without_its_envelope_is_not_recorded_where_there_is_a_key() -> None:
    async with scene(aes_key=AES_KEY, request_s=REQUEST_S) as here:
        assert await codes_of(here, with_the_token(here, here.xml().encode().decode("latin-1"))) == []
        assert here.told == []
        await here.next_good_one_is_taken("safe")


def test_any_bytes_on_a_connection() -> None:
    """Pieces of requests in any order, as often as they come."""
    pieces = st.sampled_from(
        [
            *(b"POST ", b"GET ", PATH.encode(), b"?signature=", b" HTTP/1.1\r\n", b"\r\n", b"\r\n\r\n", b"\n", b"\0"),
            *(b"Host: a\r\n", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"5\r\nabcde\r\n", b"0\r\n"),
            *(b"Expect: 100-continue\r\n", b"Upgrade: h2c\r\nConnection: Upgrade\r\n", b"\xff\xfe", b": ", b"<xml>"),
        ]
    )
    chance = random.Random(1)
    with asyncio.Runner() as runner:
        opening = scene(request_s=REQUEST_S)
        here = runner.run(opening.__aenter__())

        async def sent(data: bytes) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", here.door.port)
            try:
                writer.write(data)
                if chance.random() < 0.9:
                    writer.write_eof()
                return await reader.read()
            except ConnectionError:
                return b""
            finally:
                writer.close()

        @EXAMPLES
        @given(st.lists(pieces | st.binary(max_size=20), max_size=14).map(b"".join))
        def check(data: bytes) -> None:
            assert b"HTTP/1.1 5" not in runner.run(sent(data))

        check()
        assert (here.told, here.door.refused["fault"]) == ([], 0)
        runner.run(here.next_good_one_is_taken())
        runner.run(opening.__aexit__(None, None, None))
