"""The door at which WeChat knocks: one address, one kind of event, and nothing else gets in.

The cheap checks come first. Whatever is refused leaves nothing behind but a count.
"""

from collections import Counter
from collections.abc import Callable
from typing import Final, cast

import structlog
from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError

from beacon_gateway.adapters.connections import Connection, ConnectionLimits, ConnectionServer
from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.wechat.callback.callback_crypto import CallbackCrypto, encrypted_part
from beacon_gateway.adapters.wechat.callback.message_xml import MAX_MESSAGE_BYTES, BadMessage
from beacon_gateway.adapters.wechat.callback.query import MAX_QUERY_CHARACTERS, CallbackQuery, read_query
from beacon_gateway.adapters.wechat.callback.refusals import CallbackRefused, RefusalLog, RefusalReason
from beacon_gateway.adapters.wechat.callback.responses import CallbackErrors, answer, refusal
from beacon_gateway.adapters.wechat.callback.seen_signatures import SeenSignature, SeenSignatures
from beacon_gateway.adapters.wechat.callback.shake_message import Encrypted, read_shake
from beacon_gateway.core.log.shake import ReportedShake
from beacon_gateway.core.model.clocks import Clock

LIMITS: Final = ConnectionLimits(
    connections=500,  # a process has 1,024 files by default, and the hit log must stay among them
    idle_s=75.0,  # longer than nginx keeps its own (60 s), so that none is closed under a request
    request_s=2.0,  # WeChat itself waits five seconds for the answer
)
TIMESTAMP_TOLERANCE_S: Final = 120
"""Seconds that a signature's time may differ from ours."""
ACK_BODY: Final = "success"
"""WeChat does not repeat what was answered so ("Message push" page)."""


