"""The first start: what `setup` asks and says, and the comments of the files that it writes."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

SETUP: Final[Mapping[str, Text]] = {
    # What it asks
    "setup.hello": Text(
        "第一次启动：回答几个问题就好。方括号里的是默认值，直接回车就用它；Ctrl-C 放弃，什么也不会写。",
        "The first start: a few questions. Enter takes what stands in brackets; Ctrl-C ends, with nothing written.",
    ),
    "setup.ask.gateway": Text(
        "这台树莓派的名称，全店唯一，例如 f6-east", "This Pi's name, unique in the store, f6-east for example"
    ),
    "setup.ask.floor": Text("挂在哪一层，例如 F6", "The floor on which it hangs, F6 for example"),
    "setup.ask.appid": Text(
        "公众号的 AppID（wx 开头）；没有就直接回车，只监听和记录",
        "The official account's AppID (wx…); just Enter if there is none: it then only listens and logs",
    ),
    "setup.ask.appid-kept": Text(
        "公众号的 AppID（wx 开头）；输入 - 表示不用公众号", "The official account's AppID (wx…); - stands for none"
    ),
    "setup.ask.secret": Text(
        "公众号的 AppSecret（输入时不显示）", "The account's AppSecret (not shown while you type)"
    ),
    "setup.ask.secret-kept": Text(
        "公众号的 AppSecret（输入时不显示；直接回车保留现在的）",
        "The account's AppSecret (not shown while you type; Enter keeps the present one)",
    ),
    # What is wrong with an answer
    "setup.fault.empty": Text("这一项必须填。", "This one is needed."),
    "setup.fault.text": Text("这不是文字，请重新输入。", "That is no text. Please type it again."),
    "setup.fault.secret": Text(
        "AppSecret 由字母和数字组成，中间没有空格，通常 32 位。请在公众平台“设置与开发 → 基本配置”里复制。",
        "An AppSecret is letters and digits without spaces, usually 32. Copy it from the account's console, "
        "“Basic configuration”.",
    ),
    "setup.fault.missing": Text(
        "没有给出 {name}。请加上 {flag}，或写在回答文件夹的 gateway.yaml 里。",
        "There is no {name}. Give {flag}, or write it into the answer folder's gateway.yaml.",
    ),
    "setup.fault.no-secret": Text(
        "有公众号，但没有 AppSecret。请加上 --secret-file 文件，或把它放进回答文件夹的 wechat-secret。",
        "There is an account and no AppSecret. Give --secret-file FILE, or put it into the answer folder as "
        "wechat-secret.",
    ),
    "setup.fault.secret-file": Text(
        "{file} 里不是 AppSecret：应该只有一行，由字母和数字组成，通常 32 位。",
        "What {file} holds is no AppSecret: one line of letters and digits, usually 32.",
    ),
    "setup.fault.contradiction": Text(
        "{flag} 是 “{typed}”，而 {file} 里写的是 “{stated}”。请去掉其中一个。",
        "{flag} says “{typed}”, and {file} says “{stated}”. Take one of them away.",
    ),
    "setup.fault.nothing-there": Text(
        "{folder} 里没有 gateway.yaml、wechat-secret 或 store/。",
        "There is no gateway.yaml, wechat-secret or store/ in {folder}.",
    ),
    "setup.fault.unreadable": Text("读不了 {file}：{reason}", "{file} cannot be read: {reason}"),
    "setup.fault.nobody": Text(
        "这里没有终端，没法提问。请用 --unattended，并给出 --gateway、--floor（--appid、--secret-file）或 --answers。",
        "There is no terminal to ask on. Use --unattended with --gateway and --floor (--appid, --secret-file), "
        "or --answers.",
    ),
    "setup.odd-secret": Text(
        "提醒：AppSecret 通常有 {usual} 位，这一个有 {count} 位。如果没有复制完整，可以用 --replace 重来。",
        "Note: an AppSecret usually has {usual} characters, and this one has {count}. If it was not copied whole, "
        "begin again with --replace.",
    ),
    "setup.too-often": Text(
        "试了三次都不对，先到这里，什么也没有写。问清楚以后再执行：sudo beacon-gateway setup",
        "Three answers that will not do: it ends here, and nothing was written. When you know, run again: "
        "sudo beacon-gateway setup",
    ),
    "setup.given-up": Text("已放弃，什么也没有写。", "Given up; nothing was written."),
    # What it finds and does
    "setup.needs-root": Text(
        "不能写 {folder}。请用管理员身份执行：sudo beacon-gateway setup",
        "{folder} cannot be written. Run it as root: sudo beacon-gateway setup",
    ),
    "setup.unwritable": Text("写不了 {file}：{reason}", "{file} cannot be written: {reason}"),
    "setup.answers": Text("回答取自 {folder}：{names}", "Answers from {folder}: {names}"),
    "setup.kept": Text(
        "{file} 已经有了，保持不变（要重写请加 --replace）。",
        "{file} is there already and stays as it is (--replace writes anew).",
    ),
    "setup.kept-store": Text("{file} 已经有了，保持不变。", "{file} is there already and stays as it is."),
    "setup.secret-kept": Text(
        "{file} 里已经有 AppSecret，保持不变；{other} 里的没有使用，请自行删除，或加 --replace。",
        "{file} holds an AppSecret already and stays as it is; the one in {other} was not used: delete it, or use "
        "--replace.",
    ),
    "setup.store-elsewhere": Text(
        "gateway.yaml 里的 store 是 {store}，所以没有使用 {folder} 里的 store/。",
        "gateway.yaml says that store is {store}; store/ in {folder} is therefore not used.",
    ),
    "setup.faulty": Text(
        "文件有错误，所以没有启动服务。改好以后再执行一次。",
        "The files have errors, and the service was not started. Correct them and run this again.",
    ),
    "setup.written": Text("写好了 {file}", "Written: {file}"),
    "setup.old-copy": Text("原来的留在 {file}", "What was there before is now {file}"),
    "setup.wiped": Text(
        "{file} 已覆盖并删除，AppSecret 现在只在 {secret} 里。"
        "存储卡上可能还留有痕迹：卡如果丢了，请在公众平台重置 AppSecret。",
        "{file} was overwritten and deleted; the AppSecret is in {secret} now. Flash may keep traces of it: if the "
        "card gets lost, change the secret in the account's console.",
    ),
    "setup.not-wiped": Text(
        "{file} 删不掉（{reason}），里面还有 AppSecret。请自行删除。",
        "{file} cannot be deleted ({reason}), and holds the AppSecret. Delete it yourself.",
    ),
    # The start
    "setup.elsewhere": Text(
        "注意：服务默认读 {usual}，不是 {config}。",
        "Note: the service reads {usual} unless told otherwise, not {config}.",
    ),
    "setup.starting": Text("正在启动服务 {unit}，最多等 {seconds} 秒……", "Starting {unit}, for at most {seconds} s …"),
    "setup.no-systemd": Text(
        "这里没有 systemd（可能是容器），所以没有启动服务。手动运行：beacon-gateway run --config {config}",
        "systemd does not run here (a container?), so nothing was started. By hand: beacon-gateway run "
        "--config {config}",
    ),
    "setup.not-started": Text(
        "服务没有启动成功：{reason} 看原因：journalctl -u beacon-gateway -n 50；再执行：sudo beacon-gateway doctor",
        "The service did not start: {reason} See why: journalctl -u beacon-gateway -n 50; then: sudo beacon-gateway "
        "doctor",
    ),
    "setup.reason.config": Text("它认为配置有错误。", "It finds its configuration wrong."),
    "setup.reason.condition": Text(
        "它需要的文件还不在（通常是 {usual}）。", "A file that it waits for is not there (usually {usual})."
    ),
    "setup.reason.slow": Text("{seconds} 秒内没有准备好。", "It was not ready within {seconds} s."),
    "setup.reason.other": Text("{said}。", "{said}."),
    "setup.no-status": Text(
        "服务已经启动，但还没有状态。过一会儿执行：beacon-gateway status",
        "The service runs and has no status yet. In a moment, type: beacon-gateway status",
    ),
    "setup.later": Text(
        "准备好了。启动：sudo systemctl enable --now beacon-gateway",
        "All is ready. To start it: sudo systemctl enable --now beacon-gateway",
    ),
    "setup.staff": Text(
        "接下来：在 {store} 里填写信标和页面，改完执行 beacon-gateway check；保存后自动生效。",
        "Next: fill in beacons and pages in {store}, then run beacon-gateway check. What is saved takes effect by "
        "itself.",
    ),
    "setup.writer": Text(
        "这台会把公众号改成文件里写的样子（role: writer）。一个公众号只能有一台这样：店里如果已经有了，"
        "请在 {config} 里写 role: reader。",
        "This Pi keeps the account as the files say (role: writer). Only one may do so for an account: if another Pi "
        "does already, write role: reader into {config}.",
    ),
    # The files
    "setup.file.added": Text("由 beacon-gateway setup 补上", "added by beacon-gateway setup"),
    "setup.file.gateway": Text(
        """\
