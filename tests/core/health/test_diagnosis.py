"""One verdict for everything that can be known of a beacon, and a sentence for each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from beacon_gateway.core.health.diagnosis import NEVER, Findings, Heard, Verdict, diagnose

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
        (Findings(Heard.YES, last_active=TODAY, bound=1), Verdict.HEALTHY),
        (Findings(Heard.YES, last_active=TODAY, bound=0), Verdict.UNBOUND),
        (Findings(Heard.YES, last_active=OLD, bound=0), Verdict.UNBOUND),
        (Findings(Heard.YES, last_active=OLD, bound=1), Verdict.NOBODY_SHAKES),
        (Findings(Heard.YES, last_active=NEVER, bound=3), Verdict.NOBODY_SHAKES),
        (Findings(Heard.NO, last_active=TODAY, bound=1), Verdict.COVERAGE_GAP),
        (Findings(Heard.NO, last_active=TODAY, silent_since=DYING, bound=1), Verdict.COVERAGE_GAP),
        (Findings(Heard.NO, last_active=OLD, bound=1), Verdict.BATTERY),
        (Findings(Heard.NO, last_active=OLD, bound=0), Verdict.BATTERY),
        (Findings(Heard.NO, last_active=NEVER, bound=1), Verdict.BATTERY),
        (Findings(Heard.NO, deaf=True, last_active=OLD, bound=1), Verdict.GATEWAY_DEAF),
        (Findings(Heard.NO, deaf=True, last_active=TODAY, bound=0), Verdict.GATEWAY_DEAF),
        (Findings(Heard.YES, unregistered=True), Verdict.UNREGISTERED),
        (Findings(Heard.YES, cloned=True, last_active=TODAY, bound=1), Verdict.CLONED),
        # Somebody shook at it before it fell silent: that proves nothing yet
        (Findings(Heard.NO, last_active=TODAY, silent_since=NOW - timedelta(hours=1), bound=1), Verdict.BATTERY),
        # Meant to show nothing
        (Findings(Heard.YES, last_active=TODAY, bound=0, bare=True), Verdict.HEALTHY),
        (Findings(Heard.YES, last_active=NEVER, bound=0, bare=True), Verdict.HEALTHY),
        # At the wrong place
        (Findings(Heard.YES, strayed=True, last_active=TODAY, bound=1), Verdict.STRAYED),
        (Findings(Heard.YES, moved=True, last_active=OLD, bound=1), Verdict.MOVED),
        (Findings(Heard.YES, moved=True, bound=0), Verdict.UNBOUND),
        # Signs of one that is not heard any more are old
        (Findings(Heard.NO, cloned=True, strayed=True, moved=True, last_active=OLD), Verdict.BATTERY),
        # Unknown to the target
        (Findings(Heard.YES, at_target=False), Verdict.NOT_AT_TARGET),
        (Findings(Heard.NEVER, at_target=False), Verdict.NOT_AT_TARGET),
        (Findings(Heard.NO, at_target=False), Verdict.BATTERY),
        # Another gateway's
        (Findings(Heard.NEVER, at_target=True, last_active=TODAY, bound=1), Verdict.HEALTHY),
        (Findings(Heard.NEVER, at_target=True, last_active=TODAY, bound=0), Verdict.UNBOUND),
        (Findings(Heard.NEVER, at_target=True, last_active=OLD, bound=1), Verdict.UNKNOWN),
        # No account at all
        (Findings(Heard.YES), Verdict.HEALTHY),
        (Findings(Heard.YES, moved=True), Verdict.MOVED),
        (Findings(Heard.YES, strayed=True), Verdict.STRAYED),
        (Findings(Heard.YES, cloned=True), Verdict.CLONED),
        (Findings(Heard.NO, silent_since=OLD), Verdict.BATTERY),
        (Findings(Heard.NO, deaf=True), Verdict.GATEWAY_DEAF),
        (Findings(Heard.NEVER), Verdict.UNKNOWN),
        (Findings(Heard.NEVER, carried=True), Verdict.AWAY),
        (Findings(Heard.NEVER, carried=True, at_target=True, last_active=OLD, bound=1), Verdict.AWAY),
        (Findings(Heard.NEVER, carried=True, at_target=False), Verdict.NOT_AT_TARGET),
        (Findings(Heard.YES, carried=True, last_active=NEVER, bound=0, bare=True), Verdict.HEALTHY),
        # The bindings are known, and when it was shaken is not
        (Findings(Heard.YES, at_target=True, bound=0), Verdict.UNBOUND),
        (Findings(Heard.YES, at_target=True, bound=2), Verdict.HEALTHY),
        # The other way round
        (Findings(Heard.YES, at_target=True, last_active=OLD), Verdict.NOBODY_SHAKES),
    ],
)
def test_each_case_has_its_verdict(found: Findings, verdict: Verdict) -> None:
    assert diagnose(found, NOW) is verdict


@pytest.mark.parametrize(
    ("age", "verdict"),
    [(timedelta(hours=48), Verdict.HEALTHY), (timedelta(hours=48, seconds=1), Verdict.NOBODY_SHAKES)],
)
def test_two_days_are_these_days(age: timedelta, verdict: Verdict) -> None:
    assert diagnose(Findings(Heard.YES, last_active=NOW - age, bound=1), NOW) is verdict


def test_a_target_whose_clock_is_ahead_does_no_harm() -> None:
    assert diagnose(Findings(Heard.YES, last_active=NOW + timedelta(days=1), bound=1), NOW) is Verdict.HEALTHY


EVERYTHING = [
    Findings(heard, deaf, silent_since, at_target, last_active, bound, *flags)
    for heard, deaf, silent_since, at_target, last_active, bound in product(
        Heard,
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
    assert not silent & {diagnose(found, NOW) for found in EVERYTHING if found.heard is not Heard.NO}


def test_a_coverage_gap_is_proven_by_somebody_who_shook() -> None:
    for found in EVERYTHING:
        if diagnose(found, NOW) is Verdict.COVERAGE_GAP:
            assert diagnose(replace(found, last_active=None), NOW) is Verdict.BATTERY


def test_a_beacon_that_is_meant_to_be_bare_is_never_unbound() -> None:
    assert Verdict.UNBOUND not in {diagnose(found, NOW) for found in EVERYTHING if found.bare}
