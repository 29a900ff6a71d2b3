"""Structured events on standard error: lines for people on a terminal, JSON for the journal."""

import logging
import sys
from typing import TextIO

# structlog imports rich, and with it pygments, wherever they are installed: a fifth of a start, for tracebacks
# that a daemon never draws. None in this place makes an import fail as if there were none (Python's own rule).
_rich = sys.modules.get("rich")
sys.modules["rich"] = None  # type: ignore[assignment]
import structlog  # noqa: E402 - see above

if _rich:
    sys.modules["rich"] = _rich
else:
    del sys.modules["rich"]


def configure(*, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send every event of `level` and above to the stream. Libraries' own warnings go there too."""
    stream = stream or sys.stderr
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if stream.isatty() else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=stream, level=max(level, logging.WARNING), format="%(levelname)s %(name)s %(message)s")
