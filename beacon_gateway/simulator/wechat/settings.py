"""Every answer that the official pages leave open, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

TOKEN_PATH = "/cgi-bin/token"  # noqa: S105 - a path, not a password
STABLE_TOKEN_PATH = "/cgi-bin/stable_token"  # noqa: S105 - a path, not a password


def _daily_limits() -> dict[str, int]:
    return {TOKEN_PATH: 2_000, STABLE_TOKEN_PATH: 500_000}


def _minute_limits() -> dict[str, int]:
    return {STABLE_TOKEN_PATH: 10_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatorSettings:
    """One official account and the choices made where documentation is silent. Times are in seconds."""

    appid: str
    secret: str = field(repr=False)
    original_id: str = "gh_0a1b2c3d4e5f"
    """The account's own name in events (`ToUserName`)."""

    generation: Literal["current", "legacy"] = "current"
    """`legacy` is the API of 2015: guessed search types, `bind`/`append` flags, `page_ids` in device rows."""

    enabled: bool = True
    """Whether Shake Nearby was already opened for the account; if not, `account/register` is the way in."""
    verified: bool = True
    """认证: without it `account/register` answers 9001046."""
    recalled: Literal[48001, 9001020] | None = None
    """The state of the world since 2021: every shakearound call gets this answer, tokens still work. Undocumented."""

    ip_whitelist: frozenset[str] | None = None
    """Who may fetch tokens; None is everybody. Others get 40164."""
    wrong_secret: Literal[40001, 40125] = 40125
    """The error tables name both."""
    daily_limits: Mapping[str, int] = field(default_factory=_daily_limits)
    """Calls a Beijing day for each path that a glob matches. Tokens: API Call Limits page; shakearound: unpublished."""
    minute_limits: Mapping[str, int] = field(default_factory=_minute_limits)
    """Calls a minute for each path that a glob matches."""

    device_quota: int = 10_000
    """Devices of one account: 10,000 on the current pages, 100,000 until 2019."""
    fast_lane: int = 500
    """The largest batch reviewed by machine. The page says both `<500` and `<=500`."""
    fast_review: float = 10.0
    """How long a machine's review takes. Undocumented, chosen."""
    batch_total_count: bool = False
    """Whether `total_count` of a search by batch counts the batch; else the account. Undocumented."""
    stores: frozenset[int] | None = None
    """Valid `poi_id`s; None accepts every positive number."""
    foreign_store_shown: bool = True
    """Whether device/search returns a store of another account. The pages contradict each other."""

    group_limit: int = 100
    """Groups of one account: 100 in the error text, 1,000 in the page text."""
    group_capacity: int = 10_000
    """Devices of one group (9001051)."""

    strict_icon_url: bool = True
    """Whether a page's icon must come from material/add. Documented, its enforcement is not."""
    icon_bytes: int = 1 << 20
    """The largest icon file. Undocumented; the text of 45001 says 1 MB."""
    omitted_comment: Literal["kept", "cleared"] = "kept"
    """What page/update does with a comment that is not sent. Undocumented."""

    statistics_hour: int = 8
    """Beijing hour at which yesterday's figures, `status` and `last_active_time` appear: "after 8 o'clock"."""
    early_statistics: Literal["refused", "empty"] = "refused"
    """Statistics of today or later: 9001031, or no rows. Undocumented."""

    ids_as_strings: bool = False
    """Answer `page_id`, `device_id` and `group_id` as strings, as some SDKs declare them."""
    extra_shake_fields: bool = False
    """Answer the undocumented `brand_userame` [sic], `rssi` and `measure_power` in getshakeinfo."""
    errmsg_suffix: Literal["rid", "hint", "none"] = "rid"
    """` rid: 8hex-8hex-8hex` since 2020, ` hint: [...]` before."""
    content_type: str = "application/json; encoding=utf-8"
    """Of every answer. Undocumented."""

    answer_within: float = 5.0
    """How long a callback may take before its event is sent again ("Shake event notifications" page)."""
    body_limit: int = 4 << 20
    """Bytes of a request body; above it HTTP 413. Chosen, above the 2 MB of a licence."""
    controlled: bool = False
    """Whether `/emulator/…` takes orders over HTTP (see `control`): for people who try things out."""
    calls_kept: int = 10_000
    """How many calls `Emulator.calls` remembers."""
