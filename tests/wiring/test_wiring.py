"""Each part of a whole gateway fails in its turn, and hits go on being logged."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.core.log.event import EventKind
from beacon_gateway.core.log.log_filter import LogFilter
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.monitoring.alerts import alerts
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.presentation.troubles import part_name
from beacon_gateway.services.supervise import Supervisor
from beacon_gateway.wiring.opening import open_gateway
from tests.patience import until
from tests.wiring.whole_gateway import Air, whole_gateway, write_files

VITAL = {"watch", "heartbeat"}
SUPERVISED = {"lock", "memory", "reload", "upkeep", "editing", "web", "reception", "history", "sync"}


async def fail() -> None:
    raise LookupError("nobody expected \ud83d this")


async def leave() -> None:
    """Return, as no part should."""


async def test_each_part_is_vital_or_supervised(tmp_path: Path) -> None:
    async with whole_gateway(tmp_path) as (gateway, _):
        parts = gateway.parts()
    assert {part.name for part in parts if part.is_vital} == VITAL
    assert {part.name for part in parts if not part.is_vital} == SUPERVISED


async def test_a_gateway_consists_of_its_parts_and_nothing_else(tmp_path: Path) -> None:
    async with whole_gateway(tmp_path) as (gateway, air):
        before = asyncio.all_tasks()
        running = asyncio.create_task(gateway.run(), name="gateway")
        await air.arrive()
        names = {part.name for part in gateway.parts()}
        started = {task.get_name() for task in asyncio.all_tasks() - before}
        assert names <= started
        assert set(gateway.failures.status()) >= SUPERVISED
        running.cancel()
        await asyncio.wait({running})


@pytest.mark.parametrize("way", [fail, leave])
@pytest.mark.parametrize("broken", sorted(SUPERVISED))
async def test_hits_are_logged_whichever_part_fails(
    tmp_path: Path, broken: str, way: Callable[[], Coroutine[None, None, None]]
) -> None:
    async with whole_gateway(tmp_path) as (gateway, air):
        parts = [replace(part, run=way) if part.name == broken else part for part in gateway.parts()]
        running = asyncio.create_task(Supervisor(gateway.failures, first_pause_s=0.001).run(parts))
        await until(lambda: (found := gateway.failures.status().get(broken)) and found.failures >= 3)
        await air.arrive()
        assert gateway.beacon_monitor.hits == {"F6": 1}
        gateway.heartbeat.beat()
        status = gateway.heartbeat.latest()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        part = status.parts[broken]
        assert part.failures >= 3
        assert part.last_error.startswith("LookupError in test_wiring.py:" if way is fail else "Ended")
        assert [need.details["part"] for need in alerts(status) if need.phrase.startswith("need.part.")] == [broken]
        assert not [name for name, other in status.parts.items() if other.failures and name != broken]
    async with HitLogFile(tmp_path / "state", read_only=True) as log:
        assert [hit.hit.kind for hit in await log.find(LogFilter())] == ["enter", "exit"]
        told = await log.events(LogFilter(events=frozenset({EventKind.PART})))
    assert [event.details["part"] for event in told] == [broken]  # once, however often it failed


@pytest.mark.parametrize("vital", sorted(VITAL))
async def test_the_daemon_ends_where_a_vital_part_fails_for_systemd_to_start_it_anew(
    tmp_path: Path, vital: str
) -> None:
    async with whole_gateway(tmp_path) as (gateway, _):
        parts = [replace(part, run=leave) if part.name == vital else part for part in gateway.parts()]
        with pytest.raises(ExceptionGroup) as raised:
            await Supervisor(gateway.failures).run(parts)
    assert str(raised.value.exceptions[0]) == vital


async def test_a_store_that_one_part_cannot_use_is_in_force_with_the_others(tmp_path: Path) -> None:
    async with whole_gateway(tmp_path) as (gateway, _):
        assert gateway.store_reloader.store
        assert gateway.store_reloader.store.beacons == gateway.beacon_monitor._store.beacons


def test_each_part_has_a_name_for_people() -> None:
    for language in languages():
        names = [part_name(name, language) for name in sorted(SUPERVISED)]
        assert len({*names, *SUPERVISED}) == 2 * len(SUPERVISED)
        assert say("part.failed", language, part=names[0], error="E")
    assert part_name("status-beacons", Language.ENGLISH) == "status"
    assert part_name("something-new", Language.ENGLISH) == "something-new"


async def test_hits_are_logged_where_the_way_to_the_account_cannot_even_be_made(tmp_path: Path) -> None:
    settings, air = write_files(tmp_path, "https://api.weixin.qq.com"), Air()
    assert settings.wechat
    unusable = replace(settings, wechat=replace(settings.wechat, api_base=cast("str", None)))
    async with open_gateway(unusable, radio=air, secret="s" * 32) as gateway:
        running = asyncio.create_task(gateway.run())
        await air.arrive()
        assert gateway.beacon_monitor.hits == {"F6": 1}
        gateway.heartbeat.beat()
        assert gateway.heartbeat.latest().parts["sync"].last_error.startswith(("TypeError", "AttributeError"))
        running.cancel()
        await asyncio.wait({running})
