"""`report` and `hits` as they are typed, on a real log."""

import asyncio
import csv
import io
import json
import os
import pty
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.core.bindings.history.audit import BEGUN, VERIFIED, AuditCause, AuditLine, BindingImage, LedgerEntry
from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.log.logged import LoggedHit
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.tracking.hit import Hit, HitKind
from beacon_gateway.core.wechat.figures import DayFigures, Figures
from tests.adapters.database.days import HOUR, SHANGHAI, enter, key, minute
from tests.commands.command import Done, run, start_on
from tests.core.report.shop import UUID_OF_ALL

pytestmark = pytest.mark.outside

MONDAY = date(2025, 11, 17)
MIDNIGHT = datetime(2025, 11, 17, tzinfo=SHANGHAI)
BOOT = ClockSegment("boot", 0.0, MIDNIGHT.timestamp(), known=True)
NEVER_SET = ClockSegment("old", 0.0, 0.0, known=False)
PERIOD = ("--from", "2025-11-17", "--until", "2025-11-17")
FLOOR = f"""\
floor: F6
name: A馆六楼
uuid: {UUID_OF_ALL}
beacons:
  corner-1: {{name: 北扶梯口, major: 10006, minor: 1, pages: [sale]}}
  corner-2: {{name: 试衣间, major: 10006, minor: 2}}
"""
PAGES = "pages:\n  sale: {wechat_page_id: 50054}\n"


class Shop:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "gateway.yaml"
        (folder / "store" / "floors").mkdir(parents=True)
        (folder / "store" / "pages.yaml").write_text(PAGES, encoding="utf-8")
        self.floor = folder / "store" / "floors" / "F6.yaml"
        self.floor.write_text(FLOOR, encoding="utf-8")
        self.config.write_text(
            "gateway: f6-east\nfloor: F6\nstate: state\nruntime: run\nwechat: {appid: wx0123456789abcdef}\n"
        )

    async def open_for_a_day(self) -> None:
        """Log a Monday from ten to noon: the corner is heard for the first hour, and there are figures."""
        async with HitLogFile(self.folder / "state") as log:
            minutes = [
                minute(hour * HOUR + 60 * number, *([1] if hour == 10 else []), segment=BOOT)
                for hour in (10, 11)
                for number in range(60)
            ]
            await log.append([enter(1.0, segment=NEVER_SET)], [NEVER_SET])
            await log.append(
                [enter(10 * HOUR, segment=BOOT), zone(10.5 * HOUR), enter(11 * HOUR, segment=BOOT), *minutes], [BOOT]
            )
            counts = Figures(40, 23, 10, 4)
            figures = DayFigures(MONDAY, {key(1): counts}, {PageRef("50054"): counts, PageRef("7"): counts})
            await log.keep(figures, final=True, fetched=datetime(2025, 11, 18, 1, tzinfo=UTC))
        async with LedgerFile(self.folder / "state") as ledger:
            await ledger.record(LedgerEntry(pages={"winter": PageRef("7")}))

    async def run(self, *words: str) -> Done:
        return await run(*words, "--config", str(self.config))


def zone(when: float) -> LoggedHit:
    hit = Hit(HitKind.ZONE, key(1), when, Proximity.FAR, -80.0, 9.0, dwell=when)
    return LoggedHit(hit, BOOT, "gw", "F6", "corner-1", "r1")


@pytest.fixture
async def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    await shop.open_for_a_day()
    return shop


async def test_a_day_is_told(shop: Shop) -> None:
    done = await shop.run("report", *PERIOD)
    lines = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert lines[:3] == [
        "网关 f6-east（F6 A馆六楼）：2025-11-17 至 2025-11-17，Asia/Shanghai 时间",
        "监听 2.0 小时，占 8%。",
        "另有 1 次到达或离开的时间未知：网关那次开机以后一直没有校准时间，所以没有计入任何一个小时。",
    ]
    assert ["F6", "A馆六楼", *["╱╱"] * 10, "1", "1", *["╱╱"] * 12, "~2"] in [line.split() for line in lines]
    assert "  F6 A馆六楼 ╱╱╱╱╱╱╱╱╱╱██╱╱╱╱╱╱╱╱╱╱╱╱" in lines
    assert ["sale", "40", "10", "25%", "23.0", "<5"] in [line.split() for line in lines]
    assert ["winter", "40", "10", "25%", "23.0", "<5"] in [line.split() for line in lines]
    assert "  F6 A馆六楼  50.0%  信标 1 个，最差：北扶梯口 50.0%" in lines
    assert lines[-1] == "  本层这段时间从没收到过：试衣间"


async def test_a_script_and_a_spreadsheet_get_the_same(shop: Shop) -> None:
    told = json.loads((await shop.run("report", *PERIOD, "--json")).out)
    assert told["rows"][0]["values"][9:12] == [None, 1, 1]
    assert told["funnel"]["beacons"][0]["clickers_a_day"] == "<5"
    text = (await shop.run("report", *PERIOD, "--csv")).out
    found = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [row["enters"] for row in found] == [*[""] * 10, "1", "1", *[""] * 12]
    assert found[10]["floor_name"] == "A馆六楼"


async def test_faulty_files_cost_the_names_only(shop: Shop) -> None:
    shop.floor.write_text(FLOOR.replace("major: 10006", "major: 70000"), encoding="utf-8")
    done = await shop.run("report", *PERIOD, "--language", "en")
    assert done.code == 0
    assert "  F6  50.0%  beacons: 1, the worst: corner-1 50.0%" in done.out


