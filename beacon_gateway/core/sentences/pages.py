"""The pages that the daemon serves."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PAGES: Final[Mapping[str, Text]] = {
    "page.overview": Text("总览", "Overview"),
    "page.floors": Text("楼层", "Floors"),
    "page.gateway": Text("网关", "Gateway"),
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
    "tile.changes.some": Text("{count} 项改动还没有到微信", "{count} changes are not at WeChat yet"),
    "tile.changes.off": Text("这台网关不管公众号", "This gateway keeps no account"),
    "tile.shakes": Text("摇一摇 → 点开", "Shakes → clicks"),
    "tile.shakes.text": Text("微信已给到 {day}", "The newest day that WeChat has given: {day}"),
    "tile.shakes.elsewhere": Text(
        "没有：由负责写入的那台网关取回", "Not available here: the gateway that writes fetches them"
    ),
    "tile.shakes.not-yet": Text("没有：微信还没有给出数字", "Not available: WeChat has given none yet"),
    "tile.shakes.trouble": Text("没有：{reason}", "Not available: {reason}"),
    # Attention
    "need.title": Text("需要处理", "Needs attention"),
    "need.none": Text("一切正常，没有需要处理的事。", "All is well. Nothing needs attention."),
    "need.more": Text("还有 {count} 项，在各楼层的页面上", "{count} more, on the pages of the floors"),
    "need.since": Text("{ago}前开始", "for {ago}"),
    "need.log": Text(
        "记录现在写不进去（{reason}），{waiting} 条在等。请看存储卡是否满了或坏了：sudo beacon-gateway doctor",
        "The log cannot be written ({reason}); {waiting} rows wait. See whether the card is full or broken: "
        "sudo beacon-gateway doctor",
    ),
    "need.dropped": Text(
        "记录丢了 {count} 条，因为存储卡太久写不进去。请尽快换卡。",
        "{count} rows of the log were lost because the card could not be written for too long. Change the card soon.",
    ),
    "need.files": Text(
        "门店文件有 {count} 个错误，还在用上一个正确的版本。请改正：beacon-gateway check 会指出在哪一行",
        "The store's files have {count} errors; the last good version is in force. Mend them: beacon-gateway check "
        "tells the lines",
    ),
    "need.clock": Text(
        "时间还没有校准，排期不会切换。请检查网络：timedatectl",
        "No time service has set the clock: no page is switched by schedule. See to the network: timedatectl",
    ),
    "need.shakes": Text("现在收不到摇一摇：{reason}", "Shakes cannot be received now: {reason}"),
    "need.figures": Text("取不到微信的统计：{reason}", "WeChat's figures cannot be fetched: {reason}"),
    "need.sync.pending": Text(
        "有改动在等人执行：先看 sudo beacon-gateway plan，再执行 sudo beacon-gateway apply",
        "Changes wait for a person: look with sudo beacon-gateway plan, then sudo beacon-gateway apply",
    ),
    "need.sync.stale": Text(
        "计划变了，没有执行。请重新看：sudo beacon-gateway plan",
        "The plan is another one now and was not carried out. Look again: sudo beacon-gateway plan",
    ),
    "need.sync.braked": Text(
        "这次改动会让太多信标失去页面，已经停下。确认无误后执行：sudo beacon-gateway apply --force --reason 原因",
        "Too many beacons would lose their pages, so it stopped. If that is right: "
        "sudo beacon-gateway apply --force --reason TEXT",
    ),
    "need.sync.operator": Text(
        "公众号或 AppSecret 有问题，要人处理。请执行：sudo beacon-gateway doctor",
        "The account or its secret needs a person: sudo beacon-gateway doctor",
    ),
    "need.sync.retrying": Text(
        "微信没有回应，正在自动重试，不用做什么。",
        "WeChat did not answer; it is being tried again. Nothing to do.",
    ),
    # Floors
    "floor.none": Text("文件里还没有信标。", "The files declare no beacon yet."),
    "floor.beacon": Text("信标", "Beacon"),
    "floor.state": Text("状态", "State"),
    "floor.heard": Text("最后听到", "Last heard"),
    "floor.level": Text("信号", "Level"),
    "floor.verdict": Text("判断", "Verdict"),
    "floor.present": Text("听得到", "heard"),
    "floor.absent": Text("听不到", "not heard"),
    "floor.elsewhere": Text(
        "这是别的楼层：挂在那里的网关才能判断这些信标。",
        "Another floor: only the gateway that hangs there can judge these beacons.",
    ),
    # Gateway
    "gateway.radio": Text("蓝牙", "Radio"),
    "gateway.log": Text("记录", "Log"),
    "gateway.clock": Text("时钟", "Clock"),
    "gateway.clock.known": Text("已校准", "set by a time service"),
    "gateway.clock.unknown": Text("未校准", "not set by a time service"),
    "gateway.files": Text("文件", "Files"),
    "gateway.process": Text("程序", "Program"),
    "gateway.since": Text("{at} 起", "since {at}"),
    "gateway.share": Text("启动以来有 {share} 的时间在听。", "It listened for {share} of the time since its start."),
    "gateway.rungs": Text("启动以来做过：{rungs}。", "Done since the start: {rungs}."),
    "gateway.rungs.none": Text("启动以来没有中断过。", "Never interrupted since the start."),
    "gateway.hits": Text(
        "启动以来 {hits} 条；待写 {unwritten} 条，丢失 {dropped} 条",
        "{hits} hits since the start; {unwritten} rows wait, {dropped} were lost",
    ),
    "gateway.process.text": Text(
        "版本 {version}，{memory} MB 内存，写卡 {written} MB，处理器 {cpu} 秒",
        "version {version}, {memory} MB of memory, {written} MB written to the card, {cpu} s of processor",
    ),
    "gateway.files.text": Text(
        "版本 {revision}，{errors} 个错误，{warnings} 个提醒",
        "version {revision}, {errors} errors, {warnings} warnings",
    ),
    "ago.seconds": Text("{count} 秒", "{count} s"),
    "ago.minutes": Text("{count} 分钟", "{count} min"),
    "ago.hours": Text("{count} 小时", "{count} h"),
    "ago.days": Text("{count} 天", "{count} days"),
}
