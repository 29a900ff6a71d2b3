"""What `doctor` finds about the gateway, its files and its account, and what to do about it."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

DOCTOR: Final[Mapping[str, Text]] = {
    # The form
    "doctor.mark.ok": Text("正常", "ok"),
    "doctor.mark.warn": Text("注意", "warn"),
    "doctor.mark.fail": Text("故障", "FAIL"),
    "doctor.mark.unseen": Text("未查", "--"),
    "doctor.summary": Text(
        "{ok} 项正常，{warn} 项注意，{fail} 项故障，{unseen} 项未查。",
        "{ok} fine, {warn} to look after, {fail} failing, {unseen} not looked at.",
    ),
    "doctor.unseen": Text("{what}：没有查（{why}）。", "{what}: not looked at: {why}."),
    "doctor.why.needs-root": Text("需要 root 权限", "needs root"),
    "doctor.why.not-told": Text("这台机器没有提供", "this machine does not tell"),
    "doctor.why.no-answer": Text("等不到回答", "no answer came in time"),
    "doctor.why.failed": Text("查的时候出错：{reason}", "looking failed: {reason}"),
    "doctor.why.offline": Text("用了 --offline", "--offline was given"),
    "doctor.why.no-config": Text("gateway.yaml 用不了", "gateway.yaml cannot be used"),
    "doctor.why.no-account": Text("没有配置公众号", "gateway.yaml names no account"),
    "doctor.why.no-secret": Text("没有密钥", "there is no secret to ask with"),
    "doctor.why.account-closed": Text("公众号用不了", "the account cannot be asked"),
    "doctor.why.faulty-files": Text("门店文件有错误", "the store's files are faulty"),
    "doctor.why.no-daemon": Text("网关没有在运行", "the gateway does not run"),
    "doctor.why.no-bluetooth": Text("蓝牙还用不了", "Bluetooth does not work yet"),
    # The machine
    "doctor.what.clock": Text("时钟", "Clock"),
    "doctor.what.power": Text("供电", "Power"),
    "doctor.what.disk": Text("磁盘", "Disk"),
    "doctor.what.swap": Text("交换区", "Swap"),
    "doctor.what.card": Text("写卡量", "Card"),
    "doctor.what.wifi": Text("Wi-Fi", "Wi-Fi"),
    # Bluetooth
    "doctor.what.dbus": Text("D-Bus", "D-Bus"),
    "doctor.what.bluetoothd": Text("蓝牙服务", "bluetoothd"),
    "doctor.what.bluetoothd-version": Text("蓝牙服务的版本", "bluetoothd's version"),
    "doctor.what.adapter": Text("蓝牙适配器", "Adapter"),
    "doctor.what.blocked": Text("蓝牙开关", "Switches"),
    "doctor.what.adapter-power": Text("适配器电源", "Adapter's power"),
    "doctor.what.passive": Text("扫描方式", "Kind of scan"),
    "doctor.what.monitors": Text("重复广播", "Repeated reports"),
    "doctor.what.controller-mode": Text("ControllerMode", "ControllerMode"),
    # The daemon
    "doctor.what.daemon": Text("网关", "Gateway"),
    "doctor.daemon.runs": Text("网关：从 {since} 起一直在运行。", "Gateway: it has been running since {since}."),
    "doctor.daemon.frozen": Text(
        "网关：从 {since} 起没有动静，卡住了，或者被强行结束了。",
        "Gateway: no sign of life since {since}; it is frozen, or was killed.",
    ),
    "doctor.daemon.off": Text("网关：没有在运行。", "Gateway: it does not run."),
    "doctor.daemon.no-unit": Text(
        "网关：没有装成系统服务，也没有在运行。", "Gateway: it is not installed as a service, and does not run."
    ),
    "doctor.daemon.not-set-up": Text(
        "网关：还没有设置，所以没有启动。", "Gateway: it is not set up yet, so it was not started."
    ),
    "doctor.daemon.starting": Text(
        "网关：正在启动，请过一分钟再看。", "Gateway: it is starting; look again in a minute."
    ),
    "doctor.daemon.no-status": Text(
        "网关：系统说它在运行，但读不到它的状态。刚启动的话请过一分钟再看；也请核对 gateway.yaml 里的 runtime。",
        "Gateway: systemd says that it runs, but its status cannot be found. If it has just begun, look again in a "
        "minute; else check `runtime` in gateway.yaml.",
    ),
    "doctor.daemon.again": Text(
        "网关：一启动就退出（{result}，退出码 {code}），系统在反复重启它。下面的日志写着原因。",
        "Gateway: it ends as soon as it begins ({result}, exit code {code}), and systemd tries again and again. The "
        "journal says why.",
    ),
    "doctor.daemon.failed": Text(
        "网关：停在故障状态（{result}，退出码 {code}）。先看日志里的原因，再重启。",
        "Gateway: it has failed ({result}, exit code {code}). Read the reason in the journal, then start it again.",
    ),
    "doctor.daemon.ended-64": Text(
        "网关：启动命令写错了（退出码 {code}）。请看日志，并检查服务文件有没有被改过。",
        "Gateway: its command line is wrong (exit code {code}). Read the journal, and see whether its unit was edited.",
    ),
    "doctor.daemon.ended-78": Text(
        "网关：因为 gateway.yaml 有错误退出了（退出码 {code}）。改好后执行：sudo systemctl restart beacon-gateway。",
        "Gateway: it ended because gateway.yaml is wrong (exit code {code}). When that is mended, run: sudo systemctl "
        "restart beacon-gateway.",
    ),
    "doctor.what.daemon-version": Text("网关的版本", "Gateway's version"),
    "doctor.daemon-version.same": Text("网关的版本：{version}。", "Gateway's version: {version}."),
    "doctor.daemon-version.differs": Text(
        "网关的版本：装的是 {installed}，运行的还是 {running}，请重启它。",
        "Gateway's version: {installed} is installed, and {running} still runs. Restart it.",
    ),
    # The air
    "doctor.what.air": Text("信号", "Air"),
    # Files
    "doctor.what.config": Text("配置", "Configuration"),
    "doctor.config.sound": Text("配置：{path} 没有错误。", "Configuration: {path} is sound."),
    "doctor.config.missing": Text(
        "配置：没有 {path}，这台网关还没有设置。", "Configuration: {path} is not there; this gateway is not set up yet."
    ),
    "doctor.config.faulty": Text(
        "配置：{path} 有 {count} 处问题，网关启动不了。第一处：{first}",
        "Configuration: {path} has faults ({count}), and the gateway cannot start. The first: {first}",
    ),
    "doctor.what.files": Text("门店文件", "Store's files"),
    "doctor.files.sound": Text(
        "门店文件：没有错误，{floors} 个楼层，{beacons} 个信标。",
        "Store's files: sound, with {floors} floors and {beacons} beacons.",
    ),
    "doctor.files.faulty": Text(
        "门店文件：有 {count} 个错误，改动没有生效，网关还在用上一次正确的版本。第一个：{place}：{first}",
        "Store's files: there are errors ({count}); the last good version stays in force. The first: {place}: {first}",
    ),
    "doctor.files.closed": Text(
        "门店文件：网关（用户 {user}）读不了 {path}，还在用上一次正确的版本。"
        "如果是挂载的共享文件夹，请在 /etc/fstab 里给这个用户读的权限。",
        "Store's files: the gateway itself, the user {user}, may not read {path}; the last good version stays in "
        "force. If that is a mounted share, give this user the right to read in /etc/fstab.",
    ),
    "doctor.files.doubtful": Text(
        "门店文件：可以用，但有 {count} 处提醒。第一处：{place}：{first}",
        "Store's files: usable, with warnings ({count}). The first: {place}: {first}",
    ),
    "doctor.what.state": Text("状态文件夹", "State folder"),
    "doctor.state.sound": Text(
        "状态文件夹：{path} 里的文件都能用（{count} 个）。", "State folder: all files in {path} can be used ({count})."
    ),
    "doctor.state.wrong-type": Text(
        "状态文件夹：这里应该是别的类型的文件，网关用不了：{names}。移开以后网关会新建。",
        "State folder: not the kind of file that belongs here, so the gateway cannot use it: {names}. Moved aside, it "
        "is made anew.",
    ),
    "doctor.state.damaged": Text(
        "状态文件夹：文件损坏了，可能是断电造成的：{names}。移开以后网关会新建。",
        "State folder: damaged, by a power cut perhaps: {names}. Moved aside, it is made anew.",
    ),
    "doctor.state.newer": Text(
        "状态文件夹：是更新版本的网关写的：{names}。请装回那个版本，或者把文件移开。",
        "State folder: written by a newer version of this program: {names}. Install that version again, or move the "
        "file aside.",
    ),
    "doctor.state.closed": Text(
        "状态文件夹：网关（用户 {user}）不能读写：{names}。",
        "State folder: the gateway itself, the user {user}, may not read and write this: {names}.",
    ),
    "doctor.state.put-aside": Text(
        "状态文件夹：有 {count} 个损坏的文件被网关移开了，已经新建：{names}。不再需要就可以删掉。",
        "State folder: damaged files were put aside, and new ones begun ({count}): {names}. Delete them when they are "
        "of no more use.",
    ),
    "doctor.state.newer-aside": Text(
        "状态文件夹：有 {count} 个文件是更新版本的网关写的，已经移开并新建：{names}。"
        "要接着用，请先装回那个版本，再把文件移回原来的名字（手册 6.2）；不接着用，留在那里就行。",
        "State folder: files of a newer version of this program were kept aside, and new ones begun ({count}): "
        "{names}. To go on with them, install that version again and move them back to their names (guide, 6.2); "
        "or keep them where they are.",
    ),
    "doctor.what.parts": Text("网关的各部分", "Parts"),
    "doctor.parts.well": Text("网关的各部分：都在工作。", "Parts: all of the gateway's parts are at work."),
    "doctor.parts.failed": Text("网关的各部分：{said}", "Parts: {said}"),
    "doctor.what.pages": Text("网页", "Pages"),
    "doctor.pages.off": Text("网页：没有打开（web.listen: off）。", "Pages: switched off (web.listen: off)."),
    "doctor.pages.this-machine": Text(
        "网页：{place}，只有本机能看，不用登录。",
        "Pages: at {place}, for this machine only; nobody needs to log in.",
    ),
    "doctor.pages.with-login": Text(
        "网页：{place}，要登录，有 {count} 个账号。", "Pages: at {place}; people log in ({count} accounts)."
    ),
    "doctor.pages.no-accounts": Text(
        "网页：{place} 别的电脑也能连到，可是还没有账号，网关启动不了。"
        "请建一个账号，或者把 web.listen 改成 127.0.0.1:8080。",
        "Pages: others can reach {place}, and there is no account, so the gateway does not start. Make an account, or "
        "write web.listen: 127.0.0.1:8080.",
    ),
    "doctor.pages.taken": Text(
        "网页：{place} 被别的程序占用了。停掉那个程序，一分钟内网页会自己打开；"
        "或者在 gateway.yaml 里换一个 web.listen。",
        "Pages: another program has {place}. Stop it, and the pages open within a minute; or write another web.listen "
        "in gateway.yaml.",
    ),
    "doctor.pages.closed": Text("网页：{said}", "Pages: {said}"),
    "doctor.pages.in-clear": Text(
        "网页：{place} 要登录（{count} 个账号），但密码在网络上没有加密。同一个网络里有外人的话，"
        "请在这台机器上放一个带 TLS 的反向代理，web.listen 改回 127.0.0.1:8080，"
        "代理的名字写进 web.names；或者用 ssh -L 8080:127.0.0.1:8080 来看。",
        "Pages: people log in at {place} ({count} accounts), and their passwords cross the network in the clear. If "
        "others are on that network: put a reverse proxy with TLS on this machine, set web.listen back to "
        "127.0.0.1:8080 and write its name under web.names; or look through ssh -L 8080:127.0.0.1:8080.",
    ),
    "doctor.pages.faulty": Text(
        "网页：{path} 第 {line} 行：{fault}。这一行不算账号。",
        "Pages: {path}, line {line}: {fault}. That line counts as no account.",
    ),
    "doctor.pages.unusable": Text(
        "网页：{path}：{fault}。所以谁也登录不了。处理好以后，没有账号就建一个："
        "sudo beacon-gateway password 名字 --rank it",
        "Pages: {path}: {fault}, so nobody can log in. Once that is mended, make an account if there is none: "
        "sudo beacon-gateway password NAME --rank it",
    ),
    "doctor.pages.nobody": Text(
        "网页：{path} 里没有账号，所以谁也登录不了。请建一个；如果不需要账号，请删除这个文件，再重启服务。",
        "Pages: there is no account in {path}, so nobody can log in. Make one; or, if accounts are not wanted, delete "
        "the file and restart the service.",
    ),
    "doctor.pages.open": Text(
        "网页：{path} 别的用户也能读到密码的哈希。", "Pages: other users of this machine can read the hashes in {path}."
    ),
    "doctor.pages.closed-to-service": Text(
        "网页：网关自己读不了 {path}，谁也登录不了。",
        "Pages: the gateway itself cannot read {path}, so nobody can log in.",
    ),
    "doctor.what.secret": Text("密钥", "Secret"),
    "doctor.secret.there": Text("密钥：有，别人读不到。", "Secret: it is there, and nobody else can read it."),
    "doctor.secret.missing": Text(
        "密钥：没有公众号的 AppSecret（{reason}）。请执行下面的命令，粘贴密钥，再按回车和 Ctrl-D。",
        "Secret: the account's AppSecret is missing ({reason}). Run the command below, paste the secret, then press "
        "Enter and Ctrl-D.",
    ),
    "doctor.secret.open": Text(
        "密钥：{path} 别的用户也能读。请收紧权限；如果可能已经泄露，请在公众号后台重置 AppSecret。",
        "Secret: other users can read {path}. Close it; if it may have leaked, reset the AppSecret in the account's "
        "console.",
    ),
    # The account
    "doctor.what.proxy": Text("代理", "Proxy"),
    "doctor.proxy.none": Text("代理：没有设置，直接访问微信。", "Proxy: none is set, WeChat is asked directly."),
    "doctor.proxy.through": Text("代理：通过 {proxy} 访问微信。", "Proxy: WeChat is asked through {proxy}."),
    "doctor.proxy.only-service": Text(
        "代理：服务通过 {proxy} 访问微信；在这个终端里执行的命令没有设置代理，直接访问。",
        "Proxy: the service asks WeChat through {proxy}; commands in this terminal have none set, and ask directly.",
    ),
    "doctor.proxy.only-here": Text(
        "代理：这个终端设置了代理 {proxy}，服务却没有，会直接访问微信。服务也要走代理的话，请执行下面的命令，"
        "写上 [Service] 和 Environment=HTTPS_PROXY=http://主机:端口，再重启服务。",
        "Proxy: this terminal has {proxy} set, the service has none and asks WeChat directly. If it needs the proxy "
        "too, run the command below, write [Service] and Environment=HTTPS_PROXY=http://HOST:PORT, and restart the "
        "service.",
    ),
    "doctor.proxy.another": Text(
        "代理：服务通过 {proxy} 访问微信，这个终端里的命令却通过 {here}。请改成一样的。",
        "Proxy: the service asks WeChat through {proxy}, commands in this terminal through {here}. Make them the same.",
    ),
    "doctor.proxy.unusable": Text(
        "代理：环境变量 {variable} 里的代理用不了，只支持 http://主机:端口。",
        "Proxy: what the variable {variable} names cannot be used; it must be http://HOST:PORT.",
    ),
    "doctor.what.account": Text("公众号", "Account"),
    "doctor.account.none": Text(
        "公众号：没有配置，只记录信标，不绑定页面。", "Account: none is configured; hits are logged, nothing is bound."
    ),
    "doctor.account.open": Text(
        "公众号：{account} 的接口还能用，{devices} 个信标、{pages} 个页面照常绑定；"
        "但微信 2024 年 3 月起已经没有摇一摇入口，顾客多半摇不到这些页面了。",
        "Account: {account} can still bind {pages} pages to {devices} beacons; but WeChat's clients have had no Shake "
        "entry since March 2024, so customers will hardly reach these pages by shaking.",
    ),
    "doctor.account.closed": Text("公众号：{state}", "Account: {state}"),
    "doctor.account.recalled": Text(
        "公众号：{account} 不能再绑定页面，信标照常记录。{reason} "
        "不再使用的话，在 gateway.yaml 的 wechat 下写 role: off，网关就不再询问。",
        "Account: {account} cannot bind pages any more; hits are logged as before. {reason} If that is final, write "
        "role: off under wechat in gateway.yaml, and the gateway stops asking.",
    ),
    "doctor.account.trouble": Text("公众号：{account} 用不了。{reason}", "Account: {account} cannot be used. {reason}"),
    "doctor.account.unreached": Text(
        "公众号：这次没有问到 {account}，请检查网络和 DNS。{reason}",
        "Account: {account} could not be asked this time; look at network and DNS. {reason}",
    ),
    "doctor.account.not-now": Text(
        "公众号：微信这次没有答应 {account} 的请求。{reason}",
        "Account: WeChat did not do this time what {account} asked for. {reason}",
    ),
    "doctor.what.bindings": Text("绑定", "Bindings"),
    "doctor.bindings.none": Text("绑定：这台网关不管公众号。", "Bindings: this gateway keeps no account."),
    "doctor.bindings.well": Text(
        "绑定：最近一次核对没有问题。", "Bindings: the last attempt at the account went well."
    ),
    "doctor.bindings.trouble": Text("绑定：{said}", "Bindings: {said}"),
    "doctor.what.shakes": Text("摇一摇", "Shakes"),
    "doctor.shakes.off": Text("摇一摇：没有设置接收（wechat.events）。", "Shakes: not received here (wechat.events)."),
    "doctor.shakes.received": Text("摇一摇：接收的端口开着。", "Shakes: the port for them is open."),
    "doctor.shakes.closed": Text("摇一摇：{said}", "Shakes: {said}"),
    "doctor.what.writers": Text("别的写入者", "Other writers"),
    "doctor.writers.alone": Text(
        "别的写入者：公众号里有 {count} 个页面带网关的标记，都对得上这台网关的账本或门店文件。",
        "Other writers: {count} pages at WeChat carry a gateway's mark, each known to this gateway's ledger or files.",
    ),
    "doctor.writers.twins": Text(
        "别的写入者：有 {count} 个页面是重复做的（{names}），说明有两台网关同时写过这个公众号。"
        "请只留一台 role: writer，其余写 role: reader。",
        "Other writers: {count} pages were made twice ({names}), so two gateways have written to this account at one "
        "time. Let one be role: writer, and all others role: reader.",
    ),
    "doctor.writers.strangers": Text(
        "别的写入者：有 {count} 个页面带网关的标记（{names}），却不在这台网关的账本和门店文件里："
        "可能是另一台网关在写，也可能是换卡以前留下的。请核对只有一台是 role: writer。",
        "Other writers: {count} pages carry a gateway's mark ({names}) and are in neither the ledger nor the files "
        "here: another gateway may be writing, or they are left from before a new card. See that only one gateway is "
        "role: writer.",
    ),
    "doctor.what.disputes": Text("反复改动", "Disputes"),
    "doctor.disputes.none": Text(
        "反复改动：最近 {days} 天没有别人反复改动这台网关写好的绑定（据审计日志）。",
        "Disputes: by the audit log of {days} days, nobody keeps changing what this gateway bound.",
    ),
    "doctor.disputes.again": Text(
        "反复改动：据审计日志，最近 {days} 天里信标 {beacon} 写好以后被别人改了 {times} 次"
        "（这样的信标共 {beacons} 个）。可能有另一台 role: writer 的网关，或者有人在微信后台改。",
        "Disputes: by the audit log of {days} days, beacon {beacon} was changed by somebody else {times} times after "
        "this gateway had bound it ({beacons} such beacons): another gateway with role: writer, or a person in the "
        "console.",
    ),
    # The log
    "doctor.what.log": Text("记录", "Log"),
    "doctor.log.written": Text("记录：写得进去，没有丢失。", "Log: it is written, and nothing was lost."),
    "doctor.log.lost": Text(
        "记录：现在写得进去，但启动以来丢了 {dropped} 条。请看磁盘和日志。",
        "Log: it is written now, but {dropped} records were lost since the start. Look at the disk and the journal.",
    ),
    "doctor.log.unwritable": Text(
        "记录：现在写不进去（{reason}），先留在内存里。",
        "Log: it cannot be written now ({reason}); records wait in memory.",
    ),
}
