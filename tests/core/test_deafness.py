"""How many seconds of which minutes a gateway was deaf."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.radio.deafness import DeafMinute, Deafness

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def sweep(deafness: Deafness, second: float, deaf_since: float | None) -> list[DeafMinute]:
    return deafness.sweep(second, NOON + timedelta(seconds=second), deaf_since)


def test_while_all_is_well_nothing_is_given() -> None:
    deafness = Deafness(0)
    assert [sweep(deafness, second, None) for second in range(0, 600, 2)] == [[]] * 300
    assert deafness.close() == []
    assert deafness.seconds == 0


def test_deafness_counts_from_the_last_thing_heard_and_a_minute_is_given_when_it_is_over() -> None:
    deafness = Deafness(0)
    assert sweep(deafness, 30, 10) == []  # known 20 s later
    assert sweep(deafness, 50, 10) == []
    assert sweep(deafness, 52, None) == []
    assert sweep(deafness, 62, None) == [DeafMinute(NOON, 40.0)]
    assert sweep(deafness, 64, None) == []


def test_a_spell_over_several_minutes_gives_each_of_them() -> None:
    deafness = Deafness(0)
    assert sweep(deafness, 190, 30) == [
        DeafMinute(NOON, 30.0),
        DeafMinute(NOON + timedelta(minutes=1), 60.0),
        DeafMinute(NOON + timedelta(minutes=2), 60.0),
    ]
    assert deafness.close() == [DeafMinute(NOON + timedelta(minutes=3), 10.0)]


def test_two_spells_in_one_minute_are_one_row() -> None:
    deafness = Deafness(0)
    sweep(deafness, 22, 0)
    sweep(deafness, 24, None)
    sweep(deafness, 55, 30)
    assert sweep(deafness, 60, None) == [DeafMinute(NOON, 47.0)]


def test_a_wall_clock_that_jumps_counts_no_second_twice() -> None:
    deafness = Deafness(0)
    sweep(deafness, 30, 0)
    minutes = deafness.sweep(40, NOON - timedelta(days=400), 0)  # the time server's first answer
    minutes += deafness.close()
    assert [minute.seconds for minute in minutes] == [30.0, 10.0]


@given(st.lists(st.tuples(st.floats(0.1, 200), st.booleans()), max_size=60))
def test_the_minutes_add_up_to_the_seconds(spells: list[tuple[float, bool]]) -> None:
    deafness = Deafness(0)
    now, deaf_since, minutes = 0.0, None, []
    for passes, deaf in spells:
        deaf_since = (now if deaf_since is None else deaf_since) if deaf else None
        now += passes
        minutes += sweep(deafness, now, deaf_since)
    minutes += deafness.close()
    assert abs(sum(minute.seconds for minute in minutes) - deafness.seconds) < 1e-3
    assert all(0 < minute.seconds <= 60 for minute in minutes)
    assert len({minute.minute for minute in minutes}) == len(minutes)
