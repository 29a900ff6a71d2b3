"""The demo."""

from collections.abc import Mapping
from typing import Final

from beacon_gateway.core.sentences.text import Text

DEMO: Final[Mapping[str, Text]] = {
    # The demo
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
    "demo.pages": Text(
        "请用浏览器打开 {url}（昨天的记录是编的）；要试着修改，请打开 {link}",
        "Open {url} in a browser (what it shows of yesterday is made up); to change something there, open {link}",
    ),
    "demo.summary": Text(
        "听到 {adverts} 条广播，其中 {sightings} 条来自信标；记录 {hits}；"
        "改动 {changes_applied} 处，核对 {changes_verified} 处。",
        "{adverts} advertisements heard, {sightings} of them from beacons; hits {hits}; "
        "{changes_applied} changes written, {changes_verified} of them read back.",
    ),
}
