"""Beacons: what happened to them, and the verdict on each."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

BEACONS: Final[Mapping[str, Text]] = {
    # Beacon events: what was noticed, and what to do
    "event.absent": Text(
        "{beacon} 已有 {minutes} 分钟听不到。请去看看它还在不在，再换电池。",
        "{beacon} has not been heard for {minutes} minutes. See whether it is still there, then change its battery.",
    ),
    "event.back": Text(
        "{beacon} 又听到了，之前静默 {minutes} 分钟。不用再做什么。",
        "{beacon} is heard again, after {minutes} minutes of silence. Nothing is left to do.",
    ),
    "event.moved": Text(
        "{beacon} 的信号从 {before} dBm 变到 {after} dBm，而且没有恢复。请去看看：它被移动了，还是前面放了东西？",
        "The level of {beacon} went from {before} to {after} dBm and stayed there. Go and see whether it was moved, or "
        "whether something stands before it now.",
    ),
    "event.strayed": Text(
        "{beacon} 登记在 {floor}，现在却就在这个网关旁边。请把它放回去，或者改楼层文件。",
        "{beacon} belongs to {floor} and is now close to this gateway. Carry it back, or move it to this floor's file.",
    ),
    "event.cloned": Text(
        "有两个发射器都自称是 {beacon}。请找出多出来的那个，给它换一个 minor，或者关掉。",
        "Two senders say that they are {beacon}. Find the one too many and give it another minor, or switch it off.",
    ),
    "event.unregistered": Text(
        "听到一个没有登记的信标：{key}（{rssi} dBm）。如果是你们的，请写进楼层文件；否则请找到并拿走它。",
        "A beacon that is in no file is heard: {key} ({rssi} dBm). If it is yours, write it into a floor file; else "
        "find it and take it away.",
    ),
    "event.look-alike": Text(
        "听到一个参数烧错的信标：{key}（{rssi} dBm），{wrong}，顾客的手机认不出它。如果是你们的，请重新烧录：{meant}，"
        "不用写进文件；否则请找到并拿走它。",
        "A beacon that was set up wrongly is heard: {key} ({rssi} dBm): {wrong}. Customers' phones do not find it. If "
        "it is yours, burn it anew: {meant}, and write nothing into a file; else find it and take it away.",
    ),
    # Look-alikes: what is wrong in them, and what to do
    "alike.company": Text("厂商编号是 {company}，应为 0x004C", "the company id is {company} and should be 0x004C"),
    "alike.format": Text("格式是 AltBeacon，应为 iBeacon", "the format is AltBeacon and should be iBeacon"),
    "alike.uuid": Text("UUID 的字节顺序反了", "the bytes of the UUID are reversed"),
    "alike.bytes": Text("major 和 minor 的高低字节反了", "the two bytes of major and of minor are swapped"),
    "alike.order": Text("major 和 minor 写反了", "major and minor have changed places"),
    "alike.and": Text("{one}，{two}", "{one}, {two}"),
    "alike.told": Text(
        "{wrong}，手机认不出。请重新烧录：{meant}（不是写进楼层文件）。",
        "{wrong}: phones do not find it. Burn it anew: {meant} (not into a floor file).",
    ),
    "alike.named": Text(
        "{wrong}，手机认不出。应该是“{beacon}”，请重新烧录：{meant}（不是写进楼层文件）。",
        "{wrong}: phones do not find it. It seems to be {beacon}; burn it anew: {meant} (not into a floor file).",
    ),
    # Batteries, of beacons that say it
    "battery.now": Text("电池 {charge}", "battery {charge}"),
    "battery.trend": Text("电池 {charge}（{day} 是 {before}）", "battery {charge} ({before} on {day})"),
    "battery.low": Text(
        "电量低（{charge}），现在还能用。请在它停掉之前换电池。",
        "Its battery is low ({charge}), and it still works. Change the battery before it falls silent.",
    ),
    # Verdicts: how a beacon is, and what to do
    "verdict.healthy": Text("正常。不用做什么。", "All is well. Nothing to do."),
    "verdict.unbound": Text(
        "没有绑定页面，顾客摇了什么也看不到。请在楼层文件里写上 pages。",
        "No page is bound: people shake and see nothing. Write its pages into the floor file.",
    ),
    "verdict.nobody-shakes": Text(
        "信标正常，但最近没有人摇。请看看海报和摆放的位置。",
        "It works, but nobody shakes here. Look at the poster and at where the beacon hangs.",
    ),
    "verdict.coverage-gap": Text(
        "这个网关听不到它，但顾客还在摇，说明它没有坏。请移动网关，不用换电池。",
        "This gateway cannot hear it, yet people shake at it, so it lives. Move the gateway; leave the battery alone.",
    ),
    "verdict.battery": Text(
        "听不到了，也没有迹象表明它还在工作。请去找到它，换上新电池。",
        "It is silent, and nothing says that it still works. Look for it and change its battery.",
    ),
    "verdict.gateway-deaf": Text(
        "网关的蓝牙什么也收不到，信标可能都没问题。请先检查网关，不要动信标。",
        "The gateway's radio is deaf; the beacons may all be well. See to the gateway first, not to the beacons.",
    ),
    "verdict.not-at-target": Text(
        "公众号里没有这个信标，绑定不了页面。请核对 uuid、major 和 minor，或在微信后台申请。",
        "The account does not know this beacon, so no page can be bound. Check uuid, major and minor, or apply for it "
        "in WeChat's console.",
    ),
    "verdict.unregistered": Text(
        "用的是本店的 uuid，但没有登记，可能来自别的楼层或门店。请写进楼层文件，或者拿走。",
        "It has this store's uuid and is in no file; another floor's or store's perhaps. Write it into a floor file, "
        "or take it away.",
    ),
    "verdict.cloned": Text(
        "有两个发射器用同一个编号。请找出多出来的那个，给它换一个 minor。",
        "Two senders use its number. Find the one too many and give it another minor.",
    ),
    "verdict.strayed": Text(
        "它是别的楼层的，现在就在这个网关旁边。请放回去，或者改楼层文件。",
        "It belongs to another floor and is close to this gateway. Carry it back, or move it to this floor's file.",
    ),
    "verdict.moved": Text(
        "信号突然变了，而且没有恢复。请去看看它是不是被移动或挡住了。",
        "Its level made a step and stayed there. See whether it was moved, or is covered.",
    ),
    "verdict.away": Text(
        "会移动的标签，现在不在这个网关附近。不用做什么。",
        "A tag that is carried about, and not near this gateway now. Nothing to do.",
    ),
    "verdict.unknown": Text(
        "这个网关没有听到过它，或者只听到过一会儿，还说不准。如果它就在附近，请核对编号和电池；否则请看离它近的网关。",
        "This gateway has never heard it for long, so it cannot tell. If it hangs nearby, check its numbers and its "
        "battery; else ask the gateway next to it.",
    ),
}
