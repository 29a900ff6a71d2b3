"""Calls to WeChat's API: one token, JSON in and out, no more than WeChat bears, every failure a `TargetError`.

wechatpy's own transport blocks, retries a rejected token without end, and sends the binding flags of 2015. Its cipher
is used (`callback.seal`), where shakes are received.
"""

import asyncio
import json
import os
import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Final, Protocol, Self

import aiohttp
import structlog

from beacon_gateway.adapters.wechat.transport.errors import (
    DAY_QUOTA,
    MINUTE_QUOTA,
    TOKEN_REJECTED,
    TransientError,
    as_target_error,
    plain,
)
from beacon_gateway.adapters.wechat.transport.http import CALL_TIMEOUT_S, HttpTransport
from beacon_gateway.core.bindings.target import SlowDown, TargetError, TryLater, WaitForQuota
from beacon_gateway.core.text.soundness import sound_integer, valid_unicode
from beacon_gateway.core.wechat.pace import RATE_PERIOD_S, CallPace
from beacon_gateway.core.wechat.quota import Quota

TOKEN_PATH: Final = "/cgi-bin/stable_token"  # noqa: S105 - a path, not a password
MAX_CALLS_IN_FLIGHT: Final = 5
"""Calls at a time. Five at 100 ms read an account of 1,000 beacons and 50 pages in two seconds."""
MAX_TOKEN_LIFE_S: Final = 30 * 86_400
"""Seconds. WeChat's tokens live for two hours; what claims more than a month is no lifetime."""
_TOKEN: Final = re.compile(r"[!-~]{1,2048}")
"""WeChat reserves 512 characters."""
MAX_ERRCODE: Final = 10**9
SYSTEM_BUSY: Final = -1
TOKEN_MARGIN_S: Final = 200.0
"""Seconds before its end at which a token is replaced. From 300 s before its end on WeChat gives out the next one, and
for 300 s both are valid ("getStableAccessToken")."""
PAUSES: Final = (0.3, 1.0)
"""Seconds before a read is tried again, and once more; a half less or more by chance."""
MAX_RATE_REFUSALS: Final = 3
"""How often one call may be told to slow down before its caller is."""
MAX_WAIT_S: Final = 600.0
"""Seconds for which a call waits for its turn."""
RETRY_SPREAD_S: Final = 5.0
"""Seconds of a new minute over which the gateways of an account begin again."""


class QuotaCount(Protocol):
    """Counts calls for each path, and knows which paths take none for now. Moments are aware."""

    def count(self, path: str, at: datetime) -> None: ...

    def park(self, path: str, at: datetime) -> datetime: ...

    def parked_until(self, path: str, at: datetime) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send as multipart form."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Lane:
    """One path: its pace, and the queue of those who wait for their turn."""

    pace: CallPace = field(default_factory=CallPace)
    queue: asyncio.Lock = field(default_factory=asyncio.Lock)


