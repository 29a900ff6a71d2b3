"""The heat map over HTTP, of a log on disk: the command's numbers, and no number where nobody counted."""

import asyncio
import csv
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from aiohttp import web

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.state.report_material import ReportMaterial
from beacon_gateway.adapters.web.pages.heat import HeatMaterialSource, HeatPage
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.guard import Guard
from beacon_gateway.adapters.web.server.visits import Visits
from beacon_gateway.core.bindings.history.audit import BEGUN, VERIFIED, AuditCause, AuditLine, BindingImage, LedgerEntry
from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.log.tallies import Tallies
from beacon_gateway.core.model.settings import STORE_ZONE, EventSettings, Language, Settings, WeChatSettings
from beacon_gateway.core.report.report import Material
from beacon_gateway.core.report.report_request import ReportRequest
from tests.adapters.database.days import HOUR, enter, key, minute
from tests.adapters.web.pages.test_metrics import whole_status
from tests.adapters.web.pages.test_pages import Reader
from tests.adapters.web.pages.test_pages_server import Answer, ask
from tests.adapters.web.pages.test_pages_server import opened as door
from tests.core.report.shop import A_DAY, MONDAY, SUNDAY, days, enters, listened, shakes, store, told
from tests.core.report.test_command import BOOT, MIDNIGHT, NEVER_SET, PERIOD, Shop

DAY = "from=2025-11-17&until=2025-11-17"
NOON = datetime(2025, 11, 20, 4, tzinfo=UTC)
ACCOUNT = WeChatSettings("wx0123456789abcdef", events=EventSettings("privacy policy, 3"))
EVIL = '"><script>alert(1)</script>'


@dataclass
class Table:
    caption: str = ""
    rows: list[list[tuple[str, str, str]]] = field(default_factory=list)
    """Text, class and title of each cell; the headings come first."""

    def texts(self, label: str) -> list[str]:
        return [text for text, _, _ in self.line(label)]

    def looks(self, label: str) -> list[str]:
        return [look for _, look, _ in self.line(label)]

    def line(self, label: str) -> list[tuple[str, str, str]]:
        [found] = [row for row in self.rows if row[0][0] == label]
        return found[1:]