class CallbackServer(Listener):
    """Listens while the block runs, and hands each shake over once. Use as an async context manager."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        path: str,
        appid: str,
        token: str,
        aes_key: str | None,
        take: Callable[[ReportedShake], None],
        clock: Clock,
        limits: ConnectionLimits = LIMITS,
    ) -> None:
        """With an `aes_key` only what is encrypted is read. `take` is called before the answer: it must not wait."""
        super().__init__(host, port, self._runner_of_server)
        self._path = path
        self._seal = CallbackCrypto(appid=appid, token=token, aes_key=aes_key)
        self._take, self._clock, self._limits = take, clock, limits
        # Twice, since a signature may come from a clock that is ahead of ours.
        self._seen = SeenSignatures(seconds=2 * TIMESTAMP_TOLERANCE_S)
        self._refusals = RefusalLog(clock)
        self._say = structlog.get_logger("callback")
        self.taken = 0
        self.repeated = 0
        """What came again, the same to the last byte."""
        self.ignored = 0
        """What is about something else."""

    @property
    def refused(self) -> Counter[str]:
        """Return how many were refused, by reason."""
        return self._refusals.counts

    @property
    def forgotten(self) -> int:
        """Return how many signatures were forgotten before their time, because too many came."""
        return self._seen.dropped

    def _runner_of_server(self) -> web.ServerRunner:
        server = ConnectionServer(self._handle, self._limits, CallbackErrors(self._refusals))
        return web.ServerRunner(server, shutdown_timeout=1.0)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        connection = cast("Connection", request.protocol)
        connection.request_begins()  # its head may have come together with the request before
        try:
            query = self._admitted(request)
            body = await _body(request) if request.method == "POST" else b""
            return answer(self._received(query, body) if request.method == "POST" else self._echoed(query))
        except CallbackRefused as refused:
            if not connection.timed_out:  # that was counted already
                self._refusals.note(refused.reason)
            return refusal(refused.reason)
        finally:
            connection.request_arrived()

    def _admitted(self, request: web.BaseRequest) -> CallbackQuery:
        """Check all that can be checked before the body is read. Raises CallbackRefused."""
        if request.path != self._path:
            raise CallbackRefused(RefusalReason.PATH)
        if request.method not in {"GET", "POST"}:
            raise CallbackRefused(RefusalReason.METHOD)
        text = request.rel_url.raw_query_string
        if len(text) > MAX_QUERY_CHARACTERS or (request.content_length or 0) > MAX_MESSAGE_BYTES:
            raise CallbackRefused(RefusalReason.TOO_LARGE)
        if not self._clock.synchronised():
            raise CallbackRefused(RefusalReason.CLOCK)
        self._refusals.clock_is_right()
        query = read_query(text)
        if abs(self._clock.utc().timestamp() - query.signed_at) > TIMESTAMP_TOLERANCE_S:
            raise CallbackRefused(RefusalReason.STALE)
        if not self._seal.signed(query.signature, query.timestamp, query.nonce):
            raise CallbackRefused(RefusalReason.FORGED)
        return query

    def _echoed(self, query: CallbackQuery) -> str:
        """Return what WeChat sent to see whether the address is ours. Raises CallbackRefused."""
        if not query.echo:
            raise CallbackRefused(RefusalReason.QUERY)
        echo = query.echo.encode()
        if not self._came_before(query, echo):
            self._remember(query, echo)  # or a message could be put behind its signature
            self._say.info("callback.address_checked")
        return query.echo

    def _received(self, query: CallbackQuery, body: bytes) -> str:
        """Hand over what came, unless it came before. Raises CallbackRefused."""
        signed = self._sealed_part(query, body) if self._seal.can_decrypt else body
        if self._came_before(query, signed):
            self.repeated += 1
            return ACK_BODY
        told = self._told(signed)
        self._remember(query, signed)  # not before: a spoilt message must not spend a good one's signature
        if told is None:
            self.ignored += 1
        else:
            self.taken += 1
            self._take(told)
        return ACK_BODY

    def _sealed_part(self, query: CallbackQuery, body: bytes) -> bytes:
        """Return what is encrypted, rightly signed. Raises CallbackRefused."""
        if not query.encrypted:  # what stands beside an encrypted part is not signed, and anybody may have put it there
            raise CallbackRefused(RefusalReason.UNSEALED)
        try:
            sealed = encrypted_part(body)
        except BadMessage:
            raise CallbackRefused(RefusalReason.MALFORMED) from None
        if not self._seal.signed(query.message_signature, query.timestamp, query.nonce, sealed):
            raise CallbackRefused(RefusalReason.FORGED)
        return sealed.encode()

    def _told(self, signed: bytes) -> ReportedShake | None:
        """Open and read. Raises CallbackRefused."""
        reason = RefusalReason.SEAL
        try:
            xml = self._seal.decrypt(signed) if self._seal.can_decrypt else signed
            reason = RefusalReason.MALFORMED
            return read_shake(xml)
        except Encrypted:
            raise CallbackRefused(RefusalReason.SEALED) from None
        except BadMessage:
            raise CallbackRefused(reason) from None

    def _came_before(self, query: CallbackQuery, signed: bytes) -> bool:
        """True if just this came before. Raises CallbackRefused where the signature came with something else."""
        seen = self._seen.look(query.signature, signed)
        if seen is SeenSignature.WITH_ANOTHER:
            raise CallbackRefused(RefusalReason.REPLAYED)
        return seen is SeenSignature.WITH_THIS

    def _remember(self, query: CallbackQuery, signed: bytes) -> None:
        self._seen.remember(query.signature, signed, self._clock.monotonic())


async def _body(request: web.BaseRequest) -> bytes:
    """Return the body. Raises CallbackRefused."""
    body = bytearray()
    try:
        if request.headers.get("Expect", "").lower() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.writer.output_size = 0  # no part of the answer
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > MAX_MESSAGE_BYTES:
                raise CallbackRefused(RefusalReason.TOO_LARGE)
    except (ConnectionError, ClientPayloadError, HttpProcessingError, web.RequestPayloadError):
        raise CallbackRefused(RefusalReason.CUT) from None
    return bytes(body)
