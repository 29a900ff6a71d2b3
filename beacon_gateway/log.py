"""Structured events on standard error: lines for people on a terminal, JSON for the journal."""

import logging
import sys
from collections import deque
from threading import Lock
from typing import Final, NamedTuple, TextIO

# structlog imports rich, and with it pygments, wherever they are installed: a fifth of a start, for tracebacks
# that a daemon never draws. None in this place makes an import fail as if there were none (Python's own rule).
_rich = sys.modules.get("rich")
sys.modules["rich"] = None  # type: ignore[assignment]
import structlog  # noqa: E402 - see above

if _rich:
    sys.modules["rich"] = _rich
else:
    del sys.modules["rich"]


MOST_LINES: Final = 200
MOST_BYTES: Final = 64 << 10
"""Of memory, for all lines of a tail."""
LONGEST: Final = 2000
"""Characters of a line: of a longer one, a traceback for example, the beginning and the end are kept."""


class Line(NamedTuple):
    at: str
    """UTC, as ISO 8601 writes it."""
    level: str
    text: str


class Tail:
    """The newest events, kept in memory for whoever looks. A processor of structlog that leaves events as they are."""

    def __init__(self, *, most_lines: int = MOST_LINES, most_bytes: int = MOST_BYTES) -> None:
        self._most_lines, self._most_bytes = most_lines, most_bytes
        self._lines: deque[Line] = deque()
        self._bytes = 0
        self._alone = Lock()  # events come from threads too

    def lines(self) -> list[Line]:
        """Give them, oldest first."""
        with self._alone:
            return list(self._lines)

    def __call__(
        self, _: structlog.typing.WrappedLogger, __: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        details = (f"{name}={value}" for name, value in event.items() if name not in _APART)
        text = " ".join((str(event.get("event", "")), *details))
        if len(text) > LONGEST:
            text = f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"
        self._keep(Line(str(event.get("timestamp", "")), str(event.get("level", "")), text))
        return event

    def _keep(self, line: Line) -> None:
        with self._alone:
            self._lines.append(line)
            self._bytes += _size(line)
            while len(self._lines) > self._most_lines or self._bytes > self._most_bytes:
                self._bytes -= _size(self._lines.popleft())


_APART: Final = frozenset({"event", "timestamp", "level"})


def _size(line: Line) -> int:
    """Give the bytes that a line takes; levels are few, and shared."""
    return sys.getsizeof(line) + sys.getsizeof(line.at) + sys.getsizeof(line.text)


def configure(*, stream: TextIO | None = None, level: int = logging.INFO, tail: Tail | None = None) -> None:
    """Send every event of `level` and above to the stream. Libraries' own warnings go there too.

    `tail` gets the same events, but not those warnings.
    """
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
            *([tail] if tail else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=stream, level=max(level, logging.WARNING), format="%(levelname)s %(name)s %(message)s")
