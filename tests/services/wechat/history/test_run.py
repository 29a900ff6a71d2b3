"""`History.run` against an account over HTTP: what it asks for, and when."""

import asyncio
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from beacon_gateway.adapters.wechat.statistics import DEVICES, PAGES
from beacon_gateway.core.wechat.figures import DayFigures, Figures
from tests.patience import until
from tests.services.bindings.scene import NOON, SETTINGS, key, ref
from tests.services.wechat.history.scene import (
    ALL_DAYS,
    DAY,
    HOUR,
    MINUTE,
    SOON,
    TODAY,
    YESTERDAY,
    Scene,
    beijing,
    scene_at,
)

EACH_DAY = {DEVICES: 89, PAGES: 89}
"""Calls of a first start with no more than 50 beacons and pages."""


async def test_a_first_start_fetches_every_day_that_is_told_oldest_first(scene: Scene) -> None:
    page_id = scene.beacons(1, 2)
    for number, day in enumerate(ALL_DAYS):
        scene.shake(day, 1 + number % 2, "a", "b", "a")
    scene.shake(YESTERDAY, 2, "a")
    with capture_logs() as events:
        history = await scene.live(until=SOON)
    assert scene.asking.days() == ALL_DAYS
    assert scene.calls() == EACH_DAY
    three, one = Figures(shakes=3, shakers=2, clicks=1, clickers=1), Figures(1, 1, 1, 1)
    kept = await scene.kept()
    assert [figures.day for figures in kept] == ALL_DAYS
    assert kept[1] == DayFigures(ALL_DAYS[1], {key(2): three}, {ref(page_id): three})
    assert kept[-1] == DayFigures(YESTERDAY, {key(1): three, key(2): one}, {ref(page_id): Figures(4, 2, 2, 1)})
    assert (history.last, history.trouble) == (YESTERDAY, None)
    (fetched,) = [event for event in events if event["event"] == "history.fetched"]
    assert (fetched["days"], fetched["rows"], fetched["last"]) == (89, 89 * 2 + 1, "2026-11-23")


async def test_a_second_start_makes_no_call(scene: Scene) -> None:
    scene.beacons(1)
    scene.shake(YESTERDAY, 1, "a")
    await scene.live(until=SOON)
    scene.calls()
    history = await scene.live(until=beijing(TODAY + DAY, 7, 59))
    assert scene.calls() == {}
    assert history.last == YESTERDAY


@pytest.mark.parametrize(("beacons", "calls"), [(1, 1), (50, 1), (51, 2), (101, 3)])
async def test_a_day_takes_a_call_for_each_fifty_beacons_and_pages(scene: Scene, beacons: int, calls: int) -> None:
    scene.beacons(*range(beacons))
    scene.shake(YESTERDAY, 0, "a")
    await scene.live(until=SOON)
    scene.calls()
    for number in range(beacons):
        scene.shake(TODAY, number, "a")
    await scene.live(until=beijing(TODAY + DAY, 9))
    assert scene.calls() == {DEVICES: calls, PAGES: 1}
    assert len((await scene.kept())[-1].beacons) == beacons


async def test_every_morning_brings_the_day_before(scene: Scene) -> None:
    scene.beacons(1)
    scene.shake(YESTERDAY, 1, "a")
    for number in range(10):
        scene.shake(TODAY + number * DAY, 1, "a")
    await scene.live(until=SOON)
    scene.calls()
    scene.asking.days()
    history = await scene.live(until=beijing(TODAY + 10 * DAY, 12))
    assert scene.calls() == {DEVICES: 10, PAGES: 10}
    for number, (day, when) in enumerate(scene.asking.asked):
        assert day == TODAY + number * DAY
        assert beijing(day + DAY, 8) <= when <= beijing(day + DAY, 8, 31)
    assert history.last == TODAY + 9 * DAY


