"""What beacons said of their batteries is kept for a month."""

from datetime import date, timedelta
from pathlib import Path

from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.core.health.batteries import BATTERY_HISTORY_DAYS, BatteryCharge, BatteryDay, BatteryUnit
from tests.adapters.database.hits import KEY

TODAY = date(2026, 11, 30)


def said(days_ago: int) -> BatteryDay:
    return BatteryDay(KEY, TODAY - timedelta(days=days_ago), BatteryCharge(60 + days_ago, BatteryUnit.PERCENT))


async def test_days_come_back_as_they_were_and_older_ones_go(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as file:
        for days_ago in reversed(range(BATTERY_HISTORY_DAYS + 5)):
            await file.keep_batteries([said(days_ago)])
        await file.keep_batteries([said(0)])
        assert await file.recall_batteries() == [said(days_ago) for days_ago in reversed(range(BATTERY_HISTORY_DAYS))]
