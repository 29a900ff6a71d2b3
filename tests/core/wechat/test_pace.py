"""A path that was called too fast waits, goes at half the rate, and is free again after ten minutes."""

from itertools import pairwise
from typing import Final

from beacon_gateway.core.wechat.pace import MAX_GAP_S, SLOW_FOR_S, CallPace

RESUME: Final = 160.0


def after(calls: int) -> CallPace:
    """Return a path that was called so often within a minute, the last time at 100, and then refused."""
    pace = CallPace()
    for number in range(calls):
        assert pace.wait(100.0) == 0
        pace.begin(100.0 - number / calls)
    pace.complain(101.0, RESUME, begun=100.0)
    return pace


def test_without_a_complaint_nothing_waits() -> None:
    pace = CallPace()
    for _ in range(5_000):
        pace.begin(1.0)
        assert pace.wait(1.0) == 0


def test_after_a_complaint_nothing_goes_before_the_next_minute() -> None:
    pace = after(calls=30)
    assert (pace.wait(101.0), pace.wait(RESUME)) == (59.0, 0)


def test_the_rate_is_half_of_what_it_was() -> None:
    pace, now, calls = after(calls=30), RESUME, 0
    while now < RESUME + 60:
        pace.begin(now)
        calls += 1
        now += pace.wait(now)
    assert calls == 15


def test_calls_refused_together_are_one_complaint() -> None:
    one, five = after(calls=30), after(calls=30)
    for _ in range(4):
        five.complain(102.0, RESUME, begun=100.0)
    for pace in (one, five):
        pace.begin(RESUME)
    assert one.wait(RESUME) == five.wait(RESUME) == 4.0


def test_a_complaint_about_the_halved_rate_halves_it_again_down_to_two_a_minute() -> None:
    pace, now, gaps = after(calls=30), RESUME, []
    for _ in range(6):
        pace.begin(now)
        gaps.append(pace.wait(now))
        pace.complain(now, now + 60, begun=now)
        now += 60
    assert gaps[0] == 4.0
    assert all(later >= min(2 * gap, MAX_GAP_S) for gap, later in pairwise(gaps))
    assert gaps[-1] == MAX_GAP_S


def test_ten_minutes_after_the_last_complaint_the_path_is_free_again() -> None:
    pace = after(calls=30)
    for seconds, wait in ((SLOW_FOR_S - 1, 4.0), (SLOW_FOR_S + 3, 0.0)):
        pace.begin(RESUME + seconds)
        assert pace.wait(RESUME + seconds) == wait
