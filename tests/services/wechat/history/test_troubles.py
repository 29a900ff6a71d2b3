"""What goes wrong while figures are fetched costs a day's call at most, and no day."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from beacon_gateway.adapters.wechat.statistics import DEVICES, PAGES
from beacon_gateway.core.bindings.target import NeedsOperator, TryLater
from beacon_gateway.simulator.wechat import InjectedFault
from tests.patience import until
from tests.services.bindings.misfortune import AtCall
from tests.services.bindings.scene import NOON, SETTINGS
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


@pytest.mark.parametrize("call", [0, 1, 2, 77, 178])
async def test_a_day_that_failed_half_way_is_fetched_later(scene: Scene, call: int) -> None:
    scene.beacons(1)
    for day in ALL_DAYS:
        scene.shake(day, 1, "a")
    scene.wechat.emulator.faults = AtCall({call: InjectedFault.error(9001001)})
    with capture_logs() as events:
        history = await scene.live(until=SOON)
    assert sorted({*scene.asking.days()}) == ALL_DAYS
    assert sum(scene.calls().values()) <= 2 * 89 + 2
    assert all((await scene.book.days()).values())
    assert all(figures.beacons and figures.pages for figures in await scene.kept())
    assert [event["event"] for event in events if event["log_level"] == "warning"] == ["history.failed"]
    assert history.trouble is None


async def test_a_cut_costs_no_more_than_the_day_under_way(scene: Scene) -> None:
    scene.beacons(1)
    for day in ALL_DAYS:
        scene.shake(day, 1, "a")
    scene.wechat.emulator.faults = AtCall({60: InjectedFault.hang()})
    run = asyncio.create_task(scene.history().run())
    await until(lambda: sum(scene.wechat.emulator.count(path) for path in (DEVICES, PAGES)) == 60)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    kept = len(await scene.book.days())
    scene.asking.days()
    await scene.live(until=SOON)
    assert 28 <= kept <= 30
    assert scene.asking.days() == ALL_DAYS[kept:]


async def test_a_day_that_nobody_understands_does_not_hold_the_others(scene: Scene) -> None:
    scene.beacons(1)
    for day in [*ALL_DAYS, TODAY]:
        scene.shake(day, 1, "a")
    scene.asking.poisoned = {ALL_DAYS[5], ALL_DAYS[50]}
    history = await scene.live(until=NOON + HOUR)
    assert sorted(await scene.book.days()) == [day for day in ALL_DAYS if day not in scene.asking.poisoned]
    assert isinstance(history.trouble, TryLater)
    scene.asking.days()
    await scene.live(until=beijing(TODAY + DAY, 12), history=history)
    assert (await scene.book.days())[TODAY] is True
    assert len(scene.asking.days()) < 60
    scene.asking.poisoned.clear()
    await scene.live(until=beijing(TODAY + DAY, 14), history=history)
    assert ALL_DAYS[50] in await scene.book.days()
    assert history.trouble is None


@pytest.mark.parametrize("path", [DEVICES, PAGES])
async def test_a_day_that_wechat_does_not_tell_is_empty_and_is_not_asked_for_again(scene: Scene, path: str) -> None:
    scene.beacons(1)
    scene.shake(YESTERDAY, 1, "a")
    scene.wechat.emulator.faults.add(path, InjectedFault.error(9001031))
    with capture_logs() as events:
        history = await scene.live(until=SOON)
    (refused,) = [event for event in events if event["event"] == "history.refused"]
    assert (refused["day"], refused["code"]) == (str(ALL_DAYS[0]), "9001031")
    assert scene.asking.days() == ALL_DAYS
    assert (await scene.book.days())[ALL_DAYS[0]] is True
    assert history.trouble is None


async def test_a_refused_yesterday_may_only_be_late(scene: Scene) -> None:
    scene.beacons(1)
    scene.shake(YESTERDAY, 1, "a")
    await scene.live(until=SOON)
    scene.shake(TODAY, 1, "a")
    scene.wechat.emulator.faults.add(DEVICES, InjectedFault.error(9001031))
    await scene.live(until=beijing(TODAY + DAY, 12))
    assert (await scene.book.days())[TODAY] is True
    assert (await scene.kept())[-1].beacons


async def test_a_used_up_quota_is_waited_for_until_midnight(scene: Scene) -> None:
    scene.wechat.emulator.faults = AtCall({50: InjectedFault.error(45009)})
    with capture_logs() as events:
        history = await scene.live(until=beijing(TODAY + DAY, 0, 5))
    (waits,) = [event for event in events if event["event"] == "history.waits"]
    assert waits["code"] == "45009"
    assert 12 * 3600 <= waits["pause"] <= 12 * 3600 + 5
    assert all(when < SOON for _, when in scene.asking.asked[:25])
    assert all(when >= beijing(TODAY + DAY, 0) for _, when in scene.asking.asked[25:])
    assert scene.asking.days() == ALL_DAYS[:25] + ALL_DAYS[24:]  # the one that met the quota is no worse than others
    assert history.trouble is None


async def test_too_many_calls_a_minute_slow_it_down(tmp_path: Path) -> None:
    async with scene_at(tmp_path, replace(SETTINGS, minute_limits={DEVICES: 20})) as scene:
        history = await scene.live(until=NOON + 90 * MINUTE)
        assert sorted(await scene.book.days()) == ALL_DAYS
        assert history.trouble is None


async def test_a_recalled_account_is_left_alone_for_a_day(tmp_path: Path) -> None:
    async with scene_at(tmp_path, replace(SETTINGS, recalled=48001)) as scene:
        with capture_logs() as events:
            history = await scene.live(until=NOON + DAY - MINUTE)
        assert scene.calls() == {DEVICES: 1}
        assert isinstance(history.trouble, NeedsOperator)
        (complaint,) = [event for event in events if event["event"] == "history.needs_operator"]
        assert (complaint["code"], complaint["pause"]) == ("48001", 86_400)
        assert await scene.book.days() == {}


async def test_an_account_that_is_given_back_is_fetched(scene: Scene) -> None:
    scene.wechat.emulator.faults.add(DEVICES, InjectedFault.error(48001))
    history = await scene.live(until=NOON + DAY + MINUTE)
    assert history.trouble is None
    assert len(await scene.book.days()) == 89


async def test_a_network_that_is_away_is_asked_ever_more_seldom(scene: Scene) -> None:
    scene.wechat.emulator.faults.add(DEVICES, InjectedFault.error(9001001), times=None)
    await scene.live(until=NOON + DAY)
    assert 24 <= scene.calls()[DEVICES] <= 40


async def test_a_state_folder_that_goes_away_does_not_end_the_run(tmp_path: Path) -> None:
    state, elsewhere = tmp_path / "state", tmp_path / "elsewhere"
    async with scene_at(state) as scene:
        scene.beacons(1)
        scene.shake(YESTERDAY, 1, "a")
        state.rename(elsewhere)
        state.write_text("in the way")
        history = await scene.live(until=NOON + 2 * HOUR)
        assert isinstance(history.trouble, TryLater)
        assert "cannot be kept" in str(history.trouble)
        assert scene.calls() == {}
        state.unlink()
        elsewhere.rename(state)
        history = await scene.live(until=NOON + 4 * HOUR, history=history)
        assert history.trouble is None
        assert len(await scene.book.days()) == 89
