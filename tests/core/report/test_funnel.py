"""From shakes to clicks, as WeChat counts them."""

from dataclasses import replace

import pytest

from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.model.settings import Role, WeChatSettings
from beacon_gateway.core.report.funnel import NoFigures
from beacon_gateway.core.report.report_request import GroupBy
from beacon_gateway.core.wechat.figures import Figures
from tests.core.report.shop import A_DAY, MONDAY, SUNDAY, Question, beacon, beacon_day, figures, key, store, told

ACCOUNT = WeChatSettings("wx0123456789abcdef")
SALE, MEMBERS = PageRef("1001"), PageRef("50054")
TWO_DAYS = told(
    figures=[
        figures(MONDAY, {key(1): Figures(40, 20, 10, 8)}, {SALE: Figures(40, 20, 10, 8)}),
        figures(
            MONDAY + A_DAY,
            {key(1): Figures(20, 10, 2, 2), key(2): Figures(4, 4, 0, 0)},
            {SALE: Figures(24, 14, 2, 2), MEMBERS: Figures(0, 0, 0, 0)},
        ),
    ]
)
QUESTION = Question(
    TWO_DAYS, store=store(beacon(1, "北扶梯口"), beacon(2, "楼下", "F1")), account=ACCOUNT, titles={SALE: "春季新品"}
)


def test_shakes_and_clicks_add_up_over_days_and_people_are_a_mean() -> None:
    funnel = QUESTION.report().funnel
    first, second = funnel.beacons
    assert (first.name, first.floor, first.shakes, first.clicks, first.rate) == ("北扶梯口", "F6", 60, 12, 0.2)
    assert (first.shakers_a_day, first.clickers_a_day) == (15, 5)
    assert (second.name, second.shakes, second.shakers_a_day, second.clickers_a_day) == ("楼下", 4, "<5", 0)
    assert (funnel.days, funnel.of_days) == (2, 7)


def test_pages_have_the_titles_that_staff_know() -> None:
    sale, members = QUESTION.report().funnel.pages
    assert (sale.name, sale.shakes, members.name, members.rate) == ("春季新品", 64, "50054", None)


def test_of_one_floor_there_are_its_beacons_and_no_pages() -> None:
    question = replace(QUESTION, floor="F1")
    funnel = question.report().funnel
    assert ([step.name for step in funnel.beacons], funnel.pages) == (["楼下"], ())
    assert "  Pages are counted for the whole store, so they are left out here." in question.lines()
    assert [step.name for step in replace(QUESTION, by=GroupBy.DAY, beacon="corner-1").report().funnel.beacons] == [
        "北扶梯口"
    ]


def test_a_beacon_that_the_files_do_not_know_has_the_name_it_was_logged_with_else_its_key() -> None:
    tallies = replace(TWO_DAYS, days=[beacon_day(MONDAY, 1, 9)])
    names = [step.name for step in Question(tallies, account=ACCOUNT).report().funnel.beacons]
    assert names == ["corner-1", str(key(2))]


@pytest.mark.parametrize(
    ("account", "why", "sentence"),
    [
        (None, NoFigures.NO_ACCOUNT, "gateway.yaml has no account"),
        (replace(ACCOUNT, role=Role.READER), NoFigures.NOT_WRITER, "the gateway with role: writer fetches them"),
        (ACCOUNT, NoFigures.NONE_YET, "None of these days were fetched yet."),
    ],
)
def test_where_there_are_none_it_says_why(account: WeChatSettings | None, why: NoFigures, sentence: str) -> None:
    question = Question(told(), account=account)
    assert question.report().funnel.why_none is why
    assert any(sentence in line for line in question.lines())


def test_a_long_list_is_cut_and_says_so() -> None:
    tallies = told(figures=[figures(SUNDAY, {key(number): Figures(number, 1, 1, 1) for number in range(1, 31)})])
    lines = Question(tallies, account=ACCOUNT).lines()
    assert "  and 20 more" in lines
    assert len([line for line in lines if "10006/" in line]) == 10
