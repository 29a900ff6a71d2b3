"""What `scan` shows, and recordings."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

AIR: Final[Mapping[str, Text]] = {
    # Scan
    "scan.yours": Text("你的信标：听到 {heard} 个，共 {all} 个", "Your beacons: {heard} of {all} heard"),
    "scan.unknown": Text("你的 UUID 下没有登记的 iBeacon：{count} 个", "Unknown iBeacons under your UUIDs: {count}"),
    "scan.unknown-all": Text("听到的 iBeacon：{count} 个", "iBeacons heard: {count}"),
    "scan.more": Text("……还有 {count} 个", "… and {count} more"),
    "scan.missing": Text("{floor} 还没听到：{names}", "Not heard yet of {floor}: {names}"),
    "scan.rest": Text(
        "其他：别家 iBeacon 的广播 {ibeacons} 条，别的设备的广播 {others} 条。",
        "The rest: {ibeacons} advertisements of other iBeacons, {others} of other devices.",
    ),
    "scan.forgotten": Text(
        "没有登记的太多，最久没听到的已忘掉 {count} 次。",
        " Too many unknown ones: the one heard longest ago was forgotten {count} times.",
    ),
    "scan.floor": Text("楼层", "floor"),
    "scan.beacon": Text("信标", "beacon"),
    "scan.signal": Text("信号", "signal"),
    "scan.heard": Text("多久前", "heard"),
    "scan.rate": Text("每秒", "a second"),
    "scan.legend": Text("◉ 很近  ● 近  ○ 远    Ctrl-C 结束", "◉ immediate  ● near  ○ far    Ctrl-C ends it"),
    "scan.all-unknown": Text(
        "门店文件有错误，所以下面的 iBeacon 都算没有登记。",
        "The store's files are faulty, so every iBeacon below counts as unknown.",
    ),
    "scan.no-radio": Text(
        "蓝牙用不了：{reason}。请检查 systemctl status bluetooth，以及适配器是否插好、打开。",
        "The radio cannot be used: {reason}. Look at: systemctl status bluetooth; is the adapter there, and powered?",
    ),
    "scan.no-answer": Text("bluetoothd 没有回答", "bluetoothd does not answer"),
    "scan.trouble": Text("蓝牙还用不了，正在重试：{reason}", "The radio cannot be used and is tried again: {reason}"),
    # Recordings
    "record.exists": Text(
        "{file} 已经存在，不会覆盖。请换一个文件名，或先删除它。",
        "{file} exists and is not overwritten. Name another file, or remove it first.",
    ),
    "record.failed": Text("不能录到 {file}：{reason}", "{file} cannot be recorded to: {reason}"),
    "record.full": Text(
        "{file} 到了上限，录制已停止，扫描继续（上限见 --record-limit）。",
        "{file} has reached its limit: recording has stopped, the scan goes on (see --record-limit).",
    ),
    "record.done": Text(
        "录了 {adverts} 条广播（{megabytes:.1f} MB）到 {file}。",
        "{adverts} advertisements ({megabytes:.1f} MB) recorded to {file}.",
    ),
    "record.going": Text("正在录制：{adverts} 条（{megabytes:.1f} MB）", "recording: {adverts} ({megabytes:.1f} MB)"),
    "recording.unreadable": Text("读不了 {file}：{reason}", "{file} cannot be read: {reason}"),
    "recording.none": Text(
        "{file} 不是录制文件。请用 beacon-gateway scan --record 录一个。",
        "{file} is not a recording. Make one with: beacon-gateway scan --record",
    ),
    "recording.version": Text(
        "{file} 是第 {found} 版的录制文件，这个程序只认第 {known} 版。请用录它的那个版本的程序播放。",
        "{file} is a recording of version {found}; this program knows version {known}. "
        "Play it with the one that made it.",
    ),
    "recording.corrupt": Text(
        "{file} 从第 {offset} 字节起坏了，后面的内容不可信，播放停在这里。",
        "{file} is damaged from byte {offset} on. What follows cannot be trusted, so it was played up to there.",
    ),
    "replay.cut-off": Text(
        "录制文件没有结尾（可能断了电）：只播放到 {played}。",
        "The recording has no end (a pulled plug?): played up to {played}.",
    ),
    "replay.summary": Text(
        "{gateway} 从 {started} 起录了 {lasted}：{adverts} 条广播；记录：{hits}；从未听到：{unheard}。",
        "Recorded by {gateway} from {started} for {lasted}: {adverts} advertisements; hits: {hits}; "
        "never heard: {unheard}.",
    ),
    "replay.json-alone": Text(
        "--json 只能和 --replay 一起用。", "--json goes with --replay only; the daemon itself logs JSON."
    ),
}