# 这台树莓派的设置，由 beacon-gateway setup 生成，信息部门可以直接修改。
# 改完先检查：beacon-gateway check，再生效：sudo systemctl restart beacon-gateway
# 像 #timezone: … 这样的行是默认值；要改就去掉 #，下一级的行要连同上面的组名（如 #radio:）一起去掉。

# 名称，全店唯一
gateway: {gateway}
# 挂在哪一层；store/floors/ 里要有这一层的文件
floor: {floor}
# 给店员看的消息用的语言：zh 或 en
language: {of_messages}
#timezone: Asia/Shanghai
# 时钟不用对时也准（带电池的 RTC、GPS）就写 trusted
#clock: checked
# 页面和楼层文件所在的文件夹，相对于本文件
#store: store/

#radio:
# 适配器的 MAC 地址；不要写 hci0，这个编号会变
#  adapter: auto
# passive 不发射信号，但听到的更少，信号强度只精确到 8 dB，还需要 bluetoothd --experimental
#  mode: active
# 每个信号强度都加上这么多 dB（-30 到 30）：这台接收器比别的偏强就写负数
#  offset: 0

{account}
#hits:
# 记录保留多久
#  retain: 90d
# 断电时最多丢失这么久的记录
#  commit_every: 5s
# off：不记录固定信标的远近变化（一个信标一天可能有几百条），到达和离开照常记录
#  zones: on

