"""The live page."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PAGE_LIVE: Final[Mapping[str, Text]] = {
    "live.about": Text(
        "现在听到的信标。自己的信标和用着门店 UUID、但文件里没有的陌生信标都列在这里；别人的设备只计数，不显示。"
        "~ 后面是会移动的标签被听到的楼层，它可能在上一层或下一层。",
        "The beacons that are heard now: yours, and strangers that use the store's UUID but stand in no file. Other "
        "people's devices are counted and not shown. After ~ stands the floor on which a tag is heard; it may be one "
        "above or below.",
    ),
    "live.counts": Text(
        "自己的信标听到 {heard} 个，共 {own} 个；陌生信标 {strangers} 个。每秒 {pace} 条广播；"
        "启动以来共 {advertisements} 条，其中 {unknown} 条来自文件里没有的信标。",
        "{heard} of {own} of your beacons are heard; {strangers} strangers. {pace} advertisements a second; "
        "{advertisements} since the start, {unknown} of them of beacons that stand in no file.",
    ),
    "live.deaf": Text(
        "网关现在什么也听不到，所以“听不到”说明不了信标的好坏。请看“网关”页。",
        "The gateway hears nothing itself just now, so silence proves nothing about a beacon. See the page Gateway.",
    ),
    "live.beacon": Text("信标", "Beacon"),
    "live.floor": Text("楼层", "Floor"),
    "live.state": Text("状态", "State"),
    "live.signal": Text("信号", "Signal"),
    "live.often": Text("每秒次数", "A second"),
    "live.zone": Text("远近", "Zone"),
    "live.last": Text("最后听到", "Last heard"),
    "live.level": Text("{level} dBm", "{level} dBm"),
    "live.rate": Text("每秒 {rate} 次", "{rate}/s"),
    "live.stranger": Text("陌生信标", "stranger"),
    "live.look-alike": Text("{wrong}。请重新烧录：{meant}", "{wrong}; burn it anew: {meant}"),
    "live.hearing.heard": Text("听得到", "heard"),
    "live.hearing.seldom": Text("偶尔听到，还不算在场", "heard at times, not counted as here"),
    "live.hearing.silent": Text("听不到", "not heard"),
    "live.hearing.never": Text("还没听到过", "not heard yet"),
    "live.hearing.deaf": Text("网关听不到，无法判断", "gateway deaf: not known"),
    "live.zone.immediate": Text("紧挨着", "immediate"),
    "live.zone.near": Text("近", "near"),
    "live.zone.far": Text("远", "far"),
    "live.mine": Text("只看自己的信标", "Only mine"),
    "live.everybody": Text("也看陌生信标", "Strangers too"),
    "live.filter": Text("筛选（名称、楼层、编号）", "Filter (name, floor, numbers)"),
    "live.pause": Text("暂停", "Pause"),
    "live.resume": Text("继续", "Resume"),
    "live.paused": Text("已暂停，画面停在这一刻。", "Paused: this is how it was."),
    "live.running": Text("实时更新中，每秒一次。", "Live: updated every second."),
    "live.lost": Text(
        "连接断了，正在重新连接；下面是断开前的情况。",
        "The connection is lost and being made again; this is how it was before.",
    ),
    "live.plain": Text("没有脚本，每 5 秒刷新一次。", "Without a script this page fetches itself every 5 s."),
    "live.as-of": Text("{zone} 时间", "Times of {zone}"),
    "live.none": Text("没有符合条件的信标。", "No beacon fits."),
    "live.full": Text(
        "同时看实时页的人太多了，请关掉不用的页面，一分钟后再试。",
        "Too many people watch the live page at once. Close pages that nobody needs, and try again in a minute.",
    ),
    "live.bad-mine": Text(
        "地址里的 mine 只能是 yes 或 no；下面显示全部信标。",
        "In the address, mine can only be yes or no; all beacons are shown.",
    ),
    "live.bad-filter": Text(
        "筛选的文字太长了，最多 64 个字；没有筛选。",
        "The filter is too long: 64 characters at most. Nothing is filtered.",
    ),
    "live.trace": Text("最近两分钟的信号", "Signal of the last two minutes"),
    "live.choose": Text(
        "点信标的名称，看它最近两分钟的信号。", "Choose the name of a beacon to see its signal of the last two minutes."
    ),
    "live.trace.text": Text(
        "{name}：最近两分钟里有 {seconds} 秒听到；最弱 {weakest} dBm，最强 {strongest} dBm，现在 {level} dBm。",
        "{name}: heard in {seconds} seconds of the last two minutes; weakest {weakest} dBm, strongest {strongest} dBm, "
        "now {level} dBm.",
    ),
    "live.trace.none": Text("{name}：最近两分钟没有听到。", "{name}: not heard in the last two minutes."),
}
