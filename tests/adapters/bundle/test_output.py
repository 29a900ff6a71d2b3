"""A command gets so much time and so much room, and what it says is cut between lines."""

import os

import pytest

from beacon_gateway.adapters.bundle.gathering import Source, gather
from beacon_gateway.adapters.bundle.output import Limits, output_of
from beacon_gateway.core.support.bundle import Piece


def said(script: str, limits: Limits) -> Piece:
    return output_of("x.txt", ("/bin/sh", "-c", script), limits, {"PATH": os.environ["PATH"]}, "x")


def test_a_command_that_hangs_is_stopped_and_what_it_said_is_kept() -> None:
    piece = said("echo one; printf half; exec sleep 1000", Limits(seconds=0.5))
    assert piece.text == "one\n"
    assert piece.note == "did not end within 0.5 s, and was stopped"


def test_a_command_that_closes_its_output_and_goes_on_is_stopped_too() -> None:
    assert said("echo one; exec >&- 2>&-; exec sleep 1000", Limits(seconds=0.5)).text == "one\n"


@pytest.mark.parametrize(("newest", "first", "last"), [(False, "1", "283"), (True, "99831", "100000")])
def test_too_much_is_cut_between_lines(newest: bool, first: str, last: str) -> None:
    piece = said("seq 1 100000", Limits(seconds=20, most_bytes=1 << 10, newest=newest))
    lines = piece.text.splitlines()
    assert len(piece.text) <= 1 << 10
    assert lines == [str(number) for number in range(int(first), int(last) + 1)]
    assert piece.note.startswith("too long: only the")


def test_complaints_and_exit_codes_are_told() -> None:
    piece = said("echo fine; echo 'not allowed' >&2; exit 4", Limits())
    assert (piece.text, piece.note) == ("fine\n", "exit code 4; not allowed")
    endless = said("yes complaint | head -c 1000000 >&2", Limits())
    assert len(endless.note) < 3_000


def test_a_source_that_raises_or_hangs_costs_no_other() -> None:
    def breaks() -> list[Piece]:
        raise RuntimeError("a text that may hold anything")

    sources = [
        Source("a", "a", breaks),
        Source("b", "b", lambda: [said("exec sleep 5", Limits(seconds=5))]),
        Source("c", "c", lambda: [Piece("c", "c", "well")]),
    ]
    assert gather(sources, 0.5) == [
        Piece("a", "a", note="could not be gathered: RuntimeError"),
        Piece("b", "b", note="gave no answer within 0.5 s"),
        Piece("c", "c", "well"),
    ]
