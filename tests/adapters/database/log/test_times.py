"""Times in the file: what was written before the clock was set is marked, and right once it is."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from beacon_gateway.adapters.database.log.hit_log import HitLogFile, LogFilter
from beacon_gateway.core.log.event import Event, EventKind
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.tracking.hit import Hit, HitKind
from beacon_gateway.services.log.journal import Journal
from tests.adapters.database.hits import KEY
from tests.services.tracking.manual_clock import ManualClock

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
LAST_POWERED_OFF = datetime(2026, 3, 1, tzinfo=UTC)
EVERYTHING = LogFilter(limit=10_000)


class Machine:
    """A Pi: it boots, its daemon begins and ends, its clock is set or jumps."""

    def __init__(self, log: HitLogFile, *, boot_id: str = "") -> None:
        self.log = log
        self.boot_id = boot_id
        """That each boot has; "" for one of its own."""
        self.clock = ManualClock()
        self.boots = 0

    async def boot(self, utc: datetime = LAST_POWERED_OFF, *, uptime: float = 10.0) -> None:
        self.boots += 1
        self.clock = ManualClock(seconds=uptime, utc=utc)
        self.clock.is_synchronised = False
        await self.begin()

    async def begin(self) -> None:
        boot = self.boot_id or f"boot-{self.boots}"
        former = await self.log.last_known(boot)
        self.journal = Journal(gateway="gw", boot=boot, clock=self.clock, log=self.log, commit_every=0, former=former)

    def set_right(self, utc: datetime) -> None:
        self.clock.set_right(utc)
        self.clock.is_synchronised = True
        self.journal.look_at_clock()

    def jump(self, utc: datetime) -> None:
        self.clock.set_right(utc)
        self.clock.is_synchronised = False
        self.journal.look_at_clock()

    async def hit(self, name: str) -> None:
        self.journal.hit(
            Hit(HitKind.ENTER, KEY, self.clock.monotonic(), Proximity.NEAR, -70.0, 2.0),
            floor="F6",
            beacon=name,
            revision="r",
        )
        await self.journal.flush()

    async def times(self) -> dict[str, tuple[datetime, bool]]:
        return {hit.beacon: (hit.at, hit.segment.known) for hit in await self.log.find(EVERYTHING)}

    async def turns(self) -> list[tuple[str, str]]:
        def of(event: Event) -> tuple[str, str]:
            return event.details["turn"], event.details["seconds"]

        return [of(event) for event in await self.log.events(EVERYTHING) if event.kind is EventKind.CLOCK]


async def test_what_was_written_before_the_clock_was_set_is_marked_and_then_right(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        pi = Machine(log)
        await pi.boot()
        await pi.hit("early")
        assert await pi.times() == {"early": (LAST_POWERED_OFF, False)}
        pi.clock.advance(90)
        pi.set_right(NOON)
        await pi.hit("late")
        assert await pi.times() == {"early": (NOON - timedelta(seconds=90), True), "late": (NOON, True)}
        assert await pi.turns() == [("set-right", f"{(NOON - LAST_POWERED_OFF).total_seconds() - 90:.0f}")]


async def test_what_waits_to_be_written_is_right_too(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        pi = Machine(log)
        await pi.boot()
        pi.journal.hit(
            Hit(HitKind.ENTER, KEY, 10.0, Proximity.NEAR, -70.0, 2.0), floor="F6", beacon="waits", revision="r"
        )
        pi.clock.advance(5)
        pi.set_right(NOON)
        await pi.journal.flush()
        assert await pi.times() == {"waits": (NOON - timedelta(seconds=5), True)}


async def test_another_process_of_the_same_boot_puts_right_what_the_first_one_wrote(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        pi = Machine(log)
        await pi.boot()
        await pi.hit("first")
        pi.clock.advance(60)
        await pi.begin()
        await pi.hit("second")
        pi.clock.advance(60)
        pi.set_right(NOON)
        await pi.journal.flush()
        minute = timedelta(minutes=1)
        assert await pi.times() == {"first": (NOON - 2 * minute, True), "second": (NOON - minute, True)}


async def test_a_boot_whose_clock_was_never_set_stays_marked(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        pi = Machine(log)
        await pi.boot()
        await pi.hit("without an hour")
        await pi.boot()
        pi.set_right(NOON)
        await pi.hit("known")
        assert await pi.times() == {"without an hour": (LAST_POWERED_OFF, False), "known": (NOON, True)}


async def test_a_jump_of_years_to_and_fro_loses_and_reorders_nothing(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        pi = Machine(log)
        await pi.boot(NOON)
        pi.set_right(NOON)
        await pi.hit("before")
        for name, years in (("ahead", 10), ("back", -20)):
            pi.clock.advance(60)
            pi.jump(NOON + timedelta(days=365 * years))
            await pi.hit(name)
        found = [(hit.beacon, hit.segment.known) for hit in await log.find(EVERYTHING)]
        assert found == [("before", True), ("ahead", False), ("back", False)]
        pi.clock.advance(60)
        pi.set_right(NOON + timedelta(minutes=3))
        await pi.journal.flush()
        minute = timedelta(minutes=1)
        assert await pi.times() == {
            "before": (NOON, True),
            "ahead": (NOON + minute, True),
            "back": (NOON + 2 * minute, True),
        }
        assert [turn for turn, _ in await pi.turns()] == ["stepped", "stepped", "set-right"]


async def test_a_daemon_that_begins_anew_without_network_goes_on_with_the_time_it_knew(tmp_path: Path) -> None:
    async with HitLogFile(tmp_path) as log:
        pi = Machine(log)
        await pi.boot(NOON)
        pi.set_right(NOON)
        await pi.hit("before")
        pi.clock.is_synchronised = False  # the time service has not answered for hours
        pi.clock.advance(60)
        await pi.begin()
        await pi.hit("after")
        assert await pi.times() == {"before": (NOON, True), "after": (NOON + timedelta(minutes=1), True)}


async def test_a_stretch_that_could_not_be_written_is_written_with_the_next(tmp_path: Path) -> None:
    """The file is gone, and with it what the process thinks it wrote."""
    async with HitLogFile(tmp_path) as log:
        pi = Machine(log)
        await pi.boot(NOON)
        pi.set_right(NOON)
        await pi.hit("lost with the file")
        (tmp_path / "hits.db").rename(tmp_path / "taken away")
        await pi.hit("in the new one")
        assert await pi.times() == {"in the new one": (NOON, True)}
        [hit] = await log.find(EVERYTHING)
        assert hit.segment == replace(hit.segment, boot="boot-1", known=True)


async def test_boots_with_one_id_are_told_apart_by_the_monotonic_clock(tmp_path: Path) -> None:
    for first_is_known in (True, False):
        folder = tmp_path / str(first_is_known)
        pi = Machine(HitLogFile(folder), boot_id="the same again")
        async with pi.log:
            await pi.boot(LAST_POWERED_OFF)
            if first_is_known:
                pi.set_right(LAST_POWERED_OFF)
            pi.clock.advance(3600)
            await pi.hit("first boot")
        async with HitLogFile(folder) as pi.log:
            await pi.boot(LAST_POWERED_OFF, uptime=60.0)  # its daemon began later than that of the first boot
            await pi.hit("second boot")
            pi.clock.advance(60)
            pi.set_right(NOON)
            await pi.hit("known")
            minute = timedelta(minutes=1)
            assert await pi.times() == {
                "first boot": (LAST_POWERED_OFF + 60 * minute, first_is_known),
                "second boot": (NOON - minute, True),
                "known": (NOON, True),
            }


async def test_an_earlier_boot_with_the_same_id_holds_up_no_sums(tmp_path: Path) -> None:
    pi = Machine(HitLogFile(tmp_path), boot_id="the same again")
    async with pi.log:
        await pi.boot()
        await pi.hit("without an hour")
        pi.clock.advance(3600)
        await pi.hit("nor this")
    async with HitLogFile(tmp_path) as pi.log:
        await pi.boot(uptime=60.0)
        pi.set_right(NOON)
        await pi.hit("known")
        while await pi.log.fold("the same again", UTC, NOON):
            pass
        tallies = await pi.log.tallies(NOON - timedelta(hours=1), NOON + timedelta(hours=1), UTC)
        assert (sum(hour.enters for hour in tallies.hours), tallies.untimed) == (1, 2)


async def test_what_an_earlier_boot_knew_is_not_believed_in_a_later_one_with_its_id(tmp_path: Path) -> None:
    pi = Machine(HitLogFile(tmp_path), boot_id="the same again")
    async with pi.log:
        await pi.boot(NOON, uptime=600.0)
        pi.set_right(NOON)
        await pi.hit("before")
    async with HitLogFile(tmp_path) as pi.log:
        await pi.boot(NOON - timedelta(seconds=590), uptime=10.0)
        assert not pi.journal.time_is_known


async def test_a_boot_that_could_not_be_told_apart_while_the_card_was_full_is_told_apart_later(tmp_path: Path) -> None:
    pi = Machine(HitLogFile(tmp_path), boot_id="the same again")
    async with pi.log:
        await pi.boot()
        pi.clock.advance(3600)
        await pi.hit("first boot")
    async with HitLogFile(tmp_path) as pi.log:
        await pi.boot(uptime=60.0)
        with closing(sqlite3.connect(tmp_path / "hits.db")) as other:
            other.execute("CREATE TRIGGER refused BEFORE INSERT ON hit BEGIN SELECT RAISE(ABORT, 'no room'); END")
            await pi.hit("second boot")
            assert pi.journal.trouble
            other.execute("DROP TRIGGER refused")
        pi.set_right(NOON)
        await pi.journal.flush()
        assert await pi.times() == {
            "first boot": (LAST_POWERED_OFF + timedelta(hours=1), False),
            "second boot": (NOON, True),
        }