#web:
# 网页，还有监控用的 /healthz 和 /metrics，只有本机能访问；不要就写 off
# 要让手机也能看：先建账号 sudo beacon-gateway password 名字 --rank it，再改成 0.0.0.0:8080
#  listen: 127.0.0.1:8080
""",
        """\
# This Raspberry Pi, as beacon-gateway setup wrote it; store IT may edit it.
# After a change:  beacon-gateway check,  then  sudo systemctl restart beacon-gateway
# Lines like #timezone: … are the defaults. To change one, take the # away; for an indented one, from the line above
# that names its group (#radio: for example), too.

# This Pi's name, unique in the store
gateway: {gateway}
# The floor on which it hangs; there must be a file for it in store/floors/
floor: {floor}
# Of the messages for staff: zh or en
language: {of_messages}
#timezone: Asia/Shanghai
# trusted: the clock is right though no time service says so (RTC with a battery, GPS)
#clock: checked
# The folder with pages and floors, relative to this file
#store: store/

#radio:
# Or the adapter's MAC address; never hci0: that number moves
#  adapter: auto
# passive transmits nothing, but hears less, knows levels to 8 dB only, and needs bluetoothd --experimental
#  mode: active
# dB (-30 to 30) added to every level; negative where this receiver is louder than others
#  offset: 0

{account}
#hits:
# How long they are kept
#  retain: 90d
# At most this much is lost when the power goes
#  commit_every: 5s
# off: no changes of zone of fixed beacons (hundreds a day each, where people walk by); arrivals and departures stay
#  zones: on

