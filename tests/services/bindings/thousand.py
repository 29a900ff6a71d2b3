"""An account of 1,000 devices and 50 pages, two of them on each device, and the files that say the same."""

from typing import Final

from beacon_gateway.core.model.store import Store
from tests.services.bindings.scene import WeChatSide, beacon, console, store

DEVICES: Final = 1000
PAGES: Final = 50
FEWEST_CALLS: Final = 21 + PAGES
"""20 lists of devices, one of pages, and one of the 40 devices of each page."""


def fill(wechat: WeChatSide, *, changed: int = 0) -> Store:
    """Fill the account; return its files, in which so many beacons show other pages than they do in WeChat."""
    wechat.devices(*range(1, DEVICES + 1))
    pages = [console(f"page-{number}", wechat.page(f"第{number}页")) for number in range(PAGES)]
    for number in range(1, DEVICES + 1):
        wechat.bind(number, *(pages[page].page_id for page in _pages(number)))
    return wanted(wechat, changed=changed)


def wanted(wechat: WeChatSide, *, changed: int = 0) -> Store:
    pages = [console(f"page-{number}", wechat.page_id(f"第{number}页")) for number in range(PAGES)]
    beacons = [
        beacon(number, *(f"page-{page}" for page in _pages(number + (number <= changed))))
        for number in range(1, DEVICES + 1)
    ]
    return store(beacons, pages)


def _pages(number: int) -> tuple[int, int]:
    return number % PAGES, (number + 7) % PAGES
