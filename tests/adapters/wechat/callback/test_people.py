"""Who shook is told apart within a day, and never after it."""

from datetime import timedelta
from types import MappingProxyType
from typing import Final

import pytest

from beacon_gateway.core.log.shake import Shake
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import Beacon, Store
from tests.adapters.wechat.callback.people import FewKeys, beijing, counting, told
from tests.adapters.wechat.callback.scene import CHOSEN, NOON, OPENID, UUID_OF_ALL
from tests.services.tracking.manual_clock import ManualClock

STORE: Final = Store(
    MappingProxyType({}),
    MappingProxyType({CHOSEN: Beacon(CHOSEN, "shoes", "鞋", "F6")}),
    MappingProxyType({}),
    "abc123",
)


def test_a_shake_is_noted_with_the_names_in_force_and_without_the_openid() -> None:
    shakes, noted = counting(ManualClock(utc=NOON))
    shakes.use(STORE)
    shakes.take(told(NOON, around=2))
    person = noted[0].person
    assert noted == [Shake(NOON, person, CHOSEN, "shoes", "F6", "pi", "abc123", 2)]
    assert len(person) == 8
    assert OPENID.encode() not in person
    assert OPENID not in repr(vars(shakes))


def test_an_undeclared_beacon_has_no_names() -> None:
    shakes, noted = counting(ManualClock(utc=NOON))
    shakes.take(told(NOON))
    shakes.use(STORE)
    shakes.take(told(NOON, "another", key=BeaconKey(UUID_OF_ALL, 1, 1)))
    assert [(shake.beacon, shake.floor, shake.revision) for shake in noted] == [("", "", ""), ("", "", "abc123")]


def test_the_same_person_is_the_same_all_day_and_another_is_another() -> None:
    clock = ManualClock(utc=beijing("2023-11-15 00:10"))
    shakes, noted = counting(clock)
    for hours in (0, 9, 9, 5):
        clock.advance(hours * 3_600)
        shakes.take(told(clock.utc()))
        shakes.take(told(clock.utc(), "another"))
    people = [shake.person for shake in noted]
    assert people == people[:2] * 4
    assert people[0] != people[1]


def test_the_next_day_nobody_is_known() -> None:
    clock = ManualClock(utc=beijing("2023-11-15 23:50"))
    shakes, noted = counting(clock)
    shakes.take(told(clock.utc()))
    clock.set_right(beijing("2023-11-16 00:10"))
    shakes.take(told(clock.utc()))
    assert noted[0].person != noted[1].person


def test_the_day_is_the_stores() -> None:
    clock = ManualClock(utc=beijing("2023-11-15 07:59"))
    shakes, noted = counting(clock)
    shakes.take(told(clock.utc()))
    clock.advance(120)  # midnight in UTC
    shakes.take(told(clock.utc()))
    assert noted[0].person == noted[1].person


def test_who_is_told_late_about_yesterday_gets_yesterdays_key() -> None:
    keys, clock = FewKeys(), ManualClock(utc=beijing("2023-11-15 23:59:50"))
    shakes, noted = counting(clock, keys)
    shakes.take(told(beijing("2023-11-15 23:59:50")))
    clock.set_right(beijing("2023-11-16 00:00:20"))
    shakes.take(told(beijing("2023-11-15 23:59:55")))
    shakes.take(told(beijing("2023-11-16 00:00:05")))
    assert noted[0].person == noted[1].person != noted[2].person
    assert len(keys.known) == 2


def test_some_minutes_after_midnight_yesterdays_key_is_gone() -> None:
    keys, clock = FewKeys(), ManualClock(utc=beijing("2023-11-15 23:50"))
    shakes, noted = counting(clock, keys)
    shakes.take(told(clock.utc()))
    (yesterday,) = keys.known
    for time, left in (("00:00", 1), ("00:04", 1), ("00:05", 0)):
        clock.set_right(beijing(f"2023-11-16 {time}"))
        shakes.forget_old_keys()
        assert len(keys.known) == left
    shakes.take(told(beijing("2023-11-15 23:59:59")))
    assert (len(noted), shakes.too_old) == (1, 1)
    assert yesterday not in keys.known


def test_a_shake_destroys_old_keys_too() -> None:
    keys, clock = FewKeys(), ManualClock(utc=beijing("2023-11-15 12:00"))
    shakes, _ = counting(clock, keys)
    shakes.take(told(clock.utc()))
    clock.advance(86_400)
    shakes.take(told(clock.utc()))
    assert list(keys.known) == [clock.utc().date()]


@pytest.mark.parametrize(("minutes", "taken"), [(5, 1), (6, 0), (60 * 24 * 365 * 50, 0)])
def test_what_is_yet_to_happen_gets_no_key(minutes: int, taken: int) -> None:
    keys, clock = FewKeys(), ManualClock(utc=NOON)
    shakes, noted = counting(clock, keys)
    shakes.take(told(NOON + timedelta(minutes=minutes)))
    assert (len(noted), shakes.taken, shakes.ahead, len(keys.known)) == (taken, taken, 1 - taken, taken)


def test_an_event_counts_once_however_often_it_is_told() -> None:
    clock = ManualClock(utc=NOON)
    shakes, noted = counting(clock)
    for _ in range(3):
        shakes.take(told(NOON))
        clock.advance(10)
    assert (len(noted), shakes.taken, shakes.repeated) == (1, 1, 2)


def test_it_is_who_and_when_that_makes_an_event() -> None:
    shakes, noted = counting(ManualClock(utc=NOON))
    for openid, seconds in (("one", 0), ("one", 1), ("two", 0), ("two", 1), ("one", 0)):
        shakes.take(told(NOON + timedelta(seconds=seconds), openid))
    assert (len(noted), shakes.repeated, shakes.forgotten) == (4, 1, 0)


async def test_keys_are_destroyed_as_soon_as_it_runs() -> None:
    keys, clock = FewKeys(), ManualClock(utc=NOON)
    keys.key_of((NOON - timedelta(days=3)).date())
    shakes, _ = counting(clock, keys)
    running = shakes.run()
    running.send(None)  # as far as its first pause
    running.close()
    assert keys.known == {}
