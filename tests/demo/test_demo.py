import asyncio
import json
import signal

import pytest

from beacon_gateway.core.monitoring.alerts import alerts
from beacon_gateway.demo.stage import open_demo
from tests.commands.command import run, start
from tests.patience import HANG_S, until


async def test_a_demo_hears_logs_applies_and_proves() -> None:
    done = await run("demo", "--seconds", "12", "--json")

    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    lines = done.out.splitlines()
    assert len(lines) == 1
    summary = json.loads(lines[0])
    assert set(summary) == {
        "adverts",
        "sightings",
        "hits",
        "changes_applied",
        "changes_verified",
        "reassigned_in_seconds",
        "pages",
    }
    assert summary["adverts"] > summary["sightings"] > 500
    assert all(summary["hits"][floor] > 0 for floor in ("F1", "F2", "F3"))
    assert summary["changes_verified"] == summary["changes_applied"] > 30
    assert 0 < summary["reassigned_in_seconds"] < 5


async def test_the_first_hit_comes_within_five_seconds() -> None:
    async with asyncio.timeout(HANG_S), open_demo() as demo:
        playing = asyncio.create_task(demo.run(60))
        await until(lambda: any(gateway.beacon_monitor.hits for gateway in demo.gateways), every_s=0.01)
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


async def test_a_tag_that_is_carried_about_and_shows_nothing_asks_nobody_for_attention() -> None:
    async with asyncio.timeout(HANG_S), open_demo(port=0) as demo:
        playing = asyncio.create_task(demo.run(60))
        writer = demo.gateways[0]
        await until(lambda: (account := writer.heartbeat.latest().account) and account.verified, every_s=0.05)
        status = writer.heartbeat.latest()
        tag = next(beacon for beacon in status.beacons if beacon.beacon == "trolley-tag")
        assert tag.verdict in {"healthy", "away"}
        assert "trolley-tag" not in {need.beacon.beacon for need in alerts(status) if need.beacon}
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


@pytest.mark.parametrize("lines", [1, 2, 4, 5])
async def test_ctrl_c_ends_it_cleanly_at_any_moment(lines: int) -> None:
    process = await start("demo", "--json")
    assert process.stderr
    for _ in range(lines):  # the files come into force, the first changes go out
        await process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = await process.communicate()

    assert "Traceback" not in err.decode()
    assert process.returncode in {0, 1}
    assert json.loads(out)["adverts"] >= 0
