"""A line that cannot be written is dropped and counted: nothing waits for it, and nothing ends by it."""

import fcntl
import io
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest
import structlog

from beacon_gateway import log

LINE = "x" * 99


@contextmanager
def pipe() -> Iterator[tuple[int, TextIO]]:
    """Return both ends of a pipe."""
    reader, writer = os.pipe()
    with open(writer, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
        try:
            yield reader, stream
        finally:
            os.close(reader)


def test_a_line_is_written_to_its_end() -> None:
    with pipe() as (reader, stream):
        lines = log.LineWriter(stream)
        lines.write("二楼")
        lines.write("x" * 10_000)
        assert os.read(reader, 65_536) == b"\xe4\xba\x8c\xe6\xa5\xbc\n" + b"x" * 10_000 + b"\n"
    assert lines.dropped == 0


def test_a_reader_that_is_gone_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
        lines = log.LineWriter(stream)
        lines.write(LINE)
        lines.write(LINE)
        assert lines.dropped == 2


def test_a_full_card_is_no_error() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as stream:
        lines = log.LineWriter(stream)
        lines.write(LINE)
    assert lines.dropped == 1


@pytest.mark.parametrize("is_open", [False, True])
def test_a_stream_that_is_closed_is_no_error(is_open: bool) -> None:
    stream: TextIO | None = None
    if is_open:
        with Path(os.devnull).open("w", encoding="utf-8") as stream:
            pass
    lines = log.LineWriter(stream)
    lines.write(LINE)
    assert lines.dropped == 1


def test_a_reader_that_hangs_is_not_waited_for_and_reads_whole_lines_when_it_goes_on() -> None:
    with pipe() as (reader, stream):
        lines = log.LineWriter(stream)
        size = fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, 4096 * 2)
        written = 0
        while not lines.dropped:  # it is full then
            lines.write("y" * 5000)
            written += 1
        os.read(reader, size)
        lines.write(LINE)
        assert os.read(reader, size).decode().splitlines()[-1] == LINE
    assert lines.dropped == 1


def test_what_the_stream_has_no_letters_for_is_spelled_out() -> None:
    reader, writer = os.pipe()
    with open(writer, "w", encoding="latin-1") as stream:  # noqa: PTH123 - a descriptor
        lines = log.LineWriter(stream)
        lines.write("é 二 \ud83d")
        assert os.read(reader, 99) == b"\xe9 \\u4e8c \\ufffd\n"
    os.close(reader)
    assert lines.dropped == 0


class Unprintable:
    def __repr__(self) -> str:
        raise RuntimeError("no text for this")


@pytest.mark.parametrize("detail", [10**5000, Unprintable(), {("a", "b"): 1}], ids=["long", "unprintable", "pairs"])
def test_an_event_with_a_detail_that_has_no_text_is_told_without_it(detail: object) -> None:
    stream, tail = io.StringIO(), log.EventTail()
    log.configure(stream=stream, tail=tail)
    structlog.get_logger("sync").warning("sync.failed", code=detail)
    said = json.loads(stream.getvalue())
    assert said["event"] == "sync.failed"
    assert "code" not in said
    assert said["left_out"] in {"ValueError", "RuntimeError", "TypeError"}


def test_what_a_library_logs_badly_is_counted_and_not_raised() -> None:
    stream = io.StringIO()
    lines = log.LineWriter(stream)
    handler = log._LibraryLines(lines)
    for text, words in (("no such %s %s", ("number of words",)), ("well", ())):
        handler.handle(logging.LogRecord("library", logging.WARNING, "", 0, text, words, None))
    assert (lines.dropped, stream.getvalue()) == (1, "well\n")


def test_events_go_on_when_nobody_reads_them() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
        lines = log.configure(stream=stream)
        structlog.get_logger("radio").info("radio.state", state="listening")
        structlog.get_logger("radio").error("radio.receiver_failed", exc_info=KeyError("k"))
    assert lines.dropped == 2
