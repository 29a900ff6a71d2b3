"""Plans, what came of them, and the words around problems."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

PLANS: Final[Mapping[str, Text]] = {
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
}
