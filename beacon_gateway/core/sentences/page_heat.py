"""The heat map page."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PAGE_HEAT: Final[Mapping[str, Text]] = {
    "heat.about": Text(
        "哪一层、什么时候有多少。网关没有在听的时候没有数字，那不是 0。",
        "How much was counted where and when. While the gateway did not listen there are no numbers, which is not "
        "zero.",
    ),
    # The form
    "heat.form": Text("要看什么", "What to show"),
    "heat.from": Text("从", "From"),
    "heat.until": Text("到（含当天）", "Until (included)"),
    "heat.floor": Text("楼层", "Floor"),
    "heat.every-floor": Text("全部楼层", "All floors"),
    "heat.show": Text("数什么", "What is counted"),
    "heat.by": Text("每一列是", "A column is"),
    "heat.by.hour": Text("一个钟点", "an hour"),
    "heat.by.day": Text("一天", "a day"),
    "heat.by.weekday": Text("一个星期几", "a weekday"),
    "heat.campaign": Text("活动对比（可以不填）", "Compare a campaign (may stay empty)"),
    "heat.campaign-from": Text("活动从", "Campaign from"),
    "heat.campaign-until": Text("活动到（含当天）", "Campaign until (included)"),
    "heat.look": Text("查看", "Show"),
    # What cannot be shown
    "heat.bad-date": Text(
        "“{found}”不是日期；日期要写成 2026-11-24 这样。", '"{found}" is no date; write it like 2026-11-24.'
    ),
    "heat.too-long": Text(
        "网页上一次最多看 {limit} 天。更长的请在网关上执行：beacon-gateway report --from 日期 --until 日期",
        "This page shows {limit} days at most. For more, on the gateway: beacon-gateway report --from DATE "
        "--until DATE",
    ),
    "heat.bad-choice": Text(
        "地址里的“{found}”不能选；请在下面的表单里选。",
        'The address asks for "{found}", which there is not; choose in the form below.',
    ),
    "heat.bad-floor": Text("楼层的名字太长了。", "That is too long for the name of a floor."),
    "heat.half-campaign": Text(
        "活动对比要填第一天和最后一天，两个都要填。", "A campaign needs both its first and its last day."
    ),
    "heat.no-campaign": Text(
        "没有要对比的活动；请填活动的第一天和最后一天。",
        "There is no campaign to compare; fill in its first and last day.",
    ),
    "heat.unreadable": Text(
        "现在读不到记录（{reason}）。请过一会儿再看；还不行，请执行：sudo beacon-gateway doctor",
        "The log cannot be read now ({reason}). Look again in a while; if it stays so: sudo beacon-gateway doctor",
    ),
    "heat.busy": Text("还有别的报表正在算，请过一会儿再看。", "Another report is being made. Look again in a moment."),
    # Charts
    "heat.week": Text(
        "{what}，{floor}，按星期几和钟点（平均每天）", "{what}, {floor}, by weekday and hour (mean of a day)"
    ),
    "heat.week.note": Text(
        "一格是同一个星期几、同一个钟点的平均，最多 {count} 天；没怎么在听的和还没过完的不算。",
        "A cell is the mean of an hour of that weekday, of at most {count} days; without those with hardly any "
        "listening, or not over yet.",
    ),
    "heat.weekday": Text("星期", "Weekday"),
    "heat.begins": Text("这段时间里最早的记录是 {when}。", "The log of this period begins at {when}."),
    "heat.csv": Text("下载 CSV", "CSV"),
    "heat.csv.of": Text("下载 CSV：{caption}", "CSV: {caption}"),
    "heat.legend.top": Text(
        "颜色越浓，数字越大；最浓的是 {top}", "The stronger the colour, the more; the strongest is {top}"
    ),
    "heat.legend.deaf": Text("斜线和 {mark}：{why}，不是 0", "hatched, {mark}: {why}; it is not zero"),
    "heat.deaf": Text("网关没有在听", "the gateway did not listen"),
    "heat.off": Text("网关没有在运行", "the gateway was not at work"),
    "heat.partly": Text("只听了 {share} 的时间", "listened for {share} of the time"),
    "heat.as-of": Text("{at}（{zone}）算出", "Made at {at} ({zone})"),
}
