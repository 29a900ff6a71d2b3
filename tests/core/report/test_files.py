"""A report for spreadsheets and scripts: the same numbers, nothing made up where nobody listened."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.model.settings import EventSettings, Language, WeChatSettings
from beacon_gateway.core.model.store import Floor
from beacon_gateway.core.report.report_request import GroupBy, Measure
from beacon_gateway.core.wechat.figures import Figures
from beacon_gateway.presentation.report.csv import COLUMNS, report_csv
from beacon_gateway.presentation.report.json import report_json
from tests.core.report.shop import (
    A_DAY,
    MONDAY,
    NOTHING,
    Question,
    beacon,
    beacon_day,
    days,
    enters,
    figures,
    key,
    listened,
    moment,
    shakes,
    store,
    told,
)

TUESDAY = MONDAY + A_DAY
ACCOUNT = WeChatSettings("wx0123456789abcdef", events=EventSettings("privacy policy, 3"))
SHOP = Question(
    told(
        listening=listened([MONDAY], range(10, 22)) + listened([TUESDAY], range(10, 12)),
        hours=[enters(MONDAY, 10, "F6", 7, minutes=55), enters(TUESDAY, 9, "F6", 2), enters(TUESDAY, 11, "F5", 3)],
        days=[beacon_day(MONDAY, 1, 55, 7)],
        shake_hours=[shakes(MONDAY, 10, "F6", 9, 4), shakes(MONDAY, 11, "F1", 30, 12)],
        shake_days=[shakes(MONDAY, 0, "F6", 9, 4), shakes(MONDAY, 0, "F1", 30, 12)],
        figures=[figures(MONDAY, {key(1): Figures(8, 4, 3, 0)}, {PageRef("7"): Figures(8, 4, 3, 0)})],
        untimed=2,
    ),
    last=TUESDAY,
    now=moment(TUESDAY, 12),
    store=store(beacon(1, "北扶梯口"), beacon(2, "试衣间")),
    account=ACCOUNT,
)


def rows(question: Question) -> list[dict[str, str]]:
    text = report_csv(question.reporter().table())
    assert text.startswith("\ufeff" + ",".join(COLUMNS) + "\r\n")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def row(question: Question, **which: str) -> dict[str, str]:
    [found] = [row for row in rows(question) if which.items() <= row.items()]
    return found


def as_json(question: Question) -> Any:  # noqa: ANN401 - whatever the JSON holds
    return json.loads(json.dumps(report_json(question.report())))


def test_a_row_is_a_floor_and_an_hour_of_a_day() -> None:
    assert row(SHOP, date="2026-11-16", hour="10", floor="F6") == {
        "date": "2026-11-16",
        "hour": "10",
        "weekday": "1",
        "floor": "F6",
        "floor_name": "A馆六楼",
        "beacon": "",
        "days": "",
        "elapsed_minutes": "60",
        "listened_minutes": "60",
        "enters": "7",
        "beacon_minutes": "55",
        "shakes": "9",
        "people": "<5",
        "tags": "",
    }
    assert row(SHOP, date="2026-11-16", hour="11", floor="F1")["people"] == "12"


def test_an_hour_that_was_not_listened_to_has_empty_cells() -> None:
    deaf = row(SHOP, date="2026-11-17", hour="9", floor="F6")
    assert (deaf["elapsed_minutes"], deaf["listened_minutes"]) == ("60", "0")
    assert [deaf[name] for name in ("enters", "beacon_minutes", "shakes", "people")] == ["", "", "", ""]


def test_what_the_radio_cannot_reach_is_empty_and_what_is_to_come_has_no_row() -> None:
    far = row(SHOP, date="2026-11-16", hour="10", floor="F1")
    assert (far["enters"], far["shakes"]) == ("", "0")
    assert {found["hour"] for found in rows(SHOP) if found["date"] == "2026-11-17"} == set(map(str, range(12)))


def test_a_row_is_a_floor_and_a_day_or_a_weekday() -> None:
    whole = replace(SHOP, tallies=replace(SHOP.tallies, listening=listened(days(MONDAY, TUESDAY))))
    day = row(replace(whole, by=GroupBy.DAY), date="2026-11-16", floor="F6")
    assert (day["hour"], day["weekday"], day["enters"], day["people"]) == ("", "1", "7", "<5")
    weekday = row(replace(whole, by=GroupBy.WEEKDAY), weekday="1", floor="F6")
    assert (weekday["date"], weekday["days"], weekday["enters"]) == ("", "1", "7.0")


def test_of_one_beacon_there_are_its_days() -> None:
    tallies = replace(SHOP.tallies, listening=listened([MONDAY]))
    found = row(replace(SHOP, tallies=tallies, by=GroupBy.DAY, beacon="corner-1"), date="2026-11-16")
    assert (found["beacon"], found["enters"], found["beacon_minutes"], found["shakes"]) == ("corner-1", "7", "55", "")


def test_a_name_that_a_spreadsheet_would_reckon_with_is_defused() -> None:
    known = store(beacon(1, "x"))
    for name in ("=1+1", "+1", "-1", "@x", "\t=x", "＝1+1", "＋1", "－1", "＠x", "\n=x"):
        named = replace(known, floors={"F6": Floor("F6", name)})
        assert row(replace(SHOP, store=named), date="2026-11-16", hour="10", floor="F6")["floor_name"] == f"'{name}"


def test_shakes_that_nobody_tells_of_are_empty() -> None:
    found = rows(replace(SHOP, tallies=replace(NOTHING, listening=SHOP.tallies.listening), account=None))
    assert {(found["shakes"], found["people"]) for found in found} == {("", "")}


def test_a_script_gets_all_that_the_text_says() -> None:
    told_of = as_json(replace(SHOP, campaign=(MONDAY, TUESDAY)))
    assert told_of["period"] == {"from": "2026-11-16", "until": "2026-11-17", "zone": "Asia/Shanghai", "days": 2}
    assert told_of["listened"]["listened_minutes"] == 14 * 60
    assert told_of["untimed"] == 2
    [f6, f5] = told_of["rows"]
    assert (f6["floor"], f6["name"], f5["floor"]) == ("F6", "A馆六楼", "F5")
    assert f6["values"][8:13] == [None, None, 7, 0, 0]
    assert told_of["hidden"] == 2
    assert told_of["columns"][10] == {
        "hour": 10,
        "listening": "whole",
        "minutes": 120,
        "listened_minutes": 120,
        "share": 1.0,
    }
    [step] = told_of["funnel"]["beacons"]
    assert (step["name"], step["shakes"], step["click_rate"]) == ("北扶梯口", 8, 0.375)
    assert (step["shakers_a_day"], step["clickers_a_day"]) == ("<5", 0)
    assert told_of["campaign"]["compared"]["enters"]["weekdays"][0]["too_few_days"] is True
    assert [floor["floor"] for floor in told_of["availability"]["floors"]] == ["F6"]
    assert [silent["name"] for silent in told_of["availability"]["never_heard"]] == ["试衣间"]


def test_a_script_gets_no_few_people_either() -> None:
    tallies = replace(SHOP.tallies, listening=listened(days(MONDAY, TUESDAY)))
    day = as_json(replace(SHOP, tallies=tallies, by=GroupBy.DAY, show=Measure.PEOPLE))
    assert {row["floor"]: row["values"] for row in day["rows"]} == {"F6": ["<5", 0], "F1": [12, 0]}


def test_a_report_of_nothing_is_an_object_too() -> None:
    nothing = as_json(Question(NOTHING, last=MONDAY))
    assert nothing["rows"] == [{"floor": "F6", "name": "F6", "values": [None] * 24}]
    assert nothing["funnel"]["why_none"] == "no-account"


@pytest.mark.parametrize("mobile", [False, True])
def test_that_tags_count_where_they_were_heard_is_said_everywhere(*, mobile: bool) -> None:
    shop = replace(SHOP, store=store(beacon(1, "北扶梯口"), beacon(9, "手推车", mobile=mobile)))
    text = "\n".join(shop.lines(Language.ENGLISH))
    assert ("it need not be on them" in text) is mobile
    assert as_json(shop)["tags_count_where_heard"] is mobile
    assert {row["tags"] for row in rows(shop)} == {"heard" if mobile else ""}
    of_another = replace(shop, beacon="corner-1", by=GroupBy.DAY)
    assert as_json(of_another)["tags_count_where_heard"] is False
