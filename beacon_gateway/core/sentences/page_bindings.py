"""The page on which files are edited, checked, planned and applied."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PAGE_BINDINGS: Final[Mapping[str, Text]] = {
    "bindings.about": Text(
        "改好文字，先按“检查”，再按“计划”看会改什么，最后按“应用”。按“应用”之前什么也不会改。",
        "Change the text, press Check, then Plan to see what it comes to, then Apply. Nothing changes before Apply.",
    ),
    "bindings.about.save": Text(
        "改好文字，先按“检查”，再按“保存”。这台网关不往微信写：由负责写入的那台网关执行。",
        "Change the text, press Check, then Save. This gateway writes nothing to WeChat: the one that writes does.",
    ),
    "bindings.files": Text("文件", "Files"),
    "bindings.pages": Text("页面（pages.yaml）", "Pages (pages.yaml)"),
    "bindings.text": Text("{file} 的内容", "Text of {file}"),
    "bindings.check": Text("检查", "Check"),
    "bindings.plan": Text("计划", "Plan"),
    "bindings.apply": Text("应用", "Apply"),
    "bindings.save": Text("保存", "Save"),
    "bindings.save.only": Text("只保存，以后再应用", "Save only, apply later"),
    "bindings.viewer": Text(
        "您的账号只能看，不能改。需要改请找 IT。", "Your account may look and not change. Ask IT if you need to."
    ),
    "bindings.reader": Text(
        "这里只能看。要修改，请在网关上运行 sudo beacon-gateway login，再打开它显示的链接。",
        "You may look here. To change something, type sudo beacon-gateway login on the gateway and open its link.",
    ),
    "bindings.not-yours": Text(
        "这个文件不归您管，只能看。要改请找 IT。", "This file is not yours to change. Ask IT if it needs to be."
    ),
    "bindings.pages-are-its": Text(
        "pages.yaml 关系到所有楼层，只有 IT 能改。", "pages.yaml concerns all floors; only IT changes it."
    ),
    "bindings.reload": Text("放弃改动，重新载入文件", "Drop the changes and load the file again"),
    "bindings.as-of": Text(
        "{at}（{zone}）打开。这个页面不会自己刷新，打的字不会丢。",
        "Opened at {at} ({zone}). This page does not load itself again, so nothing typed is lost.",
    ),
    # A file that cannot be edited
    "bindings.locked.unreadable": Text(
        "{file} 读不了：可能不存在，或者没有权限。请找 IT 处理。",
        "{file} cannot be read: it may be missing, or closed to the gateway. Ask IT.",
    ),
    "bindings.locked.too-big": Text(
        "{file} 太大，不能在这里编辑。请找 IT 处理。", "{file} is too large to be edited here. Ask IT."
    ),
    "bindings.locked.encoding": Text(
        "{file} 不是 UTF-8 编码（可能是 GBK），不能在这里编辑。请另存为 UTF-8。",
        "{file} is not UTF-8 (perhaps GBK) and cannot be edited here. Save it again as UTF-8.",
    ),
    "bindings.locked.control": Text(
        "{file} 里有不能显示的字符，不能在这里编辑。请找 IT 处理。",
        "{file} holds characters that no form can show, so it cannot be edited here. Ask IT.",
    ),
    "bindings.locked.outside": Text(
        "{file} 是一个链接，指到门店文件夹外面，不能在这里编辑。",
        "{file} is a link that leads out of the store's folder, so it cannot be edited here.",
    ),
    # Faults
    "bindings.faults": Text("这个文件里要改的地方", "What to mend in this file"),
    "bindings.fault": Text("第 {line} 行", "line {line}"),
    "bindings.others": Text("其他文件里的问题", "What is wrong in other files"),
    # Outcomes
    "bindings.outcome.checked": Text("检查通过，没有错误。什么也没有改。", "All is well. Nothing was changed."),
    "bindings.outcome.planned": Text("按“应用”就会这样做：", "Apply will do this:"),
    "bindings.outcome.planned.look": Text("负责写入的那台网关会这样做：", "The gateway that writes will do this:"),
    "bindings.outcome.no-plan": Text(
        "这个文件没有错误，但现在做不出计划：这台网关不管公众号，或者其他文件还有错误。",
        "This file is well, but there is no plan now: this gateway keeps no account, or other files have errors.",
    ),
    "bindings.outcome.no-target": Text(
        "现在看不到微信那边是什么样（{reason}），所以什么也没有改。您的文字还在下面，也可以先只保存。",
        "WeChat cannot be looked at now ({reason}), so nothing was changed. Your text is still below; you may save it "
        "for now.",
    ),
    "bindings.outcome.no-files": Text(
        "门店文件夹一直没有响应，所以什么也没有改。您的文字还在下面，请过一会儿再试；"
        "一直这样就请 IT 检查共享文件夹和网络。",
        "The store's folder does not answer, so nothing was changed. Your text is still below: try again in a while. "
        "If it stays so, let IT see to the share and the network.",
    ),
    "bindings.outcome.no-files.save": Text(
        "门店文件夹一直没有响应，不知道有没有存上。您的文字还在下面；请过一会儿重新打开这个文件看一看，再决定要不要再存一次。",
        "The store's folder does not answer, and whether the text was saved is not known. It is still below: open the "
        "file again in a while, and see before you save once more.",
    ),
    "bindings.slow": Text(
        "门店文件夹一直没有响应，现在打不开文件。请过一会儿再试；一直这样就请 IT 检查共享文件夹和网络。",
        "The store's folder does not answer, so its files cannot be opened now. Try again in a while. If it stays so, "
        "let IT see to the share and the network.",
    ),
    "bindings.unlisted": Text(
        "有些文件现在看不到：{place}：{reason}", "Some files cannot be seen now: {place}: {reason}"
    ),
    "bindings.outcome.forbidden": Text(
        "没有保存：文件里的 floor 不是您的楼层。请改回来，或者找 IT。",
        "Not saved: `floor` in the text is not a floor of yours. Put it back, or ask IT.",
    ),
    "bindings.outcome.takes": Text(
        "没有保存：{reason} 原来不在您的楼层文件里。新增信标或从别的楼层移过来，请找 IT。",
        "Not saved: {reason} was not in your floor's file before. Let IT add a beacon, or move one from another floor.",
    ),
    "bindings.outcome.unprotects": Text(
        "没有保存：{reason} 受保护（protect: true），不能取消保护，也不能从文件里删掉。确实需要，请找 IT。",
        "Not saved: {reason} is protected (protect: true). Only IT may take away the protection, or the beacon from "
        "the file.",
    ),
    "bindings.outcome.gone": Text(
        "这个文件已经不在了。下面的文字没有保存，需要的话请先复制。",
        "This file is gone. The text below was not saved: copy it if you need it.",
    ),
    "bindings.outcome.locked": Text(
        "这个文件现在不能在这里编辑，所以没有保存。", "The file cannot be edited here now, so nothing was saved."
    ),
    "bindings.outcome.faulty": Text(
        "还有错误，所以什么也没有改。请看下面标出的行。",
        "There are errors, so nothing was changed. See the lines below.",
    ),
    "bindings.outcome.breaks-others": Text(
        "这样改会让别的文件出错，所以什么也没有改。",
        "This would bring errors into other files, so nothing was changed.",
    ),
    "bindings.outcome.changed": Text(
        "您编辑的时候，这个文件被改过了{who}，所以没有保存。您的文字还在下面。"
        "请看两边的不同；如果要用您的文字盖掉，再按一次“应用”。",
        "The file was changed while you edited it{who}, so nothing was saved. Your text is still below. "
        "Look at what differs; to put yours over it, press Apply again.",
    ),
    "bindings.outcome.changed.by": Text("（{at}，{who} 保存）", " (saved at {at} by {who})"),
    "bindings.diff": Text("不同之处：− 现在的文件，+ 您的文字", "What differs: − the file now, + your text"),
    "bindings.diff.more": Text("还有更多不同，这里不全列出。", "There is more; it is not all listed here."),
    "bindings.outcome.agree": Text(
        "请先看看会改什么。没问题就再按一次。", "Look first at what it comes to. If it is right, press again."
    ),
    "bindings.outcome.stale": Text(
        "现在的计划和您看过的不一样，所以什么也没有改。请看新的计划，没问题就再按一次。",
        "The plan is not the one that you saw, so nothing was changed. Look at the new one; if it is right, press "
        "again.",
    ),
    "bindings.outcome.braked": Text(
        "计划太大，已经停下，什么也没有改。", "The plan is too large, so nothing was changed."
    ),
    "bindings.braked": Text(
        "{losing} 个信标会失去现有的页面（共 {bound} 个在显示页面）。超过 {beacons} 个而且超过 {share} 就要 IT 确认。",
        "{losing} beacons would lose a page that they show (of {bound} that show one). Beyond {beacons} and {share}, "
        "IT must say that it is meant.",
    ),
    "bindings.braked.address": Text(
        "{affected} 个信标会失去页面（{losing} 个）或打开别的链接（{readdressing} 个），共 {bound} 个在显示页面。"
        "超过 {beacons} 个而且超过 {share} 就要 IT 确认。",
        "{affected} beacons would lose a page ({losing}) or open another address ({readdressing}), of {bound} that "
        "show one. Beyond {beacons} and {share}, IT must say that it is meant.",
    ),
    "bindings.braked.everything": Text(
        "这样改之后，所有信标都不再显示页面（现在有 {losing} 个），所以要 IT 确认。",
        "No beacon would show a page any more ({losing} would lose theirs), so IT must say that it is meant.",
    ),
    "bindings.page-exists": Text(
        "没有新建 {title}（{slug}）：公众号里已有标题和链接相同的页面 {ref}。"
        "要用它，请 IT 在 pages.yaml 里把 {slug} 写成 {slug}: {{wechat_page_id: {ref}}}；"
        "确实要再建一个，请 IT 写明原因再应用。",
        "{title} ({slug}) is not made: the account has page {ref} of the same title and address. To use that one, IT "
        "writes {slug}: {{wechat_page_id: {ref}}} in pages.yaml; if a second one is meant, IT gives a reason and "
        "applies.",
    ),
    "bindings.page-unclear": Text(
        "没有新建 {title}（{slug}）：公众号里有页面读不懂，其中可能就有它。读懂以后会自动接着做；"
        "确实还没有这个页面，请 IT 写明原因再应用。",
        "{title} ({slug}) is not made: a page of the account cannot be read, and may be this one. It goes on by itself "
        "once it can be; if IT knows that it is not there, IT gives a reason and applies.",
    ),
    "bindings.vanished": Text(
        "{floor}：{count} 个有页面的信标一下子从文件里消失，仍显示原来的页面：{beacons}。如果是误删，请把内容放回去；"
        "确实不要了，请 IT 在这里按“计划”，写明原因再应用。",
        "{floor}: beacons with pages that are gone from the files all at once: {count}. They are left as they are: "
        "{beacons}. Put them back if that was a mistake; if it is meant, IT presses Plan here, gives a reason and "
        "applies.",
    ),
    "bindings.vanished.unknown-floor": Text(
        "文件里没有了 {count} 个有页面的信标，也不知道它们原来在哪个楼层，仍显示原来的页面：{beacons}。"
        "确实不要了，请 IT 在这里按“计划”，写明原因再应用。",
        "Beacons with pages that are in no file, of an unknown floor: {count}. They are left as they are: {beacons}. "
        "If that is meant, IT presses Plan here, gives a reason and applies.",
    ),
    "bindings.outcome.unfinished.vanished": Text(
        "已保存：写入 {written} 处，读回核对 {verified} 处。从文件里消失的信标仍显示原来的页面，等 IT 确认（见上面）。",
        "Saved: {written} changes written, {verified} read back. Beacons that vanished from the files are left as they "
        "are until IT says that it is meant (see above).",
    ),
    "bindings.braked.it": Text(
        "请 IT 在这个页面上写明原因再应用。", "Ask IT to give a reason on this page and apply it."
    ),
    "bindings.forcing": Text("只有 IT：要写明原因", "IT only: give a reason"),
    "bindings.force": Text(
        "确实要这样改，包括受保护的和从文件里消失的信标",
        "This is meant, for beacons too that are protected or gone from the files",
    ),
    "bindings.reason": Text("原因（会记下来）", "Reason (it is recorded)"),
    "bindings.outcome.needs-it": Text(
        "这里有不归您管的改动，请 IT 来撤销。", "Some of this is not yours to undo: ask IT."
    ),
    "bindings.outcome.nothing": Text("没有可以撤销的改动，或者已经和之前一样。", "There is nothing to undo."),
    "bindings.outcome.not-saved.permission": Text(
        "没有保存：网关没有写这个文件夹的权限。您的文字还在下面。请 IT 看《指南》3.2 节：可能这些文件由别处统一下发"
        "（store.managed），否则重启服务就会给网关权限：sudo systemctl restart beacon-gateway",
        "Not saved: the gateway may not write into that folder. Your text is still below. Ask IT to see 3.2 of the "
        "guide: perhaps the files come from elsewhere (store.managed); else a restart of the service lets it: "
        "sudo systemctl restart beacon-gateway",
    ),
    "bindings.outcome.not-saved.full": Text(
        "没有保存：存储卡满了。原来的文件没有动，您的文字还在下面。请找 IT 腾出空间。",
        "Not saved: the card is full. The file is as it was, and your text is still below. Ask IT to make room.",
    ),
    "bindings.outcome.not-saved.other": Text(
        "没有保存：{reason}。原来的文件没有动，您的文字还在下面。",
        "Not saved: {reason}. The file is as it was, and your text is still below.",
    ),
    "bindings.outcome.saved": Text("已保存。", "Saved."),
    "bindings.outcome.saved-for-later": Text("已保存，还没有改微信。", "Saved. Nothing was changed at WeChat yet."),
    "bindings.outcome.saved-faulty": Text(
        "已保存，但是其他文件还有错误，改正之前仍然用上一个正确的版本。",
        "Saved. But other files have errors, and until they are mended the last good version stays in force.",
    ),
    "bindings.outcome.saved-for-it": Text(
        "已保存，还没有改微信：里面有不归您管的改动。请 IT 在这里应用。",
        "Saved, and nothing was changed at WeChat: not all of it is yours. Ask IT to apply it here.",
    ),
    "bindings.outcome.saved-only": Text(
        "文件已保存，但是没有全部写到微信（已写入 {written} 处，共 {total} 处）：{reason}",
        "The file is saved, but not all of it is at WeChat ({written} of {total} changes): {reason}",
    ),
    "bindings.later.auto": Text("网关会自动再试，不用做什么。", "It is tried again by itself. Nothing to do."),
    "bindings.later.manual": Text("过一会儿请再按一次“应用”。", "Press Apply again in a while."),
    "bindings.outcome.done": Text(
        "做好了：写入 {written} 处，读回核对 {verified} 处。", "Done: {written} changes written, {verified} read back."
    ),
    "bindings.outcome.done.nothing": Text("已保存。微信那边不用改。", "Saved. Nothing had to change at WeChat."),
    "bindings.outcome.unfinished": Text(
        "已保存，但没有全部完成：写入 {written} 处，读回核对 {verified} 处，{failed} 处不对。{reason}",
        "Saved, but not all of it is done: {written} changes written, {verified} read back, {failed} failed. {reason}",
    ),
    "bindings.outcome.unfinished.stale": Text(
        "已保存。这时微信那边又被改过，所以没有写。请看新的计划，再按一次“应用”。",
        "Saved. WeChat was changed just then, so nothing was written. Look at the new plan and press Apply again.",
    ),
    "bindings.outcome.unfinished.withheld": Text(
        "已保存：写入 {written} 处，读回核对 {verified} 处。有的信标没有改，原因见上面。",
        "Saved: {written} changes written, {verified} read back. Some beacons are left as they are, for the reasons "
        "above.",
    ),
    "bindings.outcome.waiting": Text("正在等前一件事做完……", "Waiting for what is under way to be done…"),
    "bindings.outcome.working": Text("正在做……", "At work…"),
    "bindings.progress": Text(
        "写入 {written} / {total}，读回核对 {verified} / {total}",
        "{written} of {total} written, {verified} of {total} read back",
    ),
    "bindings.under-way": Text(
        "可以离开这个页面，不影响。这里每 {seconds} 秒更新一次。",
        "You may leave this page; it goes on. It looks again every {seconds} s.",
    ),
    "bindings.outcome.unknown": Text(
        "不知道那次的结果了：网关可能重启过，也可能那是别人的操作。",
        "What became of it is not known any more: the gateway may have started anew, or somebody else asked for it.",
    ),
    "bindings.busy": Text(
        "前面还有几件事没做完，什么也没有改。请过一会儿再按。",
        "Several things are under way, and nothing was changed. Press again in a while.",
    ),
    "bindings.forbidden": Text(
        "这个文件不归您管，没有保存。要改请找 IT。", "This file is not yours to change, so nothing was saved. Ask IT."
    ),
    "bindings.bad-form": Text(
        "这个表单不完整，什么也没有改。请返回，重新打开页面再试。",
        "This form is not complete, so nothing was changed. Go back, load the page again, and retry.",
    ),
    "bindings.seen": Text("微信那边是 {at} 看到的样子", "WeChat as it was at {at}"),
    "bindings.protected": Text(
        "{beacon} 受保护（protect: true），不会改。确实要改，请找 IT。",
        "{beacon} is protected (protect: true) and is left as it is. If you mean it, ask IT.",
    ),
    "bindings.prunable": Text(
        "有 {count} 个本网关建的页面没有用处了，这里不会删除。",
        "{count} pages that this gateway made are of no use any more; they are not deleted here.",
    ),
    # How it stands
    "bindings.standing": Text("现在的情况", "How it stands"),
    "bindings.target": Text("微信：{state}", "WeChat: {state}"),
    "bindings.no-target": Text("这台网关不管公众号", "This gateway keeps no account"),
    "bindings.none-in-force": Text(
        "文件有错误，也没有以前的正确版本可用。", "The files have errors, and there is no earlier version to use."
    ),
    "bindings.held": Text(
        "{who} 在 {when} 撤销过改动（{why}）：{things}。在文件里改动它们之前，它们不会自动写入，其他改动照常写入。"
        "要原样再次写入：再撤销一次，或者请 IT 打开文件，不改内容，直接按“应用”。",
        "{who} undid a change at {when} ({why}): {things}. It is not written by itself until it is edited in the "
        "files; all else is. To write it again as it was, undo once more, or let IT open the file and press Apply "
        "without an edit.",
    ),
    "bindings.held.nameless": Text(
        "{when} 撤销过改动：{things}。在文件里改动它们之前，它们不会自动写入，其他改动照常写入。",
        "A change was undone at {when}: {things}. It is not written by itself until it is edited in the files; "
        "all else is.",
    ),
    # History
    "bindings.history": Text("历史记录", "History"),
    "bindings.history.none": Text("还没有改动记录。", "No changes were recorded yet."),
    "bindings.history.trouble": Text("现在读不了历史记录：{reason}", "The history cannot be read now: {reason}"),
    "bindings.run.well": Text("{count} 处改动，都核对过", "{count} changes, all read back"),
    "bindings.run.failed": Text("{count} 处改动，{failed} 处没有核对成功", "{count} changes, {failed} not read back"),
    "bindings.cause.start": Text("启动时", "at the start"),
    "bindings.cause.files": Text("文件改动", "files changed"),
    "bindings.cause.schedule": Text("定时切换", "schedule"),
    "bindings.cause.drift": Text("定期核对", "regular compare"),
    "bindings.cause.apply": Text("命令 apply", "command apply"),
    "bindings.cause.undo": Text("撤销", "undo"),
    "bindings.cause.page": Text("本页面", "this page"),
    "bindings.change.bind": Text("{beacon}：{before} → {after}", "{beacon}: {before} → {after}"),
    "bindings.change.make": Text("新建页面 {title}", "made page {title}"),
    "bindings.change.edit": Text("修改页面 {title}", "edited page {title}"),
    "bindings.change.delete": Text("删除页面 {title}", "deleted page {title}"),
    "bindings.earlier": Text("这个文件以前的内容", "Earlier texts of this file"),
    "bindings.earlier.item": Text("{at} 被 {who} 换掉的内容", "What {who} replaced at {at}"),
    "bindings.earlier.put": Text("放进编辑框", "Put this text in the editor"),
    "bindings.earlier.loaded": Text(
        "编辑框里是 {at} 之前的内容，还没有保存。要用它就按“计划”和“应用”。",
        "The editor holds the text from before {at}. It is not saved: to use it, press Plan and Apply.",
    ),
    "bindings.earlier.gone": Text("没有这一份以前的内容了。", "That earlier text is not there any more."),
    # Undo
    "bindings.undo": Text("撤销上一次改动", "Undo the last change"),
    "bindings.undo.about": Text(
        "把微信恢复到上一次改动之前。文件不会改。再撤销一次就又恢复。",
        "Puts WeChat back to what it was before the last change. The files stay. Undone again, it is done again.",
    ),
    "bindings.undo.look": Text("看看会恢复什么", "See what it would put back"),
    "bindings.undo.planned": Text("撤销会这样做：", "The undo will do this:"),
    "bindings.undo.do": Text("撤销", "Undo"),
    "bindings.undo.back": Text("回到文件", "Back to the files"),
    "bindings.undo.no-plan": Text(
        "这台网关不往微信写，没有可以撤销的。", "This gateway writes nothing to WeChat, so there is nothing to undo."
    ),
    "bindings.undo.held": Text(
        "只改了微信，文件没有改。在文件里改动撤销过的信标或页面之前，网关不会再自动写入它们；其他改动照常写入。",
        "This changed WeChat and not the files. What was undone is not written by itself until it is edited in the "
        "files; all else is.",
    ),
    "bindings.undo.cut-off": Text(
        "没有全部恢复（{written} 处，共 {total} 处）：{reason}",
        "Not all of it was put back ({written} of {total} changes): {reason}",
    ),
    "bindings.undo.unfinished": Text(
        "没有全部恢复：写入 {written} 处，读回核对 {verified} 处，{failed} 处不对。{reason}",
        "Not all of it was put back: {written} changes written, {verified} read back, {failed} failed. {reason}",
    ),
    "bindings.kept": Text(
        "您上次按按钮时打的字没有送到，已经放回编辑框。请再检查一遍。",
        "What you typed last did not arrive. It is in the editor again: check it once more.",
    ),
}
