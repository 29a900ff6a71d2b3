"""Bringing events to a merchant's callback server: three tries, then silence."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
import structlog

from beacon_gateway.simulator.wechat.events import CallbackTarget, PushedEvent, signature, signed

MAX_DELIVERY_TRIES = 3  # "Shake event notifications" page

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """How it went: tries made, and the answer's text, None if there never was one."""

    tries: int
    answer: str | None


class EventPusher:
    """Pushes the events of one account. `clock` gives unix seconds; `answer_within` and the pause are seconds."""

    def __init__(self, appid: str, clock: Callable[[], float], rng: random.Random, *, answer_within: float) -> None:
        self._appid = appid
        self._now = clock
        self._rng = rng
        self._answer_within = answer_within

    async def deliver(self, event: PushedEvent, callback: CallbackTarget) -> DeliveryResult:
        """Push until the callback answers with status 200, each time signed afresh; what it answers is only logged."""
        async with self._session() as session:
            for attempt in range(1, MAX_DELIVERY_TRIES + 1):
                answer = await self._push(session, event, callback)
                if answer is not None:
                    if answer not in {"", "success"}:
                        _log.warning("callback.strange_answer", url=callback.url, answer=answer)
                    return DeliveryResult(attempt, answer)
        _log.warning("callback.event_lost", url=callback.url, sender=event.sender, create_time=event.create_time)
        return DeliveryResult(MAX_DELIVERY_TRIES, None)

    async def verify(self, callback: CallbackTarget) -> bool:
        """The check of a new callback URL: it must give back `echostr`."""
        timestamp, nonce, echo = str(int(self._now())), self._nonce(), self._nonce()
        sign = signature(callback.token, timestamp, nonce)
        query = {"signature": sign, "timestamp": timestamp, "nonce": nonce, "echostr": echo}
        async with self._session() as session:
            try:
                async with session.get(callback.url, params=query) as response:
                    return response.status == 200 and await _text(response) == echo
            except (aiohttp.ClientError, TimeoutError):
                return False

    async def _push(self, session: aiohttp.ClientSession, event: PushedEvent, callback: CallbackTarget) -> str | None:
        push = signed(
            event,
            callback,
            appid=self._appid,
            timestamp=int(self._now()),
            nonce=self._nonce(),
            prefix=self._rng.randbytes(16),
        )
        headers = {"Content-Type": "text/xml"}
        try:
            async with session.post(callback.url, params=push.query, data=push.body, headers=headers) as response:
                if response.status == 200:
                    return await _text(response)
        except TimeoutError:
            return None
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(self._answer_within)  # the next try comes when an answer would have been too late
        return None

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._answer_within))

    def _nonce(self) -> str:
        return str(self._rng.randrange(10**8, 10**9))


async def _text(response: aiohttp.ClientResponse) -> str:
    return (await response.content.read(4_096)).decode(errors="replace")
