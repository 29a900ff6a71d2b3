"""Which time it was, on a machine whose clock is set late and jumps."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.log.timeline import STEP, Stretch, Timeline, Turn

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
POWERED_OFF = datetime(2026, 3, 1, tzinfo=UTC)
"""What a Pi shows after the night in which it had no power."""


def begun(*, synchronised: bool, utc: datetime = NOON, former: Stretch | None = None) -> Timeline:
    return Timeline("boot", 100.0, utc, synchronised=synchronised, former=former)


def test_a_clock_that_runs_makes_one_stretch() -> None:
    timeline = begun(synchronised=True)
    first = timeline.stretch
    for second in range(0, 86_400, 60):
        assert timeline.look(100 + second, NOON + timedelta(seconds=second), synchronised=True) is None
    assert timeline.stretch is first
    assert first.at(160) == NOON + timedelta(seconds=60)


def test_a_clock_that_is_set_puts_the_stretch_right_from_its_beginning() -> None:
    timeline = begun(synchronised=False, utc=POWERED_OFF)
    assert not timeline.stretch.known
    assert timeline.stretch.at(100) == POWERED_OFF
    assert timeline.look(130, NOON, synchronised=True) is Turn.SET_RIGHT
    stretch = timeline.stretch
    assert (stretch.since, stretch.known, stretch.at(100)) == (100.0, True, NOON - timedelta(seconds=30))
    assert timeline.stepped_by == (NOON - POWERED_OFF).total_seconds() - 30


def test_a_clock_that_was_right_all_along_is_known_once_somebody_says_so() -> None:
    timeline = begun(synchronised=False)
    assert timeline.look(103, NOON + timedelta(seconds=3), synchronised=True) is Turn.SET_RIGHT
    assert timeline.stepped_by == 0


def test_a_jump_begins_another_stretch_and_leaves_the_times_before_it() -> None:
    timeline = begun(synchronised=True)
    before = timeline.stretch
    for years, second in ((10, 200), (-20, 300)):
        jumped = NOON + timedelta(days=365 * years)
        assert timeline.look(second, jumped, synchronised=False) is Turn.STEPPED
        assert (timeline.stretch.since, timeline.stretch.known) == (second, False)
        assert timeline.stretch.at(second) == jumped
    assert before.at(150) == NOON + timedelta(seconds=50)
    assert timeline.look(400, NOON + timedelta(seconds=300), synchronised=True) is Turn.SET_RIGHT
    assert timeline.stretch.at(300) == NOON + timedelta(seconds=200)


def test_no_time_service_for_weeks_leaves_a_known_time_known() -> None:
    timeline = begun(synchronised=True)
    assert timeline.look(100 + 30 * 86_400, NOON + timedelta(days=30), synchronised=False) is None
    assert timeline.stretch.known


def test_a_process_that_begins_anew_in_the_same_boot_knows_what_the_last_one_knew() -> None:
    former = Stretch("boot", 50.0, NOON.timestamp() - 100, known=True)
    assert begun(synchronised=False, former=former).stretch.known
    assert not begun(synchronised=False, utc=POWERED_OFF, former=former).stretch.known
    another_boot = Stretch("other", 50.0, NOON.timestamp() - 100, known=True)
    assert not begun(synchronised=False, former=another_boot).stretch.known


STEPS = st.lists(
    st.tuples(st.floats(0.01, 10_000), st.floats(-1e9, 1e9) | st.just(0.0), st.booleans()), min_size=1, max_size=30
)


@given(STEPS)
def test_whatever_the_clock_does_nothing_known_moves_and_the_order_is_the_monotonic_one(
    steps: list[tuple[float, float, bool]],
) -> None:
    now, utc = 100.0, NOON
    timeline = begun(synchronised=False)
    stretches = {timeline.stretch.since: timeline.stretch}
    for passes, jumps, synchronised in steps:
        now += passes
        utc = max(utc + timedelta(seconds=passes + jumps), datetime(1971, 1, 1, tzinfo=UTC))
        before = timeline.stretch
        turn = timeline.look(now, utc, synchronised=synchronised)
        assert (turn is None) == (timeline.stretch == before)
        if before.known:
            assert stretches[before.since] == before
        stretches[timeline.stretch.since] = timeline.stretch
        assert abs((timeline.stretch.at(now) - utc).total_seconds()) <= STEP + 1e-3
        if synchronised:
            assert timeline.stretch.known
    assert list(stretches) == sorted(stretches)
