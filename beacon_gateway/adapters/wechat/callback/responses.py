"""HTTP as the callback speaks it: in short, and silent about what it was sent.

aiohttp's own way of dealing with a bad request puts the request into the log and into the answer; WeChat's requests
name a customer.
"""

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from beacon_gateway.adapters.wechat.callback.refusals import STATUS, RefusalLog, RefusalReason


class CallbackErrors:
    """Counts by reason; answers without a body."""

    def __init__(self, refusals: RefusalLog) -> None:
        self._refusals = refusals

    def crowded(self, address: str) -> None:
        del address
        self._refusals.note(RefusalReason.CROWDED)

    def slow(self) -> None:
        self._refusals.note(RefusalReason.SLOW)

    def no_request(self, error: HttpProcessingError) -> web.Response:
        reason = RefusalReason.TOO_LARGE if isinstance(error, LineTooLong) else RefusalReason.HTTP
        self._refusals.note(reason)
        return refusal(reason)

    def failed(self, request: web.BaseRequest | None, error: BaseException | None, status: int) -> web.Response:
        """Say no more than which class it was."""
        del request, status
        self._refusals.note(RefusalReason.FAULT, error=type(error).__name__)
        return refusal(RefusalReason.FAULT)


def answer(text: str = "", *, status: int = 200) -> web.Response:
    """Return an answer that does not tell who we are."""
    headers = {"Server": "gateway", "X-Content-Type-Options": "nosniff"}
    return web.Response(status=status, text=text, content_type="text/plain", headers=headers)


def refusal(reason: RefusalReason) -> web.Response:
    """Return an empty answer, the last one on its connection."""
    response = answer(status=STATUS.get(reason, 400))
    if reason is RefusalReason.METHOD:
        response.headers["Allow"] = "GET, POST"
    response.force_close()
    return response
