"""What is wrong with the gateway now: what it is, who does what about it, and until when."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

NEEDS: Final[Mapping[str, Text]] = {
    # How a binding target stands, in a few words
    "sync.starting": Text("正在第一次核对", "being looked at for the first time"),
    "sync.in-sync": Text("与文件一致", "as the files say"),
    "sync.applying": Text("正在写入改动", "changes are being written"),
    "sync.pending": Text(
        "有 {count} 处改动还没有写到微信，等人执行",
        "{count} change{count_s} {count_are} not at WeChat yet: to be applied by a person",
    ),
    "sync.reader": Text(
        "有 {count} 处改动还没有写到微信，由负责写入的网关执行",
        "{count} change{count_s} {count_are} not at WeChat yet: the gateway that writes makes them",
    ),
    "sync.clock": Text("时间没有校准，排期暂不切换", "schedules wait until the clock is set"),
    "sync.no-beacons": Text("公众号里没有信标可以绑定", "the account has no beacon to bind"),
    "sync.stale": Text("计划变了，没有执行", "the plan changed and was not carried out"),
    "sync.refused": Text(
        "有 {count} 处改动还没有写到微信：微信没有接受，要改文件",
        "{count} change{count_s} {count_are} not at WeChat yet: WeChat did not accept them; the files need a "
        "correction",
    ),
    "sync.unreachable": Text("连不上微信，{until} 再试", "cannot be reached; next try at {until}"),
    "sync.quota": Text(
        "今天的调用次数用完了，北京时间 {until} 继续", "calls used up for today; goes on at {until}, Beijing time"
    ),
    "sync.throttled": Text("调用太频繁，{until} 再试", "called too often; next try at {until}"),
    "sync.retrying": Text("这次没有成功，{until} 再试", "the last attempt failed; next try at {until}"),
    "sync.unfinished": Text(
        "有 {failures} 处改动没有做成，{until} 再试；其余已完成",
        "{failures} change{failures_s} not made yet; next try at {until}; all else is done",
    ),
    "sync.listing": Text(
        "微信列出的内容太少，不可信，{until} 再看", "WeChat lists too little to be believed; next look at {until}"
    ),
    "sync.unread": Text(
        "微信账号里有 {failures} 项读不懂，{until} 再看；其余已完成",
        "{failures} thing{failures_s} in the account cannot be read; next look at {until}; all else is done",
    ),
    "sync.ledger": Text(
        "状态文件夹里的账本用不了，改动先不写入", "the ledger in the state folder cannot be used; nothing is written"
    ),
    "sync.braked": Text("改动太大，已经停下，等 IT 确认", "too much would change: stopped until IT confirms"),
    "sync.vanished": Text(
        "有 {vanished} 个信标从文件里消失，仍显示原来的页面，等 IT 确认",
        "{vanished} beacon{vanished_s} vanished from the files and kept as before until IT confirms",
    ),
    "sync.page-exists": Text(
        "公众号里已有相同的页面，没有再建", "the account has a page like one of the files; no second one is made"
    ),
    "sync.held": Text("撤销过改动，暂不自动写入", "held after an undo: nothing is written by itself"),
    "sync.operator": Text("公众号要 IT 处理", "the account needs IT"),
    # What needs attention
    "need.title": Text("需要处理", "Needs attention"),
    "need.none": Text("一切正常，没有需要处理的事。", "All is well. Nothing needs attention."),
    "need.more": Text("还有 {count} 项，在各楼层的页面上", "{count} more, on the pages of the floors"),
    "need.since": Text("{ago}前开始", "for {ago}"),
    "need.log": Text(
        "记录现在写不进去（{reason}），{waiting} 条在等。请看存储卡是否满了或坏了：sudo beacon-gateway doctor",
        "The log cannot be written ({reason}); {waiting} row{waiting_s} {waiting_are} waiting. See whether the card "
        "is full or broken: sudo beacon-gateway doctor",
    ),
    "need.dropped": Text(
        "记录丢了 {count} 条，因为存储卡太久写不进去。请尽快换卡。",
        "{count} row{count_s} of the log {count_are} lost: the card could not be written for too long. Change the "
        "card soon.",
    ),
    "need.files": Text(
        "门店文件有 {count} 个错误，还在用上一个正确的版本。请改正：beacon-gateway check 会指出在哪一行。{first}",
        "The store's files have {count} error{count_s}; the last good version is in force. Mend them: beacon-gateway "
        "check tells the lines. {first}",
    ),
    "need.files.none": Text(
        "门店文件有 {count} 个错误，也没有以前的正确版本可用，所以一个信标也不认识。"
        "请改正：beacon-gateway check 会指出在哪一行。{first}",
        "The store's files have {count} error{count_s}, and there is no earlier version to use: no beacon is known. "
        "Mend them: beacon-gateway check tells the lines. {first}",
    ),
    "need.files.folder": Text(
        "读不了门店文件，还在用上一个正确的版本。{first}",
        "The store's files cannot be read; the last good version is in force. {first}",
    ),
    "need.files.folder.none": Text(
        "读不了门店文件，也没有以前的正确版本可用，所以一个信标也不认识。{first}",
        "The store's files cannot be read, and there is no earlier version to use: no beacon is known. {first}",
    ),
    "need.adapter": Text(
        "蓝牙适配器 {instead_of} 收不到信号，已改用 {adapter}（{address}），监听照常。"
        "请检查 {instead_of} 是否松动或损坏；拔掉它，或在 gateway.yaml 的 radio 里写 adapter: '{address}' "
        "并重启网关，就不再提示。",
        "The Bluetooth adapter {instead_of} receives nothing; {adapter} ({address}) is used in its place and receives. "
        "See whether {instead_of} is loose or broken. Take it out, or write adapter: '{address}' under radio in "
        "gateway.yaml and restart the gateway, and this is not reported any more.",
    ),
    "need.clock": Text(
        "时间还没有校准，排期不会切换。请检查网络：timedatectl",
        "No time service has set the clock: no page is switched by schedule. See to the network: timedatectl",
    ),
    "need.figures": Text("取不到微信的统计：{reason}", "WeChat's figures cannot be fetched: {reason}"),
    # Parts of the daemon
    "need.part.restarting": Text(
        "{part}出错停了（已 {failures} 次：{error}），{until} 自动重新启动，监听和记录不受影响。"
        "如果一直这样，请重启网关：sudo systemctl restart beacon-gateway；"
        "还不行就收集支持包：sudo beacon-gateway support-bundle",
        "An internal fault stopped this part: {part} ({failures} time{failures_s}, {error}). It starts again at "
        "{until}; receiving and logging go on. If it stays so: sudo systemctl restart beacon-gateway; if that does "
        "not help, make a bundle for support: sudo beacon-gateway support-bundle",
    ),
    "need.part.failing": Text(
        "{part}不久前出过错（已 {failures} 次：{error}），已经自动继续，监听和记录不受影响。"
        "如果反复出现，请收集支持包：sudo beacon-gateway support-bundle",
        "An internal fault a short time ago, in this part: {part} ({failures} time{failures_s}, {error}). It went on "
        "by itself; receiving and logging were not touched. If it comes back again and again, make a bundle for "
        "support: sudo beacon-gateway support-bundle",
    ),
    # Ports
    "need.accounts.closed": Text(
        "谁也登录不了网页：{path}：{fault}。请执行：sudo beacon-gateway doctor",
        "Nobody can log in at the pages: {path}: {fault}. Run: sudo beacon-gateway doctor",
    ),
    "need.accounts.faulty": Text(
        "{path} 第 {line} 行：{fault}。这一行不算账号，其他账号照常。",
        "{path}, line {line}: {fault}. That line counts as no account; the others do.",
    ),
    "need.pages.taken": Text(
        "网页打不开：{address} 被别的程序占用了。看是哪个程序：sudo ss -ltnp 'sport = :{port}'；"
        "停掉它，一分钟内网页会自己打开；或者在 gateway.yaml 里换一个 web.listen。",
        "No pages: another program has {address}. See which: sudo ss -ltnp 'sport = :{port}'. Stop it, and the pages "
        "open within a minute; or write another web.listen in gateway.yaml.",
    ),
    "need.pages.no-address": Text(
        "网页打不开：这台机器没有 {address} 这个地址。请改 gateway.yaml 里的 web.listen；机器的地址：ip addr",
        "No pages: this machine does not have the address {address}. Change web.listen in gateway.yaml; the machine's "
        "addresses: ip addr",
    ),
    "need.pages.not-allowed": Text(
        "网页打不开：系统不让网关使用 {address}。请在 gateway.yaml 的 web.listen 里用 1024 以上的端口。",
        "No pages: the system does not let the gateway use {address}. Use a port above 1023 for web.listen in "
        "gateway.yaml.",
    ),
    "need.pages.other": Text(
        "网页打不开（{reason}），每分钟再试一次。程序可能装坏了：sudo apt install --reinstall beacon-gateway",
        "No pages ({reason}); tried again each minute. The installation may be damaged: "
        "sudo apt install --reinstall beacon-gateway",
    ),
    "need.shakes.taken": Text(
        "收不到摇一摇：{address} 被别的程序占用了。看是哪个程序：sudo ss -ltnp 'sport = :{port}'；"
        "停掉它，一分钟内会自己恢复；或者在 gateway.yaml 里换一个 wechat.events.listen。",
        "No shakes are received: another program has {address}. See which: sudo ss -ltnp 'sport = :{port}'. Stop it, "
        "and they are received again within a minute; or write another wechat.events.listen in gateway.yaml.",
    ),
    "need.shakes.no-address": Text(
        "收不到摇一摇：这台机器没有 {address} 这个地址。请改 gateway.yaml 里的 wechat.events.listen；"
        "机器的地址：ip addr",
        "No shakes are received: this machine does not have the address {address}. Change wechat.events.listen in "
        "gateway.yaml; the machine's addresses: ip addr",
    ),
    "need.shakes.not-allowed": Text(
        "收不到摇一摇：系统不让网关使用 {address}。请在 gateway.yaml 的 wechat.events.listen 里用 1024 以上的端口。",
        "No shakes are received: the system does not let the gateway use {address}. Use a port above 1023 for "
        "wechat.events.listen in gateway.yaml.",
    ),
    "need.shakes.no-secret": Text(
        "收不到摇一摇：回调的 Token 或 EncodingAESKey 用不了（{reason}）。放在文件里的，写好以后一分钟内会自己恢复；"
        "由 systemd 传入的，写好以后请执行：sudo systemctl restart beacon-gateway",
        "No shakes are received: the callback's token or EncodingAESKey cannot be used ({reason}). From a file it is "
        "read again within a minute; where systemd hands it over, run: sudo systemctl restart beacon-gateway",
    ),
    "need.shakes.other": Text(
        "收不到摇一摇（{reason}），每分钟再试一次。请看日志：journalctl -u beacon-gateway -n 30",
        "No shakes are received ({reason}); tried again each minute. Look at the journal: "
        "journalctl -u beacon-gateway -n 30",
    ),
    # Binding targets
    "need.sync.pending": Text(
        "有 {count} 处改动在等人执行：先看 sudo beacon-gateway plan，再执行 sudo beacon-gateway apply",
        "{count} change{count_s} {count_are} to be applied by a person: look with sudo beacon-gateway plan, then sudo "
        "beacon-gateway apply",
    ),
    "need.sync.reader": Text(
        "有 {count} 处改动还没有写到微信。这台网关只读（role: reader），由负责写入的那台执行；"
        "一小时后还在，请在那台上看：sudo beacon-gateway status",
        "{count} change{count_s} {count_are} not at WeChat yet. This gateway only reads (role: reader), and the one "
        "that writes does it. If it is still so in an hour, look there: sudo beacon-gateway status",
    ),
    "need.sync.clock": Text(
        "时间还没有校准，带排期的信标保持原样，校准后自动切换。请检查网络：timedatectl",
        "No time service has set the clock: beacons with a schedule stay as they are until it is set. See to the "
        "network: timedatectl",
    ),
    "need.sync.no-beacons": Text(
        "公众号里没有文件写的信标，{count} 处改动没有执行。请核对 appid；信标要先申请：beacon-gateway devices request",
        "The account knows none of the files' beacons, so {count} change{count_s} {count_are} not made. Check the "
        "appid; beacons are applied for with: beacon-gateway devices request",
    ),
    "need.sync.stale": Text(
        "计划变了，没有执行。请重新看：sudo beacon-gateway plan",
        "The plan is another one now and was not carried out. Look again: sudo beacon-gateway plan",
    ),
    "need.sync.refused": Text(
        "有 {failures} 处改动微信没有接受（{names}），其余已完成。{reason} 请在门店文件里改正，保存后会再写。",
        "{failures} change{failures_s} {failures_are} not accepted by WeChat ({names}); all else is done. {reason} "
        "Correct it in the store's files: it is written again when they are saved.",
    ),
    "need.sync.unreachable": Text(
        "连不上微信，{until} 自动再试；信标照常记录。一直这样就检查网络和 DNS：sudo beacon-gateway doctor {reason}",
        "WeChat cannot be reached; it is tried again at {until}, and hits are logged all the while. If it stays so, "
        "see to network and DNS: sudo beacon-gateway doctor {reason}",
    ),
    "need.sync.quota": Text(
        "{path} 今天的调用次数用完了，北京时间 {until} 恢复，网关会自己继续，不用做什么。",
        "The calls of {path} are used up for today. They are back at {until}, Beijing time, and the gateway goes on "
        "then by itself: nothing to do.",
    ),
    "need.sync.throttled": Text(
        "微信说一分钟内调用太多，{until} 自动再试，不用做什么。",
        "WeChat was called too often within a minute. It is tried again at {until}: nothing to do.",
    ),
    "need.sync.retrying": Text(
        "这次没有写成或没有核对成，{until} 自动再试。{reason} 一直这样就执行：sudo beacon-gateway doctor",
        "The last attempt at WeChat failed; the next one is at {until}. {reason} If it stays so: "
        "sudo beacon-gateway doctor",
    ),
    "need.sync.unfinished": Text(
        "有 {failures} 处改动没有做成（{names}），其余已完成，{until} 自动再试。{reason}",
        "{failures} change{failures_s} could not be made yet ({names}); all else is done, and these are tried again "
        "at {until}. {reason}",
    ),
    "need.sync.listing": Text(
        "微信这次列出的页面或绑定比已知的少得多，不可信，所以什么也没有写，{until} 自动再看，一般不用做什么。"
        "如果确实有人清空了公众号：sudo beacon-gateway apply --force --reason 原因",
        "WeChat lists far fewer pages or bindings than are known to be there, so it is not believed and nothing is "
        "written; it is looked at again at {until}, usually nothing to do. If somebody did empty the account: "
        "sudo beacon-gateway apply --force --reason TEXT",
    ),
    "need.sync.unread": Text(
        "微信账号里有 {failures} 项读不懂（{names}）：不知道哪些信标显示这样的页面，这样的设备也没法绑定。"
        "与此有关的绑定保持原样，可能就是它们的页面先不新建，其余已完成，{until} 自动再看。"
        "一直这样请联系微信。{reason}",
        "{failures} thing{failures_s} in the WeChat account cannot be read ({names}): what shows such a page is not "
        "known, and such a device cannot be bound. What is known of them stays as it is, no page is made that may be "
        "one of them, all else is done; it is looked at again at {until}. If it stays so, ask WeChat. {reason}",
    ),
    "need.sync.ledger": Text(
        "状态文件夹里的账本（ledger.db）用不了，改动先不写到微信，{until} 再试。"
        "请执行：sudo beacon-gateway doctor {reason}",
        "The ledger in the state folder (ledger.db) cannot be used, so nothing is written at WeChat; next try at "
        "{until}. Run: sudo beacon-gateway doctor {reason}",
    ),
    "need.sync.braked": Text(
        "这次改动会让 {bound} 个信标里的 {losing} 个失去页面，已经停下。先看 sudo beacon-gateway plan；"
        "确认无误后执行：sudo beacon-gateway apply --force --reason 原因",
        "{losing} of {bound} beacons would lose a page, so it stopped. Look with sudo beacon-gateway plan; if that is "
        "right: sudo beacon-gateway apply --force --reason TEXT",
    ),
    "need.sync.braked.address": Text(
        "这次改动会让 {bound} 个信标里的 {readdressing} 个打开别的链接，{losing} 个失去页面，已经停下。"
        "先看 sudo beacon-gateway plan；确认无误后执行：sudo beacon-gateway apply --force --reason 原因",
        "Of {bound} beacons {readdressing} would open another address and {losing} lose a page, so it stopped. Look "
        "with sudo beacon-gateway plan; if that is right: sudo beacon-gateway apply --force --reason TEXT",
    ),
    "need.sync.vanished": Text(
        "{floors}：这些信标一下子从门店文件里消失（文件被改名、移走或没写完？），所以仍显示原来的页面，其他改动照常写入。"
        "请先把文件放回去（sudo beacon-gateway check）；确实不要了：sudo beacon-gateway apply --force --reason 原因，"
        "或者 IT 在“绑定”页面上写明原因再应用。",
        "{floors}: gone from the store's files all at once (a file renamed, moved, or cut off?), so {vanished} "
        "beacon{vanished_s} kept as before; other changes are made. Put the file back (see sudo beacon-gateway check). "
        "If it is meant: sudo beacon-gateway apply --force --reason TEXT, or IT gives a reason on the page of "
        "bindings.",
    ),
    "need.sync.page-exists": Text(
        "公众号里已有标题和链接相同的页面，没有再建。要写哪个编号，请看：sudo beacon-gateway plan",
        "The account has pages of the same title and address as some of the files', so no second ones are made. Which "
        "number to write: sudo beacon-gateway plan",
    ),
    "need.sync.held": Text(
        "{at} 撤销过改动，在文件里改动它们之前，这些改动不会自动写入（其他照常）。"
        "要现在写入：sudo beacon-gateway apply",
        "A change was undone at {at}: it is not written by itself until it is edited in the files, all else is. To "
        "write it now: sudo beacon-gateway apply",
    ),
    "need.sync.operator": Text(
        "公众号或 AppSecret 有问题，要 IT 处理；信标照常记录。{reason} 处理好以后 {until} 会自动再试。",
        "The account or its secret needs IT; hits are logged all the while. {reason} Once that is done, it is tried "
        "again by itself at {until}.",
    ),
}