async def test_the_gateways_of_an_account_ask_at_different_moments(scene: Scene) -> None:
    scene.beacons(1)
    scene.shake(YESTERDAY, 1, "a")
    await scene.live(until=SOON)
    moments = set()
    for number in range(1, 8):
        scene.shake(TODAY + (number - 1) * DAY, 1, "a")
        scene.asking.asked.clear()
        await scene.live(until=beijing(TODAY + number * DAY, 8, 31), history=scene.history(seed=number))
        ((_, when),) = scene.asking.asked
        moments.add((when - beijing(TODAY + number * DAY, 8)) // MINUTE)
    assert len(moments) >= 5
    assert all(0 <= minutes <= 30 for minutes in moments)


async def test_days_without_a_gateway_are_filled_in(scene: Scene) -> None:
    scene.beacons(1)
    for number in range(-1, 40):
        scene.shake(TODAY + number * DAY, 1, "a")
    await scene.live(until=SOON)
    scene.asking.days()
    scene.time.move(40 * 86_400)
    await scene.live(until=scene.time.wall.now + MINUTE)
    assert scene.asking.days() == [TODAY + number * DAY for number in range(40)]


async def test_a_yesterday_that_is_late_is_asked_for_until_it_is_there(tmp_path: Path) -> None:
    async with scene_at(tmp_path, replace(SETTINGS, statistics_hour=13)) as scene:
        scene.beacons(1)
        scene.shake(YESTERDAY, 1, "a")
        scene.time.move(-3.5 * 3600)
        await scene.live(until=beijing(TODAY, 12))
        moments = [when for day, when in scene.asking.asked if day == YESTERDAY]
        assert len(moments) == 3
        assert all(later - earlier >= HOUR for earlier, later in pairwise(moments))
        assert (await scene.book.days())[YESTERDAY] is False
        await scene.live(until=beijing(TODAY, 20))
        assert (await scene.book.days())[YESTERDAY] is True
        assert (await scene.kept())[-1].beacons == {key(1): Figures(1, 1, 1, 1)}
        scene.calls()
        await scene.live(until=beijing(TODAY + DAY, 7))
        assert scene.calls() == {}


async def test_an_account_where_nobody_shakes_is_hardly_asked(scene: Scene) -> None:
    await scene.live(until=SOON)
    scene.calls()
    await scene.live(until=beijing(TODAY + 11 * DAY, 7, 30))
    assert 10 <= scene.calls()[DEVICES] <= 80
    days = await scene.book.days()
    assert [day for day, final in days.items() if not final] == [max(days)]
    assert max(days) == TODAY + 9 * DAY


async def test_no_call_is_made_while_nobody_knows_the_time(scene: Scene) -> None:
    scene.time.wall.right = False
    history = await scene.live(until=NOON + 3 * DAY)
    assert scene.wechat.calls() == {}
    assert history.last is None
    scene.time.wall.right = True
    await scene.live(until=NOON + 3 * DAY + 2 * MINUTE, history=history)
    assert len(await scene.book.days()) == 89


async def test_a_clock_that_is_wrong_all_at_once_ends_a_pass(scene: Scene) -> None:
    run = asyncio.create_task(scene.history().run())
    await until(lambda: scene.wechat.emulator.count(PAGES) == 10)
    scene.time.wall.right = False
    scene.time.end = NOON
    await until(scene.time.over.is_set)
    assert len(scene.asking.asked) <= 12
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run


async def test_a_clock_that_jumps_ahead_is_noticed_within_a_minute(scene: Scene) -> None:
    scene.beacons(1)
    for day in (YESTERDAY, TODAY):
        scene.shake(day, 1, "a")
    history = await scene.live(until=SOON)
    scene.asking.days()
    scene.wechat.clock.now += 86_400
    scene.time.leap = DAY
    await scene.live(until=SOON + DAY + 2 * MINUTE, history=history)
    ((day, when),) = scene.asking.asked
    assert day == TODAY
    assert when <= SOON + DAY + MINUTE


async def test_a_clock_that_jumps_back_makes_no_call_twice(scene: Scene) -> None:
    scene.beacons(1)
    scene.shake(YESTERDAY, 1, "a")
    scene.shake(TODAY, 1, "a")
    history = await scene.live(until=SOON)
    scene.asking.days()
    scene.time.leap = -2 * DAY
    await scene.live(until=NOON - DAY + HOUR, history=history)
    assert scene.asking.days() == [ALL_DAYS[0] - DAY]
    scene.time.leap = 2 * DAY
    await scene.live(until=NOON + DAY + 2 * HOUR, history=history)
    assert scene.asking.days() == [TODAY]
