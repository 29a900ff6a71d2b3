"""The log: hits, minutes, events and shakes in the order in which they were written, and what they add up to."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.database.connection import Database
from beacon_gateway.adapters.database.log import (
    battery_rows,
    event_rows,
    expiry,
    figures_rows,
    heard_by_slot,
    hit_rows,
    holdings,
    memory_rows,
    minute_rows,
    shake_rows,
    sums,
)
from beacon_gateway.adapters.database.log.dictionary import Dictionary
from beacon_gateway.adapters.database.log.log_schema import MIGRATIONS
from beacon_gateway.adapters.database.uncertain_commit import UncertainCommit
from beacon_gateway.core.health.batteries import BatteryDay
from beacon_gateway.core.health.beacon_health import RememberedBeacon
from beacon_gateway.core.log.event import Event
from beacon_gateway.core.log.holdings import Holding
from beacon_gateway.core.log.log_filter import LogFilter
from beacon_gateway.core.log.logged import LoggedHit, LoggedMinute, LoggedShake, Record
from beacon_gateway.core.log.tallies import Tallies
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.beijing import beijing_day
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.monitoring.heartbeat_bar import Day
from beacon_gateway.core.wechat.figures import DayFigures

__all__ = ["FILE", "HitLogFile", "LogFilter"]

FILE: Final = "hits.db"
_MOMENT: Final = timedelta(microseconds=1)


class HitLogFile(Database):
    """hits.db in the gateway's state folder. Every method raises OSError if it cannot be done now."""

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        super().__init__(folder / FILE, MIGRATIONS, read_only=read_only, put_aside=not read_only)
        self._numbers = Dictionary()
        self._uncertain = UncertainCommit()

    def forget(self) -> None:
        self._numbers.forget()

    async def append(self, records: Sequence[Record], segments: Sequence[ClockSegment]) -> None:
        """Write all of them in one commit, or none; as `services.log.journal.LogStore` says."""

        def insert(db: sqlite3.Connection) -> None:
            numbers, new = self._numbers, self._uncertain.not_there(db, records)
            numbers.set_clock(db, segments)
            hit_rows.insert(db, numbers, [record for record in new if isinstance(record, LoggedHit)])
            event_rows.insert(db, numbers, [record for record in new if isinstance(record, Event)])
            minute_rows.insert(db, numbers, [record for record in new if isinstance(record, LoggedMinute)])
            shake_rows.insert(db, numbers, [record for record in new if isinstance(record, LoggedShake)])
            self._uncertain.about_to_commit(db, new)

        await self.run(insert)
        self._uncertain.committed(records)

    async def last_known(self, boot: str) -> ClockSegment | None:
        """Return the last segment of a boot in which the time was known."""

        def select(db: sqlite3.Connection) -> ClockSegment | None:
            row = db.execute(
                "SELECT since, offset FROM clock WHERE boot = ? AND known ORDER BY since DESC LIMIT 1", (boot,)
            ).fetchone()
            return ClockSegment(boot, row[0] / 1000, row[1], known=True) if row else None

        return await self.run(select)

    async def remember(self, beacons: Sequence[RememberedBeacon]) -> None:
        """Replace what is remembered of the beacons."""
        await self.run(lambda db: memory_rows.replace(db, beacons))

    async def recall(self) -> list[RememberedBeacon]:
        """Return what is remembered of the beacons."""
        return await self.run(memory_rows.select)

    async def keep_batteries(self, days: Sequence[BatteryDay]) -> None:
        """Remember what beacons said of their batteries, for a month."""
        await self.run(lambda db: battery_rows.keep(db, days))

    async def recall_batteries(self) -> list[BatteryDay]:
        """Return what is remembered of the batteries, the oldest first."""
        return await self.run(battery_rows.select)

    async def find(self, wanted: LogFilter) -> list[LoggedHit]:
        """Return the newest hits that match, oldest first."""
        return await self.run(lambda db: hit_rows.select(db, wanted))

    async def events(self, wanted: LogFilter) -> list[Event]:
        """Return the newest events that match, oldest first."""
        return await self.run(lambda db: event_rows.select(db, wanted))

    async def tallies(self, first: datetime, last: datetime, zone: tzinfo, *, beacons: bool = True) -> Tallies:
        """Add up what was logged from `first` until `last` (aware, excluded), whole hours of the zone's clock.

        Without `beacons` there are no `days`: of a quarter they are tens of thousands.
        """
        period = sums.Period(first, last, zone)

        def add_up(db: sqlite3.Connection) -> Tallies:
            return Tallies(
                hours=sums.floor_hours(db, period),
                listening=sums.gateway_hours(db, period),
                days=sums.beacon_days(db, period) if beacons else (),
                shake_hours=shake_rows.hours(db, period),
                shake_days=shake_rows.days(db, period),
                figures=figures_rows.select(db, beijing_day(first), beijing_day(last - _MOMENT)),
                untimed=sums.untimed(db),
            )

        return await self.run(add_up)

    async def fold(self, boot: str, zone: tzinfo, at: datetime) -> int:
        """Add some rows to the sums; return how many, 0 if there is nothing to do."""
        return await self.run(lambda db: sums.fold(db, boot, sums.zone_seconds(zone, at)))

    async def expire(self, boot: str, *, monotonic: float, at: datetime | None, now: datetime) -> int:
        """Delete some rows that are too old, of those that are in the sums; return how many."""
        limit = expiry.RetentionLimit(boot, monotonic, at, now)
        return await self.run(lambda db: expiry.expire(db, limit))

    async def expire_shakes(self, before: datetime, zone: tzinfo) -> int:
        """Keep of the oldest day that ended before then only sums; return how many rows went."""
        return await self.run(lambda db: shake_rows.expire(db, before, zone))

    async def holdings(self) -> list[Holding]:
        """Return what there is of each kind."""
        return await self.run(holdings.select)

    async def days(self) -> Mapping[date, bool]:
        """Return the days of which there are figures, and whether they are final."""
        return await self.run(figures_rows.days)

    async def heard_by_slot(self, begins: datetime, keys: Collection[BeaconKey]) -> Day:
        """Return who was heard, and how long the gateway listened, in each half hour from then (aware) on."""
        return await self.run(lambda db: heard_by_slot.select(db, begins, keys))

    async def shakes_and_clicks(self, day: date) -> tuple[int, int]:
        """Add a day's figures up over all beacons."""
        return await self.run(lambda db: figures_rows.shakes_and_clicks(db, day))

    async def keep(self, figures: DayFigures, *, final: bool, fetched: datetime) -> None:
        """Replace the figures of a day."""
        await self.run(lambda db: figures_rows.keep(db, figures, final=final, fetched=fetched))
