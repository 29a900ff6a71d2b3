"""The heartbeat bars, the printed list and the inspection round."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PAGE_HEARTBEATS: Final[Mapping[str, Text]] = {
    # The bar of a day
    "bar.title": Text("最近 24 小时", "Last 24 hours"),
    "bar.heard": Text("听到 {time}", "heard {time}"),
    "bar.silent": Text("没听到 {time}", "not heard {time}"),
    "bar.deaf": Text("网关没在听 {time}", "gateway deaf {time}"),
    "bar.unknown": Text("还不知道 {time}", "not yet known {time}"),
    "bar.and": Text("，", ", "),
    "bar.legend": Text("每格半小时，最右边是现在。图例：", "Half an hour a bar, now at the right. What they mean:"),
    "beat.heard": Text("听到", "heard"),
    "beat.partly": Text("时有时无", "now and then"),
    "beat.silent": Text("没听到", "not heard"),
    "beat.deaf": Text("网关没在听", "gateway deaf or not at work"),
    "beat.unknown": Text("还不知道（记录稍后才写入）", "not yet known (the log is written a little later)"),
    "bar.trouble": Text(
        "现在读不到记录，24 小时的图暂时没有。其他内容不受影响。",
        "The log cannot be read now, so there are no bars of the last 24 hours. All else on this page is right.",
    ),
    "bar.no-time": Text(
        "时间还没有校准，24 小时的图要等校准以后才有。",
        "No time service has set the clock yet; the bars of the last 24 hours come when it is set.",
    ),
    # Pages
    "shown.title": Text("页面（按文件）", "Page, by the files"),
    "shown.none": Text("不显示页面", "shows none"),
    "shown.elsewhere": Text("不由文件决定", "not decided by the files"),
    "shown.console": Text("{page}（后台页面 {number}）", "{page} (console page {number})"),
    # The list
    "list.link": Text("打印电池巡检单", "Battery round, to print"),
    "list.how": Text(
        "请用浏览器打印这一页，带着走；看过一个，勾一个。",
        "Print this page with the browser and take it along; tick each beacon that was seen to.",
    ),
    "list.floor": Text("楼层：{floor}。{at}（{zone}）的状态", "Floor: {floor}. As of {at} ({zone})"),
    "list.visits": Text("要去看的：{count} 个", "To be visited: {count}"),
    "list.others": Text("其余：{count} 个", "The others: {count}"),
    "list.done": Text("完成", "Done"),
    "list.number": Text("编号 major/minor", "Number major/minor"),
    "list.notes": Text("备注", "Notes"),
    # The round
    "round.link": Text("开始巡检", "Inspection on foot"),
    "round.progress": Text("{floor}：听到 {heard} 个，共 {total} 个", "{floor}: {heard} of {total} heard"),
    "round.bar": Text("巡检进度", "Progress of the round"),
    "round.all": Text("全部听到了。", "All of them are heard."),
    "round.heard": Text("听到了", "heard"),
    "round.earlier": Text("现在听不到，{ago}前听到过", "not heard now; heard {ago} ago"),
    "round.never": Text("还没听到", "not heard yet"),
    "round.how": Text(
        "这里显示网关现在听到的信标，每 5 秒更新一次，不用刷新。",
        "What the gateway hears now, looked up anew every 5 s by itself.",
    ),
    "round.none": Text("这一层没有固定的信标。", "This floor has no beacon that stays in its place."),
    "round.back": Text("回到楼层", "Back to the floor"),
}
