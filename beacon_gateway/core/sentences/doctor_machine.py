"""What `doctor` finds about the machine, and what to do about it; the gateway's page says some of it."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

DOCTOR_MACHINE: Final[Mapping[str, Text]] = {
    "doctor.clock.set": Text("时钟：已经和时间服务器对好。", "Clock: a time service has set it."),
    "doctor.clock.trusted": Text(
        "时钟：没有时间服务，按 gateway.yaml 的 clock: trusted 视为准确。",
        "Clock: no time service has set it; gateway.yaml says that it is right (clock: trusted).",
    ),
    "doctor.clock.lost": Text(
        "时钟：gateway.yaml 写了 clock: trusted，但现在的日期明显不对，电池可能没电了。"
        "记录的时间不可信，页面也不会按时切换。请更换时钟电池，或者联网对时。",
        "Clock: gateway.yaml says that it is right (clock: trusted), and its date cannot be: its battery may be empty. "
        "Logged times are not certain, and no page is switched by schedule. Replace the battery, or let a time service "
        "set the clock.",
    ),
    "doctor.clock.not-set": Text(
        "时钟：还没有和时间服务器对时。记录的时间不可信，页面也不会按时切换。请检查网络能否访问 NTP（UDP 123）；"
        "如果另有准确的时钟（带电池的 RTC、GPS），请在 gateway.yaml 里写 clock: trusted。",
        "Clock: no time service has set it. Logged times are not certain, and no page is switched by schedule. See "
        "whether the network lets NTP through (UDP 123). If the clock is right by itself (RTC with a battery, GPS), "
        "write clock: trusted in gateway.yaml.",
    ),
    "doctor.power.fine": Text("供电：开机以来电压正常。", "Power: no under-voltage since the start."),
    "doctor.power.was-low": Text(
        "供电：开机以来出现过电压不足。请换用官方电源和短而粗的线，否则可能死机或写坏 SD 卡。",
        "Power: the voltage was too low at some time since the start. Use the official power supply and a short, "
        "thick cable; else the Pi may hang, or spoil its card.",
    ),
    "doctor.power.low-now": Text(
        "供电：现在电压不足，随时可能死机或写坏 SD 卡。请换用官方电源和短而粗的线。",
        "Power: the voltage is too low now. The Pi may hang or spoil its card at any time: use the official power "
        "supply and a short, thick cable.",
    ),
    "doctor.disk.roomy": Text("磁盘：{folder} 还有 {free} MB。", "Disk: {free} MB are free for {folder}."),
    "doctor.disk.full": Text(
        "磁盘：{folder} 只剩 {free} MB。请清理；满了以后记录只能留在内存里，断电就丢。",
        "Disk: only {free} MB are free for {folder}. Make room: once it is full, records wait in memory, and a power "
        "cut loses them.",
    ),
    "doctor.disk.no-inodes": Text(
        "磁盘：{folder} 还有 {free} MB，但只能再建 {inodes} 个文件（inode 快用完了）。请删掉大量的小文件。",
        "Disk: {free} MB are free for {folder}, but no more than {inodes} files can be made (inodes). Delete small "
        "files where there are many.",
    ),
    "doctor.disk.read-only": Text(
        "磁盘：{folder} 变成了只读，什么也写不进去。重启会检查磁盘；如果又变成只读，SD 卡多半坏了，请换一张。",
        "Disk: {folder} is read-only, and nothing can be written. A restart checks the disk; if it comes back "
        "read-only, the card is probably dying: replace it.",
    ),
    "doctor.swap.none": Text("交换区：SD 卡上没有。", "Swap: none on the card."),
    "doctor.swap.unused": Text(
        "交换区：在存储卡上（{names}）。这台网关不接收摇一摇事件，可以不管。",
        "Swap: on the card ({names}), which is allowed as long as this gateway receives no shakes.",
    ),
    "doctor.swap.on-card": Text(
        "交换区：在存储卡上（{names}）。这台网关接收摇一摇事件，区分顾客的密钥只能留在内存里，请关掉，"
        "并确认重启后不再打开。",
        "Swap: on the card ({names}). This gateway receives shakes, and the key that tells people apart must stay in "
        "memory: switch it off, and see that it stays off after a restart.",
    ),
    "doctor.card.within": Text(
        "写卡量：网关启动 {hours} 小时以来写了 {megabytes} MB，没有超过每天 {budget} MB（只算网关进程自己的）。",
        "Card: the gateway's process has written {megabytes} MB in {hours} h, within {budget} MB a day (system logs "
        "and the file system's own writes are not counted).",
    ),
    "doctor.card.over": Text(
        "写卡量：网关启动 {hours} 小时以来写了 {megabytes} MB，超过每天 {budget} MB，SD 卡会提前坏"
        "（只算网关进程自己的）。请把 gateway.yaml 里的 hits.commit_every 调大，比如 30s。",
        "Card: the gateway's process has written {megabytes} MB in {hours} h, more than {budget} MB a day, which wears "
        "the card out (system logs are not counted). Raise hits.commit_every in gateway.yaml, to 30s for example.",
    ),
    "doctor.wifi.apart": Text("Wi-Fi：没有占用 2.4 GHz。", "Wi-Fi: none on 2.4 GHz."),
    "doctor.wifi.dongle": Text(
        "Wi-Fi：{names} 在 2.4 GHz 上，但蓝牙用的是 USB 适配器，影响不大。",
        "Wi-Fi: {names} is on 2.4 GHz; Bluetooth uses a USB dongle, which bears it.",
    ),
    "doctor.wifi.crowded": Text(
        "Wi-Fi：{names} 在 2.4 GHz 上，和板载蓝牙共用天线，会漏听信标。请改用网线、5 GHz Wi-Fi 或 USB 蓝牙适配器"
        "（下面的命令显示附近有没有 5 GHz：频道大于 14 的就是）。",
        "Wi-Fi: {names} is on 2.4 GHz and shares the antenna with the on-board Bluetooth, so beacons are missed. Use "
        "Ethernet, 5 GHz Wi-Fi or a USB Bluetooth dongle (below: channels above 14 are 5 GHz).",
    ),
}
