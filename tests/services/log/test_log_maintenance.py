"""The log is kept small, and the audit log says what was deleted."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from beacon_gateway.adapters.database.ledger.audit_notes import AuditNotes
from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.adapters.database.log.hit_log import HitLogFile, LogFilter
from beacon_gateway.core.bindings.history.audit import AuditLine
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.services.log.log_maintenance import AuditTrail, LogMaintenance
from tests.adapters.database.days import BOOT, DAY, HOUR, MIDNIGHT, SHANGHAI, enter, hour_of, shake

EVERYTHING = LogFilter(limit=1_000_000)


class Times:
    """The clocks of a machine that was started at midnight, so many seconds later."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.time_is_known = True

    def now(self) -> float:
        return self.seconds

    def at(self, when: float) -> datetime:
        return (MIDNIGHT + timedelta(seconds=when)).astimezone(UTC)


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[HitLogFile]:
    async with HitLogFile(tmp_path) as log:
        await log.append(
            [
                *(enter(number * HOUR) for number in range(72)),
                *hour_of(1, begins=HOUR),
                shake(HOUR, 1),
                shake(60 * HOUR, 2),
            ],
            [BOOT],
        )
        yield log


def upkeep(
    log: HitLogFile, times: Times, folder: Path, *, boot: str = BOOT.boot, notes: AuditTrail | None = None
) -> LogMaintenance:
    return LogMaintenance(
        log=log,
        notes=notes or AuditNotes(folder),
        times=times,
        boot=boot,
        zone=SHANGHAI,
        retain=2 * DAY,
        retain_shakes=DAY,
        pause=0,
    )


async def audited(folder: Path) -> list[AuditLine]:
    async with LedgerFile(folder) as ledger:
        return await ledger.audit(since=None, limit=100)


async def test_what_is_too_old_goes_and_the_audit_log_says_so(log: HitLogFile, tmp_path: Path) -> None:
    await upkeep(log, Times(72 * HOUR), tmp_path).once()
    assert [hit.hit.when for hit in await log.find(EVERYTHING)] == [number * HOUR for number in range(24, 72)]
    lines = await audited(tmp_path)
    assert [(line.cause.what, line.change, line.outcome) for line in lines] == [
        ("retention", "hits, minutes and events from before 2026-11-21: 144 rows", "deleted"),
        ("retention", "shakes from before 2026-11-22: 1 rows", "deleted"),
    ]
    tallies = await log.tallies(MIDNIGHT, MIDNIGHT + timedelta(days=4), SHANGHAI)
    assert sum(hour.enters for hour in tallies.hours) == 72
    assert [day.shakes for day in tallies.shake_days] == [1, 1]


async def test_once_a_day_is_enough(log: HitLogFile, tmp_path: Path) -> None:
    times = Times(72 * HOUR)
    keeper = upkeep(log, times, tmp_path)
    await keeper.once()
    times.seconds += 12 * HOUR
    await keeper.once()
    assert len(await log.find(EVERYTHING)) == 48
    times.seconds += 12 * HOUR
    await keeper.once()
    assert len(await log.find(EVERYTHING)) == 24


async def test_nothing_goes_by_its_date_while_the_time_is_not_known(log: HitLogFile, tmp_path: Path) -> None:
    times = Times(3650 * DAY)  # a clock that jumped ten years
    times.time_is_known = False
    await upkeep(log, times, tmp_path, boot="another").once()
    assert len(await log.find(EVERYTHING)) == 72
    assert await audited(tmp_path) == []


async def test_a_card_that_cannot_be_written_is_told_and_tried_again(log: HitLogFile, tmp_path: Path) -> None:
    times = Times(72 * HOUR)
    keeper = upkeep(log, times, tmp_path / "state")
    (tmp_path / "state").write_text("A part of this path is not a folder.")
    with capture_logs() as said:
        await keeper.once()
    assert said[-1]["event"] == "upkeep.failed"
    (tmp_path / "state").unlink()
    await log.append([enter(1)], [ClockSegment("b", 0, MIDNIGHT.timestamp(), known=True)])
    await keeper.once()
    assert len(await log.find(EVERYTHING)) == 48


class DoubtfulNotes:
    """An audit log whose first commits fail: some are there all the same."""

    def __init__(self, folder: Path, *is_written: bool) -> None:
        self._notes, self._is_written = AuditNotes(folder), list(is_written)

    async def note(self, line: AuditLine) -> None:
        if not self._is_written:
            await self._notes.note(line)
            return
        if self._is_written.pop(0):
            await self._notes.note(line)
        raise OSError("disk I/O error")


@pytest.mark.parametrize("is_written", [(True,), (False,), (True, True), (False, True), (True, False, True)])
async def test_a_deletion_is_noted_once_whether_a_commit_that_failed_is_there_or_not(
    log: HitLogFile, tmp_path: Path, is_written: tuple[bool, ...]
) -> None:
    times = Times(72 * HOUR)
    keeper = upkeep(log, times, tmp_path, notes=DoubtfulNotes(tmp_path, *is_written))
    for _ in range(len(is_written) + 1):
        await keeper.once()
        times.seconds += HOUR
    lines = [line.change for line in await audited(tmp_path)]
    assert "hits, minutes and events from before 2026-11-21: 144 rows" in lines
    assert len(lines) == len(set(lines))
    deleted = sum(int(line.split()[-2]) for line in lines if line.startswith("hits"))
    left = [hit.hit.when for hit in await log.find(EVERYTHING)]
    assert deleted == 144 + min(left) / HOUR - 24


class ExpiryCutOff(HitLogFile):
    """Its second step of a deletion fails, once."""

    steps = 0

    async def expire(self, boot: str, *, monotonic: float, at: datetime | None, now: datetime) -> int:
        self.steps += 1
        if self.steps == 2:
            raise OSError("disk I/O error")
        return await super().expire(boot, monotonic=monotonic, at=at, now=now)


async def test_what_a_deletion_did_before_it_failed_is_noted_when_it_goes_on(tmp_path: Path) -> None:
    async with ExpiryCutOff(tmp_path) as log:
        await log.append([enter(number * HOUR) for number in range(72)], [BOOT])
        keeper = upkeep(log, Times(72 * HOUR), tmp_path)
        await keeper.once()
        assert await audited(tmp_path) == []
        await keeper.once()
    assert [line.change for line in await audited(tmp_path)] == [
        "hits, minutes and events from before 2026-11-21: 24 rows"
    ]
