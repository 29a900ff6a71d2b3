"""One verdict for everything that can be known of a beacon, and a sentence for each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from beacon_gateway.core.health.diagnosis import NEVER, Audibility, BeaconFindings, Verdict, diagnose

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = NOW - timedelta(hours=30)
"""WeChat tells of a shake a day later."""
OLD = NOW - timedelta(days=9)
DYING = NOW - timedelta(hours=40)
"""Before the last shake."""


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        # The matrix
        (BeaconFindings(Audibility.YES, last_active=TODAY, bound=1), Verdict.HEALTHY),
        (BeaconFindings(Audibility.YES, last_active=TODAY, bound=0), Verdict.UNBOUND),
        (BeaconFindings(Audibility.YES, last_active=OLD, bound=0), Verdict.UNBOUND),
        (BeaconFindings(Audibility.YES, last_active=OLD, bound=1), Verdict.NOBODY_SHAKES),
        (BeaconFindings(Audibility.YES, last_active=NEVER, bound=3), Verdict.NOBODY_SHAKES),
        (BeaconFindings(Audibility.NO, last_active=TODAY, bound=1), Verdict.COVERAGE_GAP),
        (BeaconFindings(Audibility.NO, last_active=TODAY, silent_since=DYING, bound=1), Verdict.COVERAGE_GAP),
        (BeaconFindings(Audibility.NO, last_active=OLD, bound=1), Verdict.BATTERY),
        (BeaconFindings(Audibility.NO, last_active=OLD, bound=0), Verdict.BATTERY),
        (BeaconFindings(Audibility.NO, last_active=NEVER, bound=1), Verdict.BATTERY),
        (BeaconFindings(Audibility.NO, deaf=True, last_active=OLD, bound=1), Verdict.GATEWAY_DEAF),
        (BeaconFindings(Audibility.NO, deaf=True, last_active=TODAY, bound=0), Verdict.GATEWAY_DEAF),
        (BeaconFindings(Audibility.YES, unregistered=True), Verdict.UNREGISTERED),
        (BeaconFindings(Audibility.YES, cloned=True, last_active=TODAY, bound=1), Verdict.CLONED),
        # Somebody shook at it before it fell silent: that proves nothing yet
        (
            BeaconFindings(Audibility.NO, last_active=TODAY, silent_since=NOW - timedelta(hours=1), bound=1),
            Verdict.BATTERY,
        ),
        # Meant to show nothing
        (BeaconFindings(Audibility.YES, last_active=TODAY, bound=0, bare=True), Verdict.HEALTHY),
        (BeaconFindings(Audibility.YES, last_active=NEVER, bound=0, bare=True), Verdict.HEALTHY),
        # At the wrong place
        (BeaconFindings(Audibility.YES, strayed=True, last_active=TODAY, bound=1), Verdict.STRAYED),
        (BeaconFindings(Audibility.YES, moved=True, last_active=OLD, bound=1), Verdict.MOVED),
        (BeaconFindings(Audibility.YES, moved=True, bound=0), Verdict.UNBOUND),
        # Signs of one that is not heard any more are old
        (BeaconFindings(Audibility.NO, cloned=True, strayed=True, moved=True, last_active=OLD), Verdict.BATTERY),
        # Unknown to the target
        (BeaconFindings(Audibility.YES, at_target=False), Verdict.NOT_AT_TARGET),
        (BeaconFindings(Audibility.NEVER, at_target=False), Verdict.NOT_AT_TARGET),
        (BeaconFindings(Audibility.NO, at_target=False), Verdict.BATTERY),
        # Another gateway's
        (BeaconFindings(Audibility.NEVER, at_target=True, last_active=TODAY, bound=1), Verdict.HEALTHY),
        (BeaconFindings(Audibility.NEVER, at_target=True, last_active=TODAY, bound=0), Verdict.UNBOUND),
        (BeaconFindings(Audibility.NEVER, at_target=True, last_active=OLD, bound=1), Verdict.UNKNOWN),
        # No account at all
        (BeaconFindings(Audibility.YES), Verdict.HEALTHY),
        (BeaconFindings(Audibility.YES, moved=True), Verdict.MOVED),
        (BeaconFindings(Audibility.YES, strayed=True), Verdict.STRAYED),
        (BeaconFindings(Audibility.YES, cloned=True), Verdict.CLONED),
        (BeaconFindings(Audibility.NO, silent_since=OLD), Verdict.BATTERY),
        (BeaconFindings(Audibility.NO, deaf=True), Verdict.GATEWAY_DEAF),
        (BeaconFindings(Audibility.NEVER), Verdict.UNKNOWN),
        (BeaconFindings(Audibility.NEVER, carried=True), Verdict.AWAY),
        (BeaconFindings(Audibility.NEVER, carried=True, at_target=True, last_active=OLD, bound=1), Verdict.AWAY),
        (BeaconFindings(Audibility.NEVER, carried=True, at_target=False), Verdict.NOT_AT_TARGET),
        (BeaconFindings(Audibility.YES, carried=True, last_active=NEVER, bound=0, bare=True), Verdict.HEALTHY),
        # The bindings are known, and when it was shaken is not
        (BeaconFindings(Audibility.YES, at_target=True, bound=0), Verdict.UNBOUND),
        (BeaconFindings(Audibility.YES, at_target=True, bound=2), Verdict.HEALTHY),
        # The other way round
        (BeaconFindings(Audibility.YES, at_target=True, last_active=OLD), Verdict.NOBODY_SHAKES),
    ],
)
def test_each_case_has_its_verdict(found: BeaconFindings, verdict: Verdict) -> None:
    assert diagnose(found, NOW) is verdict


@pytest.mark.parametrize(
    ("age", "verdict"),
    [(timedelta(hours=48), Verdict.HEALTHY), (timedelta(hours=48, seconds=1), Verdict.NOBODY_SHAKES)],
)
def test_two_days_are_these_days(age: timedelta, verdict: Verdict) -> None:
    assert diagnose(BeaconFindings(Audibility.YES, last_active=NOW - age, bound=1), NOW) is verdict


def test_a_target_whose_clock_is_ahead_does_no_harm() -> None:
    assert (
        diagnose(BeaconFindings(Audibility.YES, last_active=NOW + timedelta(days=1), bound=1), NOW) is Verdict.HEALTHY
    )


EVERYTHING = [
    BeaconFindings(heard, deaf, silent_since, at_target, last_active, bound, *flags)
    for heard, deaf, silent_since, at_target, last_active, bound in product(
        Audibility,
        [False, True],
        [None, TODAY, OLD],
        [None, False, True],
        [None, NEVER, OLD, TODAY, NOW],
        [None, 0, 1, 30],
    )
    for flags in product([False, True], repeat=6)
]


def test_whatever_is_known_there_is_a_verdict_and_each_verdict_is_given_to_somebody() -> None:
    assert {diagnose(found, NOW) for found in EVERYTHING} == set(Verdict)


def test_a_deaf_gateway_accuses_no_beacon() -> None:
    assert {diagnose(found, NOW) for found in EVERYTHING if found.deaf} == {Verdict.GATEWAY_DEAF}


def test_a_gateway_that_hears_is_not_called_deaf() -> None:
    assert Verdict.GATEWAY_DEAF not in {diagnose(found, NOW) for found in EVERYTHING if not found.deaf}


def test_a_battery_is_never_to_be_changed_in_a_beacon_that_is_heard() -> None:
    silent = {Verdict.BATTERY, Verdict.COVERAGE_GAP}
    assert not silent & {diagnose(found, NOW) for found in EVERYTHING if found.heard is not Audibility.NO}


def test_a_coverage_gap_is_proven_by_somebody_who_shook() -> None:
    for found in EVERYTHING:
        if diagnose(found, NOW) is Verdict.COVERAGE_GAP:
            assert diagnose(replace(found, last_active=None), NOW) is Verdict.BATTERY


def test_a_beacon_that_is_meant_to_be_bare_is_never_unbound() -> None:
    assert Verdict.UNBOUND not in {diagnose(found, NOW) for found in EVERYTHING if found.bare}
