"""What `doctor` finds about Bluetooth and the air, and what to do about it."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

DOCTOR_BLUETOOTH: Final[Mapping[str, Text]] = {
    "doctor.dbus.open": Text("D-Bus：可以连接。", "D-Bus: it lets us in."),
    "doctor.dbus.refuses": Text(
        "D-Bus：拒绝了我们（{reason}）。请让网关的用户加入 bluetooth 组。",
        "D-Bus: it turns us away ({reason}). Let the gateway's user be in the group bluetooth.",
    ),
    "doctor.dbus.gone": Text(
        "D-Bus：连不上（{reason}）。系统没有它就没有蓝牙；启动不了就重启树莓派。",
        "D-Bus: it cannot be reached ({reason}). There is no Bluetooth without it; if it does not start, restart the "
        "Pi.",
    ),
    "doctor.bluetoothd.up": Text("蓝牙服务：正在运行。", "bluetoothd: it runs."),
    "doctor.bluetoothd.down": Text(
        "蓝牙服务：bluetoothd 没有运行，听不到任何信标。", "bluetoothd: it does not run, so nothing can be heard."
    ),
    "doctor.bluetoothd.stuck": Text(
        "蓝牙服务：bluetoothd 在运行，但不好好回答（{reason}）。",
        "bluetoothd: it runs, but gives no proper answer ({reason}).",
    ),
    "doctor.bluetoothd-version.new": Text("蓝牙服务的版本：{version}。", "bluetoothd's version: {version}."),
    "doctor.bluetoothd-version.old": Text(
        "蓝牙服务的版本：{version} 太旧，至少要 {oldest}（树莓派系统 bookworm 自带）。请升级系统。",
        "bluetoothd's version: {version} is too old; {oldest} is the least, as in Raspberry Pi OS bookworm. Upgrade "
        "the system.",
    ),
    "doctor.bluetoothd-version.blind": Text(
        "蓝牙服务的版本：{version} 在被动扫描时认不出 iBeacon。请升级系统，或在 gateway.yaml 里改成 mode: active。",
        "bluetoothd's version: {version} recognises no iBeacon in a passive scan. Upgrade the system, or take mode: "
        "active in gateway.yaml.",
    ),
    "doctor.bluetoothd-version.ended": Text(
        "蓝牙服务的版本：{version} 有缺陷，被动扫描时，"
        "任何设备较长的扩展广播（厂商数据 30 字节以上）都会让 bluetoothd 崩溃"
        "（bluez/bluez#1169，5.83 已修正；发行版可能已单独修补）。请在 gateway.yaml 里改成 mode: active，或升级系统。",
        "bluetoothd's version: {version} has a fault: in a passive scan, a long extended advertisement of any device "
        "(30 bytes of manufacturer data or more) ends it (bluez/bluez#1169, mended in 5.83; a distribution may have "
        "mended it by itself). Take mode: active in gateway.yaml, or upgrade the system.",
    ),
    "doctor.passive.active": Text(
        "扫描方式：主动，全部时间都在监听。", "Kind of scan: active, which listens all of the time."
    ),
    "doctor.passive.half": Text(
        "扫描方式：被动，内核只监听 {percent}% 的时间；在 /etc/bluetooth/main.conf 的 [LE] 下写 "
        "ScanIntervalAdvMonitor=96 和 ScanWindowAdvMonitor=96 就是全部时间。"
        "另外，听不到扫描应答，也听不到排在别的厂商数据前面的 iBeacon；信号强度每变 8 dB 才更新。",
        "Kind of scan: passive, and the kernel listens {percent} % of the time; with ScanIntervalAdvMonitor=96 and "
        "ScanWindowAdvMonitor=96 under [LE] in /etc/bluetooth/main.conf it listens all of it. Scan responses, and an "
        "iBeacon in front of another manufacturer's section, are never heard; levels move in steps of 8 dB.",
    ),
    "doctor.passive.whole": Text(
        "扫描方式：被动，全部时间都在监听。听不到扫描应答，也听不到排在别的厂商数据前面的 iBeacon；"
        "信号强度每变 8 dB 才更新。",
        "Kind of scan: passive, which listens all of the time. Scan responses, and an iBeacon in front of another "
        "manufacturer's section, are never heard; levels move in steps of 8 dB.",
    ),
    "doctor.adapter.there": Text("蓝牙适配器：{name}（{address}）。", "Adapter: {name} ({address})."),
    "doctor.adapter.several": Text(
        "蓝牙适配器：{name}（{address}）；另有 {others}。", "Adapter: {name} ({address}); also here: {others}."
    ),
    "doctor.adapter.instead": Text("蓝牙适配器：{said}", "Adapter: {said}"),
    "doctor.adapter.missing": Text(
        "蓝牙适配器：找不到（{reason}）。请插好，或者核对 gateway.yaml 里的 radio.adapter。",
        "Adapter: missing ({reason}). Plug it in, or check radio.adapter in gateway.yaml.",
    ),
    "doctor.blocked.open": Text("蓝牙开关：没有被关掉（rfkill）。", "Switches: Bluetooth is not blocked (rfkill)."),
    "doctor.blocked.soft": Text(
        "蓝牙开关：被软件关掉了（rfkill，{names}）。", "Switches: Bluetooth is blocked by software (rfkill, {names})."
    ),
    "doctor.blocked.hard": Text(
        "蓝牙开关：被硬件开关关掉了（rfkill，{names}）。请打开设备上的开关；命令打不开它。",
        "Switches: Bluetooth is blocked by a hardware switch (rfkill, {names}). Turn it on at the device; no command "
        "can.",
    ),
    "doctor.adapter-power.on": Text("适配器电源：{name} 已打开。", "Adapter's power: {name} is on."),
    "doctor.adapter-power.off": Text("适配器电源：{name} 是关着的。", "Adapter's power: {name} is powered off."),
    "doctor.monitors.offered": Text(
        "重复广播：蓝牙服务开了 --experimental，每条广播都能听到。",
        "Repeated reports: bluetoothd runs with --experimental, so adapters keep none back.",
    ),
    "doctor.monitors.not-offered": Text(
        "重复广播：蓝牙服务没有开 --experimental，有些 USB 适配器因此每 10 秒才报一次信标，进出会记得很慢。"
        "安装包带有这个设置，重启蓝牙服务后生效。",
        "Repeated reports: bluetoothd runs without --experimental. Some USB dongles then report a beacon once in 10 s, "
        "and arrivals are logged late. The package brings the setting; it counts after a restart of bluetoothd.",
    ),
    "doctor.monitors.needed": Text(
        "重复广播：gateway.yaml 里是 mode: passive，但蓝牙服务没有开 --experimental，什么也听不到。"
        "请重启蓝牙服务，或改成 mode: active。",
        "Repeated reports: gateway.yaml asks for mode: passive, and bluetoothd runs without --experimental, so nothing "
        "is heard. Restart bluetoothd, or take mode: active.",
    ),
    "doctor.controller-mode.dual": Text("ControllerMode：没有限制成 le。", "ControllerMode: not restricted to le."),
    "doctor.controller-mode.le": Text(
        "ControllerMode：/etc/bluetooth/main.conf 里写了 le。新的蓝牙服务（5.67 起）因此可能扫描十秒、停五秒，请去掉。",
        "ControllerMode: /etc/bluetooth/main.conf says le. From 5.67 on bluetoothd may then scan for ten seconds and "
        "pause for five: take it out.",
    ),
    "doctor.air.daemon": Text("网关启动以来", "since the gateway's start"),
    "doctor.air.scan": Text("扫描 {seconds} 秒", "in a scan of {seconds} s"),
    "doctor.air.heard": Text(
        "信号：{how}，听到 {advertisements} 条广播，登记的 {declared} 个信标里听到 {heard} 个。",
        "Air: {how}, {advertisements} advertisements were heard, and {heard} of the {declared} beacons in the files.",
    ),
    "doctor.air.no-level": Text(
        "信号：{how}，收到的广播都没有信号强度，没法用。请换一个适配器：树莓派自带的，或会给出 RSSI 的 USB 适配器。",
        "Air: {how}, no report had a signal strength, so none can be used: this adapter gives none. Take another one: "
        "the Pi's own, or a dongle that reports RSSI.",
    ),
    "doctor.air.silent": Text(
        "信号：{how}，一条广播也没有听到，连别人的也没有。请看天线和适配器，并把它挪近信标再试。",
        "Air: {how}, no advertisement was heard, not even somebody else's. Look at antenna and adapter, and try it "
        "nearer to a beacon.",
    ),
    "doctor.air.foreign": Text(
        "信号：{how}，听到 {advertisements} 条广播，但都是别家的，登记的 {declared} 个信标一个也没有。"
        "请检查信标的电池，并核对楼层文件里的 uuid、major、minor。",
        "Air: {how}, {advertisements} advertisements were heard, all of them others': none of the {declared} beacons "
        "in the files. Look at the beacons' batteries, and at uuid, major and minor in the floor files.",
    ),
    "doctor.air.other-numbers": Text(
        "信号：{how}，听到门店 UUID 下的 {unknown} 个信标，但都没有登记。请核对楼层文件里的 major 和 minor。",
        "Air: {how}, {unknown} beacons under the store's UUIDs were heard, and none of them is in the files. Look at "
        "major and minor in the floor files.",
    ),
    "doctor.air.look-alike": Text(
        "信号：{how}，登记的 {declared} 个信标一个也没有听到，听到的有参数烧错的：{alike}",
        "Air: {how}, none of the {declared} beacons in the files was heard, and one that was set up wrongly was: "
        "{alike}",
    ),
    "doctor.air.none-declared": Text(
        "信号：{how}，听到 {advertisements} 条广播；但文件里没有登记任何信标，所以什么也不会记录。",
        "Air: {how}, {advertisements} advertisements were heard; but no beacon is in force from the files, so nothing "
        "is logged.",
    ),
    "doctor.air.starting": Text(
        "信号：网关刚启动，还没有听到什么，请过一分钟再看。",
        "Air: the gateway has just begun, and has heard nothing yet; look again in a minute.",
    ),
    "doctor.air.state": Text("信号：{state}", "Air: {state}"),
    "doctor.air.no-scan": Text("信号：没能扫描（{reason}）。", "Air: no scan could be made ({reason})."),
}
