"""What `support-bundle` collects, and what it says about it."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

BUNDLE: Final[Mapping[str, Text]] = {
    "bundle.begins": Text(
        "正在收集，最多两三分钟。其间 doctor 会像平时一样问一下微信；收集到的东西不会发到任何地方。",
        "Gathering; it takes two or three minutes at most. doctor asks WeChat as it always does; what is gathered is "
        "sent nowhere.",
    ),
    "bundle.done": Text("写好了：{path}（{size} KB）", "Written: {path} ({size} KB)"),
    "bundle.part": Text("  {name}  {size} KB", "  {name}  {size} KB"),
    "bundle.folder": Text("  {name}/  {count} 个文件，{size} KB", "  {name}/  {count} files, {size} KB"),
    "bundle.missing": Text(
        "有 {count} 样没有收集到：{names}。原因写在包里的 sources.txt。",
        "{count} could not be had: {names}. Why, is in sources.txt of the bundle.",
    ),
    "bundle.not-root": Text(
        "现在不是 root，系统日志和网关的数据可能看不到。想收集齐全，请执行：sudo beacon-gateway support-bundle",
        "You are not root: the journal and the gateway's data may be missing. For all of it: "
        "sudo beacon-gateway support-bundle",
    ),
    "bundle.replaced": Text("换成编号的：{counts}", "Replaced by numbers: {counts}"),
    "bundle.look": Text(
        "发给别人之前请先看一遍：tar -tzf {path}；逐个看内容：tar -xzOf {path} | less。没有发到任何地方。",
        "Look at it before you send it: tar -tzf {path}; to read all of it: tar -xzOf {path} | less. "
        "Nothing was sent anywhere.",
    ),
    "bundle.exists": Text(
        "{path} 已经有了，不会覆盖。请换一个名字：--output",
        "{path} is there already and is kept. Give another name: --output",
    ),
    "bundle.not-written": Text(
        "写不了 {path}：{reason}。请用 --output 指定一个能写的地方，比如 /tmp/support.tar.gz",
        "{path} cannot be written: {reason}. Name a place that can be with --output, /tmp/support.tar.gz for example.",
    ),
    "bundle.secret": Text(
        "打好的包里还有密钥（在 {member}），所以整个扔掉了，什么也没有留下。请把那里的密钥删掉再试。",
        "A secret is still in the finished bundle (in {member}), so it was thrown away, and nothing is left of it. "
        "Take the secret out of there and try again.",
    ),
    # README.txt in the bundle
    "bundle.readme.title": Text(
        "beacon-gateway 支持包，{at}（UTC）。用来查故障；没有自动发到任何地方。",
        "Support bundle of beacon-gateway, {at} (UTC). To find a fault with; it was sent nowhere by itself.",
    ),
    "bundle.readme.files": Text("里面有什么", "What is in it"),
    "bundle.readme.sources": Text(
        "sources.txt：每个文件是哪条命令、哪个文件的内容；没有收集到的，写着原因",
        "sources.txt: which command or file each one is; why what is missing is missing",
    ),
    "bundle.readme.doctor": Text("doctor.json：常见故障的检查结果", "doctor.json: the commonest faults, checked"),
    "bundle.readme.status": Text("status.json：网关此刻的状态", "status.json: how the gateway is at this moment"),
    "bundle.readme.versions": Text(
        "versions.txt：网关、Python、各个库、BlueZ、内核、系统的版本，树莓派的型号",
        "versions.txt: gateway, Python, libraries, BlueZ, kernel, system; the Pi's model",
    ),
    "bundle.readme.people": Text(
        "files/：gateway.yaml、门店的 YAML 文件，以及 check 找到的问题",
        "files/: gateway.yaml, the store's YAML files, and what check says about them",
    ),
    "bundle.readme.state": Text(
        "state/：最近 7 天的事件（events.jsonl）和改动（audit.jsonl）；各类记录的条数（stored.json）；"
        "数据库是否完好；文件大小",
        "state/: events and audit of the last 7 days; how many rows of what are stored (stored.json); whether the "
        "databases are sound; sizes of files",
    ),
    "bundle.readme.units": Text(
        "units/：systemd 单元的状态、设置和安全评分", "units/: state, settings and security score of the systemd units"
    ),
    "bundle.readme.journal": Text(
        "journal/：网关、蓝牙服务、内核（只有蓝牙、存储卡、供电等）的日志，这次开机和上次开机的最后一段",
        "journal/: the end of the journal of the gateway, of the Bluetooth service and of the kernel (lines about "
        "Bluetooth, card, power), of this boot and the one before",
    ),
    "bundle.readme.machine": Text(
        "machine/：蓝牙适配器、rfkill、磁盘、内存、时间、供电、网络接口",
        "machine/: Bluetooth adapters, rfkill, disks, memory, time, power, network interfaces",
    ),
    "bundle.readme.removed": Text("拿掉了什么", "What was taken out"),
    "bundle.readme.secrets": Text(
        "密钥、密码、token：换成 {mark}。本机读得到的 {count} 个密钥，写完后又在整个包里（原文、网址编码、十六进制、"
        "base64）搜过一遍，都没有；读不到的只能靠样子认",
        "Secrets, passwords, tokens: {mark} stands there instead. The {count} that can be read on this machine were "
        "searched for in the finished bundle (plain, as in URLs, hex, base64) and are not in it; others are known by "
        "their looks only",
    ),
    "bundle.readme.identifiers": Text(
        "appid、openid、公众号原始 ID、MAC 地址、IP 地址（回环地址除外）、主机名、用户名、Wi-Fi 名、序列号、"
        "机器和开机 ID、邮箱、网址里问号后面的部分：换成编号，比如 mac-1。同一个东西在所有文件里是同一个编号；"
        "对照表没有保存在任何地方",
        "appids, openids, original ids of accounts, MAC addresses, IP addresses (not loopback), host name, user names, "
        "Wi-Fi names, serial numbers, ids of machine and boots, e-mail addresses, queries of URLs: a number stands "
        "there instead, mac-1 for example. The same thing has the same number in all files; which is which is kept "
        "nowhere",
    ),
    "bundle.readme.replaced": Text("这次换掉的：{counts}", "Replaced this time: {counts}"),
    "bundle.readme.never": Text(
        "本来就不收集：摇一摇的记录（只有条数）、信标的每次到达、扫描到的路人设备、密钥文件本身",
        "Never gathered at all: shakes (only how many), the single hits of beacons, devices of passers-by, the files "
        "with secrets",
    ),
    "bundle.readme.kept": Text("留下了什么", "What was kept"),
    "bundle.readme.beacons": Text(
        "信标的 UUID、major、minor：它们本来就对所有人广播，没有它们找不到故障",
        "UUID, major and minor of beacons: they are on the air for everybody, and no fault is found without them",
    ),
    "bundle.readme.names": Text(
        "网关、楼层、信标、页面的名字，页面标题和网址（问号前面的部分），改动时写的理由（--reason）",
        "names of gateway, floors, beacons and pages; titles and URLs of pages up to the question mark; reasons typed "
        "with --reason",
    ),
    "bundle.readme.defaults": Text(
        "人人都一样的名字：raspberrypi、pi、root、beacon-gateway；回环地址、0.0.0.0",
        "names that everybody has: raspberrypi, pi, root, beacon-gateway; loopback addresses, 0.0.0.0",
    ),
    "bundle.readme.look": Text(
        "人手写的文字（名字、说明、注释）里可能还有程序认不出来的内容：发给别人之前请先看一遍。",
        "What people typed themselves (names, reasons, comments) may hold what no program knows: look at it before you "
        "send it.",
    ),
}
