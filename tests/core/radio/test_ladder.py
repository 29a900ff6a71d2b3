"""What is done next about a radio that does not hear."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.radio.ladder import Ladder, Patience, Rung, Step
from beacon_gateway.core.radio.trouble import Cause, State

PATIENCE = Patience()
ROUND = [Rung.NEW_SCANNER, Rung.POWER_CYCLE, Rung.RESTART_BLUETOOTHD]


def climb(
    ladder: Ladder, cause: Cause, *, start: float = 0.0, chance: float = 0.0, has_other: bool = False
) -> Iterator[tuple[float, Step]]:
    """Take step after step, each pause and each patience in full."""
    now = start
    while True:
        step = ladder.next(cause, now, chance, has_other=has_other)
        now += step.pause
        yield now, step
        now += step.patience


def rungs(ladder: Ladder, cause: Cause, count: int, *, start: float = 0.0, has_other: bool = False) -> list[Rung]:
    return [step.rung for _, step in islice(climb(ladder, cause, start=start, has_other=has_other), count)]


def test_silence_climbs_rung_by_rung_and_round_by_round_to_the_exit() -> None:
    ladder = Ladder()
    ladder.heard()
    assert rungs(ladder, Cause.SILENT, 10) == [*ROUND, *ROUND, *ROUND, Rung.EXIT]


WITH_OTHER = [Rung.NEW_SCANNER, Rung.POWER_CYCLE, Rung.OTHER_ADAPTER, Rung.RESTART_BLUETOOTHD]


@pytest.mark.parametrize("cause", [Cause.SILENT, Cause.CANARIES])
def test_another_adapter_is_tried_after_what_helps_this_one_and_before_a_restart_of_bluetoothd(cause: Cause) -> None:
    ladder = Ladder()
    ladder.heard()
    assert rungs(ladder, cause, 4, has_other=True) == WITH_OTHER


def test_an_adapter_that_comes_or_goes_meanwhile_only_adds_or_takes_that_one_rung() -> None:
    ladder = Ladder()
    seen = [ladder.next(Cause.SILENT, 60.0 * n, 0.0, has_other=n < 4).rung for n in range(7)]
    assert seen == [*WITH_OTHER, *ROUND]
    assert rungs(Ladder(), Cause.DAEMON_GONE, 12, has_other=True).count(Rung.OTHER_ADAPTER) == 0


def test_no_scanner_and_no_power_cycle_teaches_an_adapter_to_measure_a_level() -> None:
    assert rungs(Ladder(), Cause.NO_LEVEL, 2, has_other=True) == WITH_OTHER[2:]
    assert rungs(Ladder(), Cause.NO_LEVEL, 3) == ROUND


def test_a_start_that_is_refused_is_tried_on_the_other_adapter_too_before_it_is_said_to_be_deaf() -> None:
    ladder = Ladder()
    assert rungs(ladder, Cause.REFUSED, 12, has_other=True)[8] is Rung.OTHER_ADAPTER
    assert ladder.state(Cause.REFUSED) is State.RECOVERING
    rungs(ladder, Cause.REFUSED, 1, has_other=True)
    assert ladder.state(Cause.REFUSED) is State.DEAF


def test_whoever_never_heard_anything_never_exits() -> None:
    # A shop without a single sender: a new process would hear no more than this one.
    assert Rung.EXIT not in rungs(Ladder(), Cause.SILENT, 200)


def test_the_first_round_takes_five_minutes_and_later_ones_longer() -> None:
    first, *_, begin_of_second = islice(climb(Ladder(), Cause.SILENT), 4)
    assert begin_of_second[0] - first[0] == 60 + 60 + 120
    assert begin_of_second[1].patience == 2 * PATIENCE.silence
    assert max(step.patience for _, step in islice(climb(Ladder(), Cause.SILENT), 50)) == PATIENCE.longest_silence


def test_hearing_begins_the_ladder_at_its_foot_again() -> None:
    ladder = Ladder()
    assert rungs(ladder, Cause.SILENT, 2) == ROUND[:2]
    ladder.heard()
    assert rungs(ladder, Cause.SILENT, 1) == ROUND[:1]


def test_missed_canaries_are_believed_gone_after_one_round_and_never_cost_the_process() -> None:
    ladder = Ladder()
    ladder.heard()
    assert rungs(ladder, Cause.CANARIES, 4) == [*ROUND, Rung.BELIEVE]
    assert Rung.EXIT not in rungs(ladder, Cause.CANARIES, 50, start=1e6)


def test_a_start_that_is_refused_is_tried_some_times_on_each_rung() -> None:
    again = Rung.NEW_SCANNER
    assert rungs(Ladder(), Cause.REFUSED, 9) == [
        *(again, again, Rung.NEW_SCANNER),
        *(again, again, Rung.POWER_CYCLE),
        *(again, again, Rung.RESTART_BLUETOOTHD),
    ]


@pytest.mark.parametrize(
    "cause", [Cause.ADAPTER_GONE, Cause.BLOCKED, Cause.BUS_GONE, Cause.NO_PERMISSION, Cause.NO_MONITORS]
)
def test_what_only_people_or_the_kernel_can_mend_climbs_nothing_and_never_ends(cause: Cause) -> None:
    ladder = Ladder()
    ladder.heard()
    assert set(rungs(ladder, cause, 1000)) == {Rung.NEW_SCANNER}


def test_an_adapter_that_is_off_is_switched_on_at_once() -> None:
    assert rungs(Ladder(), Cause.POWERED_OFF, 1) == [Rung.POWER_CYCLE]


def test_a_bluetoothd_that_is_gone_is_asked_back_and_not_power_cycled() -> None:
    taken = rungs(Ladder(), Cause.DAEMON_GONE, 12)
    assert Rung.RESTART_BLUETOOTHD in taken
    assert Rung.POWER_CYCLE not in taken


@pytest.mark.parametrize("cause", list(Cause))
def test_no_pause_is_so_long_that_it_takes_two_minutes_to_hear_again(cause: Cause) -> None:
    for _, step in islice(climb(Ladder(), cause, chance=1.0), 50):
        assert step.pause <= 80


@pytest.mark.parametrize("cause", [Cause.REFUSED, Cause.ADAPTER_GONE, Cause.DAEMON_GONE])
def test_pauses_grow_from_a_moment_with_some_jitter(cause: Cause) -> None:
    plain = [step.pause for _, step in islice(climb(Ladder(), cause), 8)]
    assert plain == [1, 2, 4, 8, 16, 32, 60, 60]
    late = [step.pause for _, step in islice(climb(Ladder(), cause, chance=1.0), 8)]
    assert late == [pause * 1.25 for pause in plain]


@pytest.mark.parametrize("cause", [Cause.SILENT, Cause.NO_LEVEL, Cause.CANARIES])
def test_after_silence_nobody_pauses_without_listening(cause: Cause) -> None:
    assert {step.pause for _, step in islice(climb(Ladder(), cause), 20)} == {0.0}


@given(st.lists(st.tuples(st.sampled_from([None, *Cause]), st.floats(0, 300)), max_size=300))
def test_no_history_overdraws_a_budget(history: list[tuple[Cause | None, float]]) -> None:
    ladder, now = Ladder(), 0.0
    taken: list[tuple[float, Rung]] = []
    for cause, passes in history:
        now += passes
        if cause is None:
            ladder.heard()
        else:
            taken.append((now, ladder.next(cause, now, 0.5).rung))
    for rung, most in ((Rung.POWER_CYCLE, PATIENCE.power_cycles), (Rung.RESTART_BLUETOOTHD, PATIENCE.restarts)):
        times = [when for when, what in taken if what is rung]
        for earlier, later in zip(times, times[most:], strict=False):
            assert later - earlier >= PATIENCE.budget_window
    assert ladder.climbed.total() == len(taken)


def test_a_budget_is_there_again_after_its_hour() -> None:
    ladder = Ladder(replace(PATIENCE, power_cycles=1))
    assert rungs(ladder, Cause.POWERED_OFF, 1, start=0) == [Rung.POWER_CYCLE]
    assert rungs(ladder, Cause.POWERED_OFF, 1, start=3599) == [Rung.NEW_SCANNER]
    assert rungs(ladder, Cause.POWERED_OFF, 1, start=3600) == [Rung.POWER_CYCLE]


@pytest.mark.parametrize(
    ("cause", "at_first", "in_the_end"),
    [
        (Cause.SILENT, State.RECOVERING, State.DEAF),
        (Cause.CANARIES, State.RECOVERING, State.DEAF),
        (Cause.ENDED, State.RECOVERING, State.DEAF),
        (Cause.REFUSED, State.RECOVERING, State.DEAF),
        (Cause.NO_ANSWER, State.RECOVERING, State.DEAF),
        (Cause.DAEMON_GONE, State.RECOVERING, State.NO_BLUETOOTHD),
        (Cause.BUS_GONE, State.RECOVERING, State.NO_BLUETOOTHD),
        (Cause.POWERED_OFF, State.RECOVERING, State.BLOCKED),
        (Cause.ADAPTER_GONE, State.NO_ADAPTER, State.NO_ADAPTER),
        (Cause.BLOCKED, State.BLOCKED, State.BLOCKED),
        (Cause.NO_PERMISSION, State.NO_PERMISSION, State.NO_PERMISSION),
        (Cause.NO_MONITORS, State.DEAF, State.DEAF),
        (Cause.NO_LEVEL, State.NO_LEVEL, State.NO_LEVEL),
    ],
)
def test_what_people_can_mend_is_said_at_once_and_the_rest_when_everything_was_tried(
    cause: Cause, at_first: State, in_the_end: State
) -> None:
    ladder = Ladder()
    rungs(ladder, cause, 1)
    assert ladder.state(cause) is at_first
    rungs(ladder, cause, 20)
    assert ladder.state(cause) is in_the_end