async def test_one_beacon_and_its_campaign_are_told_by_day(shop: Shop) -> None:
    done = await shop.run(
        "report", *PERIOD, "--beacon", "corner-1", "--campaign", "2025-11-17..2025-11-18", "--language", "en"
    )
    assert done.code == 0
    assert "Arrivals of beacons by floor and day" in done.out
    assert "too few days to compare" in done.out


async def test_the_usual_period_is_the_week_that_ends_today(shop: Shop) -> None:
    told = json.loads((await shop.run("report", "--json")).out)
    today = datetime.now(SHANGHAI).date()
    days = {(today - timedelta(days=late)).isoformat() for late in (0, 1)}  # it may have turned midnight meanwhile
    assert (told["period"]["days"], told["period"]["until"] in days) == (7, True)
    assert (told["asked"]["by"], told["asked"]["show"]) == ("hour", "enters")


async def test_an_empty_log_is_no_failure(tmp_path: Path) -> None:
    done = await Shop(tmp_path).run("report", *PERIOD, "--language", "en")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("Nothing is logged from 2025-11-17 to 2025-11-17 yet.")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--from", "2025-11-18", "--until", "2025-11-17"], "first day cannot come after the last"),
        (["--from", "2024-01-01", "--until", "2025-11-17"], "at most 400 days"),
        (["--campaign", "2025-11-17"], "expected two dates: 2026-11-11..2026-11-24"),
        (["--campaign", "2025-11-17..2025-11-10"], "first day cannot come after the last"),
        (["--campaign", "2025-11-17.."], "expected a date like 2026-11-24"),
        (["--from", "yesterday"], "expected a date like 2026-11-24"),
        (["--from", "0001-01-01"], "expected a date like 2026-11-24"),
        (["--beacon", "corner-1", "--by", "hour"], "--by day or --by weekday"),
        (["--beacon", "corner-1", "--show", "people"], "use --show enters or minutes"),
        (["--floor", "F9"], "There is no floor F9. There are: F6"),
        (["--beacon", "corner_1"], "Did you mean corner-1?"),
        (["--csv", "--json"], "not allowed with argument"),
    ],
)
async def test_what_cannot_be_told_is_refused_with_the_reason(shop: Shop, words: list[str], reason: str) -> None:
    done = await shop.run("report", *words, "--language", "en")
    assert (done.code, done.out) == (64, "")
    assert reason in done.err


async def test_a_log_that_cannot_be_read_is_told(shop: Shop) -> None:
    (shop.folder / "state" / "hits.db").write_text("no database")
    done = await shop.run("report", *PERIOD)
    assert (done.code, done.out) == (1, "")
    assert "hits.db" in done.err


@pytest.mark.parametrize(("no_colour", "coloured"), [("", True), ("1", False)])
async def test_only_a_terminal_that_wants_it_has_colours(shop: Shop, no_colour: str, coloured: bool) -> None:
    terminal, its_end = pty.openpty()
    words = ("report", *PERIOD, "--config", str(shop.config))
    process = await start_on(its_end, *words, NO_COLOR=no_colour)
    os.close(its_end)
    read = bytearray()
    while True:
        try:
            read += os.read(terminal, 65_536)
        except OSError:  # its other end is closed
            break
    os.close(terminal)
    assert await process.wait() == 0
    assert (b"\x1b[30;48;5;" in read) == coloured


async def test_nothing_heavy_is_imported(shop: Shop) -> None:
    process = await start_on(
        asyncio.subprocess.DEVNULL, "report", *PERIOD, "--config", str(shop.config), PYTHONPROFILEIMPORTTIME="1"
    )
    _, err = await process.communicate()
    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in err.decode().splitlines()}
    assert "yaml" in imported
    assert not imported & {"rich", "aiohttp", "bleak", "structlog", "wechatpy"}


async def test_hits_are_told_of_one_beacon_and_kind_and_time(shop: Shop) -> None:
    async def kinds(*words: str) -> list[tuple[str, str]]:
        out = (await shop.run("hits", "--json", *words)).out
        return [(hit["kind"], hit["at"][11:16]) for hit in map(json.loads, out.splitlines())]

    since = ("--since", "2025-11-17")
    assert await kinds(*since) == [("enter", "02:00"), ("zone", "02:30"), ("enter", "03:00")]
    assert await kinds(*since, "--kind", "zone") == [("zone", "02:30")]
    assert await kinds(*since, "--until", "2025-11-17T10:30") == [("enter", "02:00")]
    assert await kinds(*since, "--until", "2025-11-17") == await kinds(*since)
    assert await kinds(*since, "--beacon", "corner-2") == []


async def test_what_was_bound_meanwhile_comes_from_the_audit_log(shop: Shop) -> None:
    await shop.open_for_a_day()
    image = BindingImage(key(1), frozenset(), frozenset({PageRef("7")}), frozenset())
    begun = AuditLine(MIDNIGHT + timedelta(hours=18), AuditCause("files"), "p", "r", 1, "corner-1", BEGUN, image)
    async with LedgerFile(shop.folder / "state") as ledger:
        await ledger.record(LedgerEntry(lines=(begun, replace(begun, outcome=VERIFIED, image=None))))
    done = await shop.run("report", *PERIOD, "--campaign", "2025-11-17..2025-11-18")
    assert done.code == 0, done.err
    assert "2025-11-17 18:00  F6 北扶梯口: 无 → winter" in done.out
    told = json.loads((await shop.run("report", *PERIOD, "--campaign", "2025-11-17..2025-11-18", "--json")).out)
    [changed] = told["binding_changes"]
    assert (changed["beacon"], changed["before"], changed["after"]) == ("corner-1", [], ["winter"])
