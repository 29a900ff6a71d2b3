"""What people read: two whole reports, and what a terminal does to them."""

import re
from dataclasses import replace
from datetime import date, timedelta
from string import Formatter
from typing import Final

import pytest

from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.model.settings import Language, WeChatSettings
from beacon_gateway.core.model.store import Floor
from beacon_gateway.core.report.report_request import GroupBy
from beacon_gateway.core.wechat.figures import Figures
from beacon_gateway.presentation.terminal import width_of
from tests.core.report.shop import (
    A_DAY,
    MONDAY,
    Question,
    beacon,
    beacon_day,
    days,
    enters,
    figures,
    key,
    listened,
    moment,
    store,
    told,
)

TUESDAY: Final = MONDAY + A_DAY
OPEN: Final = range(9, 22)


def shop() -> Question:
    """Return two days and the afternoon of the second: deaf at noon, restarted at five, no sale without a beacon."""
    both = days(MONDAY, TUESDAY)
    deaf = [*listened([MONDAY], [12], minutes=20), *listened([MONDAY], [17], minutes=48)]
    hearing = [hour for hour in listened(both, OPEN) if hour.start not in {late.start for late in deaf}]
    tallies = told(
        listening=sorted(
            [*deaf, *(hour for hour in hearing if hour.start < moment(TUESDAY, 16))], key=lambda hour: hour.start
        ),
        hours=[
            *(enters(MONDAY, hour, "F6", count) for hour, count in ((10, 2), (12, 3), (17, 8), (18, 16))),
            *(enters(TUESDAY, hour, "F10", count) for hour, count in ((10, 1), (15, 4))),
        ],
        days=[
            beacon_day(MONDAY, 1, 728),
            beacon_day(TUESDAY, 1, 420),
            beacon_day(MONDAY, 2, 364),
            beacon_day(TUESDAY, 2, 210),
            beacon_day(MONDAY, 3, 91, floor="F10"),
        ],
        figures=[
            figures(MONDAY, {key(1): Figures(40, 23, 10, 4)}, {PageRef("1001"): Figures(40, 23, 10, 4)}),
        ],
        untimed=12,
    )
    known = store(beacon(1, "北扶梯口"), beacon(2, "服务台"), beacon(3, "天台", "F10"), beacon(4, "试衣间"))
    return Question(
        tallies,
        last=TUESDAY,
        now=moment(TUESDAY, 16) + timedelta(minutes=1),
        store=replace(known, floors={**known.floors, "F10": Floor("F10", "F10")}),
        account=WeChatSettings("wx0123456789abcdef"),
        titles={PageRef("1001"): "春季新品"},
    )


TITLE: Final = "信标到达次数，按楼层和钟点（2 天合计）"
LEGEND: Final = "  █ = 16  · = 0  ╱ 网关未在接收  ~ 只接收了一部分时间"
CHINESE: Final = """\
网关 f6-east（F6 A馆六楼）：2026-11-16 至 2026-11-17，Asia/Shanghai 时间
监听 19.1 小时，占 47%。
另有 12 次到达或离开的时间未知：网关那次开机以后一直没有校准时间，所以没有计入任何一个小时。

信标到达次数，按楼层和钟点（2 天合计）
               0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15  16  17  18  19  20  21  22  23  合计
  F10         ╱╱  ╱╱  ╱╱  ╱╱  ╱╱  ╱╱  ╱╱  ╱╱  ╱╱   0   1   0  ~0   0   0   4   0  ~0   0   0   0   0  ╱╱  ╱╱    ~5
  F6 A馆六楼  ╱╱  ╱╱  ╱╱  ╱╱  ╱╱  ╱╱  ╱╱  ╱╱  ╱╱   0   2   0  ~3   0   0   0   0  ~8  16   0   0   0  ╱╱  ╱╱   ~29
  监听 %       0   0   0   0   0   0   0   0   0 100 100 100  66 100 100 100 100  80 100 100 100 100   0   0

  F10        ╱╱╱╱╱╱╱╱╱·▁····▂······╱╱
  F6 A馆六楼 ╱╱╱╱╱╱╱╱╱·▁·▂····▄█···╱╱
             0     6     12    18
  █ = 16  · = 0  ╱ 网关未在接收  ~ 只接收了一部分时间
  今天还没过完：16 点以后的格子少算一天。
  这些数字是信标，不是顾客。

微信统计：摇一摇 → 点击（2 天里有 1 天的数据）
  页面      摇一摇  点击  点击率  摇的人/天  点击的人/天
  春季新品      40    10     25%       23.0           <5
  信标         摇一摇  点击  点击率  摇的人/天  点击的人/天
  F6 北扶梯口      40    10     25%       23.0           <5
  人数是每天的平均，不能跨天或跨信标相加：同一个人可能再来。
  少于 5 人显示为 <5。

信标可用率：收到信标的分钟 ÷ 网关监听的分钟
  F10          7.9%  信标 1 个，最差：天台 7.9%
  F6 A馆六楼  75.0%  信标 2 个，最差：服务台 50.0%
  网关在 F6：别的楼层的信标离得远，收不全不等于有问题。
  本层这段时间从没收到过：试衣间
"""

