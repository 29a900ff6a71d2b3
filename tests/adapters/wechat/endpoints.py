"""Every method that calls WeChat, each with an account in which it succeeds."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from beacon_gateway.adapters.wechat import account, devices, groups, pages, relations, shakes, statistics
from beacon_gateway.adapters.wechat.transport.client import Client, Upload
from tests.services.bindings.scene import WeChatSide, key, picture

YESTERDAY: Final = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Scene:
    """Two devices in a store, one in a group; two pages, one shown; a shake; a pending application."""

    client: Client
    page_id: int
    hidden_page_id: int
    group_id: int
    empty_group_id: int
    apply_id: int
    ticket: str
    draft: pages.Draft


def set_up(wechat: WeChatSide, client: Client) -> Scene:
    wechat.devices(1, 2)
    page_id, hidden = wechat.page("一"), wechat.page("二")
    wechat.bind(1, page_id)
    group_id, empty = wechat.account.groups.add("大堂"), wechat.account.groups.add("空")
    wechat.account.groups.join(group_id, [wechat.device_id(1)])
    apply_id = wechat.account.apply_for_devices(501, "六楼重新装修")
    shaken = wechat.account.shake(wechat.device_id(1), "oEmu0001")
    assert shaken
    draft = pages.Draft("春季新品", "全场八折起", "https://h5.example.com/", wechat.account.pages[page_id].icon_url, "")
    return Scene(client, page_id, hidden, group_id, empty, apply_id, shaken.ticket, draft)


Deed = Callable[[Scene], Awaitable[Any]]

READS: Final[dict[str, tuple[str, Deed]]] = {
    "opening": (account.AUDIT_STATUS, lambda at: account.opening(at.client)),
    "all devices": (devices.SEARCH, lambda at: devices.Devices(at.client).all()),
    "devices by list": (devices.SEARCH, lambda at: devices.Devices(at.client).find([key(1)])),
    "devices of a batch": (devices.SEARCH, lambda at: devices.Devices(at.client).of_batch(at.apply_id)),
    "an application": (devices.APPLY_STATUS, lambda at: devices.Devices(at.client).application(at.apply_id)),
    "all pages": (pages.SEARCH, lambda at: pages.Pages(at.client).all()),
    "pages by list": (pages.SEARCH, lambda at: pages.Pages(at.client).find([at.page_id])),
    "pages of a device": (relations.SEARCH, lambda at: relations.Relations(at.client).pages_of(key(1))),
    "devices of a page": (relations.SEARCH, lambda at: relations.Relations(at.client).devices_of(at.page_id)),
    "all groups": (groups.LIST, lambda at: groups.Groups(at.client).all()),
    "members": (groups.DETAIL, lambda at: groups.Groups(at.client).members(at.group_id)),
    "a shake": (shakes.SHAKE_INFO, lambda at: shakes.shake_of(at.client, at.ticket)),
    "a device's figures": (
        statistics.OF_DEVICE,
        lambda at: statistics.Statistics(at.client).of_device(key(1), YESTERDAY, YESTERDAY),
    ),
    "a page's figures": (
        statistics.OF_PAGE,
        lambda at: statistics.Statistics(at.client).of_page(at.page_id, YESTERDAY, YESTERDAY),
    ),
    "a day's devices": (statistics.DEVICES, lambda at: statistics.Statistics(at.client).devices_on(YESTERDAY)),
    "a day's pages": (statistics.PAGES, lambda at: statistics.Statistics(at.client).pages_on(YESTERDAY)),
}

WRITES: Final[dict[str, tuple[str, Deed]]] = {
    "describe": (devices.UPDATE, lambda at: devices.Devices(at.client).describe(key(1), "服务台")),
    "place": (devices.BIND_LOCATION, lambda at: devices.Devices(at.client).place(key(1), 555)),
    "bind": (devices.BIND_PAGE, lambda at: devices.Devices(at.client).bind(key(2), [at.page_id])),
    "icon": (pages.ADD_ICON, lambda at: pages.Pages(at.client).add_icon(Upload("a.png", picture("a")))),
    "add page": (pages.ADD, lambda at: pages.Pages(at.client).add(at.draft)),
    "update page": (pages.UPDATE, lambda at: pages.Pages(at.client).update(at.page_id, at.draft)),
    "delete page": (pages.DELETE, lambda at: pages.Pages(at.client).delete(at.hidden_page_id)),
    "add group": (groups.ADD, lambda at: groups.Groups(at.client).add("六楼")),
    "rename group": (groups.UPDATE, lambda at: groups.Groups(at.client).rename(at.group_id, "六楼")),
    "delete group": (groups.DELETE, lambda at: groups.Groups(at.client).delete(at.empty_group_id)),
    "fill group": (groups.ADD_DEVICES, lambda at: groups.Groups(at.client).add_devices(at.group_id, [key(2)])),
    "empty group": (groups.DELETE_DEVICES, lambda at: groups.Groups(at.client).remove_devices(at.group_id, [key(1)])),
}
APPLY: Final[dict[str, tuple[str, Deed]]] = {
    "apply": (devices.APPLY, lambda at: devices.Devices(at.client).apply(1, "六楼重新装修")),
}
"""Apart, because the scene's own application must be decided first."""

ALL: Final = {**READS, **WRITES, **APPLY}


def make_ready(wechat: WeChatSide, at: Scene, name: str) -> None:
    if name in APPLY:
        wechat.account.review(at.apply_id, approve=False)