class Tables(HTMLParser):
    """The tables of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Table] = []
        self._in = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "table":
            self.found.append(Table())
        elif tag == "tr":
            self.found[-1].rows.append([])
        elif tag in {"th", "td"}:
            assert tag == "td" or named["scope"] in {"row", "col"}
            self.found[-1].rows[-1].append(("", named.get("class") or "", named.get("title") or ""))
        self._in = self._in if tag == "span" else tag

    def handle_endtag(self, tag: str) -> None:
        self._in = "" if tag == self._in else self._in

    def handle_data(self, data: str) -> None:
        if self._in == "caption":
            self.found[-1].caption += data
        elif self._in in {"th", "td"}:
            text, look, title = self.found[-1].rows[-1][-1]
            self.found[-1].rows[-1][-1] = (text + data, look, title)


class Given:
    """Material that is there already."""

    def __init__(self, tallies: Tallies, account: WeChatSettings | None = None) -> None:
        settings = Settings("f6-east", "F6", Path(), Path(), Path(), timezone=STORE_ZONE, wechat=account)
        self._material = Material(tallies, None, settings, store(), {})

    async def material(self, asked: ReportRequest) -> Material:
        assert asked.campaign is None
        return self._material


@asynccontextmanager
async def opened(materials: HeatMaterialSource, now: datetime = NOON) -> AsyncIterator[Listener]:
    page = HeatPage(PageFrame(whole_status, zone=STORE_ZONE, language=Language.CHINESE), materials, lambda: now)

    def runner() -> web.AppRunner:
        app = web.Application(middlewares=[Guard(Visits()).watch])
        app.add_routes([web.get("/heat", page.show), web.get("/heat.csv", page.give_sheet)])
        return web.AppRunner(app, access_log=None)

    async with Listener("127.0.0.1", 0, runner) as door:
        yield door


async def asked(materials: HeatMaterialSource, path: str, *, now: datetime = NOON, code: int = 200) -> Answer:
    async with opened(materials, now) as listener:
        answer = await ask(listener, path)
    assert answer.code == code, answer.body
    return answer


def files(shop: Shop, troubles: list[OSError] | None = None) -> ReportMaterial:
    settings, _, _ = read_settings(shop.config)
    assert settings
    read = StoreFiles(settings.store, settings.timezone).read()[0]
    return ReportMaterial(
        settings, lambda: read, trouble=(troubles if troubles is not None else []).append, beacons=False
    )


@pytest.fixture
async def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    await shop.open_for_a_day()
    return shop


def week_of(**what: Sequence[object]) -> Tallies:
    return told(listening=listened(days(MONDAY, SUNDAY)), **what)


WEEK = "from=2026-11-16&until=2026-11-22"
LATER = datetime(2027, 1, 1, tzinfo=UTC)


async def test_a_day_is_a_table_of_floors_and_hours_with_shades(shop: Shop) -> None:
    chart, week = Tables((await asked(files(shop), f"/heat?{DAY}")).body).found
    assert chart.caption == "信标到达次数，按楼层和钟点"
    assert [text for text, _, _ in chart.rows[0]] == ["楼层", *map(str, range(24)), "合计"]
    assert chart.texts("F6 A馆六楼") == [*["–"] * 10, "1", "1", *["–"] * 12, "~2"]
    assert chart.looks("F6 A馆六楼") == [*["hatched"] * 10, "h4", "h4", *["hatched"] * 12, ""]
    assert chart.texts("监听 %")[9:12] == ["0", "100", "100"]
    assert week.caption == "信标到达次数，F6 A馆六楼，按星期几和钟点（平均每天）"
    assert [row[0][0] for row in week.rows] == ["星期", "周一"]
    assert week.texts("周一") == [*["–"] * 10, "1.0", "1.0", *["–"] * 12]


async def test_english_readers_get_english(shop: Shop) -> None:
    page = Reader((await asked(files(shop), f"/heat?{DAY}&language=en")).body)
    assert "Arrivals of beacons by floor and hour" in page.text
    assert "Receiving for 2.0 h, 8% of the time." in page.text
    assert "1 hit more without an hour" in page.text
    assert "hatched, –: the gateway was not receiving; it is not zero" in page.text


async def test_what_was_not_listened_to_is_hatched_and_says_so_and_zero_is_zero(shop: Shop) -> None:
    body = (await asked(files(shop), f"/heat?{DAY}&show=minutes")).body
    cells = Tables(body).found[0].line("F6 A馆六楼")
    assert cells[9] == ("–", "hatched", "网关未在接收")
    assert cells[10] == ("60", "h4", "")
    assert cells[11] == ("0", "h0", "")
    assert "斜线和 –：网关未在接收，不是 0" in body


async def test_an_hour_of_which_a_part_was_listened_to_says_which_part() -> None:
    tallies = told(
        listening=[*listened([MONDAY], [10]), *listened([MONDAY], [11], minutes=36)],
        hours=[enters(MONDAY, 10, "F6", 8), enters(MONDAY, 11, "F6", 3)],
    )
    body = (await asked(Given(tallies), "/heat?from=2026-11-16&until=2026-11-16", now=LATER)).body
    assert Tables(body).found[0].line("F6 A馆六楼")[10:12] == [("8", "h4", ""), ("~3", "h2", "只接收了 60% 的时间")]
    assert "~ 只接收了一部分时间" in body


async def test_shades_go_in_four_steps_from_zero_to_the_most() -> None:
    counts = [0, 1, 25, 26, 50, 51, 75, 76, 100]
    tallies = week_of(hours=[enters(MONDAY, hour, "F6", count) for hour, count in enumerate(counts)])
    chart = Tables((await asked(Given(tallies), f"/heat?{WEEK}", now=LATER)).body).found[0]
    assert chart.looks("F6 A馆六楼")[:9] == ["h0", "h1", "h1", "h2", "h2", "h3", "h3", "h4", "h4"]


async def test_a_week_of_one_floor_has_a_line_a_weekday_and_means_of_its_days() -> None:
    next_monday = MONDAY + 7 * A_DAY
    tallies = told(
        listening=[*listened(days(MONDAY, SUNDAY)), *listened([next_monday], range(12))],
        hours=[
            *(enters(day, 10, "F6", count) for day, count in ((MONDAY, 4), (next_monday, 7))),
            enters(MONDAY, 15, "F6", 6),
            enters(MONDAY, 10, "F1", 90),
        ],
    )
    query = "from=2026-11-16&until=2026-11-23"
    week = Tables((await asked(Given(tallies), f"/heat?{query}", now=LATER)).body).found[1]
    assert len(week.rows) == 1 + 7
    assert {len(row) for row in week.rows} == {1 + 24}
    assert (week.texts("周一")[10], week.texts("周一")[15], week.texts("周二")[10]) == ("5.5", "~6.0", "0")
    other = Tables((await asked(Given(tallies), f"/heat?{query}&floor=F1", now=LATER)).body).found
    assert [row[0][0] for row in other[0].rows] == ["楼层", "F1 A馆一楼", "监听 %"]
    assert other[1].texts("周一")[10] == "45.0"


async def test_fewer_than_five_persons_are_never_told_exactly() -> None:
    tallies = week_of(
        shake_hours=[shakes(MONDAY, 10, "F6", 9, 4), shakes(MONDAY, 11, "F6", 30, 12)],
        shake_days=[shakes(MONDAY, 0, "F6", 39, 4)],
    )
    by_hour = (
        await asked(Given(tallies, ACCOUNT), "/heat?from=2026-11-16&until=2026-11-16&show=people", now=LATER)
    ).body
    chart, week = Tables(by_hour).found
    assert chart.line("F6 A馆六楼")[10:12] == [("<5", "h1", ""), ("12", "h4", "")]
    assert week.texts("周一")[10:12] == ["<5", "12.0"]
    assert "少于 5 人显示为 &lt;5。" in by_hour
    by_day = (await asked(Given(tallies, ACCOUNT), f"/heat?{WEEK}&show=people&by=day", now=LATER)).body
    assert Tables(by_day).found[0].texts("F6 A馆六楼") == ["<5", *["0"] * 6]
    for sheet in ("floors", "week"):
        rows = (await asked(Given(tallies, ACCOUNT), f"/heat.csv?{WEEK}&chart={sheet}", now=LATER)).body
        people = {row["people"] for row in csv.DictReader(rows.splitlines())}
        assert "<5" in people
        assert not people & {"4", "4.0"}


async def test_shakes_that_nobody_tells_of_are_not_zero() -> None:
    body = (await asked(Given(week_of()), f"/heat?{WEEK}&show=shakes", now=LATER)).body
    assert Tables(body).found == []
    assert body.count("所以这里没有数字，也不是 0") == 2
    assert "/heat.csv" not in body


async def test_a_floor_out_of_reach_is_told_as_such() -> None:
    body = (await asked(Given(week_of()), f"/heat?{WEEK}&floor=F1", now=LATER)).body
    assert body.count("网关 f6-east 在这段时间里没有收到那里的任何信标。") == 2


@pytest.mark.parametrize("by", ["hour", "day", "weekday"])
async def test_the_spreadsheet_is_the_commands(shop: Shop, by: str) -> None:
    answer = await asked(files(shop), f"/heat.csv?{DAY}&by={by}")
    assert answer.body == (await shop.run("report", *PERIOD, "--by", by, "--csv")).out
    assert "content-type: text/csv; charset=utf-8" in answer.head
    file = "heat-f6-east-floors-2025-11-17-2025-11-17.csv"
    assert f'content-disposition: attachment; filename="{file}"' in answer.head


async def test_each_chart_leads_to_its_rows(shop: Shop) -> None:
    query = f"{DAY}&campaign-from=2025-11-17&campaign-until=2025-11-18"
    page = Reader((await asked(files(shop), f"/heat?{query}")).body)
    links = [link for link in page.links if link.startswith("/heat.csv?")]
    bodies = [(await asked(files(shop), unescape(link))).body.removeprefix("\ufeff").splitlines() for link in links]
    floors, week, campaign = bodies
    assert floors[11].startswith("2025-11-17,10,1,F6,A馆六楼,,,60,60,1,60,")
    assert len(floors) == 1 + 24
    assert week[11].startswith(",10,1,F6,A馆六楼,,1,60,60,1.0,60.0,")
    assert campaign[0] == "what,weekday,before,before_days,during,during_days,change"
    assert campaign[1] == "enters,1,,0,2.0,1,"


async def test_a_campaign_is_compared_and_what_was_bound_meanwhile_is_listed(shop: Shop) -> None:
    image = BindingImage(key(1), frozenset(), frozenset({PageRef("7")}), frozenset())
    begun = AuditLine(MIDNIGHT + timedelta(hours=18), AuditCause("files"), "p", "r", 1, "corner-1", BEGUN, image)
    async with LedgerFile(shop.folder / "state") as ledger:
        await ledger.record(LedgerEntry(lines=(begun, replace(begun, outcome=VERIFIED, image=None))))
    body = (await asked(files(shop), f"/heat?{DAY}&campaign-from=2025-11-17&campaign-until=2025-11-18")).body
    arrivals = Tables(body).found[2]
    assert arrivals.caption == "信标到达"
    assert arrivals.line("周一") == [
        ("–", "", ""),
        ("0", "", ""),
        ("2.0", "h4", ""),
        ("1", "", ""),
        ("天数太少，不能比较", "", ""),
    ]
    assert "2025-11-17 18:00  F6 北扶梯口: 无 → winter" in body


async def test_a_campaign_that_shows_a_difference_says_how_much(shop: Shop) -> None:
    weeks = [timedelta(days=7 * number).total_seconds() for number in range(1, 5)]
    async with HitLogFile(shop.folder / "state") as log:
        for week in weeks:
            rows = [minute(week + 10 * HOUR + 60 * number, segment=BOOT) for number in range(120)]
            hits = [enter(week + 10 * HOUR + number, segment=BOOT) for number in range(3)]
            await log.append([*hits, *rows], [BOOT, NEVER_SET])
    query = "from=2025-12-01&until=2025-12-15&campaign-from=2025-12-01&campaign-until=2025-12-15"
    now = datetime(2026, 1, 1, tzinfo=UTC)
    body = (await asked(files(shop), f"/heat?{query}&language=en", now=now)).body
    arrivals = Tables(body).found[2]
    assert arrivals.texts("Mon") == ["2.5", "2", "3.0", "3", "+20%"]
    assert arrivals.looks("Mon") == ["h4", "", "h4", "", ""]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("from=2025-11-18&until=2025-11-17", "first day cannot come after the last"),
        ("from=2024-01-01&until=2025-11-17", "at most 400 days"),
        ("from=2025-08-17&until=2025-11-17", "at most. For more, on the gateway: beacon-gateway report"),
        (f"{DAY}&campaign-from=2025-08-17&campaign-until=2025-11-17", "This page shows 92 days at most"),
        ("from=0001-01-01", '"0001-01-01" is no date'),
        ("until=yesterday", '"yesterday" is no date'),
        ("until=9999-12-31", '"9999-12-31" is no date'),
        ("from=%ff%00", "is no date"),
        ("campaign-from=2025-11-17", "needs both its first and its last day"),
        ("campaign-from=2025-11-17&campaign-until=2025-11-10", "first day cannot come after the last"),
        ("show=everything", 'asks for "everything"'),
        ("by=dated-hour", 'asks for "dated-hour"'),
        ("by=weekday-hour", 'asks for "weekday-hour"'),
        ("floor=F9", "There is no floor F9. There are: F6"),
        (f"floor={'F' * 65}", "too long for the name of a floor"),
        (f"floor={quote(EVIL)}", "There is no floor"),
        (f"from={quote(EVIL)}", "is no date"),
        (f"show={quote(EVIL)}", "asks for"),
    ],
)
async def test_what_cannot_be_told_is_refused_in_the_page_and_the_form_stays(
    shop: Shop, query: str, reason: str
) -> None:
    answer = await asked(files(shop), f"/heat?{query}&language=en", code=400)
    assert reason in Reader(answer.body).text
    assert "<script" not in answer.body
    assert 'role="alert"' in answer.body
    assert '<form class="heat-form" method="get" action="/heat">' in answer.body
    rows = await asked(files(shop), f"/heat.csv?{query}&language=en", code=400)
    assert reason in rows.body
    assert "content-type: text/plain" in rows.head


async def test_what_was_typed_stays_in_the_form(shop: Shop) -> None:
    typed = f"from={quote(EVIL)}&until=2025-11-17&floor=F6&show=minutes&by=weekday"
    body = (await asked(files(shop), f"/heat?{typed}", code=400)).body
    assert 'name="from" value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in body
    assert 'type="text" maxlength="64" aria-invalid="true" aria-describedby="heat-trouble"' in body
    assert 'name="until" value="2025-11-17"' in body
    for value in ("F6", "minutes", "weekday"):
        assert f'<option value="{value}" selected>' in body


async def test_a_quarter_is_shown(shop: Shop) -> None:
    await asked(files(shop), "/heat?from=2025-08-18&until=2025-11-17")


async def test_only_so_much_of_what_was_typed_is_shown_again(shop: Shop) -> None:
    body = (await asked(files(shop), f"/heat?from={'x' * 5000}", code=400)).body
    assert "x" * 64 in body
    assert "x" * 65 not in body


@pytest.mark.parametrize(
    ("query", "reason"),
    [("chart=everything", 'asks for "everything"'), ("chart=campaign", "There is no campaign to compare")],
)
async def test_rows_of_no_chart_are_refused(shop: Shop, query: str, reason: str) -> None:
    assert reason in (await asked(files(shop), f"/heat.csv?{DAY}&{query}&language=en", code=400)).body


async def test_the_usual_period_is_the_week_that_ends_today(shop: Shop) -> None:
    body = (await asked(files(shop), "/heat?from=&until=&floor=&show=&by=&campaign-from=&campaign-until=")).body
    assert 'name="from" value="2025-11-14"' in body
    assert 'name="until" value="2025-11-20"' in body
    assert "这段时间里最早的记录是 2025-11-17 10:00。" in body
    assert "今天还没过完" in body


async def test_an_empty_log_says_so(tmp_path: Path) -> None:
    page = Reader((await asked(files(Shop(tmp_path)), f"/heat?{DAY}&language=en")).body)
    assert "Nothing is logged from 2025-11-17 to 2025-11-17 yet." in page.text
    assert "table" not in page.tags


async def test_a_log_that_cannot_be_read_is_told_without_a_trace(shop: Shop) -> None:
    (shop.folder / "state" / "hits.db").write_text("no database")
    page = Reader((await asked(files(shop), f"/heat?{DAY}&language=en", code=503)).body)
    assert "The log cannot be read now" in page.text
    assert "Traceback" not in page.text


async def test_a_ledger_that_cannot_be_read_costs_names_only(shop: Shop) -> None:
    (shop.folder / "state" / "ledger.db").write_text("no database")
    troubles: list[OSError] = []
    await asked(files(shop, troubles), f"/heat?{DAY}")
    assert len(troubles) == 1


async def test_names_are_text_whatever_they_look_like(shop: Shop) -> None:
    shop.floor.write_text(shop.floor.read_text(encoding="utf-8").replace("A馆六楼", "<script>x</script>"), "utf-8")
    body = (await asked(files(shop), f"/heat?{DAY}")).body
    assert "F6 &lt;script&gt;x" in body
    assert "<script" not in body


async def test_nothing_comes_from_elsewhere_and_the_page_does_not_run_away_while_one_types(shop: Shop) -> None:
    page = Reader((await asked(files(shop), f"/heat?{DAY}")).body)
    assert page.fetched == ["/static/pages.css", "data:,"]
    assert not {"script", "style", "iframe"} & set(page.tags)


async def test_one_report_is_made_at_a_time_and_all_are_answered(shop: Shop) -> None:
    @dataclass
    class Counting:
        of: HeatMaterialSource
        now: int = 0
        most: int = 0

        async def material(self, asked: ReportRequest) -> Material:
            self.now += 1
            self.most = max(self.most, self.now)
            try:
                return await self.of.material(asked)
            finally:
                self.now -= 1

    counting = Counting(files(shop))
    async with opened(counting) as listener:
        answers = await asyncio.gather(*(ask(listener, f"/heat?{DAY}") for _ in range(5)))
    assert ({answer.code for answer in answers}, counting.most) == ({200}, 1)


async def test_what_was_asked_for_stays_in_the_other_language(shop: Shop) -> None:
    page = Reader((await asked(files(shop), f"/heat?{DAY}&show=minutes&floor=F6&by=day")).body)
    [link] = [link for link in page.links if link.endswith("&language=en")]
    english = (await asked(files(shop), link)).body
    assert "Minutes in which beacons were heard (added up) by floor and day" in english
    assert '<option value="F6" selected>' in english


async def test_the_forms_of_this_machine_may_be_sent_and_guards_stand_before_the_page() -> None:
    async with door(whole_status()) as web_door:
        page, rows = await ask(web_door, "/heat"), await ask(web_door, "/heat.csv")
    assert (page.code, rows.code) == (503, 503)
    for answer in (page, rows):
        assert "form-action 'self'" in answer.head
        assert "x-content-type-options: nosniff" in answer.head
        assert "cache-control: no-store" in answer.head
