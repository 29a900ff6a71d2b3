"""Whatever comes behind a right signature, there is an answer, and it blames the sender."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.wechat.callback.scene import AES_KEY, PATH, Answer, Scene, encrypted, padded, plain_text, scene

PIECES = st.binary(max_size=30) | st.sampled_from(
    [
        b"<xml>",
        b"</xml>",
        b"<![CDATA[",
        b"]]>",
        b"<Uuid>",
        b"<AroundBeacons/>",
        b"&amp;",
        b"&x;",
        b"<!DOCTYPE x>",
        b"<?x?>",
    ]
)
ANY = st.binary(max_size=300) | st.lists(PIECES, max_size=12).map(b"".join)
EXAMPLES = settings(derandomize=True, max_examples=250, deadline=None)


def edited(good: bytes) -> st.SearchStrategy[bytes]:
    """The good message with a piece of it replaced."""
    places = st.integers(0, len(good))
    return st.builds(
        lambda start, length, piece: good[:start] + piece + good[start + length :], places, st.integers(0, 60), PIECES
    )


def each_is_answered(
    aes_key: str | None, send: Callable[[Scene, bytes], Coroutine[Any, Any, Answer]], *, xml: bool = True
) -> None:
    """Send hundreds of bodies over one door; of what is taken, each has come once."""
    with asyncio.Runner() as runner:
        opening = scene(aes_key=aes_key)
        here = runner.run(opening.__aenter__())
        good = here.xml(around=1).encode()

        @EXAMPLES
        @given(ANY | edited(good) if xml else ANY)
        def check(body: bytes) -> None:
            before = len(here.told)
            status, text = runner.run(send(here, body))
            assert (status, text) == (200, "success") or (400 <= status < 500 and not text)
            assert len(here.told) - before <= (status == 200)

        check()
        runner.run(here.next_good_one_is_taken("safe" if aes_key else "plain"))
        assert here.door.refused["fault"] == 0
        runner.run(opening.__aexit__(None, None, None))


def test_any_body() -> None:
    each_is_answered(None, lambda here, body: here.post(body))


def test_any_message_in_an_envelope() -> None:
    each_is_answered(AES_KEY, lambda here, body: here.post_sealed(encrypted(padded(plain_text(body)))))


def test_any_plain_text_of_a_cipher() -> None:
    send = lambda here, body: here.post_sealed(encrypted(body[: len(body) // 16 * 16]))  # noqa: E731 - one line that is handed on
    each_is_answered(AES_KEY, send, xml=False)


def test_any_encrypted_part() -> None:
    send = lambda here, body: here.post_sealed(body.decode("latin-1"))  # noqa: E731 - one line that is handed on
    each_is_answered(AES_KEY, send, xml=False)


def test_any_body_in_place_of_an_envelope() -> None:
    each_is_answered(AES_KEY, lambda here, body: here.post(body, here.query(sealed="")))


def test_any_query() -> None:
    async def send(here: Scene, text: bytes) -> Answer:
        url = f"http://127.0.0.1:{here.door.port}{PATH}"
        query = {name: text.decode("latin-1")[:40] for name in ("signature", "timestamp", "nonce")}
        async with here.session.post(url, params=query) as response:
            return response.status, await response.text()

    each_is_answered(None, send, xml=False)
