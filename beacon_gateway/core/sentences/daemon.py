"""The running daemon: its radio, its status, its troubles."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

DAEMON: Final[Mapping[str, Text]] = {
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
    "status.tags": Text(
        "~ 后面是会移动的标签被听到的楼层，它可能在上一层或下一层。",
        "After ~ stands the floor on which a tag is heard; it may be on the one above or below.",
    ),
    "status.missing": Text("；听不到：{names}", "; not heard: {names}"),
    "status.more": Text("等 {count} 个", "and {count} more"),
    "status.hits": Text(
        "记录：启动以来 {hits} 条；待写 {unwritten} 条，丢失 {dropped} 条",
        "Log: {hits} hits since the start; {unwritten} records wait to be written, {dropped} were lost",
    ),
    "status.files": Text(
        "文件：版本 {revision}，{errors} 个错误，{warnings} 个提醒{sync}",
        "Files: version {revision}, {errors} error{errors_s}, {warnings} warning{warnings_s}{sync}",
    ),
    "status.no-sync": Text("；微信：未使用", "; WeChat: not used"),
    "status.never": Text("从未听到", "never"),
    "status.ago": Text("{ago}前", "{ago} ago"),
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
    "status.target": Text("微信：{state}", "WeChat: {state}"),
    "status.trouble": Text("！{text}", "! {text}"),
    "status.broken": Text(
        "网关的状态文件 {path} 内容不完整或被改过，看不懂。网关会在几秒钟内重写；一直这样就执行："
        "sudo systemctl restart beacon-gateway",
        "The status file {path} is not whole, or was changed, and is not understood. The gateway writes it anew within "
        "seconds; if it stays so: sudo systemctl restart beacon-gateway",
    ),
    "status.another-version": Text(
        "正在运行的网关是另一个版本（{version}），它的状态这里看不懂。请执行：sudo systemctl restart beacon-gateway",
        "The running gateway is of another version, {version}, and its status is not understood here. Run: sudo "
        "systemctl restart beacon-gateway",
    ),
    "status.shakes": Text(
        "摇一摇：启动以来收到 {taken} 次，拒绝 {refused} 次",
        "Shakes: {taken} since the start; {refused} knocks were refused",
    ),
    # The log and its clock
    "clock.set-right": Text(
        "时间校准了（{seconds} 秒），开机以来的记录都已改成正确的时间",
        "the clock was set ({seconds} s); everything logged since the machine started has its right time now",
    ),
    "clock.stepped": Text("时钟跳了 {seconds} 秒", "the clock jumped by {seconds} s"),
    "log.written-again": Text(
        "记录有 {minutes} 分钟写不进去，现在好了；丢失 {lost} 条（{reason}）",
        "for {minutes} min the log could not be written; it can now; {lost} records were lost ({reason})",
    ),
    "log.put-aside": Text(
        "记录文件用不了，已经移开，并新建了一个（{reason}）",
        "the file of the log could not be used: it was kept aside, and a new one begun ({reason})",
    ),
    # Its parts
    "part.failed": Text(
        "网关的一个部分出错（{part}：{error}），会自动重新启动",
        "a part of the gateway failed and is started again ({part}: {error})",
    ),
    "part.name.editing": Text("网页上的编辑", "editing on the pages"),
    "part.name.event": Text("内部的处理", "work inside"),
    "part.name.health": Text("信标状态的判断", "judging the beacons"),
    "part.name.history": Text("取微信统计", "fetching WeChat's figures"),
    "part.name.lock": Text("状态文件夹的锁", "the lock of the state folder"),
    "part.name.memory": Text("信标情况的保存", "what is remembered of the beacons"),
    "part.name.reception": Text("接收摇一摇", "receiving shakes"),
    "part.name.reload": Text("读取门店文件", "reading the store's files"),
    "part.name.status": Text("状态的汇总", "the status"),
    "part.name.store": Text("门店文件生效", "putting the store's files in force"),
    "part.name.sync": Text("公众号同步", "keeping the account"),
    "part.name.upkeep": Text("记录的整理", "keeping the log small"),
    "part.name.web": Text("网页", "the web pages"),
    # What was done about the radio
    "rung.new-scanner": Text("换了一个新的扫描（{cause}）", "began a new scan ({cause})"),
    "rung.power-cycle": Text("关掉又打开了蓝牙适配器（{cause}）", "switched the adapter off and on ({cause})"),
    "rung.other-adapter": Text("改用另一个蓝牙适配器（{cause}）", "took another adapter ({cause})"),
    "rung.restart-bluetoothd": Text("请求重启系统的蓝牙服务（{cause}）", "asked for a restart of bluetoothd ({cause})"),
    "rung.believe": Text(
        "蓝牙没有问题：这些信标是真的不在了", "the radio is well: those beacons are gone, whatever was tried"
    ),
    "rung.exit": Text("试遍了也没用，程序退出重来（{cause}）", "ended the program, for a new one to try ({cause})"),
    # The radio's state: what it is, and what to do
    "radio.level-changed": Text(
        "{known} 个信标里有 {beacons} 个的信号同时变了（{lowest} 到 {highest} dB），"
        "多半是网关换了位置、天线或蓝牙适配器。如果是，不用处理；否则请检查网关和天线。",
        "The levels of {beacons} of {known} beacons changed at the same time, by {lowest} to {highest} dB: probably "
        "the gateway hangs elsewhere, or has another antenna or adapter. If not, look at its antenna.",
    ),
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
    "radio.no-level": Text(
        "蓝牙适配器不提供信号强度，收到的广播都没法用。"
        "请换一个适配器：树莓派自带的，或会给出 RSSI 的 USB 适配器。{reason}",
        "This adapter gives no signal strength, so nothing that it receives can be used. Take another one: the Pi's "
        "own, or a dongle that reports RSSI. {reason}",
    ),
    "radio.no-permission": Text(
        "系统不让这个程序使用蓝牙。请执行：sudo usermod -aG bluetooth beacon-gateway && "
        "sudo systemctl restart beacon-gateway。{reason}",
        "The system does not let this program use Bluetooth. Run: sudo usermod -aG bluetooth beacon-gateway && "
        "sudo systemctl restart beacon-gateway. {reason}",
    ),
    # Trouble
    "trouble.output": Text(
        "结果没能全部写出去（磁盘满了，或者终端断开了）：要做的事已经做完，请换个地方再看一次。",
        "The output could not be written to its end (a full disk, or a terminal that is gone). What the command does "
        "is done: look at its result again somewhere else.",
    ),
    "trouble.no-account": Text(
        "gateway.yaml 里没有公众号（wechat.appid），只记录信标。",
        "gateway.yaml names no account (wechat.appid): hits are logged, nothing is bound.",
    ),
    "trouble.no-secret": Text("没有公众号的 AppSecret：{reason}", "The account's secret is missing: {reason}"),
    "trouble.operator": Text("公众号有问题，需要人处理：{reason}", "The account needs a person: {reason}"),
    "trouble.target": Text("这次没有成功：{reason}", "It did not work this time: {reason}"),
    "trouble.blocked": Text("先要有页面 {page}。", "The page {page} has to be there first."),
    "trouble.still-shown": Text("还有信标在显示这个页面。", "A beacon still shows this page."),
    "trouble.moved": Text(
        "刚才有人在微信后台改过，没有覆盖。请重新看计划：beacon-gateway plan",
        "Somebody changed it at WeChat just now, so it was not overwritten. Look again: beacon-gateway plan",
    ),
    "trouble.icon-away": Text(
        "图标在检查之后变了，或者现在读不到，所以没有上传。网关会自动再试；手动执行的请再执行一次。",
        "The icon changed after the files were checked, or cannot be read now, so it was not sent. The gateway tries "
        "again by itself; what was typed is to be typed again.",
    ),
    "trouble.unreachable": Text(
        "连不上微信，或者没有及时回应。[{reason}]", "WeChat could not be reached or did not answer in time. [{reason}]"
    ),
    "trouble.untold": Text("这次没有做成，请过一会儿再试。[{reason}]", "{reason}"),
    "trouble.ledger": Text(
        "状态文件夹里的账本（ledger.db）现在用不了。请执行：sudo beacon-gateway doctor [{reason}]",
        "The ledger in the state folder (ledger.db) cannot be used now. Run: sudo beacon-gateway doctor [{reason}]",
    ),
    "trouble.state": Text(
        "状态文件夹用不了：{reason}。怎样修好，请看：sudo beacon-gateway doctor",
        "The state folder cannot be used: {reason}. What mends it: sudo beacon-gateway doctor",
    ),
    "trouble.folder-slow": Text(
        "等了 {seconds} 秒，{folder} 一直没有响应，所以没有做完。它如果在共享文件夹或 U 盘上，"
        "请检查服务器、网络和插口，再试一次。",
        "{folder} has not answered for {seconds} seconds, so this was not done. If it is on a share or a stick, see to "
        "the server, the network or the plug, and try again.",
    ),
    "trouble.state-in-use": Text(
        "状态文件夹 {folder} 正被另一个网关使用：{gateway}，进程号 {pid}，{since} 启动。同一个文件夹只能运行一个网关。"
        "看它是否正常：sudo beacon-gateway status；要在终端里运行，请先停掉它：sudo systemctl stop beacon-gateway",
        "Another gateway works on the state folder {folder}: {gateway}, process {pid}, since {since}. There can be one "
        "at a time. See whether it is well: sudo beacon-gateway status; to run one at a terminal, stop that first: "
        "sudo systemctl stop beacon-gateway",
    ),
    "trouble.state-unwritable": Text(
        "状态文件夹 {folder} 不能写入（当前用户 {user}）。监听照常，记录先留在内存里。"
        "看它属于谁、是否只读、是否已满：ls -ld {folder}；df -h {folder}；改好以后不用重启。",
        "The state folder {folder} cannot be written by {user}. Receiving goes on; what is to be logged waits in "
        "memory. See whose it is, and whether it is read-only or full: ls -ld {folder}; df -h {folder}. Once that is "
        "mended, no restart is needed.",
    ),
    "trouble.radio": Text(
        "蓝牙怎么也听不到信号，程序退出，由系统重新启动：{reason}",
        "The radio cannot be brought to hear. The gateway ends, and systemd starts it anew: {reason}",
    ),
    "events.none": Text("没有事件。", "No events."),
    "hits.tags": Text(
        "~F3 这样的楼层：会移动的标签，只知道是这台网关听到的。信号会穿过楼板和中庭，标签本身可能在上一层或下一层，"
        "所以几层的网关可能同时记到它。",
        "A floor such as ~F3: a tag that is carried about, heard by this gateway. Its signal passes slabs and atria, "
        "so the tag itself may be a floor above or below, and gateways of several floors may log it at the same time.",
    ),
    "hits.none": Text("没有记录。", "No hits."),
}
