"""The newest events, in memory: so many, so long, and no longer."""

import io
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from beacon_gateway import log
from beacon_gateway.log import MAX_LINES_KEPT, MAX_LOG_BUFFER_BYTES, MAX_LOG_LINE_CHARACTERS, EventTail


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    yield io.StringIO()
    structlog.reset_defaults()


def test_what_is_logged_is_kept_as_well(stream: io.StringIO) -> None:
    tail = EventTail()
    log.configure(stream=stream, tail=tail)
    structlog.get_logger("sync").bind(target="shakearound").warning("sync.failed", code=45009, reason="接口 超限")
    (line,) = tail.lines()
    assert (line.level, line.text) == ("warning", "sync.failed target=shakearound code=45009 reason=接口 超限")
    assert line.at.endswith("Z")
    assert '"event": "sync.failed"' in stream.getvalue()


def test_what_is_below_the_level_is_kept_no_more_than_it_is_said(stream: io.StringIO) -> None:
    tail = EventTail()
    log.configure(stream=stream, level=logging.WARNING, tail=tail)
    structlog.get_logger("radio").info("radio.listening")
    assert (tail.lines(), stream.getvalue()) == ([], "")


def test_the_oldest_go_when_there_are_too_many() -> None:
    tail = EventTail(most_lines=3)
    for number in range(5):
        tail(None, "info", {"event": f"e{number}", "level": "info", "timestamp": "t"})
    assert [line.text for line in tail.lines()] == ["e2", "e3", "e4"]


@pytest.mark.parametrize("letter", ["x", "字", "\U0001f600"])
def test_lines_take_no_more_memory_than_they_may_whatever_they_say(letter: str) -> None:
    tail = EventTail()
    for _ in range(2 * MAX_LINES_KEPT):
        tail(None, "info", {"event": "e", "level": "info", "timestamp": "t", "text": letter * 10_000})
    lines = tail.lines()
    held = sum(sys.getsizeof(line) + sys.getsizeof(line.at) + sys.getsizeof(line.text) for line in lines)
    assert MAX_LOG_BUFFER_BYTES - 10_000 < held <= MAX_LOG_BUFFER_BYTES
    assert max(len(line.text) for line in lines) <= MAX_LOG_LINE_CHARACTERS + 3


def test_of_a_long_traceback_both_ends_are_kept() -> None:
    tail = EventTail()
    tail(None, "error", {"event": "events.failed", "exception": f"Traceback{'.' * 9000}ValueError: no"})
    (line,) = tail.lines()
    assert line.text.startswith("events.failed exception=Traceback")
    assert line.text.endswith("ValueError: no")
