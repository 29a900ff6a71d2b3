"""An account to try things on: devices of several floors, some pages, most of them bound."""

from typing import Final

from beacon_gateway.simulator.store import draw_icon
from beacon_gateway.simulator.wechat import EmulatedAccount

DEVICES_PER_FLOOR: Final = 12

_SPOTS: Final = ("东门", "西门", "北扶梯口", "南扶梯口", "电梯厅", "服务台", "收银台", "试衣间", "东橱窗", "西橱窗")
_PAGES: Final = (
    ("欢迎光临", "今日活动一览", "welcome"),
    ("春季新品", "全场八折起", "spring"),
    ("会员日", "会员双倍积分", "members"),
    ("Coffee", "2nd half price", "coffee"),
    ("停车", "满百免一小时", "parking"),
)


def furnish(account: EmulatedAccount, devices: int, now: float) -> None:
    """Put them in: each floor has a major of its own, every seventh device shows nothing."""
    pages = []
    for hue, (title, description, path) in enumerate(_PAGES):
        icon = account.materials.add_icon(draw_icon(hue), now)
        address = f"https://mall.example.com/{path}"  # by hand, and so elsewhere than the pages of the examples
        pages.append(account.add_page(title=title, description=description, page_url=address, icon_url=icon))
    for number in range(devices):
        floor, place = divmod(number, DEVICES_PER_FLOOR)
        comment = f"{floor + 1}F {_SPOTS[place % len(_SPOTS)]}"
        device = account.add_device(major=10_001 + floor, minor=place + 1, comment=comment)
        if number % 7 != 6:
            account.bind(device, [pages[number % len(pages)]])