#web:
# The pages, and /healthz and /metrics for monitors, on this machine only; or off
# To let phones look: make an account, sudo beacon-gateway password NAME --rank it, then write 0.0.0.0:8080
#  listen: 127.0.0.1:8080
""",
    ),
    "setup.file.account": Text(
        """\
# 公众号。AppSecret 不写在这里，它在同一文件夹的 wechat-secret 里，只有 root 能读
wechat:
  appid: {appid}
# writer、reader 或 off：每个公众号只能有一台是 writer
{role}
# auto：文件或排期一变就生效；manual：等人执行 beacon-gateway apply
#  apply: auto
# 有人在别处改了公众号时：report 只报告，repair 改回来
#  drift: report
#  drift_every: 15m
# 一次会让这么多信标失去页面时（两项都超过），停下来等人确认
#  brake: {{beacons: 5, share: 0.3}}
""",
        """\
# The account. Its AppSecret never stands here: it is in wechat-secret beside this file, for root's eyes only
wechat:
  appid: {appid}
# writer, reader or off: exactly one writer for each account
{role}
# auto: at once when the files or the schedule change; manual: wait for beacon-gateway apply
#  apply: auto
# When the account was changed elsewhere: report, or repair
#  drift: report
#  drift_every: 15m
# It stops when more than both would lose a page
#  brake: {{beacons: 5, share: 0.3}}
""",
    ),
    "setup.file.no-account": Text(
        """\
# 没有公众号，只监听和记录。要用公众号：sudo beacon-gateway setup --replace
#wechat:
#  appid: wx0123456789abcdef
""",
        """\
# No account: it only listens and logs. To add one:  sudo beacon-gateway setup --replace
#wechat:
#  appid: wx0123456789abcdef
""",
    ),
    "setup.file.pages": Text(
        """\
# 页面，名称供楼层文件使用。改完执行：beacon-gateway check；保存后自动生效。
# 标题最多 6 个汉字或 12 个字母，描述最多 7 个或 14 个；图标是正方形 png、jpg、gif，最大 200×200，在 icons/ 里。
# 下面是例子，去掉每行开头的 # 就能用。微信后台里已有的页面只写 wechat_page_id；
# 也可以用 beacon-gateway import 把公众号里的页面和信标导出成文件。

pages:
#  welcome:
#    title: 欢迎光临
#    description: 今日活动一览
#    url: https://h5.example.com/welcome
#    icon: icons/welcome.png
#  members-day:
#    wechat_page_id: 50054
""",
        """\
# The pages, by the name that the floor files use. After a change: beacon-gateway check; what is saved takes effect.
# A title has at most 12 letters, a description 14; icons are square, png, jpg or gif, at most 200×200, in icons/.
# Below are examples: take away the # in front. Pages made in WeChat's console have only a wechat_page_id;
# beacon-gateway import writes the pages and beacons that an account has as files.

pages:
#  welcome:
#    title: Welcome
#    description: What is on
#    url: https://h5.example.com/welcome
#    icon: icons/welcome.png
#  members-day:
#    wechat_page_id: 50054
""",
    ),
    "setup.file.floor": Text(
        """\
# 这一层的信标。想换页面？改 pages 后面方括号里的名称，保存即可。名称见 ../pages.yaml。
# 添加信标：去掉例子每行开头的 #，换成信标上的 uuid、major、minor。附近有哪些信标：sudo beacon-gateway scan

floor: {floor}
#name: A馆六楼
beacons:
#  escalator-north:
#    name: 北扶梯口
#    uuid: FDA50693-A4E2-4FB1-AFCF-C6EB07647825
#    major: 10006
#    minor: 1
#    pages: [welcome]
""",
        """\
# The beacons of this floor. To show another page, change the name in the brackets after `pages` and save. The names
# are in ../pages.yaml. To add a beacon, take away the # in front of the example and put in uuid, major and minor of
# the beacon. Which ones are near:  sudo beacon-gateway scan

floor: {floor}
#name: Building A, 6th floor
beacons:
#  escalator-north:
#    name: Escalator, north
#    uuid: FDA50693-A4E2-4FB1-AFCF-C6EB07647825
#    major: 10006
#    minor: 1
#    pages: [welcome]
""",
    ),
}
