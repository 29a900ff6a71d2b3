"""The one catalogue of sentences for people: Chinese and English, said as a helpful colleague would say them.

A sentence says what was found, what was expected and what to do. Names in braces are filled from a problem's details.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from beacon_gateway.core.beacon_event import BeaconEvent
from beacon_gateway.core.problems import Problem
from beacon_gateway.core.settings import Language


class Text(NamedTuple):
    zh: str
    en: str

    def fill(self, language: Language, details: Mapping[str, object]) -> str:
        return (self.zh if language is Language.CHINESE else self.en).format_map(details)


PROBLEMS: Final[Mapping[str, Text]] = {
    # The file as a whole
    "file.missing": Text(
        "找不到文件。请创建它，或改正路径。", "There is no such file. Create it, or correct the path."
    ),
    "file.unreadable": Text("读不了这个文件。请检查权限，并确认它是普通文件。", "This file cannot be read: {reason}."),
    "file.loop": Text(
        "这是一个指向自己的链接。请换成真正的文件。",
        "This is a link that leads back to itself. Put a real file in its place.",
    ),
    "file.too-big": Text(
        "文件有 {found} 字节，最多 {limit} 字节。这真的是配置文件吗？",
        "The file has {found} bytes, at most {limit} are read. Is it really a configuration file?",
    ),
    "file.encoding": Text(
        "文件不是 UTF-8 编码（可能是 GBK）。请另存为 UTF-8。",
        "The file is not UTF-8 (perhaps GBK). Save it again as UTF-8.",
    ),
    "file.empty": Text(
        "文件是空的。若要停用，请删除文件；否则请写上内容。",
        "The file is empty. Delete it if it is not needed, else fill it in.",
    ),
    "floors.none": Text(
        "floors/ 里没有楼层文件。至少需要一个，例如 floors/F1.yaml。",
        "There is no floor file in floors/. At least one is needed, for example floors/F1.yaml.",
    ),
    "floors.too-many": Text(
        "floors/ 里有 {found} 个文件，最多 {limit} 个。", "floors/ holds {found} files, at most {limit} are read."
    ),
    # YAML
    "yaml.syntax": Text(
        "从 “{found}” 起读不懂。请检查这一行和上一行：冒号要用英文的 “:” 且后面空一格，引号和括号要成对，"
        "缩进要对齐；文件也可能没有写完。",
        "This cannot be read from “{found}” on ({reason}). Check this line and the one above: a blank after each "
        "colon, quotes and brackets in pairs, even indentation; perhaps the file was cut off.",
    ),
    "yaml.tab": Text(
        "这里有制表符（Tab）。YAML 只能用空格缩进，请换成空格。",
        "There is a tab here. YAML is indented with blanks only: replace it.",
    ),
    "yaml.alias": Text(
        "这里用了锚点或引用（& 和 *）。请把内容直接写出来。",
        "An anchor is referred to here (& and *). Write the content out.",
    ),
    "yaml.tag": Text("不能用标签 {found}。请删掉它。", "The tag {found} is not allowed. Delete it."),
    "yaml.deep": Text("嵌套太深，最多 {limit} 层。", "Nested too deeply, at most {limit} levels."),
    "yaml.documents": Text(
        "一个文件里只能有一份内容，请删掉 “---” 以及后面的部分。",
        "A file holds one document: delete the “---” and what follows.",
    ),
    # Keys
    "key.unknown": Text("不认识 “{found}”。这里可以写：{known}。", "“{found}” is not known here. Known are: {known}."),
    "key.unknown-near": Text(
        "不认识 “{found}”，是不是 “{near}”？", "“{found}” is not known here. Did you mean “{near}”?"
    ),
    "key.twice": Text(
        "“{found}” 写了两次，第一次在第 {first} 行。请只留一个。",
        "“{found}” stands here twice, first in line {first}. Keep one of them.",
    ),
    "key.missing": Text("缺少 “{found}”。请补上。", "“{found}” is missing. Add it."),
    # Values
    "value.map": Text(
        "这里应该是 “名称: 值” 的形式，却是 {found}。", "Expected lines of the form “key: value”, found {found}."
    ),
    "value.list": Text(
        "这里应该是列表，例如 [spring-sale]，却是 {found}。", "Expected a list such as [spring-sale], found {found}."
    ),
    "value.text": Text("这里应该是一段文字，却是 {found}。", "Expected a text, found {found}."),
    "value.empty": Text("这里不能空着。", "This must not be left empty."),
    "value.whole": Text(
        "这里应该是 {low} 到 {high} 的整数（不加引号），却是 “{found}”。",
        "Expected a whole number from {low} to {high} (without quotes), found “{found}”.",
    ),
    "value.leading-zero": Text(
        "“{found}” 以 0 开头，有的程序会当成八进制。请写成 {near}。",
        "“{found}” begins with 0, which some programs read as octal. Write {near}.",
    ),
    "value.share": Text(
        "这里应该是 0 到 1 的小数，例如 0.3，却是 “{found}”。",
        "Expected a share from 0 to 1 such as 0.3, found “{found}”.",
    ),
    "value.flag": Text("这里只能写 true 或 false，却是 “{found}”。", "Expected true or false, found “{found}”."),
    "value.choice": Text("“{found}” 不行，可以写：{known}。", "“{found}” is not possible here. Possible are: {known}."),
    "value.choice-near": Text(
        "“{found}” 不行，是不是 “{near}”？", "“{found}” is not possible here. Did you mean “{near}”?"
    ),
    "value.slug": Text(
        "“{found}” 不能作为名称：只能用小写字母、数字和连字符，例如 escalator-north，最长 {limit} 个字符。",
        "“{found}” cannot be a name: small letters, digits and hyphens, such as escalator-north, at most {limit} long.",
    ),
    "value.name": Text(
        "“{found}” 不能作为名称：只能用字母、数字、点、连字符和下划线，最长 {limit} 个字符。",
        "“{found}” cannot be a name: letters, digits, dots, hyphens and underscores, at most {limit} long.",
    ),
    "value.uuid": Text(
        "“{found}” 不是 UUID，应像 FDA50693-A4E2-4FB1-AFCF-C6EB07647825。",
        "“{found}” is not a UUID such as FDA50693-A4E2-4FB1-AFCF-C6EB07647825.",
    ),
    "value.url": Text(
        "“{found}” 不是网址，应以 https:// 开头。", "“{found}” is not an address that begins with https://."
    ),
    "value.api-base": Text(
        "“{found}” 不行：应以 https:// 开头，密钥不能明文传输；只有本机的模拟器可以用 http://127.0.0.1。",
        "“{found}” is not possible: begin with https://, since the secret must not travel in clear; only an emulator "
        "on this machine may be http://127.0.0.1.",
    ),
    "value.time": Text(
        "“{found}” 不是时间，应像 2026-11-24 10:00。", "“{found}” is not a time such as 2026-11-24 10:00."
    ),
    "value.duration": Text(
        "“{found}” 不是时长，应像 5s、15m、12h 或 90d。", "“{found}” is not a duration such as 5s, 15m, 12h or 90d."
    ),
    "value.timeout": Text(
        "“{found}” 不能作为信标的超时时间，应在 30s 到 24h 之间，例如 90s、10m 或 2h。",
        "“{found}” cannot be a beacon's time-out: write 30s to 24h, such as 90s, 10m or 2h.",
    ),
    "value.timezone": Text(
        "没有时区 “{found}”，应像 Asia/Shanghai。", "There is no time zone “{found}”; they look like Asia/Shanghai."
    ),
    "value.adapter": Text(
        "“{found}” 不是适配器地址，应像 B8:27:EB:12:34:56 或 auto；hci0 这样的编号会变。",
        "“{found}” is not an adapter's address such as B8:27:EB:12:34:56, nor auto. Numbers such as hci0 move.",
    ),
    "value.appid": Text(
        "“{found}” 不是公众号的 AppID，应像 wx0123456789abcdef。",
        "“{found}” is not an official account's AppID such as wx0123456789abcdef.",
    ),
    "value.width": Text(
        "“{found}” 太长：宽 {width}，最多 {limit}（{han} 个汉字或 {limit} 个字母）。",
        "“{found}” is too long: {width} wide, at most {limit} ({han} 汉字 or {limit} letters).",
    ),
    "value.control": Text(
        "“{found}” 里有换行或控制字符。请写成一行。",
        "“{found}” holds a line end or a control character. Write it in one line.",
    ),
    "value.long": Text("太长了：{width} 个字符，最多 {limit} 个。", "Too long: {width} characters, at most {limit}."),
    # What does not fit together
    "page.unknown": Text(
        "pages.yaml 里没有页面 “{found}”。请先在那里加上它。",
        "There is no page “{found}” in pages.yaml. Add it there first.",
    ),
    "page.unknown-near": Text(
        "没有页面 “{found}”，是不是 “{near}”？", "There is no page “{found}”. Did you mean “{near}”?"
    ),
    "page.both": Text(
        "写了 wechat_page_id 的页面只能绑定，不能再写 “{found}”。",
        "A page with a wechat_page_id is only bound; “{found}” cannot be set for it.",
    ),
    "icon.missing": Text(
        "找不到图标 “{found}”。请把图片放到 icons/ 里。", "There is no icon “{found}”. Put the picture into icons/."
    ),
    "icon.outside": Text(
        "图标 “{found}” 不在门店文件夹里。请把图片放到 icons/ 里。",
        "The icon “{found}” is not in the store's folder. Put the picture into icons/.",
    ),
    "icon.kind": Text(
        "图标只能是 jpg、jpeg、png 或 gif，“{found}” 不行。", "An icon is a jpg, jpeg, png or gif; “{found}” is not."
    ),
    "floor.unknown": Text(
        "没有楼层 “{found}” 的文件，现有：{known}。", "There is no file for floor “{found}”. There are: {known}."
    ),
    "floor.twice": Text("楼层 “{found}” 已经在 {first} 写过了。", "Floor “{found}” is described already, in {first}."),
    "beacon.twice": Text(
        "信标 {found} 已经在 {first} 登记过了。同一个信标只能写一次。",
        "The beacon {found} is declared already, in {first}. Each beacon stands in one place only.",
    ),
    "beacon.no-uuid": Text(
        "信标 “{found}” 没有 UUID。请在文件开头写 uuid，或写在这个信标下面。",
        "The beacon “{found}” has no UUID. Write one at the top of the file, or for this beacon.",
    ),
    "pages.too-many": Text(
        "绑定了 {found} 个页面，微信最多允许 {limit} 个。", "{found} pages are bound; WeChat allows {limit}."
    ),
    "pages.random": Text(
        "绑定了 {found} 个页面：微信每次随机显示其中一个。",
        "{found} pages are bound: WeChat shows one of them at random, each time.",
    ),
    "slot.backwards": Text("结束时间 {found} 不晚于开始时间。", "It ends at {found}, which is not after its start."),
    "slot.overlap": Text(
        "从 {found} 起与 {first} 的时间段重叠。", "From {found} on it overlaps with the one in {first}."
    ),
}


PHRASES: Final[Mapping[str, Text]] = {
    "problem.error": Text("错误", "error"),
    "problem.warning": Text("提醒", "warning"),
    "check.fine": Text(
        "没有问题：{floors} 个楼层，{beacons} 个信标，{pages} 个页面。",
        "All is well: {floors} floors, {beacons} beacons, {pages} pages.",
    ),
    "check.faults": Text("{errors} 个错误，{warnings} 个提醒。", "{errors} errors, {warnings} warnings."),
    # Plans
    "plan.in-sync": Text("微信与文件一致，没有要做的事。", "WeChat is as the files say. Nothing to do."),
    "plan.pages": Text("页面", "Pages"),
    "plan.removed": Text("已从文件中删除的信标", "Beacons taken out of the files"),
    "plan.make": Text("新建 {title}（{slug}）", "make {title} ({slug})"),
    "plan.edit": Text("修改 {title}（{slug}）：{what}", "edit {title} ({slug}): {what}"),
    "plan.bind": Text("{beacon}：{before} → {after}", "{beacon}: {before} → {after}"),
    "plan.nothing": Text("无", "nothing"),
    "plan.others-page": Text("别处建的页面 {ref}", "page {ref} made elsewhere"),
    "plan.protected": Text(
        "{beacon} 受保护（protect: true），未改动。确需修改：apply --force --reason “原因”。",
        "{beacon} is protected (protect: true) and left as it is. If you mean it: apply --force --reason “why”.",
    ),
    "plan.beacon-not-at-target": Text(
        "{beacon}（{key}）不在这个公众号里。请核对 major 和 minor，或在微信后台申请。",
        "{beacon} ({key}) does not belong to this account. Check major and minor, or apply for it in WeChat's console.",
    ),
    "plan.page-not-at-target": Text(
        "{beacon} 要绑定的页面 {pages} 在微信后台找不到。请核对 wechat_page_id。",
        "{beacon} wants the page {pages}, which is not in WeChat's console. Check its wechat_page_id.",
    ),
    "plan.braked": Text(
        "已暂停：{losing} 个信标会失去现有页面（共绑定 {bound} 个；上限 {beacons} 个或 {share}）。"
        "如果确实要这样：apply --force --reason “原因”。",
        "Stopped: {losing} beacons would lose a page they show now (of {bound} bound; the limit is {beacons} and "
        "{share}). If you mean it: apply --force --reason “why”.",
    ),
    "plan.summary": Text("{changes} 处改动。方案 {digest}", "{changes} changes. Plan {digest}"),
    "plan.next-switch": Text("下一次定时切换：{when}", "Next scheduled switch: {when}"),
    "apply.done": Text(
        "已写入 {applied} 处，读回核对 {verified} 处。", "{applied} changes written, {verified} read back."
    ),
    "apply.step.refused": Text("微信拒绝", "refused"),
    "apply.step.differs": Text("读回不符", "reads back differently"),
    "field.title": Text("标题", "title"),
    "field.description": Text("描述", "description"),
    "field.url": Text("链接", "address"),
    "field.icon": Text("图标", "icon"),
    # The running daemon
    "status.gateway": Text(
        "网关 {gateway}（{floor}），版本 {version}，{started} 启动",
        "Gateway {gateway} ({floor}), version {version}, running since {started}",
    ),
    "status.radio": Text("蓝牙：{sentence}", "Radio: {sentence}"),
    "status.beacons": Text(
        "信标：本层 {total} 个，听到 {present} 个{missing}",
        "Beacons: {present} of this floor's {total} are heard{missing}",
    ),
    "status.missing": Text("；听不到：{names}", "; not heard: {names}"),
    "status.more": Text("等 {count} 个", "and {count} more"),
    "status.hits": Text(
        "记录：启动以来 {hits} 条；待写 {unwritten} 条，丢失 {dropped} 条",
        "Log: {hits} hits since the start; {unwritten} records wait to be written, {dropped} were lost",
    ),
    "status.files": Text(
        "文件：版本 {revision}，{errors} 个错误，{warnings} 个提醒；微信：{sync}",
        "Files: version {revision}, {errors} errors, {warnings} warnings; WeChat: {sync}",
    ),
    "status.no-sync": Text("未使用", "not used"),
    "status.none": Text(
        "网关没有在运行。请执行：sudo systemctl status beacon-gateway",
        "The gateway does not run. See why: sudo systemctl status beacon-gateway",
    ),
    "status.expired": Text(
        "网关从 {written} 起没有动静，可能卡住了。请执行：sudo systemctl restart beacon-gateway",
        "The gateway has shown no sign of life since {written}. Run: sudo systemctl restart beacon-gateway",
    ),
    "status.unreadable": Text("读不到网关的状态：{reason}", "The gateway's status cannot be read: {reason}"),
    "status.other-version": Text(
        "状态文件的格式是 {found}，这个程序只认识 {known}。请让网关和命令行用同一个版本。",
        "The status is in format {found}, and this program knows {known}. Use the same version for both.",
    ),
    # The radio's state: what it is, and what to do
    "radio.starting": Text("正在启动，还没有听到任何信号。", "It has just begun, and has heard nothing yet."),
    "radio.listening": Text("正常，正在接收。", "It listens."),
    "radio.recovering": Text(
        "刚才听不到了，正在自动恢复，请等几分钟。{reason}",
        "It stopped hearing a moment ago and is mending itself. Give it some minutes. {reason}",
    ),
    "radio.deaf": Text(
        "能试的都试过了，还是什么也听不到。请执行：sudo systemctl restart bluetooth；"
        "还不行就给树莓派断电重启。{reason}",
        "Everything was tried, and nothing is heard. Run: sudo systemctl restart bluetooth; if that does not help, "
        "take the Pi's power away for a moment. {reason}",
    ),
    "radio.no-adapter": Text(
        "找不到蓝牙适配器。请插好适配器，再用 bluetoothctl list 查看；"
        "gateway.yaml 里的 adapter 要和那里的地址一致。{reason}",
        "The Bluetooth adapter is missing. Plug it in and look at: bluetoothctl list; the adapter in gateway.yaml "
        "must be one of those. {reason}",
    ),
    "radio.no-bluetoothd": Text(
        "系统的蓝牙服务没有运行。请执行：sudo systemctl restart bluetooth；看原因：journalctl -u bluetooth。{reason}",
        "The system's Bluetooth service does not run. Run: sudo systemctl restart bluetooth; for the reason: "
        "journalctl -u bluetooth. {reason}",
    ),
    "radio.blocked": Text(
        "蓝牙被关掉了。请执行：sudo rfkill unblock bluetooth && bluetoothctl power on。{reason}",
        "Bluetooth is switched off. Run: sudo rfkill unblock bluetooth && bluetoothctl power on. {reason}",
    ),
    "radio.no-permission": Text(
        "系统不让这个程序使用蓝牙。请执行：sudo usermod -aG bluetooth beacon-gateway && "
        "sudo systemctl restart beacon-gateway。{reason}",
        "The system does not let this program use Bluetooth. Run: sudo usermod -aG bluetooth beacon-gateway && "
        "sudo systemctl restart beacon-gateway. {reason}",
    ),
    # Trouble
    "trouble.config": Text(
        "配置有错误，请先改正（beacon-gateway check）。", "The files are faulty. Run: beacon-gateway check"
    ),
    "trouble.no-account": Text(
        "gateway.yaml 里没有公众号（wechat.appid），只记录信标。",
        "gateway.yaml names no account (wechat.appid): hits are logged, nothing is bound.",
    ),
    "trouble.no-secret": Text("没有公众号的 AppSecret：{reason}", "The account's secret is missing: {reason}"),
    "trouble.operator": Text("公众号有问题，需要人处理：{reason}", "The account needs a person: {reason}"),
    "trouble.target": Text("这次没有成功：{reason}", "It did not work this time: {reason}"),
    "trouble.state": Text("状态文件夹用不了：{reason}", "The state folder cannot be used: {reason}"),
    "trouble.radio": Text(
        "蓝牙怎么也听不到信号，程序退出，由系统重新启动：{reason}",
        "The radio cannot be brought to hear. The gateway ends, and systemd starts it anew: {reason}",
    ),
    "hits.none": Text("没有记录。", "No hits."),
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
    "verdict.unknown": Text(
        "这个网关从来没有听到过它，还说不准。如果它就在附近，请核对编号和电池；否则请看离它近的网关。",
        "This gateway has never heard it, so it cannot tell. If it hangs nearby, check its numbers and its battery; "
        "else ask the gateway next to it.",
    ),
    # The demo
    "demo.title": Text("模拟门店：{beacons} 个信标", "A simulated store: {beacons} beacons"),
    "demo.hits": Text("最近的记录", "Last hits"),
    "demo.sync": Text("微信绑定", "WeChat bindings"),
    "demo.edited": Text("已改 {floor}.yaml：{beacon} → {page}", "{floor}.yaml was edited: {beacon} → {page}"),
    "demo.arrived": Text(
        "{seconds:.1f} 秒后微信已显示新页面", "WeChat shows the new page, {seconds:.1f} s after the edit"
    ),
    "demo.waiting": Text("稍后会改一个楼层文件……", "A floor file will be edited in a moment…"),
    "demo.legend": Text(
        "◉ 很近  ● 近  ○ 远  × 听不到    Ctrl-C 结束", "◉ immediate  ● near  ○ far  × not heard    Ctrl-C ends it"
    ),
    "demo.summary": Text(
        "听到 {adverts} 条广播，其中 {sightings} 条来自信标；记录 {hits}；"
        "改动 {changes_applied} 处，核对 {changes_verified} 处。",
        "{adverts} advertisements heard, {sightings} of them from beacons; hits {hits}; "
        "{changes_applied} changes written, {changes_verified} of them read back.",
    ),
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


def say(phrase: str, language: Language, **details: object) -> str:
    """Give a phrase of the catalogue, filled."""
    return PHRASES[phrase].fill(language, details)


def tell(event: BeaconEvent, beacon: str, language: Language) -> str:
    """Say a beacon event, and what to do about it. `beacon` is the name that staff know it by; a stranger has none."""
    return PHRASES[f"event.{event.kind}"].fill(language, {**event.details, "beacon": beacon, "key": event.key})


def explain(problem: Problem, language: Language) -> str:
    """Say a problem in one sentence, without its place."""
    return PROBLEMS[problem.code].fill(language, problem.details)
