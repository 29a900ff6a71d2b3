"""The page of the gateway itself, and what the addresses below /api answer where they cannot."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PAGE_GATEWAY: Final[Mapping[str, Text]] = {
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
        "版本 {version}，{memory} MB 内存，处理器 {cpu} 秒",
        "version {version}, {memory} MB of memory, {cpu} s of processor",
    ),
    "gateway.files.text": Text(
        "版本 {revision}，{errors} 个错误，{warnings} 个提醒",
        "version {revision}, {errors} error{errors_s}, {warnings} warning{warnings_s}",
    ),
    "gateway.only-it": Text(
        "这一页只给门店 IT 看。请用 IT 的账号登录。", "This is for store IT only. Log in with an account of IT."
    ),
    # The gateway's own day, and its history
    "gateway.day": Text("最近 24 小时在不在听", "Whether it listened, the last 24 hours"),
    "gateway.bar.heard": Text("在听 {time}", "listened {time}"),
    "gateway.bar.silent": Text("", ""),
    "gateway.bar.deaf": Text("没在听 {time}", "deaf or not at work {time}"),
    "gateway.bar.unknown": Text("还不知道 {time}", "not yet known {time}"),
    "gateway.beat.heard": Text("在听", "listened"),
    "gateway.beat.partly": Text("有一阵没在听", "deaf for a part of it"),
    "gateway.beat.deaf": Text("大半没在听，或没有运行", "deaf for most of it, or not at work"),
    "gateway.beat.unknown": Text("还不知道（记录稍后才写入）", "not yet known (the log is written a little later)"),
    "gateway.history": Text("蓝牙最近 7 天发生的事", "What happened to the radio, the last 7 days"),
    "gateway.history.about": Text(
        "最新的在上面，最多 50 条。带 ? 的时间是时钟校准之前记下的，不一定对。",
        "The newest first, 50 at most. A time with ? was written before the clock was set, and may be wrong.",
    ),
    "gateway.history.when": Text("时间", "When"),
    "gateway.history.what": Text("什么事", "What"),
    "gateway.history.none": Text("7 天里什么事也没有。", "Nothing at all in 7 days."),
    "gateway.no-log": Text(
        "现在读不到记录（存储卡可能正忙），蓝牙的历史和保存的内容暂时没有。其他内容不受影响。",
        "The log cannot be read now (the card may be busy), so the radio's history and what is kept are missing. All "
        "else on this page is right.",
    ),
    # The card, and what is kept
    "gateway.card": Text("存储卡", "Card"),
    "gateway.written": Text(
        "启动以来写卡 {megabytes} MB，约每天 {rate} MB，没有超过每天 {budget} MB（只算网关进程自己的）。",
        "{megabytes} MB written since the start, about {rate} MB a day, within {budget} MB a day (system logs are not "
        "counted).",
    ),
    "gateway.written.much": Text(
        "启动以来写卡 {megabytes} MB，约每天 {rate} MB，超过每天 {budget} MB，存储卡会提前坏。"
        "请把 gateway.yaml 里的 hits.commit_every 调大，比如 30s。",
        "{megabytes} MB written since the start, about {rate} MB a day, more than {budget} MB a day, which wears the "
        "card out. Raise hits.commit_every in gateway.yaml, to 30s for example.",
    ),
    "gateway.written.soon": Text(
        "启动以来写卡 {megabytes} MB；运行满一小时以后才算得出每天多少（应在 {budget} MB 以内）。",
        "{megabytes} MB written since the start; what that is a day shows after an hour ({budget} MB at most is fine).",
    ),
    "gateway.log-size": Text("记录文件 {size} MB", "The log's file has {size} MB"),
    "gateway.held": Text("保存了什么", "What is kept"),
    "gateway.held.what": Text("内容", "What"),
    "gateway.held.rows": Text("条数", "Rows"),
    "gateway.held.since": Text("从什么时候起", "Since"),
    "gateway.held.kept": Text("保留多久", "For how long"),
    "gateway.versions": Text("版本", "Versions"),
    "gateway.version-unknown": Text("查不到", "not known"),
    "gateway.no-machine": Text(
        "现在查不到存储卡和版本，请过一会儿再看。", "Card and versions cannot be told now; look again in a moment."
    ),
    # For store IT
    "gateway.tools": Text("排查故障", "To find a fault"),
    "gateway.log-link": Text("这个程序最近的事件", "The newest events of this program"),
    "gateway.api-link": Text("给程序用的数据（JSON）的说明", "The data as JSON for programs, described"),
    "gateway.bundle": Text("下载支持包", "Download a support bundle"),
    "gateway.bundle.about": Text(
        "排查故障用的一个文件，密钥和手机、公众号的标识都拿掉了；要等一两分钟，不会发到任何地方。"
        "系统日志不在里面：网关自己没有权限看。要连系统日志一起，请在网关上执行：sudo beacon-gateway support-bundle",
        "One file that helps to find a fault, without secrets and identifiers; it takes a minute or two, and is sent "
        "nowhere. The system's journal is not in it, since the gateway itself may not read that. With it, on the "
        "gateway: sudo beacon-gateway support-bundle",
    ),
    "gateway.bundle.busy": Text(
        "有人正在做支持包，一次只能做一个。请过两分钟再试。",
        "Somebody is having a support bundle made, and one is made at a time. Try again in two minutes.",
    ),
    "gateway.bundle.failed": Text(
        "支持包没有做成：{reason} 请在网关上执行：sudo beacon-gateway support-bundle",
        "No support bundle could be made: {reason} On the gateway, try: sudo beacon-gateway support-bundle",
    ),
    # The newest events of the program
    "gateway.log.about": Text(
        "这个程序启动以来最近的事件，最新的在上面，只在内存里，最多 200 条。写给懂程序的人看的，所以是英文。"
        "更早的：journalctl -u beacon-gateway",
        "The newest events since this program started, newest first, in memory only, 200 at most. They are written for "
        "engineers. Older ones: journalctl -u beacon-gateway",
    ),
    "gateway.log.all": Text("全部", "All"),
    "gateway.log.warning": Text("只看警告和错误", "Warnings and errors only"),
    "gateway.log.level": Text("级别", "Level"),
    "gateway.log.none": Text("没有。", "None."),
    "gateway.log.bad-level": Text(
        "地址里的级别不对；请在下面选一个。", "There is no such level; choose one of those below."
    ),
    "gateway.log.back": Text("回到网关", "Back to the gateway"),
    # What /api answers where it cannot
    "api.nothing-here": Text(
        "没有这个地址。有哪些，见 /api/openapi.json",
        "There is no such address. What there is stands in /api/openapi.json",
    ),
    "api.unknown-parameter": Text(
        "没有“{parameter}”这个参数。可以用的：{known}", 'There is no parameter "{parameter}". Known here: {known}'
    ),
    "api.twice": Text("参数“{parameter}”只能写一次。", 'Write the parameter "{parameter}" once only.'),
    "api.bad-number": Text(
        "“{parameter}”要是 {least} 到 {most} 的整数。", '"{parameter}" must be a whole number from {least} to {most}.'
    ),
    "api.bad-moment": Text(
        "“{parameter}”要写成 2026-11-24、2026-11-24T10:00，或者 90m、12h、7d（多久以前）。",
        'Write "{parameter}" like 2026-11-24 or 2026-11-24T10:00, or 90m, 12h, 7d ago.',
    ),
    "api.bad-date": Text(
        "“{parameter}”要写成 2026-11-24 这样的日期。", '"{parameter}" must be a date like 2026-11-24.'
    ),
    "api.bad-choice": Text("“{parameter}”只能是：{known}", '"{parameter}" must be one of: {known}'),
    "api.too-long": Text(
        "“{parameter}”太长，最多 {most} 个字。", '"{parameter}" is too long: {most} characters at most.'
    ),
    "api.too-many-days": Text(
        "一次最多看 {most} 天。更长的请在网关上执行：beacon-gateway report --json",
        "{most} days at most are told here. For more, on the gateway: beacon-gateway report --json",
    ),
    "api.half-campaign": Text(
        "“campaign-from”和“campaign-until”要一起写。", '"campaign-from" and "campaign-until" go together.'
    ),
    "api.unreadable": Text("现在读不到：{reason}", "It cannot be read now: {reason}"),
    "api.busy": Text(
        "正在为别人准备数据，请过几秒再来。", "Data is being put together for somebody else. Ask again in some seconds."
    ),
    "api.no-account": Text(
        "这台网关不管公众号（gateway.yaml 里没有 wechat.appid，或 role 是 off），所以没有计划。",
        "This gateway keeps no account (gateway.yaml names no wechat.appid, or the role is off), so there is no plan.",
    ),
    "api.no-plan-yet": Text(
        "还没有计划：公众号还没有读完。{reason}", "There is no plan yet: the account was not read so far. {reason}"
    ),
    "api.not-for-viewers": Text(
        "改动记录里有同事的名字，只给店员和 IT 看。",
        "The audit log holds names of colleagues: it is for staff and store IT.",
    ),
}
