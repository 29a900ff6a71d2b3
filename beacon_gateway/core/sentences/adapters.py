"""The Bluetooth adapters of a machine, where several are listed."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

ADAPTERS: Final[Mapping[str, Text]] = {
    "adapter.on": Text("{name}（{address}）", "{name} ({address})"),
    "adapter.off": Text("{name}（{address}，已关闭）", "{name} ({address}, off)"),
    "adapter.unable": Text("{name}（{address}，不能扫描）", "{name} ({address}, cannot scan)"),
    "adapter.all": Text("蓝牙适配器：{used} 正在使用；另有 {others}", "Adapters: {used} is used; also here: {others}"),
}
