"""Reports: what the log and WeChat's statistics add up to."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

REPORTS: Final[Mapping[str, Text]] = {
    # What cannot be told
    "report.backwards": Text("第一天不能在最后一天的后面。", "The first day cannot come after the last one."),
    "report.too-long": Text("一次最多看 {limit} 天。", "That is more than {limit} days, the most for one report."),
    "report.beacon-shakes": Text(
        "单个信标的摇一摇，只有微信按天的统计（报表里总会列出）；和 --beacon 一起请用 --show enters 或 minutes。",
        "Shakes of a single beacon are in WeChat's statistics only, which every report shows; "
        "with --beacon, use --show enters or minutes.",
    ),
    "report.beacon-hours": Text(
        "单个信标只按天合计；请用 --by day 或 --by weekday。",
        "Of a single beacon there are sums by day only; use --by day or --by weekday.",
    ),
    "report.no-floor": Text("没有楼层 {found}。有：{known}", "There is no floor {found}. There are: {known}"),
    "report.no-beacon": Text("没有信标 {found}。", "There is no beacon {found}."),
    "report.no-beacon-near": Text(
        "没有信标 {found}。您是不是要找 {near}？", "There is no beacon {found}. Did you mean {near}?"
    ),
    "report.empty": Text(
        "{first} 至 {last} 还没有任何记录。网关运行以后再来看。",
        "Nothing is logged from {first} to {last} yet. Look again when the gateway has been running for a while.",
    ),
    # The head
    "report.title": Text(
        "网关 {gateway}（{floor}）：{first} 至 {last}，{zone} 时间",
        "Gateway {gateway} ({floor}): {first} to {last}, time of {zone}",
    ),
    "report.only": Text("只看 {what}。", "Only {what}."),
    "report.to-come": Text("这些天还没有到。", "These days are yet to come."),
    "report.listened": Text("网关在听 {hours} 小时，占 {share}。", "It listened for {hours} h, {share} of the time."),
    "report.begins": Text(
        "这段时间里最早的记录是 {when}；只看之后的，请用 --from {day}。",
        "The log of this period begins at {when}; for what came then, use --from {day}.",
    ),
    "report.untimed": Text(
        "另有 {count} 次到达或离开不知道是几点：网关那次开机以后一直没有对过时，所以哪个小时都没有算进去。",
        "{count} more hits are in no hour: the gateway's clock was never set while it ran, so nobody knows when "
        "they were.",
    ),
    # Floors against time
    "report.grid": Text("{measure}，按楼层和{by}{how}", "{measure} by floor and {by}{how}"),
    "report.measure.enters": Text("信标到达次数", "Arrivals of beacons"),
    "report.measure.minutes": Text("听到信标的分钟数（各信标相加）", "Minutes in which beacons were heard (added up)"),
    "report.measure.shakes": Text("摇一摇次数", "Shakes"),
    "report.measure.people": Text("摇一摇的人数", "People who shook"),
    "report.by.hour": Text("钟点", "hour"),
    "report.by.day": Text("日期", "day"),
    "report.by.weekday": Text("星期几", "weekday"),
    "report.sum": Text("（{days} 天合计）", " (sum of {days} days)"),
    "report.mean": Text("（平均每天）", " (mean of a day)"),
    "report.total": Text("合计", "total"),
    "report.row.listened": Text("在听 %", "listened %"),
    "report.row.at-work": Text("在运行 %", "at work %"),
    "report.undeclared": Text("（未登记的信标）", "(undeclared beacons)"),
    "report.legend.top": Text("{bar} = {top}", "{bar} = {top}"),
    "report.legend.zero": Text("{mark} = 0", "{mark} = 0"),
    "report.legend.none": Text("{mark} 网关没有在听", "{mark} the gateway did not listen"),
    "report.legend.partly": Text("~ 只听了一部分", "~ it listened to a part only"),
    "report.legend.to-come": Text("空白 还没到", "blank: yet to come"),
    "report.note.today": Text("今天还没过完。", "Today is not over."),
    "report.note.today-hours": Text(
        "今天还没过完：{hour} 点以后的格子少算一天。",
        "Today is not over: cells from hour {hour} on have one day less.",
    ),
    "report.note.hidden": Text(
        "另外还有 {count} 没有显示：那些时候网关没怎么在听，或者还没过完。",
        "Another {count} are not shown: the gateway hardly listened then, or that time is not over.",
    ),
    "report.note.mean": Text(
        "n = 参加平均的天数；今天和没怎么在听的天不算。",
        "n = days in the mean; without today, and without days with hardly any listening.",
    ),
    "report.note.beacons": Text("这些数字说的是信标，不是顾客。", "These numbers tell of beacons, not of customers."),
    "report.note.tags": Text(
        "会移动的标签算在听到它的楼层：信号会穿过楼板和中庭，同一个标签几层可能都听到，不等于它在那一层。",
        "A tag that is carried about counts on the floor on which it was heard. Its signal passes slabs and atria: "
        "several floors may hear it, and it need not be on them.",
    ),
    "report.beyond-reach": Text(
        "网关 {gateway} 在这段时间里没有听到那里的任何信标。",
        "Gateway {gateway} heard no beacon there in this period.",
    ),
    "report.shakes-not-told": Text(
        "不接收摇一摇事件（gateway.yaml 里没有 wechat.events），所以这里没有数字，也不是 0。",
        "Shakes are not received (no wechat.events in gateway.yaml), so there are no numbers here, which is not zero.",
    ),
    # Shakes and clicks
    "report.funnel": Text(
        "微信统计：摇一摇 → 点击（{of} 天里有 {days} 天的数据）",
        "WeChat's statistics: shakes → clicks (there are {days} of {of} days)",
    ),
    "report.funnel.no-account": Text(
        "没有：gateway.yaml 里没有公众号（wechat.appid）。", "None: gateway.yaml names no account (wechat.appid)."
    ),
    "report.funnel.not-writer": Text(
        "没有：统计由 role: writer 的那台网关来取，请在那里看。",
        "None: the gateway with role: writer fetches them; look there.",
    ),
    "report.funnel.none-yet": Text(
        "还没有取到这些天的。微信第二天早上八点以后才给出前一天的，并且只保留 90 天。",
        "None of these days were fetched yet. WeChat tells a day from eight the next morning on, and for 90 days.",
    ),
    "report.funnel.nobody": Text("这些天没有摇一摇。", "There were no shakes on these days."),
    "report.funnel.no-pages": Text(
        "页面的统计分不出楼层和信标，这里不列。", "Pages are counted for the whole store, so they are left out here."
    ),
    "report.funnel.people": Text(
        "人数是每天的平均，不能跨天或跨信标相加：同一个人可能再来。",
        "People are means of a day, and no sum over days or beacons: the same person may come again.",
    ),
    "report.few": Text("少于 5 人显示为 <5。", "Fewer than 5 people are shown as <5."),
    "report.pages": Text("页面", "page"),
    "report.beacons": Text("信标", "beacon"),
    "report.shakes": Text("摇一摇", "shakes"),
    "report.clicks": Text("点击", "clicks"),
    "report.rate": Text("点击率", "rate"),
    "report.shakers": Text("摇的人/天", "shakers/day"),
    "report.clickers": Text("点击的人/天", "clickers/day"),
    "report.more": Text("还有 {count} 个", "and {count} more"),
    # A campaign
    "report.campaign": Text(
        "活动 {first} 至 {last}，和之前 {weeks} 周的同一星期几比（平均每天，n = 天数）",
        "Campaign {first} to {last}, against the same weekdays of the {weeks} weeks before (mean of a day, n = days)",
    ),
    "report.campaign.enters": Text("信标到达", "arrivals"),
    "report.campaign.minutes": Text("信标分钟", "beacon minutes"),
    "report.campaign.shakes": Text("摇一摇", "shakes"),
    "report.campaign.clicks": Text("点击", "clicks"),
    "report.campaign.before": Text("之前", "before"),
    "report.campaign.during": Text("活动", "during"),
    "report.campaign.n": Text("n", "n"),
    "report.campaign.change": Text("变化", "change"),
    "report.campaign.all": Text("这些天合起来", "all of these"),
    "report.campaign.too-few": Text("天数太少，不能比较", "too few days to compare"),
    "report.campaign.nothing": Text("{what}：没有可以比较的天。", "{what}: there are no days to compare."),
    "report.campaign.left-out": Text(
        "没有算：之前 {before} 天、活动 {during} 天，网关听得太少。",
        "Left out for too little listening: {before} days before, {during} days during.",
    ),
    "report.campaign.note": Text(
        "这只是平均数的差别，不说明原因。", "These are differences of means; they do not say why."
    ),
    "report.campaign.changes": Text(
        "这段时间和之前 {weeks} 周里改过的页面：", "Pages that were changed in this time and the {weeks} weeks before:"
    ),
    # How well the beacons are heard
    "report.availability": Text(
        "信标可用率：听到信标的分钟 ÷ 网关在听的分钟",
        "Availability of beacons: minutes heard of the minutes that the gateway listened",
    ),
    "report.availability.beacons": Text("信标 {count} 个", "beacons: {count}"),
    "report.availability.worst": Text("，最差：{names}", ", the worst: {names}"),
    "report.availability.far": Text(
        "网关在 {floor}：别的楼层的信标离得远，听不全不等于有问题。",
        "The gateway hangs on {floor}: beacons of other floors are far, and need not be at fault.",
    ),
    "report.availability.never": Text(
        "本层这段时间从没听到过：{names}", "Of this floor, never heard here in this period: {names}"
    ),
    "report.availability.none": Text("这段时间一个信标也没听到。", "No beacon was heard in this period."),
    "report.availability.deaf": Text("网关没有在听，无从知道。", "The gateway did not listen, so nobody knows."),
    # Weekdays
    "report.weekday.0": Text("周一", "Mon"),
    "report.weekday.1": Text("周二", "Tue"),
    "report.weekday.2": Text("周三", "Wed"),
    "report.weekday.3": Text("周四", "Thu"),
    "report.weekday.4": Text("周五", "Fri"),
    "report.weekday.5": Text("周六", "Sat"),
    "report.weekday.6": Text("周日", "Sun"),
}
