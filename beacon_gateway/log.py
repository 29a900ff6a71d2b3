"""Structured events on standard error: lines for people on a terminal, JSON for the journal."""

import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TextIO

import structlog


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


def hand_over(tell: Callable[[Mapping[str, Any]], None]) -> None:
    """Print no event, and give each to `tell`: for commands that say in their own words what happens."""

    def processor(_logger: object, _method: str, event: Mapping[str, Any]) -> NoReturn:
        tell(event)
        raise structlog.DropEvent

    structlog.configure(
        processors=[processor],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.CRITICAL)
