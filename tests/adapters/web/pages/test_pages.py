"""The pages as a browser without scripts gets them."""

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from beacon_gateway.core.model.status import Status
from beacon_gateway.core.model.target_status import TargetStatus
from tests.adapters.web.pages.test_metrics import beacon, whole_status
from tests.adapters.web.pages.test_pages_server import Answer, ask, opened
from tests.services.status.test_heartbeat import NOW

PATHS = ("/", "/floors", "/floors/F6", "/floors/F6/list", "/floors/F6/inspection", "/gateway")
FIRST_PAGE: int = 100_000
LARGEST_SCRIPT: int = 2 * 1024
FETCHED = ["/static/pages.js", "/static/pages.css", "data:,"]


class Reader(HTMLParser):
    """What stands on a page: its words, where its links lead, and every address that it has the browser fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.tags: list[str] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if tag == "a" and name == "href"]
        self.fetched += [value or "" for name, value in attrs if tag != "a" and name in {"href", "src"}]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "script" and self.cdata_elem == "script":
            self.inline.append(data)
        self.words += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.words)


async def shown(status: Status, path: str = "/", **head: str) -> Reader:
    return Reader((await asked(status, path, **head)).body)


async def asked(status: Status, path: str, **head: str) -> Answer:
    async with opened(status) as door:
        answer = await ask(door, path, **head)
    assert answer.code == 200
    return answer


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_is_chinese_until_somebody_wants_english_and_then_stays_so(path: str) -> None:
    chinese, english = await asked(whole_status(), path), await asked(whole_status(), f"{path}?language=en")
    assert "总览" in chinese.body
    assert 'lang="zh"' in chinese.body
    assert f'href="{path}?language=en"' in chinese.body
    assert "Overview" in english.body
    assert "总览" not in english.body
    assert "set-cookie: language=en; httponly; max-age=" in english.head
    assert "samesite=lax" in english.head
    later = await asked(whole_status(), path, cookie="language=en")
    assert "Overview" in later.body
    assert "set-cookie: language" not in later.head


@pytest.mark.parametrize("path", PATHS)
async def test_nothing_comes_from_elsewhere_and_only_what_brings_it_up_to_date_runs(path: str) -> None:
    answer = await asked(whole_status(), path)
    page = Reader(answer.body)
    assert page.fetched == FETCHED
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in page.links)
    assert page.tags.count("script") == 1
    assert not page.inline
    assert not {"style", "form", "iframe"} & set(page.tags)
    assert "default-src 'none'; style-src 'self'" in answer.head
    assert "frame-ancestors 'none'" in answer.head


@pytest.mark.parametrize("path", PATHS)
async def test_names_are_text_whatever_they_look_like(path: str) -> None:
    evil = '<script>alert("1")</script>'
    status = whole_status()
    named = replace(status, log_trouble=evil, beacons=(replace(beacon(1, present=False), name=evil),))
    answer = await asked(replace(named, radio=replace(status.radio, state="deaf", reason=evil)), path)
    assert "<script>" not in answer.body


async def test_what_needs_attention_stands_on_the_first_page_with_what_to_do() -> None:
    gone = replace(beacon(1, present=False), silent_seconds=7200.0)
    since = NOW - timedelta(minutes=3)
    status = whole_status()
    radio = replace(status.radio, state="blocked", since=since)
    page = await shown(
        replace(
            status,
            beacons=(gone, beacon(2)),
            radio=radio,
            store=replace(status.store, errors=2),
            targets={"wechat": TargetStatus("braked", pending=4, losing=3, bound=4)},
            log_trouble="disk full",
        ),
        "/?language=en",
    )
    needs = page.text.partition("Needs attention")[2]
    order = ["Bluetooth is switched off", "for 3 min", "cannot be written (disk full)", "信标 1", "for 2 h", "2 errors"]
    places = [needs.index(words) for words in order]
    assert places == sorted(places)
    assert "sudo rfkill unblock bluetooth" in needs
    assert "/floors/F6#beacon-1" in page.links
    assert "1/2" in page.text
    assert "Stopped by the brake: 3 of 4 beacons would lose a page" in needs
    assert "4 stopped by the brake until IT confirms" in page.text


async def test_a_gateway_that_is_well_says_so() -> None:
    page = await shown(whole_status(), "/?language=en")
    assert "No problems. Nothing needs attention." in page.text
    assert "2/2" in page.text
    assert "5 → 2" not in page.text


async def test_shakes_are_shown_or_it_is_said_why_not() -> None:
    status = whole_status()
    assert status.figures
    known = replace(status, figures=replace(status.figures, shakes=120, clicks=30))
    assert "120 → 30" in (await shown(known)).text
    assert "无法获取微信的统计" not in (await shown(known)).text
    assert "fetches them" in (await shown(replace(status, figures=None), "/?language=en")).text
    trouble = replace(status, figures=replace(status.figures, trouble="no right"))
    assert "Not available: no right" in (await shown(trouble, "/?language=en")).text


async def test_absent_beacons_stay_visible_on_their_floor() -> None:
    beacons = (beacon(1), beacon(2, present=False, rssi=None), beacon(3, floor="F1"))
    page = await shown(replace(whole_status(), beacons=beacons), "/floors?language=en")
    assert "信标 1 10006/1 heard 0 s ago -62 dBm Fine." in page.text
    assert "信标 2 10006/2 not heard never" in page.text
    assert "信标 3" not in page.text
    assert {"/floors/F1", "/floors/F6"} <= set(page.links)
    other = await shown(replace(whole_status(), beacons=beacons), "/floors/F1?language=en")
    assert "信标 3" in other.text
    assert "Another floor" in other.text


async def test_a_floor_that_is_not_there_is_a_page_that_says_so() -> None:
    async with opened(whole_status()) as door:
        answer = await ask(door, "/floors/F99")
    assert answer.code == 404
    assert "没有这个页面" in answer.body
    assert "F99" not in answer.body


async def test_the_gateways_page_tells_radio_log_clock_files_and_program() -> None:
    page = await shown(whole_status(), "/gateway?language=en")
    for words in ("Receiving.", "hci0 active", "restarted the scan", "4 hits since the start", "60.0 MB of memory"):
        assert words in page.text
    assert "2026-11-24 18:00:00 (Asia/Shanghai)" in page.text


async def test_the_first_page_is_small_with_five_hundred_beacons_and_all_of_them_gone() -> None:
    beacons = tuple(beacon(number, present=False) for number in range(500))
    status = replace(whole_status(), beacons=beacons)
    answer = await asked(status, "/")
    others = [await asked(status, path) for path in FETCHED if path.startswith("/")]
    assert len(others) == 2
    assert sum(len(each.body.encode()) for each in (answer, *others)) < FIRST_PAGE
    assert "还有 450 项" in Reader(answer.body).text


async def test_an_empty_store_has_a_page_too() -> None:
    page = await shown(replace(whole_status(), beacons=()), "/floors?language=en")
    assert "The files declare no beacons yet." in page.text


async def test_what_brings_a_page_up_to_date_is_small_and_of_the_right_type() -> None:
    answer = await asked(whole_status(), "/static/pages.js")
    assert "content-type: text/javascript; charset=utf-8" in answer.head
    assert len(answer.body.encode()) <= LARGEST_SCRIPT


async def test_without_a_script_a_page_asks_for_itself_again() -> None:
    body = (await asked(whole_status(), "/")).body
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in body
    assert body.count("http-equiv") == 1
