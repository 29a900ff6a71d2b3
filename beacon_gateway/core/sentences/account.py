"""The account itself: what it holds, asking for beacons, and trying things out."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

ACCOUNT: Final[Mapping[str, Text]] = {
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
}
