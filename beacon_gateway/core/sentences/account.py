"""The account itself: what it holds, asking for beacons, and trying things out."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

ACCOUNT: Final[Mapping[str, Text]] = {
    "account.left-out": Text(
        "公众号里的 {name} 读不懂，没有列入。[{reason}]",
        "{name} of the account cannot be read, and is left out. [{reason}]",
    ),
    "account.none": Text(
        "gateway.yaml 里没有公众号。请在 wechat 下面写上 appid。",
        "gateway.yaml names no account. Write its appid under `wechat`.",
    ),
    # import
    "import.pages-head": Text(
        "从公众号 {account} 导入的页面。只有 wechat_page_id 的是在微信后台建的：只绑定，不修改。\n"
        "名称可以改成好记的，但要和 floors/ 里的一起改。",
        "The pages of account {account}. Those with only a wechat_page_id were made in WeChat's console: bound, never "
        "edited.\nYou may give them names that are easier to remember: here and in floors/ alike.",
    ),
    "import.icon": Text("图标：{icon}", "icon: {icon}"),
    "import.no-icon": Text("没有下载到（{why}）：{address}", "could not be fetched ({why}): {address}"),
    "import.floor-head": Text(
        "从公众号 {account} 导入，按 major 分组，名称取自设备备注。这个文件：major {majors}。\n"
        "一个文件就是一层楼。floor 可以改成楼层号（F1），信标也可以移到别的文件里。\n"
        "想换页面？改 pages 后面方括号里的名称，保存即可。名称见 pages.yaml。",
        "From account {account}, grouped by major, with the devices' comments as names. This file: major {majors}.\n"
        "One file is one floor. Rename `floor` to yours (F1), and move beacons to other files as you like.\n"
        "To show another page, change the name in the brackets after `pages` and save. The names are in pages.yaml.",
    ),
    "import.floor-empty": Text(
        "公众号 {account} 里还没有信标。申请：beacon-gateway devices request 数量 --reason “用途”。",
        "Account {account} has no beacons yet. Ask for some: beacon-gateway devices request N --reason “why”.",
    ),
    "import.not-empty": Text(
        "{folder} 里已经有东西，不会覆盖。请换一个新文件夹：beacon-gateway import 文件夹",
        "There is something in {folder} already, and nothing is overwritten. Name a new folder: "
        "beacon-gateway import FOLDER",
    ),
    "import.unwritable": Text("写不了 {folder}：{reason}", "{folder} cannot be written: {reason}"),
    "import.done": Text(
        "已写入 {folder}：{beacons} 个信标（{files} 个楼层文件），{pages} 个页面（{own} 个由网关管理），"
        "{bindings} 处绑定，{icons} 个图标。",
        "{folder} is written: {beacons} beacons in {files} floor files, {pages} pages ({own} kept by a gateway), "
        "{bindings} bindings, {icons} icons.",
    ),
    "import.icons-missing": Text(
        "有 {count} 个图标没有下载到，原因写在 pages.yaml 里。",
        "{count} icons could not be fetched; pages.yaml says why.",
    ),
    "import.next": Text(
        "接下来：检查 beacon-gateway check {folder}；在 gateway.yaml 里写 store: {store} 和 floor: {floor}；"
        "然后 beacon-gateway plan，应当没有改动。",
        "Next: look it over with beacon-gateway check {folder}; write store: {store} and floor: {floor} into "
        "gateway.yaml; then beacon-gateway plan, which should show no change.",
    ),
    "import.differs": Text(
        "导入的文件和公众号对不上（{changes} 处），没有保留。请再试一次；如果还是这样，请报告这个问题。",
        "The files do not say what the account says ({changes} differences), and were not kept. Try again; if it "
        "stays so, please report it.",
    ),
    # account
    "account.open": Text(
        "公众号 {account} 可以用：凭据有效，摇一摇周边已开通，{devices} 个信标，{pages} 个页面。",
        "Account {account} works: its credentials are accepted and Shake Nearby is open, with {devices} beacons and "
        "{pages} pages.",
    ),
    "account.pending": Text(
        "公众号 {account} 的摇一摇周边还在审核（最多三个工作日），现在什么也绑定不了。{said}",
        "Shake Nearby is under review for account {account} (up to three working days); nothing can be bound yet. "
        "{said}",
    ),
    "account.rejected": Text(
        "公众号 {account} 的摇一摇周边没有通过审核，什么也绑定不了。{said}",
        "Shake Nearby was refused to account {account}; nothing can be bound. {said}",
    ),
    # devices
    "devices.number": Text("设备 ID", "device"),
    "devices.beacon": Text("信标", "beacon"),
    "devices.used": Text("使用", "used"),
    "devices.pages": Text("页面", "pages"),
    "devices.comment": Text("备注", "comment"),
    "devices.reason": Text(
        "请写明用途：--reason，最多 100 个汉字或 200 个字母。",
        "Say what they are for: --reason, at most 100 汉字 or 200 letters.",
    ),
    "devices.comment-width": Text(
        "备注太长：--comment 最多 15 个汉字或 30 个字母。", "The comment is too long: at most 15 汉字 or 30 letters."
    ),
    "devices.many": Text(
        "{quantity} 个超过 {limit} 个，微信要人工审核（最多三个工作日），其间不能再申请。确实要这么多：加 --yes。",
        "{quantity} is more than {limit}: people at WeChat review it, for up to three working days, and nothing else "
        "can be asked for meanwhile. If you mean it, add --yes.",
    ),
    "devices.output-exists": Text(
        "{file} 已经存在，不会覆盖。请换一个文件名。", "{file} exists and is not overwritten. Name another file."
    ),
    "devices.unwritable": Text(
        "写不了 {file}（{reason}），清单改为直接显示。",
        "{file} cannot be written ({reason}); here is the list instead.",
    ),
    "devices.asking": Text("正在申请 {quantity} 个信标…", "Asking for {quantity} beacons…"),
    "devices.applied": Text("申请已提交，编号 {number}。", "The application is number {number}."),
    "devices.earlier": Text(
        "{at} 申请过 {count} 个信标，结果一直没有显示过，现在先看那一次，这次没有再申请。"
        "那一次有结果以后，还要更多，再输入这个命令。",
        "On {at} {count} beacon{count_s} {count_were} asked for, and nobody was shown what became of it: that comes "
        "first, and nothing new is asked for now. Once it is decided, type this command again if you want more.",
    ),
    "devices.another-pending": Text(
        "还有一个申请在审核，微信同时只收一个，这次没有申请。查看：beacon-gateway devices status 编号。",
        "Another application is under review; WeChat takes one at a time, and nothing was asked for now. See how that "
        "one is: beacon-gateway devices status ID.",
    ),
    "devices.granted": Text(
        "申请 {number} 已通过：{count} 个信标。把 uuid、major、minor 写进信标。",
        "Application {number} is granted: {count} beacons. Burn uuid, major and minor into them.",
    ),
    "devices.granted-lost": Text(
        "微信的回答丢了，但多出了 {count} 个信标，应当就是这次申请的。没有重复申请。",
        "WeChat's answer was lost, but {count} beacons are new: those must be the ones. Nothing was asked for twice.",
    ),
    "devices.pending": Text(
        "申请 {number} 还在审核（最多三个工作日）。以后查看：beacon-gateway devices status {number}。",
        "Application {number} is under review (up to three working days). Look later: beacon-gateway devices status "
        "{number}.",
    ),
    "devices.pending-lost": Text(
        "微信的回答丢了，但申请已收到，正在审核；编号请到微信后台查看。没有重复申请。",
        "WeChat's answer was lost, but the application arrived and is under review; its number is in WeChat's console. "
        "Nothing was asked for twice.",
    ),
    "devices.rejected": Text("申请 {number} 没有通过：{said}", "Application {number} was refused: {said}"),
    # emulator
    "emulator.ready": Text(
        "模拟的微信：{url}（{devices} 个设备，{pages} 个页面）。按 Ctrl-C 结束。\n"
        "写进 gateway.yaml：\n\n"
        "gateway: try-out\nfloor: {floor}\nstore: store-import/\nstate: state/\nruntime: run/\n"
        "wechat: {{appid: {appid}, api_base: '{here}'}}\n\n"
        "在另一个终端里：\n\nexport BEACON_GATEWAY_CONFIG=gateway.yaml BEACON_GATEWAY_WECHAT_SECRET={secret}\n\n"
        "制造故障：curl -d '/shakearound/device/bindpage=45009*2' {here}/emulator/faults\n",
        "An emulated WeChat: {url} ({devices} devices, {pages} pages). Ctrl-C ends it.\n"
        "Write into gateway.yaml:\n\n"
        "gateway: try-out\nfloor: {floor}\nstore: store-import/\nstate: state/\nruntime: run/\n"
        "wechat: {{appid: {appid}, api_base: '{here}'}}\n\n"
        "In another terminal:\n\nexport BEACON_GATEWAY_CONFIG=gateway.yaml BEACON_GATEWAY_WECHAT_SECRET={secret}\n\n"
        "To let calls fail: curl -d '/shakearound/device/bindpage=45009*2' {here}/emulator/faults\n",
    ),
    "emulator.open": Text(
        "注意：{host} 上的模拟器别的机器也能访问，没有任何保护。",
        "Careful: on {host} other machines reach this emulator too, and nothing protects it.",
    ),
    "emulator.no-port": Text(
        "{host}:{port} 用不了：{reason}。换一个端口：--port。",
        "{host}:{port} cannot be used: {reason}. Try another --port.",
    ),
    "emulator.ended": Text("模拟器结束，共 {calls} 次调用。", "The emulator ended after {calls} calls."),
}
