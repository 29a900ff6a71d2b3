"""Structured events on standard error: lines for people on a terminal, JSON for the journal."""

import io
import logging
import os
import select
import sys
from collections import deque
from threading import Lock
from typing import Final, NamedTuple, TextIO

from beacon_gateway.core.text.terminal_text import escaped
from beacon_gateway.left_out import left_out

# structlog imports rich, and with it pygments, wherever they are installed: a fifth of a start, for tracebacks that a
# daemon never draws; so it does greenlet, a megabyte for threads that a daemon has none of.
with left_out("rich", "greenlet"):
    import structlog

MAX_LINES_KEPT: Final = 200
MAX_LOG_BUFFER_BYTES: Final = 64 << 10
"""Of memory, for all lines of a tail."""
MAX_LOG_LINE_CHARACTERS: Final = 2000
"""Characters of a line: of a longer one, a traceback for example, the beginning and the end are kept."""


class LogLine(NamedTuple):
    at: str
    """UTC, as ISO 8601 writes it."""
    level: str
    text: str


class EventTail:
    """The newest events, kept in memory for the page. A processor of structlog that leaves events as they are."""

    def __init__(self, *, most_lines: int = MAX_LINES_KEPT, most_bytes: int = MAX_LOG_BUFFER_BYTES) -> None:
        self._most_lines, self._most_bytes = most_lines, most_bytes
        self._lines: deque[LogLine] = deque()
        self._bytes = 0
        self._alone = Lock()  # events come from threads too

    def lines(self) -> list[LogLine]:
        """Return them, oldest first."""
        with self._alone:
            return list(self._lines)

    def __call__(
        self, _: structlog.typing.WrappedLogger, __: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        details = (f"{name}={value}" for name, value in event.items() if name not in _APART)
        text = " ".join((str(event.get("event", "")), *details))
        if len(text) > MAX_LOG_LINE_CHARACTERS:
            text = f"{text[: MAX_LOG_LINE_CHARACTERS // 2]} … {text[-MAX_LOG_LINE_CHARACTERS // 2 :]}"
        self._keep(LogLine(str(event.get("timestamp", "")), str(event.get("level", "")), text))
        return event

    def _keep(self, line: LogLine) -> None:
        with self._alone:
            self._lines.append(line)
            self._bytes += _size(line)
            while len(self._lines) > self._most_lines or self._bytes > self._most_bytes:
                self._bytes -= _size(self._lines.popleft())


_APART: Final = frozenset({"event", "timestamp", "level"})


def _size(line: LogLine) -> int:
    """Return the bytes that a line takes; levels are few, and shared."""
    return sys.getsizeof(line) + sys.getsizeof(line.at) + sys.getsizeof(line.text)


class LineWriter:
    """Writes lines to a stream; drops and counts what cannot be written now. Never raises, and never waits.

    A daemon must not end, or stand still, because of the reader of its log: a journald that crashed (EPIPE) or hangs
    (a full buffer), a full card (ENOSPC), a terminal that is gone or held.
    """

    def __init__(self, stream: TextIO | None) -> None:
        """None is a stream that was closed before the program began."""
        self._stream = stream
        self._alone = Lock()  # events come from threads too
        self._is_cut_off = False
        """The last line was not written to its end."""
        self.dropped = 0

    def write(self, line: str) -> None:
        """Write a line, to its end or not at all where that can be helped."""
        with self._alone:
            try:
                written = self._stream is not None and self._write(self._stream, f"{line}\n")
            except (OSError, ValueError):  # ValueError: the stream is closed
                written = False
            if not written:
                self.dropped += 1

    def drop(self) -> None:
        """Count a line that could not even be made."""
        with self._alone:
            self.dropped += 1

    # structlog calls a method with the name of the level.
    msg = log = debug = info = warn = warning = error = critical = fatal = failure = exception = write

    def _write(self, stream: TextIO, text: str) -> bool:
        try:
            descriptor = stream.fileno()  # asked each time: a file that was closed may have left its number to another
        except io.UnsupportedOperation:  # a stream in memory
            stream.write(text)
            return True
        if self._is_cut_off:
            text = f"\n{text}"
        content = memoryview(escaped(text, stream.encoding).encode(stream.encoding, "backslashreplace"))
        for begin in range(0, len(content), select.PIPE_BUF):
            part = content[begin : begin + select.PIPE_BUF]
            # Who can take anything can take so much; where nothing can be taken, a write would wait.
            written = os.write(descriptor, part) if _is_writable(descriptor) else 0
            if written:
                self._is_cut_off = begin + written < len(content)
            if written < len(part):
                return False
        return True


def _is_writable(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    return bool(poll.poll(0))


class _LibraryLines(logging.Handler):
    """Writes what libraries log. Says nothing about what it cannot write, unlike logging's own handlers."""

    def __init__(self, writer: LineWriter) -> None:
        super().__init__()
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 - whatever a library hands over, its caller is not to be ended by it
            self._writer.drop()
        else:
            self._writer.write(line)


class _Rendering:
    """Makes a line of an event, whatever the event holds: the last processor of structlog."""

    def __init__(self, tail: EventTail | None, renderer: structlog.typing.Processor) -> None:
        self._to_text, self._tail, self._render = structlog.processors.format_exc_info, tail, renderer

    def __call__(
        self, logger: structlog.typing.WrappedLogger, level: str, event: structlog.typing.EventDict
    ) -> structlog.typing.ProcessorReturnValue:
        bare = {name: event[name] for name in _APART & event.keys()}
        try:
            event = self._to_text(logger, level, event)
            if self._tail:
                self._tail(logger, level, event)
            return self._render(logger, level, event)
        except Exception as error:  # noqa: BLE001 - a detail whose text cannot be made: a number of 5,000 digits
            return self._render(logger, level, {**bare, "left_out": type(error).__name__})


def configure(*, stream: TextIO | None = None, level: int = logging.INFO, tail: EventTail | None = None) -> LineWriter:
    """Send every event of `level` and above to the stream. Libraries' own warnings go there too.

    `tail` gets the same events, but not those warnings. Return what writes them.
    """
    stream = stream or sys.stderr
    writer = LineWriter(stream)
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=False)  # its codes would be escaped like any other
        if stream and stream.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _Rendering(tail, renderer),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: writer,
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        handlers=[_LibraryLines(writer)],
        level=max(level, logging.WARNING),
        format="%(levelname)s %(name)s %(message)s",
    )
    return writer
