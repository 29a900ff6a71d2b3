"""The Bluetooth adapters of a machine, and what a passive scan on one does not hear."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

ADAPTERS: Final[Mapping[str, Text]] = {
    "adapter.on": Text("{name}（{address}）", "{name} ({address})"),
    "adapter.off": Text("{name}（{address}，已关闭）", "{name} ({address}, off)"),
    "adapter.unable": Text("{name}（{address}，不能扫描）", "{name} ({address}, cannot scan)"),
    "adapter.all": Text("蓝牙适配器：{used} 正在使用；另有 {others}", "Adapters: {used} is used; also here: {others}"),
    "passive.what": Text(
        "被动扫描：内核默认只监听一半时间；听不到扫描应答，也听不到排在别的厂商数据前面的 iBeacon；"
        "信号强度每变 8 dB 才更新。",
        "Passive scan: by default the kernel listens half of the time; scan responses, and an iBeacon in front of "
        "another manufacturer's section, are never heard; levels move in steps of 8 dB.",
    ),
    "passive.blind": Text(
        "蓝牙服务 {version} 在被动扫描时认不出 iBeacon：请升级系统，或在 gateway.yaml 里改成 mode: active。",
        "bluetoothd {version} recognises no iBeacon in a passive scan: upgrade the system, or take mode: active in "
        "gateway.yaml.",
    ),
    "passive.ended": Text(
        "蓝牙服务 {version} 有缺陷：被动扫描时，蓝牙 5 适配器收到任何设备较长的扩展广播（厂商数据 30 字节以上），"
        "bluetoothd 就会崩溃（bluez/bluez#1169，5.83 已修正）。请在 gateway.yaml 里改成 mode: active，或升级系统。",
        "bluetoothd {version} has a fault: in a passive scan on a Bluetooth 5 adapter, a long extended advertisement "
        "of any device (30 bytes of manufacturer data or more) ends it (bluez/bluez#1169, mended in 5.83). Take mode: "
        "active in gateway.yaml, or upgrade the system.",
    ),
}
