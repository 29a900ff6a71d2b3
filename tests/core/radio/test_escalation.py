"""What is done next about a radio that does not hear."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.radio.escalation import ActionTimeouts, Escalation, RecoveryAction, RecoveryStep
from beacon_gateway.core.radio.trouble import RadioCause, RadioState

PATIENCE = ActionTimeouts()
ROUND = [RecoveryAction.NEW_SCANNER, RecoveryAction.POWER_CYCLE, RecoveryAction.RESTART_BLUETOOTHD]


def climb(
    escalation: Escalation, cause: RadioCause, *, start: float = 0.0, chance: float = 0.0, has_other: bool = False
) -> Iterator[tuple[float, RecoveryStep]]:
    """Take step after step, each pause and each patience in full."""
    now = start
    while True:
        step = escalation.next(cause, now, chance, has_other=has_other)
        now += step.pause
        yield now, step
        now += step.timeout


def actions(
    escalation: Escalation, cause: RadioCause, count: int, *, start: float = 0.0, has_other: bool = False
) -> list[RecoveryAction]:
    return [step.action for _, step in islice(climb(escalation, cause, start=start, has_other=has_other), count)]


def test_silence_climbs_rung_by_rung_and_round_by_round_to_the_exit() -> None:
    escalation = Escalation()
    escalation.heard()
    assert actions(escalation, RadioCause.SILENT, 10) == [*ROUND, *ROUND, *ROUND, RecoveryAction.EXIT]


WITH_OTHER = [
    RecoveryAction.NEW_SCANNER,
    RecoveryAction.POWER_CYCLE,
    RecoveryAction.OTHER_ADAPTER,
    RecoveryAction.RESTART_BLUETOOTHD,
]


@pytest.mark.parametrize("cause", [RadioCause.SILENT, RadioCause.CANARIES])
def test_another_adapter_is_tried_after_what_helps_this_one_and_before_a_restart_of_bluetoothd(
    cause: RadioCause,
) -> None:
    escalation = Escalation()
    escalation.heard()
    assert actions(escalation, cause, 4, has_other=True) == WITH_OTHER


def test_an_adapter_that_comes_or_goes_meanwhile_only_adds_or_takes_that_one_rung() -> None:
    escalation = Escalation()
    seen = [escalation.next(RadioCause.SILENT, 60.0 * n, 0.0, has_other=n < 4).action for n in range(7)]
    assert seen == [*WITH_OTHER, *ROUND]
    assert actions(Escalation(), RadioCause.DAEMON_GONE, 12, has_other=True).count(RecoveryAction.OTHER_ADAPTER) == 0


def test_no_scanner_and_no_power_cycle_teaches_an_adapter_to_measure_a_level() -> None:
    assert actions(Escalation(), RadioCause.NO_LEVEL, 2, has_other=True) == WITH_OTHER[2:]
    assert actions(Escalation(), RadioCause.NO_LEVEL, 3) == ROUND


def test_a_start_that_is_refused_is_tried_on_the_other_adapter_too_before_it_is_said_to_be_deaf() -> None:
    escalation = Escalation()
    assert actions(escalation, RadioCause.REFUSED, 12, has_other=True)[8] is RecoveryAction.OTHER_ADAPTER
    assert escalation.state(RadioCause.REFUSED) is RadioState.RECOVERING
    actions(escalation, RadioCause.REFUSED, 1, has_other=True)
    assert escalation.state(RadioCause.REFUSED) is RadioState.DEAF


def test_whoever_never_heard_anything_never_exits() -> None:
    # A shop without a single sender: a new process would hear no more than this one.
    assert RecoveryAction.EXIT not in actions(Escalation(), RadioCause.SILENT, 200)


def test_the_first_round_takes_five_minutes_and_later_ones_longer() -> None:
    first, *_, begin_of_second = islice(climb(Escalation(), RadioCause.SILENT), 4)
    assert begin_of_second[0] - first[0] == 60 + 60 + 120
    assert begin_of_second[1].timeout == 2 * PATIENCE.silence
    assert (
        max(step.timeout for _, step in islice(climb(Escalation(), RadioCause.SILENT), 50)) == PATIENCE.longest_silence
    )


def test_hearing_begins_the_ladder_at_its_foot_again() -> None:
    escalation = Escalation()
    assert actions(escalation, RadioCause.SILENT, 2) == ROUND[:2]
    escalation.heard()
    assert actions(escalation, RadioCause.SILENT, 1) == ROUND[:1]


def test_missed_canaries_are_believed_gone_after_one_round_and_never_cost_the_process() -> None:
    escalation = Escalation()
    escalation.heard()
    assert actions(escalation, RadioCause.CANARIES, 4) == [*ROUND, RecoveryAction.ACCEPT_SILENCE]
    assert RecoveryAction.EXIT not in actions(escalation, RadioCause.CANARIES, 50, start=1e6)


def test_a_start_that_is_refused_is_tried_some_times_on_each_rung() -> None:
    again = RecoveryAction.NEW_SCANNER
    assert actions(Escalation(), RadioCause.REFUSED, 9) == [
        *(again, again, RecoveryAction.NEW_SCANNER),
        *(again, again, RecoveryAction.POWER_CYCLE),
        *(again, again, RecoveryAction.RESTART_BLUETOOTHD),
    ]


@pytest.mark.parametrize(
    "cause",
    [
        RadioCause.ADAPTER_GONE,
        RadioCause.BLOCKED,
        RadioCause.BUS_GONE,
        RadioCause.NO_PERMISSION,
        RadioCause.NO_MONITORS,
    ],
)
def test_what_only_people_or_the_kernel_can_mend_climbs_nothing_and_never_ends(cause: RadioCause) -> None:
    escalation = Escalation()
    escalation.heard()
    assert set(actions(escalation, cause, 1000)) == {RecoveryAction.NEW_SCANNER}


def test_an_adapter_that_is_off_is_switched_on_at_once() -> None:
    assert actions(Escalation(), RadioCause.POWERED_OFF, 1) == [RecoveryAction.POWER_CYCLE]


def test_a_bluetoothd_that_is_gone_is_asked_back_and_not_power_cycled() -> None:
    taken = actions(Escalation(), RadioCause.DAEMON_GONE, 12)
    assert RecoveryAction.RESTART_BLUETOOTHD in taken
    assert RecoveryAction.POWER_CYCLE not in taken


@pytest.mark.parametrize("cause", list(RadioCause))
def test_no_pause_is_so_long_that_it_takes_two_minutes_to_hear_again(cause: RadioCause) -> None:
    for _, step in islice(climb(Escalation(), cause, chance=1.0), 50):
        assert step.pause <= 80


@pytest.mark.parametrize("cause", [RadioCause.REFUSED, RadioCause.ADAPTER_GONE, RadioCause.DAEMON_GONE])
def test_pauses_grow_from_a_moment_with_some_jitter(cause: RadioCause) -> None:
    plain = [step.pause for _, step in islice(climb(Escalation(), cause), 8)]
    assert plain == [1, 2, 4, 8, 16, 32, 60, 60]
    late = [step.pause for _, step in islice(climb(Escalation(), cause, chance=1.0), 8)]
    assert late == [pause * 1.25 for pause in plain]


@pytest.mark.parametrize("cause", [RadioCause.SILENT, RadioCause.NO_LEVEL, RadioCause.CANARIES])
def test_after_silence_nobody_pauses_without_listening(cause: RadioCause) -> None:
    assert {step.pause for _, step in islice(climb(Escalation(), cause), 20)} == {0.0}


@given(st.lists(st.tuples(st.sampled_from([None, *RadioCause]), st.floats(0, 300)), max_size=300))
def test_no_history_overdraws_a_budget(history: list[tuple[RadioCause | None, float]]) -> None:
    escalation, now = Escalation(), 0.0
    taken: list[tuple[float, RecoveryAction]] = []
    for cause, passes in history:
        now += passes
        if cause is None:
            escalation.heard()
        else:
            taken.append((now, escalation.next(cause, now, 0.5).action))
    for action, most in (
        (RecoveryAction.POWER_CYCLE, PATIENCE.power_cycles),
        (RecoveryAction.RESTART_BLUETOOTHD, PATIENCE.restarts),
    ):
        times = [when for when, what in taken if what is action]
        for earlier, later in zip(times, times[most:], strict=False):
            assert later - earlier >= PATIENCE.budget_window
    assert escalation.attempts.total() == len(taken)


def test_a_budget_is_there_again_after_its_hour() -> None:
    escalation = Escalation(replace(PATIENCE, power_cycles=1))
    assert actions(escalation, RadioCause.POWERED_OFF, 1, start=0) == [RecoveryAction.POWER_CYCLE]
    assert actions(escalation, RadioCause.POWERED_OFF, 1, start=3599) == [RecoveryAction.NEW_SCANNER]
    assert actions(escalation, RadioCause.POWERED_OFF, 1, start=3600) == [RecoveryAction.POWER_CYCLE]


@pytest.mark.parametrize(
    ("cause", "at_first", "in_the_end"),
    [
        (RadioCause.SILENT, RadioState.RECOVERING, RadioState.DEAF),
        (RadioCause.CANARIES, RadioState.RECOVERING, RadioState.DEAF),
        (RadioCause.ENDED, RadioState.RECOVERING, RadioState.DEAF),
        (RadioCause.REFUSED, RadioState.RECOVERING, RadioState.DEAF),
        (RadioCause.NO_ANSWER, RadioState.RECOVERING, RadioState.DEAF),
        (RadioCause.DAEMON_GONE, RadioState.RECOVERING, RadioState.NO_BLUETOOTHD),
        (RadioCause.BUS_GONE, RadioState.RECOVERING, RadioState.NO_BLUETOOTHD),
        (RadioCause.POWERED_OFF, RadioState.RECOVERING, RadioState.BLOCKED),
        (RadioCause.ADAPTER_GONE, RadioState.NO_ADAPTER, RadioState.NO_ADAPTER),
        (RadioCause.BLOCKED, RadioState.BLOCKED, RadioState.BLOCKED),
        (RadioCause.NO_PERMISSION, RadioState.NO_PERMISSION, RadioState.NO_PERMISSION),
        (RadioCause.NO_MONITORS, RadioState.DEAF, RadioState.DEAF),
        (RadioCause.NO_LEVEL, RadioState.NO_LEVEL, RadioState.NO_LEVEL),
    ],
)
def test_what_people_can_mend_is_said_at_once_and_the_rest_when_everything_was_tried(
    cause: RadioCause, at_first: RadioState, in_the_end: RadioState
) -> None:
    escalation = Escalation()
    actions(escalation, cause, 1)
    assert escalation.state(cause) is at_first
    actions(escalation, cause, 20)
    assert escalation.state(cause) is in_the_end
