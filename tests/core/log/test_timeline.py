"""Which time it was, on a machine whose clock is set late and jumps."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.log.timeline import MIN_STEP_S, ClockChange, ClockSegment, Timeline

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
POWERED_OFF = datetime(2026, 3, 1, tzinfo=UTC)
"""What a Pi shows after the night in which it had no power."""


def begun(*, synchronised: bool, utc: datetime = NOON, former: ClockSegment | None = None) -> Timeline:
    return Timeline("boot", 100.0, utc, synchronised=synchronised, former=former)


def test_a_clock_that_runs_makes_one_stretch() -> None:
    timeline = begun(synchronised=True)
    first = timeline.segment
    for second in range(0, 86_400, 60):
        assert timeline.look(100 + second, NOON + timedelta(seconds=second), synchronised=True) is None
    assert timeline.segment is first
    assert first.at(160) == NOON + timedelta(seconds=60)


def test_a_clock_that_is_set_puts_the_stretch_right_from_its_beginning() -> None:
    timeline = begun(synchronised=False, utc=POWERED_OFF)
    assert not timeline.segment.known
    assert timeline.segment.at(100) == POWERED_OFF
    assert timeline.look(130, NOON, synchronised=True) is ClockChange.CORRECTED
    segment = timeline.segment
    assert (segment.since, segment.known, segment.at(100)) == (100.0, True, NOON - timedelta(seconds=30))
    assert timeline.stepped_by == (NOON - POWERED_OFF).total_seconds() - 30


def test_a_clock_that_was_right_all_along_is_known_once_somebody_says_so() -> None:
    timeline = begun(synchronised=False)
    assert timeline.look(103, NOON + timedelta(seconds=3), synchronised=True) is ClockChange.CORRECTED
    assert timeline.stepped_by == 0


def test_a_jump_begins_another_stretch_and_leaves_the_times_before_it() -> None:
    timeline = begun(synchronised=True)
    before = timeline.segment
    for years, second in ((10, 200), (-20, 300)):
        jumped = NOON + timedelta(days=365 * years)
        assert timeline.look(second, jumped, synchronised=False) is ClockChange.STEPPED
        assert (timeline.segment.since, timeline.segment.known) == (second, False)
        assert timeline.segment.at(second) == jumped
    assert before.at(150) == NOON + timedelta(seconds=50)
    assert timeline.look(400, NOON + timedelta(seconds=300), synchronised=True) is ClockChange.CORRECTED
    assert timeline.segment.at(300) == NOON + timedelta(seconds=200)


def test_no_time_service_for_weeks_leaves_a_known_time_known() -> None:
    timeline = begun(synchronised=True)
    assert timeline.look(100 + 30 * 86_400, NOON + timedelta(days=30), synchronised=False) is None
    assert timeline.segment.known


def test_a_process_that_begins_anew_in_the_same_boot_knows_what_the_last_one_knew() -> None:
    former = ClockSegment("boot", 50.0, NOON.timestamp() - 100, known=True)
    assert begun(synchronised=False, former=former).segment.known
    assert not begun(synchronised=False, utc=POWERED_OFF, former=former).segment.known
    another_boot = ClockSegment("other", 50.0, NOON.timestamp() - 100, known=True)
    assert not begun(synchronised=False, former=another_boot).segment.known


STEPS = st.lists(
    st.tuples(st.floats(0.01, 10_000), st.floats(-1e9, 1e9) | st.just(0.0), st.booleans()), min_size=1, max_size=30
)


@given(STEPS)
def test_whatever_the_clock_does_nothing_known_moves_and_the_order_is_the_monotonic_one(
    steps: list[tuple[float, float, bool]],
) -> None:
    now, utc = 100.0, NOON
    timeline = begun(synchronised=False)
    segments = {timeline.segment.since: timeline.segment}
    for passes, jumps, synchronised in steps:
        now += passes
        utc = max(utc + timedelta(seconds=passes + jumps), datetime(1971, 1, 1, tzinfo=UTC))
        before = timeline.segment
        turn = timeline.look(now, utc, synchronised=synchronised)
        assert (turn is None) == (timeline.segment == before)
        if before.known:
            assert segments[before.since] == before
        segments[timeline.segment.since] = timeline.segment
        assert abs((timeline.segment.at(now) - utc).total_seconds()) <= MIN_STEP_S + 1e-3
        if synchronised:
            assert timeline.segment.known
    assert list(segments) == sorted(segments)
