"""Calls to WeChat's API: one HTTP session, one token, JSON in and out, every failure a `TargetError`.

wechatpy's own transport blocks, retries a rejected token without end, and sends the binding flags of 2015; only its
exceptions are used here.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
import structlog

from beacon_gateway.adapters.wechat.errors import TOKEN_REJECTED, as_target_error
from beacon_gateway.core.target import TryLater

IN_FLIGHT: Final = 5
"""Calls at a time. Five at 100 ms read an account of 1,000 beacons and 50 pages in two seconds."""
CALL_SECONDS: Final = 20.0
LONGEST_LIFE: Final = 30 * 86_400
"""Seconds. WeChat's tokens live for two hours; what claims more than a month is no lifetime."""
LARGEST_ANSWER: Final = 4 << 20
TOKEN_MARGIN: Final = 200.0
"""Seconds before its end at which a token is replaced. From 300 s before its end on WeChat gives out the next one, and
for 300 s both are valid ("getStableAccessToken")."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send as multipart form."""

    filename: str
    content: bytes


class Client:
    """One account. Use as an async context manager."""

    def __init__(
        self, *, api_base: str, appid: str, secret: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._api_base = api_base.rstrip("/")
        self._appid, self._secret = appid, secret
        self._monotonic = monotonic
        self._session: aiohttp.ClientSession | None = None
        self._room = asyncio.Semaphore(IN_FLIGHT)
        self._token = ""
        self._token_until = 0.0
        self._token_lock = asyncio.Lock()
        self._log = structlog.get_logger("wechat")

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def call(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST a JSON body; give the whole answer. Raises TryLater, NeedsOperator or Refused."""
        return await self._with_token(path, {}, lambda: {"data": _json(body), "headers": _JSON_HEADERS})

    async def read(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask for what is there; give the whole answer. Without a body it is a GET. Raises as `call` does."""
        if body is None:
            return await self._with_token(path, {}, dict)
        return await self.call(path, body)

    async def upload(self, path: str, kind: str, file: Upload) -> dict[str, Any]:
        """POST a file; give the whole answer. Raises as `call` does."""

        def form() -> dict[str, Any]:  # anew for each try: a form can be sent once
            fields = aiohttp.FormData()
            fields.add_field("media", file.content, filename=file.filename)
            return {"data": fields}

        return await self._with_token(path, {"type": kind}, form)

    async def _with_token(
        self, path: str, query: Mapping[str, str], content: Callable[[], dict[str, Any]]
    ) -> dict[str, Any]:
        token = await self._valid_token()
        answer = await self._post(path, {**query, "access_token": token}, content())
        if _errcode(answer) in TOKEN_REJECTED:
            token = await self._valid_token(rejected=token)
            answer = await self._post(path, {**query, "access_token": token}, content())
        if errcode := _errcode(answer):
            raise as_target_error(path, errcode, str(answer.get("errmsg", "")))
        return answer

    async def _valid_token(self, rejected: str = "") -> str:
        """Give a token; fetch one if there is none, it is about to end, or it is the one that was just rejected.

        Never forces a new one: every process of the account gets the same token, and none invalidates another's.
        """
        async with self._token_lock:
            if self._token and self._token != rejected and self._monotonic() < self._token_until:
                return self._token
            path = "/cgi-bin/stable_token"
            request = {"grant_type": "client_credential", "appid": self._appid, "secret": self._secret}
            answer = await self._post(path, {}, {"data": _json(request), "headers": _JSON_HEADERS})
            errcode = _errcode(answer)
            if errcode:
                raise as_target_error(path, errcode, str(answer.get("errmsg", "")))
            token, lifetime = answer.get("access_token"), answer.get("expires_in")
            if not isinstance(token, str) or not token or not isinstance(lifetime, int) or lifetime > LONGEST_LIFE:
                raise TryLater(f"{path}: an answer without a token")
            self._token, self._token_until = token, self._monotonic() + lifetime - TOKEN_MARGIN
            self._log.info("wechat.token", seconds=lifetime)
            return token

    async def _post(self, path: str, query: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
        if self._session is None:
            raise RuntimeError("the client is not open")
        trouble = ""
        async with self._room:
            try:
                # Never to another address: the query holds the token, and the body may hold the secret.
                async with self._session.request(
                    "POST" if content else "GET",
                    self._api_base + path,
                    params=query,
                    allow_redirects=False,
                    **content,
                ) as response:
                    status = response.status
                    raw = await response.content.read(LARGEST_ANSWER + 1)
                    while not response.content.at_eof() and len(raw) <= LARGEST_ANSWER:
                        raw += await response.content.read(LARGEST_ANSWER + 1 - len(raw))
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                trouble = type(error).__name__
        if trouble:
            # Raised out here, so that it is not chained: aiohttp's texts may hold the address with the token in it.
            raise TryLater(f"{path}: {trouble}")
        if status != 200:  # noqa: PLR2004 - WeChat says 200 even for its errors
            raise TryLater(f"{path}: HTTP {status}")
        try:
            # Whatever the content type says: WeChat has sent JSON as text/plain.
            answer = json.loads(raw)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise TryLater(f"{path}: an answer that is not JSON")
        return answer


_JSON_HEADERS: Final = {"Content-Type": "application/json; charset=utf-8"}


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()  # WeChat rejects \uXXXX in some texts (40033)


def _errcode(answer: Mapping[str, Any]) -> int:
    try:
        return int(answer.get("errcode", 0))
    except (TypeError, ValueError, OverflowError):
        return -1
