"""Every method that calls WeChat, each with an account in which it succeeds."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from beacon_gateway.adapters.wechat import account, devices, pages, relations, statistics
from beacon_gateway.adapters.wechat.transport.client import Upload, WeChatClient
from tests.services.bindings.scene import WeChatSide, key, picture

YESTERDAY: Final = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Scene:
    """Two devices; two pages, one shown; a pending application."""

    client: WeChatClient
    page_id: int
    hidden_page_id: int
    apply_id: int
    draft: pages.PageContent


def set_up(wechat: WeChatSide, client: WeChatClient) -> Scene:
    wechat.devices(1, 2)
    page_id, hidden = wechat.page("一"), wechat.page("二")
    wechat.bind(1, page_id)
    apply_id = wechat.account.apply_for_devices(501, "六楼重新装修")
    draft = pages.PageContent(
        "春季新品", "全场八折起", "https://h5.example.com/", wechat.account.pages[page_id].icon_url, ""
    )
    return Scene(client, page_id, hidden, apply_id, draft)


Deed = Callable[[Scene], Awaitable[Any]]

READS: Final[dict[str, tuple[str, Deed]]] = {
    "opening": (account.AUDIT_STATUS, lambda at: account.opening(at.client)),
    "all devices": (devices.SEARCH, lambda at: devices.DeviceCalls(at.client).all()),
    "devices of a batch": (devices.SEARCH, lambda at: devices.DeviceCalls(at.client).of_batch(at.apply_id)),
    "an application": (devices.APPLY_STATUS, lambda at: devices.DeviceCalls(at.client).application(at.apply_id)),
    "all pages": (pages.SEARCH, lambda at: pages.PageCalls(at.client).all()),
    "pages by list": (pages.SEARCH, lambda at: pages.PageCalls(at.client).find([at.page_id])),
    "pages of a device": (relations.SEARCH, lambda at: relations.Relations(at.client).pages_of(key(1))),
    "devices of a page": (relations.SEARCH, lambda at: relations.Relations(at.client).devices_of(at.page_id)),
    "a day's devices": (statistics.DEVICES, lambda at: statistics.StatisticsCalls(at.client).devices_on(YESTERDAY)),
    "a day's pages": (statistics.PAGES, lambda at: statistics.StatisticsCalls(at.client).pages_on(YESTERDAY)),
}

WRITES: Final[dict[str, tuple[str, Deed]]] = {
    "bind": (devices.BIND_PAGE, lambda at: devices.DeviceCalls(at.client).bind(key(2), [at.page_id])),
    "icon": (pages.ADD_ICON, lambda at: pages.PageCalls(at.client).add_icon(Upload("a.png", picture("a")))),
    "add page": (pages.ADD, lambda at: pages.PageCalls(at.client).add(at.draft)),
    "update page": (pages.UPDATE, lambda at: pages.PageCalls(at.client).update(at.page_id, at.draft)),
    "delete page": (pages.DELETE, lambda at: pages.PageCalls(at.client).delete(at.hidden_page_id)),
}
APPLY: Final[dict[str, tuple[str, Deed]]] = {
    "apply": (devices.APPLY, lambda at: devices.DeviceCalls(at.client).apply(1, "六楼重新装修")),
}
"""Apart, because the scene's own application must be decided first."""

ALL: Final = {**READS, **WRITES, **APPLY}


def make_ready(wechat: WeChatSide, at: Scene, name: str) -> None:
    if name in APPLY:
        wechat.account.review(at.apply_id, approve=False)
