"""HTTP to WeChat: bytes out and JSON in. What goes wrong is reported without the address, which holds the token."""

import os
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self

import aiohttp

from beacon_gateway.adapters.wechat.transport.errors import NoConnection, TransientError
from beacon_gateway.adapters.wechat.transport.way import way_to
from beacon_gateway.core.bindings.target import PROXY_UNUSABLE, NeedsOperator, TryLater, Unreachable
from beacon_gateway.core.text.soundness import sound_json
from beacon_gateway.core.wechat.proxy import UnusableProxy

CALL_TIMEOUT_S: Final = 20.0
MAX_ANSWER_BYTES: Final = 4 << 20
HTTP_OK: Final = 200
"""The status of every answer of WeChat's, errors too."""
FIRST_HTTP_SERVER_ERROR: Final = 500


class HttpTransport:
    """One server. Use as an async context manager."""

    def __init__(
        self, base: str, call_seconds: float = CALL_TIMEOUT_S, environment: Mapping[str, str] = os.environ
    ) -> None:
        """`environment` names the proxy, if there is one."""
        self._base, self._environment = base.rstrip("/"), environment
        self._call_seconds = call_seconds
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._call_seconds),
            cookie_jar=aiohttp.DummyCookieJar(),  # nothing that a server wants to be remembered
            trust_env=False,  # it would read ~/.netrc as well
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def send(self, path: str, query: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, Any]:
        """POST, or GET where there is no content; return the JSON object that came back.

        Raises TransientError for what a second try may mend at once, TryLater for the rest: a time-out has waited.
        """
        status, raw = await self._exchange(path, query, content)
        if status != HTTP_OK:
            raise (TransientError if status >= FIRST_HTTP_SERVER_ERROR else TryLater)(f"{path}: HTTP {status}")
        try:
            # Whatever the content type says: WeChat has sent JSON as text/plain.
            answer = sound_json(raw)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TransientError(f"{path}: an answer that is not JSON")
        return answer

    async def _exchange(self, path: str, query: Mapping[str, str], content: Mapping[str, Any]) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the client is not open")
        way = self._way()
        options = {**way, **content, "headers": {**content.get("headers", {}), **way.get("headers", {})}}
        try:
            # Never to another address: the query holds the token, and the body may hold the secret.
            async with self._session.request(
                "POST" if content else "GET", self._base + path, params=query, allow_redirects=False, **options
            ) as response:
                raw = await response.content.read(MAX_ANSWER_BYTES + 1)
                while not response.content.at_eof() and len(raw) <= MAX_ANSWER_BYTES:
                    raw += await response.content.read(MAX_ANSWER_BYTES + 1 - len(raw))
                return response.status, raw
        except TimeoutError:
            trouble: Unreachable = Unreachable(f"{path}: TimeoutError{_through(way)}")
        except (aiohttp.ClientError, OSError) as error:
            trouble = NoConnection(f"{path}: {_kind(error)}{_through(way)}")
        # Raised out here, so that it is not chained: aiohttp's texts may hold the address with the token in it.
        raise trouble

    def _way(self) -> dict[str, Any]:
        """Return what a request is told of the proxy. Raises NeedsOperator."""
        try:
            return way_to(self._base, self._environment)
        except UnusableProxy as error:
            raise NeedsOperator(f"{error}: no proxy of the form http://HOST:PORT", PROXY_UNUSABLE) from None


def _through(way: Mapping[str, Any]) -> str:
    """Name the proxy, without user and password."""
    return f" (through the proxy {way['proxy'].removeprefix('http://')})" if way else ""


def _kind(error: Exception) -> str:
    """Name what went wrong; a proxy's answer has a number."""
    status = f" {error.status}" if isinstance(error, aiohttp.ClientHttpProxyError) else ""
    return type(error).__name__ + status