class WeChatClient:
    """One account. Use as an async context manager.

    A path whose daily quota is used up (45009) is called no more until midnight in Beijing; without a `quota` this is
    forgotten at the end. A path that is called too fast (45011) waits for the next minute and then goes at half the
    rate for ten minutes. Reads are repeated quickly where that may help; writes never, since they may have been done.
    """

    def __init__(
        self,
        *,
        api_base: str,
        appid: str,
        secret: str | Callable[[], Awaitable[str]],
        quota: QuotaCount | None = None,
        call_seconds: float = CALL_TIMEOUT_S,
        longest_wait: float = MAX_WAIT_S,
        monotonic: Callable[[], float] = time.monotonic,
        utc: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """`environment` names the proxy, if there is one. A `secret` that is asked for may raise TargetError."""
        self._http = HttpTransport(api_base, call_seconds, environment)
        self._appid, self._secret = appid, secret
        self._longest_wait = longest_wait
        self._quota: QuotaCount = quota or Quota()
        self._monotonic, self._utc, self._sleep, self._chance = monotonic, utc, sleep, chance
        self._room = asyncio.Semaphore(MAX_CALLS_IN_FLIGHT)
        self._lanes: dict[str, _Lane] = {}
        self._token = ""
        self._token_until = 0.0
        self._token_lock = asyncio.Lock()
        self._log = structlog.get_logger("wechat")

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, error, trace)

    async def call(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST a JSON body; return the whole answer. Raises TryLater and its kin, NeedsOperator or Refused."""
        return await self._insist(path, {}, lambda: _json_content(body), ())

    async def read(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask for what is there; return the whole answer. Without a body it is a GET. Raises as `call` does."""
        return await self._insist(path, {}, lambda: {} if body is None else _json_content(body), PAUSES)

    async def upload(self, path: str, kind: str, file: Upload) -> dict[str, Any]:
        """POST a file; return the whole answer. Raises as `call` does."""

        def form() -> dict[str, Any]:  # anew for each try: a form can be sent once
            fields = aiohttp.FormData()
            fields.add_field("media", file.content, filename=file.filename)
            return {"data": fields}

        return await self._insist(path, {"type": kind}, form, ())

    async def _insist(
        self, path: str, query: Mapping[str, str], content: Callable[[], dict[str, Any]], pauses: tuple[float, ...]
    ) -> dict[str, Any]:
        """Make a call; make it again where it surely was not done, or where it changes nothing (`pauses`)."""
        rejected, complaints = "", 0
        while True:
            self._check_quota(path)
            try:
                token = await self._valid_token(rejected)  # its own troubles are never met by another try
            except TargetError as error:
                error.concerns_all = True
                raise
            try:
                answer = await self._attempt(path, {**query, "access_token": token}, content())
            except SlowDown:
                complaints += 1
                if complaints == MAX_RATE_REFUSALS:
                    raise
                continue
            except TransientError:
                if not pauses:
                    raise
                pause, *rest = pauses
                pauses = tuple(rest)
                await self._sleep(pause * (0.5 + self._chance()))
                continue
            if (errcode := _errcode(answer)) not in TOKEN_REJECTED:
                return answer
            if rejected:
                raise as_target_error(path, errcode, str(answer.get("errmsg", "")))
            rejected = token

    async def _attempt(self, path: str, query: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
        """Send once, at this path's turn. Return an answer without error, or with one about the token."""
        begun = await self._turn(path)
        async with self._room:
            self._check_quota(path)
            self._quota.count(path, self._utc())
            answer = await self._http.send(path, query, content)
        errcode, errmsg = _errcode(answer), str(answer.get("errmsg", ""))
        if errcode == DAY_QUOTA:
            until = self._quota.park(path, self._utc())
            self._log.warning("wechat.quota_reached", path=path, until=until.isoformat())
            raise _quota_reached(path, until, errmsg)
        if errcode == MINUTE_QUOTA:
            raise self._slowed(path, begun, errmsg)
        if errcode and errcode not in TOKEN_REJECTED:
            raise as_target_error(path, errcode, errmsg)
        return answer

    def _check_quota(self, path: str) -> None:
        if until := self._quota.parked_until(path, self._utc()):
            raise _quota_reached(path, until, "its calls of this Beijing day are used up")

    async def _turn(self, path: str) -> float:
        """Wait until the path may be called; return the moment (monotonic)."""
        lane, asked = self._lanes.setdefault(path, _Lane()), self._monotonic()
        if lane.pace.wait(asked):
            async with lane.queue:
                while wait := lane.pace.wait(self._monotonic()):
                    if self._monotonic() + wait - asked > self._longest_wait:
                        raise TryLater(f"{path}: too many calls wait for their turn", str(MINUTE_QUOTA))
                    await self._sleep(wait)
                lane.pace.begin(self._monotonic())
        else:
            lane.pace.begin(asked)
        return self._monotonic()

    def _slowed(self, path: str, begun: float, errmsg: str) -> SlowDown:
        """Note that WeChat wants a path called less often; return the exception to be raised."""
        at = self._utc()
        wait = RATE_PERIOD_S - at.timestamp() % RATE_PERIOD_S + RETRY_SPREAD_S * self._chance()
        now = self._monotonic()
        self._lanes[path].pace.complain(now, now + wait, begun)
        self._log.warning("wechat.slow_down", path=path, seconds=round(wait, 1))
        until = at + timedelta(seconds=wait)
        return SlowDown(f"{path}: {MINUTE_QUOTA} {plain(errmsg)}", str(MINUTE_QUOTA), until=until)

    async def _valid_token(self, rejected: str = "") -> str:
        """Return a token; fetch one if there is none, it is about to end, or it is the one that was just rejected.

        Never forces a new one: every process of the account gets the same token, and none invalidates another's.
        """
        async with self._token_lock:
            if self._token and self._token != rejected and self._monotonic() < self._token_until:
                return self._token
            secret = self._secret if isinstance(self._secret, str) else await self._secret()
            request = {"grant_type": "client_credential", "appid": self._appid, "secret": secret}
            answer = await self._attempt(TOKEN_PATH, {}, _json_content(request))
            if errcode := _errcode(answer):
                raise as_target_error(TOKEN_PATH, errcode, str(answer.get("errmsg", "")))
            token, lifetime = answer.get("access_token"), sound_integer(answer.get("expires_in"), 1, MAX_TOKEN_LIFE_S)
            if not isinstance(token, str) or not _TOKEN.fullmatch(token) or lifetime is None:
                raise TryLater(f"{TOKEN_PATH}: an answer without a token")
            self._token, self._token_until = token, self._monotonic() + lifetime - TOKEN_MARGIN_S
            self._log.info("wechat.token", seconds=lifetime)
            return token


def _quota_reached(path: str, until: datetime, reason: str) -> WaitForQuota:
    return WaitForQuota(f"{path}: {DAY_QUOTA} {plain(reason)}", str(DAY_QUOTA), path=path, until=until)


def _json_content(body: Mapping[str, Any]) -> dict[str, Any]:
    # WeChat rejects \uXXXX in some texts (40033).
    data = valid_unicode(json.dumps(body, ensure_ascii=False)).encode()
    return {"data": data, "headers": {"Content-Type": "application/json; charset=utf-8"}}


def _errcode(answer: Mapping[str, Any]) -> int:
    errcode = sound_integer(answer.get("errcode", 0), -MAX_ERRCODE, MAX_ERRCODE)
    return SYSTEM_BUSY if errcode is None else errcode
