"""What is stored, of whom, and for how long."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PRIVACY: Final[Mapping[str, Text]] = {
    "privacy.title": Text("网关 {gateway} 保存了什么（{now}）", "What gateway {gateway} stores ({now})"),
    "privacy.nothing": Text("  还没有保存任何东西。", "  Nothing is stored yet."),
    "privacy.line": Text("  {what}：{rows} 条，{since}，{kept}", "  {what}: {rows} rows, {since}, {kept}"),
    "privacy.since": Text("{date} 起", "since {date}"),
    "privacy.since-unknown": Text("起始时间不详", "since when is not known"),
    "privacy.none": Text("还没有", "none yet"),
    "privacy.kept-days": Text("保留 {days} 天，到期自动删除", "kept for {days} days, then deleted"),
    "privacy.kept": Text("一直保留", "kept for good"),
    "privacy.hits": Text(
        "信标的到达、远近变化和离开（固定信标，不是人）", "arrivals, zones and departures of beacons (not of people)"
    ),
    "privacy.presence": Text(
        "每分钟听到哪些信标、信号多强", "which beacons were heard in each minute, and how strongly"
    ),
    "privacy.minutes": Text("网关每分钟在不在听", "whether the gateway listened, minute by minute"),
    "privacy.events": Text("蓝牙、时钟和信标的事件", "what happened to radio, clock and beacons"),
    "privacy.shakes": Text(
        "微信通知的摇一摇：时间、信标，和一个 8 字节代号",
        "shakes that WeChat told of: time, beacon, and a code of eight bytes",
    ),
    "privacy.sums": Text("按楼层和小时的合计（只有次数）", "sums by floor and hour (counts only)"),
    "privacy.figures": Text("微信的统计：每天次数和人数", "WeChat's statistics: times and people a day, counts only"),
    "privacy.audit": Text(
        "改动记录，含操作人的系统用户名", "the audit log, with the system user names of those who typed"
    ),
    "privacy.never": Text(
        "从不保存，也不写进日志：微信用户的 openid，任何手机的 MAC 地址。",
        "Never stored and never logged: a WeChat user's openid, the MAC address of any phone.",
    ),
    "privacy.code": Text(
        "8 字节代号由 openid 用当天的密钥算出。密钥只在内存里，过了当天就销毁：之后谁也查不出是哪个人，"
        "同一个人第二天的代号也不同。",
        "The code is made from the openid with that day's key. The key is in memory only and is destroyed when the day "
        "is over: nobody can look up a person then, and the same person has another code the next day.",
    ),
    "privacy.few": Text(
        "报表里少于 5 人的数字一律显示为 <5。", "Reports show every figure of fewer than 5 people as <5."
    ),
    "privacy.basis": Text("收集摇一摇的依据：{basis}", "On what ground shakes are received: {basis}"),
    "privacy.no-shakes": Text(
        "不接收摇一摇事件（gateway.yaml 里没有 wechat.events）。",
        "Shakes are not received (no wechat.events in gateway.yaml).",
    ),
    "privacy.where": Text("都在 {folder}，不上传到任何地方。", "All of it is in {folder}, and is sent nowhere."),
}
