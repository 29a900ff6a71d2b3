"""A whole day of a floor: four beacons that hang where they always hung, a tag that is carried about, people.

The model, of seed 1 and in injected time: an advertisement a second from each. Beacons that would be heard at -65, -71,
-75 and -79 dBm in the empty shop; a tag that walks a hall of 30 x 20 m at 1.2 m a second, a minute at each place, and
is on the floor for the first 45 minutes of each opening hour (crowd.Walk). Open from 10 to 22: multipath of 3.2 dB for
2 s, shadows of 3.2 dB for 90 s, 25 bodies an hour before each beacon, 6 to 18 dB for 13 s (crowd.BUSY). At night 0.8 dB
each and a body an hour (crowd.EMPTY). What arrives below -95 dBm is not heard.

The figures: the zones of the four change 30 / 38 / 38 / 16 times, 12 of all of these at night. The three that are heard
well arrive once and never leave; the one at -79 dBm is gone once, behind a body, and comes back. The twelve visits of
the tag are 17 arrivals and 17 departures: five times it was out of hearing in a corner for half a minute. Its zone
changes 79 times. No beacon counts as moved or absent, and neither the receiver nor the radio is suspected.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import pytest

from beacon_gateway.core.model.ibeacon import BeaconKey, Frame
from beacon_gateway.core.tracking.hit import ExitReason, Hit, HitKind
from tests.core.air import POWER, STORE, declared
from tests.core.crowd import BUSY, EMPTY, Crowd, Mean, Walk, among_people
from tests.core.post import Post

pytestmark = pytest.mark.slow

HOUR: Final = 3600.0
OPENS, CLOSES, MIDNIGHT = 10 * HOUR, 22 * HOUR, 24 * HOUR
VISITS: Final = 12
VISIT_S: Final = 45 * 60.0
SEED: Final = 1
FAINTEST: Final = -95
"""dBm that are heard."""
MEANS: Final = {BeaconKey(STORE, 10006, minor): mean for minor, mean in enumerate((-65, -71, -75, -79), 1)}
TAG: Final = BeaconKey(STORE, 10006, 5)


@dataclass(frozen=True)
class AmongPeople:
    """A beacon that is heard in the air of the shop."""

    key: BeaconKey
    mean: Mean
    rng: random.Random
    crowd: Crowd = BUSY

    def heard(self, start: float, end: float) -> Iterator[tuple[float, bytes, int]]:
        payload = Frame(self.key, POWER).payload()
        air = among_people(self.rng, rate=1, mean=self.mean, seconds=end - start, start=start, crowd=self.crowd)
        return ((at, payload, rssi) for at, rssi in air if rssi >= FAINTEST)


@pytest.fixture(scope="module")
def day() -> Post:
    beacons = declared(*MEANS, TAG)
    post = Post(beacons | {TAG: replace(beacons[TAG], mobile=True)})
    rngs = {key: random.Random(f"{SEED} {key.minor}") for key in beacons}
    night = [AmongPeople(key, mean, rngs[key], EMPTY) for key, mean in MEANS.items()]
    open_ = [AmongPeople(key, mean, rngs[key]) for key, mean in MEANS.items()]
    post.listen(OPENS, *night)
    for _ in range(VISITS):
        post.listen(VISIT_S, *open_, AmongPeople(TAG, Walk(rngs[TAG], post.now), rngs[TAG]))
        post.listen(HOUR - VISIT_S, *open_)
    post.listen(MIDNIGHT - CLOSES, *night)
    return post


def hits(day: Post, key: BeaconKey, kind: HitKind) -> list[Hit]:
    return [hit for hit in day.hits if hit.key == key and hit.kind is kind]


@pytest.mark.parametrize(("minor", "changes"), [(1, 30), (2, 38), (3, 38), (4, 16)])
def test_people_change_the_zone_of_a_beacon_that_hangs_two_or_three_times_an_hour(
    day: Post, minor: int, changes: int
) -> None:
    zones = hits(day, BeaconKey(STORE, 10006, minor), HitKind.ZONE)
    assert len(zones) == pytest.approx(changes, abs=4)
    assert sum(not OPENS <= hit.when < CLOSES for hit in zones) <= len(zones) / 4


@pytest.mark.parametrize("key", list(MEANS)[:3], ids=str)
def test_a_beacon_that_hangs_within_good_hearing_arrives_once_and_never_leaves(day: Post, key: BeaconKey) -> None:
    assert len(hits(day, key, HitKind.ENTER)) == 1
    assert not hits(day, key, HitKind.EXIT)


def test_one_at_the_edge_of_hearing_is_gone_once_at_most_and_comes_back(day: Post) -> None:
    *_, faint = MEANS
    arrivals, exits = hits(day, faint, HitKind.ENTER), hits(day, faint, HitKind.EXIT)
    assert len(arrivals) == len(exits) + 1
    assert len(exits) <= 1


def test_a_tag_arrives_when_its_visits_begin_and_leaves_when_they_end(day: Post) -> None:
    arrivals, exits = hits(day, TAG, HitKind.ENTER), hits(day, TAG, HitKind.EXIT)
    assert len(arrivals) == len(exits) == pytest.approx(17, abs=2)
    for number in range(VISITS):
        begins = OPENS + number * HOUR
        arrived = [hit.when - begins for hit in arrivals if begins <= hit.when < begins + HOUR]
        left = [hit.when - begins for hit in exits if begins <= hit.when < begins + HOUR]
        assert arrived[0] <= 10
        assert VISIT_S - 10 <= left[-1] <= VISIT_S
    assert {hit.reason for hit in exits} == {ExitReason.TIMEOUT}


def test_a_tag_that_walks_is_logged_in_six_or_seven_other_zones_a_visit(day: Post) -> None:
    assert len(hits(day, TAG, HitKind.ZONE)) == pytest.approx(79, abs=8)


def test_a_day_of_people_makes_no_beacon_moved_or_absent_and_neither_receiver_nor_radio_suspect(day: Post) -> None:
    assert not day.events
    assert not day.receiver_changes
    assert not day.suspected
