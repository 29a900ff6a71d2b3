"""What several pages of the daemon share, and the first of them."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PAGES: Final[Mapping[str, Text]] = {
    "page.overview": Text("总览", "Overview"),
    "page.floors": Text("楼层", "Floors"),
    "page.gateway": Text("网关", "Gateway"),
    "page.bindings": Text("绑定", "Bindings"),
    "page.gateway-log": Text("最近的事件", "The newest events"),
    "page.list": Text("电池巡检单", "Battery round"),
    "page.inspection": Text("巡检", "Inspection"),
    "page.heat": Text("热力图", "Heat map"),
    "page.live": Text("实时", "Live"),
    "page.skip": Text("跳到正文", "Skip to the content"),
    "page.menu": Text("菜单", "Menu"),
    "page.other-language": Text("English", "中文"),
    "page.not-found": Text("没有这个页面。", "There is no such page."),
    "page.lost": Text(
        "网关没有回应，这里显示的可能已经过时；正在重试。",
        "The gateway does not answer: what stands here may be old. It is being tried again.",
    ),
    "page.as-of": Text("{at}（{zone}）的状态，每 {seconds} 秒更新", "As of {at} ({zone}); updated every {seconds} s"),
    # Tiles
    "tile.beacons": Text("信标", "Beacons"),
    "tile.beacons.text": Text(
        "{floor} 层听到 {present} 个，共 {total} 个", "{present} of {total} on {floor} are heard"
    ),
    "tile.gateway": Text("网关", "Gateway"),
    "tile.gateway.share": Text("启动以来有 {share} 的时间在听", "It listened for {share} of the time since its start"),
    "tile.changes": Text("待同步", "Changes to come"),
    "tile.changes.none": Text("没有待同步的改动", "Nothing waits"),
    "tile.changes.off": Text("这台网关不管公众号", "This gateway keeps no account"),
    "tile.shakes": Text("摇一摇 → 点开", "Shakes → clicks"),
    "tile.shakes.text": Text("微信已给到 {day}", "The newest day that WeChat has given: {day}"),
    "tile.shakes.elsewhere": Text(
        "没有：由负责写入的那台网关取回", "Not available here: the gateway that writes fetches them"
    ),
    "tile.shakes.not-yet": Text("没有：微信还没有给出数字", "Not available: WeChat has given none yet"),
    "tile.shakes.trouble": Text("没有：{reason}", "Not available: {reason}"),
    # Floors
    "floor.none": Text("文件里还没有信标。", "The files declare no beacon yet."),
    "floor.beacon": Text("信标", "Beacon"),
    "floor.state": Text("状态", "State"),
    "floor.heard": Text("最后听到", "Last heard"),
    "floor.level": Text("信号", "Level"),
    "floor.heard-on": Text("在 {floor} 听到", "heard on {floor}"),
    "floor.tags": Text(
        "会移动的标签：只知道在哪个网关的楼层听到它。信号会穿过楼板和中庭，它可能在上一层或下一层。",
        "Of a tag that is carried about it is known where it is heard, not where it is: its signal passes slabs and "
        "atria, and it may be a floor above or below.",
    ),
    "floor.verdict": Text("判断", "Verdict"),
    "floor.present": Text("听得到", "heard"),
    "floor.absent": Text("听不到", "not heard"),
    "floor.elsewhere": Text(
        "这是别的楼层：挂在那里的网关才能判断这些信标。",
        "Another floor: only the gateway that hangs there can judge these beacons.",
    ),
    "ago.seconds": Text("{count} 秒", "{count} s"),
    "ago.minutes": Text("{count} 分钟", "{count} min"),
    "ago.hours": Text("{count} 小时", "{count} h"),
    "ago.days": Text("{count} 天", "{count} days"),
}
