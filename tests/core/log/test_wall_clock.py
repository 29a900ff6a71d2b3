"""Whose word is needed before the wall clock is believed."""

from datetime import UTC, datetime

import pytest

from beacon_gateway.adapters.machine.clock import SystemClock
from beacon_gateway.core.log.wall_clock import EARLIEST_TRUSTED, ClockState, clock_state
from beacon_gateway.core.model.settings import ClockTrust

TODAY, AT_POWER_ON = datetime(2026, 11, 24, 4, tzinfo=UTC), datetime(1970, 1, 1, 0, 0, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("trust", "utc", "marked", "state", "is_right"),
    [
        (ClockTrust.CHECKED, TODAY, True, ClockState.SET, True),
        (ClockTrust.CHECKED, TODAY, False, ClockState.NOT_SET, False),
        (ClockTrust.TRUSTED, TODAY, True, ClockState.SET, True),
        (ClockTrust.TRUSTED, TODAY, False, ClockState.TRUSTED, True),
        (ClockTrust.TRUSTED, EARLIEST_TRUSTED, False, ClockState.TRUSTED, True),
        (ClockTrust.TRUSTED, AT_POWER_ON, False, ClockState.LOST, False),
    ],
)
def test_a_clock_is_right_by_the_word_of_a_service_or_of_store_it(
    trust: ClockTrust, utc: datetime, marked: bool, state: ClockState, is_right: bool
) -> None:
    found = clock_state(trust, utc, marked=marked)
    assert (found, found.is_right) == (state, is_right)


def test_a_trusted_clock_of_this_machine_is_believed_whatever_its_kernel_was_told() -> None:
    clock = SystemClock(ClockTrust.TRUSTED)
    assert clock.synchronised()
    assert clock.state() is (ClockState.SET if clock.is_marked() else ClockState.TRUSTED)
    assert SystemClock().synchronised() == clock.is_marked()