ENGLISH: Final = """\
Gateway f6-east (F6 A馆六楼): 2026-11-16 to 2026-11-17, time of Asia/Shanghai
Receiving for 19.1 h, 47% of the time.
12 hits more without an hour: the gateway's clock was never set while it ran.

Arrivals of beacons by floor and weekday (mean of a day)
                Mon   Tue
  F10            ~0
  F6 A馆六楼  ~29.0
  receiving %    50
  n               1

  F10        ·
  F6 A馆六楼 █
             Mon → Tue
  █ = 29.0  · = 0  ~ receiving for only a part  blank: yet to come
  Another 5 are not shown: the gateway hardly received then, or that time is not over.
  n = days in the mean; without today, and without days with hardly any receiving.
  These numbers are about beacons, not customers.

WeChat's statistics: shakes → clicks (data for 1 of 2 days)
  page      shakes  clicks  rate  shakers/day  clickers/day
  春季新品      40      10   25%         23.0            <5
  beacon       shakes  clicks  rate  shakers/day  clickers/day
  F6 北扶梯口      40      10   25%         23.0            <5
  People are means of a day, and no sum over days or beacons: the same person may come again.
  Fewer than 5 people are shown as <5.

Availability of beacons: minutes heard of the minutes that the gateway was receiving
  F10          7.9%  beacons: 1, the worst: 天台 7.9%
  F6 A馆六楼  75.0%  beacons: 2, the worst: 服务台 50.0%
  The gateway is on F6: beacons of other floors are far away, and need not be at fault.
  On this floor, never heard in this period: 试衣间
"""


def test_a_report_in_chinese() -> None:
    assert "\n".join(shop().lines(Language.CHINESE)) + "\n" == CHINESE


def test_a_report_by_weekday_in_english() -> None:
    assert "\n".join(replace(shop(), by=GroupBy.WEEKDAY).lines()) + "\n" == ENGLISH


@pytest.mark.parametrize("width", [40, 80, 100])
def test_a_narrow_terminal_has_the_hours_in_parts_that_fit(width: int) -> None:
    lines = shop().lines(Language.CHINESE, width=width)
    table = lines[lines.index(TITLE) : lines.index(LEGEND)]
    assert max(map(width_of, table)) <= width
    headings = [line for line in table if line[:12].isspace()]
    hours = [word for line in headings for word in line.split() if word.isdigit()]
    assert hours[:24] == [str(hour) for hour in range(24)]


@pytest.mark.parametrize("width", [40, 80])
def test_many_days_stand_in_parts_that_fit(width: int) -> None:
    lines = replace(shop(), first=MONDAY - 100 * A_DAY, by=GroupBy.DAY).lines(width=width)
    start, end = lines.index("Arrivals of beacons by floor and day"), lines.index("  Today is not over.")
    assert max(map(width_of, lines[start : end - 1])) <= width


def test_chinese_names_stand_in_columns() -> None:
    lines = shop().lines(Language.CHINESE)
    heading = lines.index(TITLE) + 1
    assert len({width_of(line) for line in lines[heading : heading + 3]}) == 1


def test_colours_change_no_character() -> None:
    plain, coloured = shop().lines(), shop().lines(colour=True)
    assert plain != coloured
    assert [re.sub("\x1b\\[[0-9;]*m", "", line) for line in coloured] == plain
    assert "\x1b" not in "".join(plain)


def test_what_a_terminal_would_obey_is_taken_out_of_names() -> None:
    question = replace(shop(), store=store(beacon(4, "试\x1b[2J衣间")))
    assert "\x1b" not in "".join(question.lines())


def test_an_empty_shop_is_told_without_numbers_that_nobody_counted() -> None:
    lines = Question(told(), last=MONDAY).lines()
    assert lines[1] == "Receiving for 0.0 h, 0% of the time."
    assert ["F6", *["╱╱"] * 25] in [line.split() for line in lines]


def test_days_yet_to_come_are_not_said_to_be_unheard() -> None:
    lines = Question(told(), first=date(2027, 3, 1), last=date(2027, 3, 2)).lines()
    assert lines[1] == "These days are yet to come."
    assert not any("╱" in line for line in lines)


def test_where_the_log_begins_late_it_says_so() -> None:
    lines = Question(told(listening=listened([TUESDAY], OPEN)), last=TUESDAY).lines()
    assert lines[2] == "The log of this period begins at 2026-11-17 09:00; for what came then, use --from 2026-11-17."


def test_a_floor_or_beacon_that_nobody_knows_is_told_with_what_there_is() -> None:
    floor = replace(shop(), floor="F9").reporter().unknown()
    assert floor == ("report.no-floor", {"found": "F9", "known": "F10, F6, F1"})
    question = replace(shop(), by=GroupBy.DAY, beacon="corner1")
    assert question.reporter().unknown() == ("report.no-beacon-near", {"found": "corner1", "near": "corner-1"})
    assert replace(question, beacon="corner-1").reporter().unknown() is None


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
