"""Moments as people type them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.report.moments import moment_of, read_end, read_moment
from tests.adapters.database.days import SHANGHAI

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return moment_of(read_moment(text), NOW, SHANGHAI)


def test_a_day_and_a_time_are_of_the_stores_zone_unless_one_is_written() -> None:
    assert at("2026-11-24") == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert at("2026-11-24T10:00") == datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert at("2026-11-24T10:00+00:00") == NOW


def test_so_long_ago_is_counted_from_now() -> None:
    assert [at("90m"), at("12h"), at("7d")] == [
        NOW - timedelta(**ago) for ago in ({"minutes": 90}, {"hours": 12}, {"days": 7})
    ]


def test_a_day_that_ends_something_is_included() -> None:
    assert moment_of(read_end("2026-11-24"), NOW, SHANGHAI) == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert read_end("2026-11-24T10:00") == datetime(2026, 11, 24, 10)  # noqa: DTZ001 - of the zone that is known later
    assert read_end("90m") == timedelta(minutes=90)


@pytest.mark.parametrize(
    "text",
    ["", "d", "m", "-1d", "1w", "soon", "2026-13-01", "0001-01-01", "9999-12-31", "999999999d", "9" * 4000 + "d"],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    for read in (read_moment, read_end):
        with pytest.raises(ValueError, match=r".*"):
            read(text)


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{1,12}[mhd]", fullmatch=True) | st.datetimes().map(str))
def test_whatever_is_typed_is_a_moment_that_can_be_told_in_utc_or_is_refused(text: str) -> None:
    for read in (read_moment, read_end):
        try:
            found = read(text)
        except ValueError:
            continue
        moment_of(found, NOW, SHANGHAI).astimezone(UTC).isoformat()
