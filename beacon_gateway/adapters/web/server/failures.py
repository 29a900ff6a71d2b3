"""What a page failed at, logged once a minute: who asks for it again and again fills no journal."""

from typing import Final

import structlog
from aiohttp import web

from beacon_gateway.core.text.soundness import sound_text

LOG_AGAIN_S: Final = 60.0
"""Between two lines."""


class FailureLog:
    """Counts what is not logged. Use from one event loop only."""

    def __init__(self) -> None:
        self._untold = 0
        self._logged_at: float | None = None
        self._log = structlog.get_logger("web")

    def note(self, request: web.BaseRequest | None, error: BaseException | None, now: float) -> None:
        """Count a failure, and log it with those that were not logged before; `now` is the loop's time."""
        self._untold += 1
        if self._logged_at is not None and now - self._logged_at < LOG_AGAIN_S:
            return
        path = sound_text(request.path) if request is not None else ""
        self._log.error("web.failed", path=path, failures=self._untold, exc_info=error)
        self._logged_at, self._untold = now, 0
