"""What an account holds, as values."""

from dataclasses import dataclass

WECHAT_UUID = "FDA50693-A4E2-4FB1-AFCF-C6EB07647825"  # of every device in every official sample


@dataclass(frozen=True, slots=True)
class EmulatedDevice:
    """A beacon as WeChat knows it. `poi_id` 0: no store; `poi_appid` only for a store of another account."""

    device_id: int
    uuid: str
    major: int
    minor: int
    comment: str = ""
    apply_id: int = 0
    poi_id: int = 0
    poi_appid: str = ""
    page_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EmulatedPage:
    """What a shake shows and where a tap leads."""

    page_id: int
    title: str
    description: str
    page_url: str
    icon_url: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ShakeResult:
    """One phone shaken beside a device. Distances are metres, `when` is unix seconds.

    `url` is the page's with the ticket appended, as WeChat opens it. `around` are other devices of the account that
    the phone heard. `listed`: several accounts were near and the phone showed a list, so there is no event.
    """

    ticket: str
    url: str
    openid: str
    when: int
    device_id: int
    page_id: int
    distance: float
    around: tuple[tuple[int, float], ...] = ()
    listed: bool = False
