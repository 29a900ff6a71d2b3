"""Plans, what came of them, and the words around problems."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PLANS: Final[Mapping[str, Text]] = {
    "problem.error": Text("错误", "error"),
    "problem.warning": Text("提醒", "warning"),
    "check.fine": Text(
        "没有问题：{floors} 个楼层，{beacons} 个信标，{pages} 个页面。",
        "All is well: {floors} floor{floors_s}, {beacons} beacon{beacons_s}, {pages} page{pages_s}.",
    ),
    "check.faults": Text(
        "{errors} 个错误，{warnings} 个提醒。", "{errors} error{errors_s}, {warnings} warning{warnings_s}."
    ),
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
    "plan.beacon-full": Text(
        "{beacon} 上有 {others} 个别处绑定的页面，再加文件里的 {wanted} 个，超过微信的上限（每个信标 {limit} 个），"
        "未改动。请在微信后台解绑一些页面，或在文件里给它少写几个。",
        "{beacon}: pages bound by others {others}, wanted by the files {wanted}; WeChat allows {limit} on a beacon, so "
        "it is left as it is. Take some off in WeChat's console, or name fewer in the files.",
    ),
    "plan.braked": Text(
        "已暂停：{losing} 个信标会失去现有页面（共绑定 {bound} 个；上限 {beacons} 个或 {share}）。"
        "如果确实要这样：{command} --force --reason “原因”。",
        "Stopped: {losing} beacons would lose a page they show now (of {bound} bound; the limit is {beacons} and "
        "{share}). If you mean it: {command} --force --reason “why”.",
    ),
    "plan.braked.address": Text(
        "已暂停：{affected} 个信标会失去页面（{losing} 个）或打开别的链接（{readdressing} 个）"
        "（共绑定 {bound} 个；上限 {beacons} 个或 {share}）。如果确实要这样：{command} --force --reason “原因”。",
        "Stopped: {affected} beacons would lose a page ({losing}) or open another address ({readdressing}), of {bound} "
        "bound; the limit is {beacons} and {share}. If you mean it: {command} --force --reason “why”.",
    ),
    "plan.braked.everything": Text(
        "已暂停：这样改之后，所有信标都不再显示页面（现在有 {losing} 个）。"
        "如果确实要这样：{command} --force --reason “原因”。",
        "Stopped: no beacon would show a page any more ({losing} would lose theirs). If you mean it: "
        "{command} --force --reason “why”.",
    ),
    "plan.page-exists": Text(
        "没有新建 {title}（{slug}）：公众号里已有标题和链接相同的页面 {ref}。要用它：在 pages.yaml 里把 {slug} 写成 "
        "{slug}: {{wechat_page_id: {ref}}}。确实要再建一个：apply --force --reason “原因”。",
        "{title} ({slug}) is not made: the account has page {ref} of the same title and address. To use that one, let "
        "pages.yaml say {slug}: {{wechat_page_id: {ref}}}. If you mean a second one: apply --force --reason “why”.",
    ),
    "plan.page-unclear": Text(
        "没有新建 {title}（{slug}）：公众号里有页面读不懂，其中可能就有它。读懂以后会自动接着做。"
        "确实还没有：apply --force --reason “原因”。",
        "{title} ({slug}) is not made: a page of the account cannot be read, and may be this one. It goes on by itself "
        "once it can be. If you know that it is not there: apply --force --reason “why”.",
    ),
    "plan.page-withheld": Text(
        "{beacon} 等着页面 {pages}，这个页面没有新建（见页面的提示），未改动。",
        "{beacon} waits for the page {pages}, which is not made (the reason stands there), and is left as it is.",
    ),
    "plan.vanished": Text(
        "{floor}：{count} 个有页面的信标一下子从文件里消失，仍显示原来的页面：{beacons}。"
        "文件可能被改名、移走或没写完：请放回去。确实不要了：apply --force --reason “原因”。",
        "{floor}: beacons with pages that are gone from the files all at once: {count}. They are left as they are: "
        "{beacons}. Perhaps a file was renamed, moved or cut off: put it back. If you mean it: "
        "apply --force --reason “why”.",
    ),
    "plan.vanished.unknown-floor": Text(
        "文件里没有了 {count} 个有页面的信标，也不知道它们原来在哪个楼层，仍显示原来的页面：{beacons}。"
        "确实不要了：apply --force --reason “原因”。",
        "Beacons with pages that are in no file, of an unknown floor: {count}. They are left as they are: {beacons}. "
        "If you mean it: apply --force --reason “why”.",
    ),
    "plan.summary": Text(
        "{changes} 处改动，需要 {calls} 次调用（写 {writes}，传图标 {uploads}，读回 {read_back}）。方案 {digest}",
        "{changes} changes in {calls} calls ({writes} writes, {uploads} uploads, {read_back} to read back). "
        "Plan {digest}",
    ),
    "plan.deletions": Text("删除没有用的页面", "Pages of no use"),
    "plan.delete": Text("删除 {title}（{ref}）", "delete {title} ({ref})"),
    "plan.prunable": Text(
        "有 {count} 个本网关建的页面已不在文件里，也没有信标在用。要删除：apply --prune",
        "{count} pages that this gateway made are in no file and on no beacon. To delete them: apply --prune",
    ),
    "plan.clock": Text(
        "这台机器的时间还没有校准，{count} 个带定时的信标先不动。请检查网络和时间同步：timedatectl",
        "The clock of this machine is not synchronised, so {count} beacons with a schedule stay as they are. "
        "Check the network and the time service: timedatectl",
    ),
    "plan.changed-since": Text(
        "{beacon} 之后又被别人改过，未改动。请在文件里写明要显示的页面。",
        "{beacon} was changed by somebody since, and is left as it is. Say in the files what it should show.",
    ),
    "plan.page-gone": Text(
        "{beacon} 原来的页面已被删除，无法恢复。请在文件里换一个页面。",
        "{beacon} showed a page that was deleted, so it cannot be put back. Give it another one in the files.",
    ),
    "plan.stale": Text(
        "现在的方案是 {digest}，不是您看过的 {agreed}，所以什么也没有改。"
        "请看过上面的方案再执行：apply --plan-hash {digest}",
        "The plan is {digest} by now and not {agreed}, so nothing was changed. Look at it above, and if it is right: "
        "apply --plan-hash {digest}",
    ),
    "plan.held": Text(
        "{who} 在 {when} 撤销过这些改动（{why}）：{things}。在文件里改动它们之前，它们不会自动写入，其他改动照常写入；"
        "要再次写入：apply",
        "{who} undid this at {when} ({why}): {things}. It is not applied by itself until it is edited in the files; "
        "all else is. To apply it again: apply",
    ),
    # Undo
    "undo.nothing": Text(
        "没有可以撤销的改动，或者已经和之前一样。", "There is nothing to undo, or all is as it was before."
    ),
    "undo.page-changed-since": Text(
        "页面 {page} 之后又被改过或删除，未改动。", "Page {page} was changed or deleted since, and is left as it is."
    ),
    "undo.page-deleted": Text(
        "页面 {title}（{ref}，{url}）已被删除，微信不能恢复。要再用它，请写进 pages.yaml，会新建一个。",
        "The page {title} ({ref}, {url}) was deleted, and WeChat gives none back. To have it again, write it in "
        "pages.yaml: it is made anew.",
    ),
    "undo.held": Text(
        "只改了公众号，文件没有改：文件里写的仍是撤销前的内容。在文件里改动撤销过的信标或页面，或者执行 apply 之前，"
        "网关不会再自动写入它们；其他改动照常写入。",
        "This changed the account and not the files, which still say otherwise. What was undone is not applied by "
        "itself until it is edited in the files or somebody types apply; all else is.",
    ),
    "undo.again": Text(
        "撤销的改动又恢复了，网关恢复自动写入。",
        "What was undone is done again, and the gateway applies the files by itself as before.",
    ),
    # The audit log
    "audit.none": Text("没有改动记录。", "No changes were recorded."),
    # What somebody else changed
    "drift.heading": Text("上次核对之后，有人在微信后台改过", "Changed at WeChat by somebody since it was last right"),
    "drift.rebound": Text(
        "{beacon} 被改绑：原来 {was}，现在 {now}。", "{beacon} was bound to something else: {was} → {now}."
    ),
    "drift.page-deleted": Text("页面 {page} 被删除。", "The page {page} was deleted."),
    "drift.page-edited": Text("页面 {page} 被修改。", "The page {page} was edited."),
    "drift.mark-changed": Text(
        "页面 {page} 的备注被修改，备注里是网关的记号。",
        "The comment of page {page} was changed, where the mark stands.",
    ),
    "drift.unknown": Text(
        "{beacon} 不再属于这个公众号，原来显示 {was}。", "{beacon} no longer belongs to the account; it showed {was}."
    ),
    "drift.not-activated": Text(
        "{count} 个已绑定的信标还没有顾客摇到过。请核对信标是否通电，UUID、major 和 minor 是否写对。",
        "{count} bound beacons were never used by a customer. See that they are on the air with the UUID, major and "
        "minor of the files.",
    ),
    "plan.next-switch": Text("下一次定时切换：{when}", "Next scheduled switch: {when}"),
    "apply.done": Text(
        "已写入 {applied} 处，读回核对 {verified} 处。", "{applied} changes written, {verified} read back."
    ),
    "apply.cut-off": Text(
        "做到一半停了：已写入 {applied} 处，还剩 {left} 处没有做。再运行一次 apply 就会接着做。",
        "It stopped on the way: {applied} changes written, {left} left. Run apply again, and it goes on from there.",
    ),
    "plan.unread": Text(
        "公众号里的 {name} 读不懂，与它有关的绑定保持原样，其余照常。[{reason}]",
        "{name} of the account cannot be read: what is known of it stays as it is, all else goes on. [{reason}]",
    ),
    "plan.row.device": Text("设备 {number}", "device {number}"),
    "plan.row.device.nameless": Text("设备列表里的第 {place} 个", "device no. {place} of the list"),
    "plan.row.page": Text("页面 {number}", "page {number}"),
    "plan.row.page.nameless": Text("页面列表里的第 {place} 个", "page no. {place} of the list"),
    "apply.left": Text(
        "还有 {left} 处没有做成，运行中的网关会自己再试；也可以再执行一次 {command}。",
        "{left} left. The gateway tries again by itself while it runs; or type {command} again.",
    ),
    "apply.step.refused": Text("微信拒绝了。{reason}", "Refused. {reason}"),
    "apply.step.differs": Text(
        "微信收下了，但存的和发去的不一样：", "WeChat took it, and keeps something else than was sent:"
    ),
    "apply.step.postponed": Text("还没有做成，会再试。{reason}", "Not done yet; it is tried again. {reason}"),
    "apply.step.blocked": Text("还不能做。{reason}", "Cannot be done yet. {reason}"),
    "apply.step.written": Text(
        "已经写入，但没有读回核对，会再看。{reason}", "Written and not read back; it is looked at again. {reason}"
    ),
    "apply.setback.refused": Text(
        "之前被微信拒绝，先不再试。改了文件或执行 apply 就会再试。{reason}",
        "Refused before, and left for now: it is tried again when the files change it, or by apply. {reason}",
    ),
    "apply.setback.differs": Text(
        "写过两次，微信存的都和发去的不一样，不再写。请在文件里照微信的写法改：",
        "Written twice, and WeChat keeps something else each time, so it is left. Write in the files what it keeps:",
    ),
    "apply.kept": Text("{field}：发去 {sent}，存的是 {kept}", "{field}: sent {sent}, kept {kept}"),
    "field.title": Text("标题", "title"),
    "field.description": Text("描述", "description"),
    "field.url": Text("链接", "address"),
    "field.icon": Text("图标", "icon"),
    "field.mark": Text("备注", "comment"),
    "field.page": Text("页面", "page"),
    "field.pages": Text("页面", "pages"),
}
