"""The gateway's minutes, and how many seconds of them it was deaf."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.log.listening import HELD_UP_AFTER_S, Listening, Minute


def sweep(listening: Listening, second: float, deaf_since: float | None = None) -> list[Minute]:
    return listening.sweep(second, int(second) // 60, deaf_since)


def test_a_minute_is_given_when_it_is_over() -> None:
    listening = Listening(0)
    minutes = [minute for second in range(3, 183, 3) for minute in sweep(listening, second)]
    assert minutes[1:] == [Minute(3, 57, 0), Minute(60, 60, 0), Minute(120, 60, 0)]
    assert listening.close(190) == [Minute(180, 10, 0)]


def test_deafness_counts_from_the_last_thing_heard_though_it_is_known_later() -> None:
    listening = Listening(0)
    sweep(listening, 3)
    sweep(listening, 27)
    assert sweep(listening, 30, 10) == []  # known 20 s later
    assert sweep(listening, 50, 10) == []
    assert sweep(listening, 52) == []
    [minute] = sweep(listening, 60)
    assert (minute.seconds, minute.deaf) == (57, 40)
    assert listening.deaf_seconds == 40


def test_what_comes_out_of_an_earlier_minute_is_told_by_itself() -> None:
    listening = Listening(0)
    sweep(listening, 30)
    sweep(listening, 57)
    assert len(sweep(listening, 60)) == 1
    assert sweep(listening, 72, 50) == [Minute(50, 0, 10)]
    [minute] = sweep(listening, 120, 50)
    assert (minute.seconds, minute.deaf) == (60, 60)


def test_a_process_that_was_held_up_heard_nothing_meanwhile() -> None:
    listening = Listening(0)
    sweep(listening, 3)
    told = sweep(listening, 3 + HELD_UP_AFTER_S + 570)
    assert sum(minute.deaf for minute in told) == pytest.approx(HELD_UP_AFTER_S + 570)


def test_a_wall_clock_that_jumps_ends_the_minute_and_counts_no_second_twice() -> None:
    listening = Listening(0)
    minutes = listening.sweep(20, 29_000_000, None)
    minutes += listening.sweep(40, 12, None)
    minutes += listening.sweep(45, 12, None)
    minutes += listening.close(50)
    assert [minute.seconds for minute in minutes] == [20, 20, 10]


@given(st.lists(st.tuples(st.floats(0.1, 200), st.booleans(), st.integers(-5, 5)), max_size=60))
def test_the_minutes_add_up_to_all_the_time_and_all_the_deafness(spells: list[tuple[float, bool, int]]) -> None:
    listening = Listening(0)
    now, deaf_since, jumped = 0.0, None, 0
    minutes: list[Minute] = []
    for passes, deaf, jump in spells:
        deaf_since = (now if deaf_since is None else deaf_since) if deaf else None
        now, jumped = now + passes, jumped + jump
        minutes += listening.sweep(now, int(now) // 60 + jumped, deaf_since)
    minutes += listening.close(now)
    assert sum(minute.seconds for minute in minutes) == pytest.approx(now)
    assert sum(minute.deaf for minute in minutes) == pytest.approx(listening.deaf_seconds)
    assert 0 <= listening.deaf_seconds <= now + 1e-6
