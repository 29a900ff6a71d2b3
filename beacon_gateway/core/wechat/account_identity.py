"""Which account a ledger is of: page and beacon numbers mean something at one account only."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from beacon_gateway.core.bindings.target import OTHER_ACCOUNT, NeedsOperator
from beacon_gateway.core.model.settings import WeChatSettings

_WECHAT: Final = ".weixin.qq.com"
"""Hosts below it (api, api2, sh.api, sz.api, hk.api) serve the same accounts. Source: WeChat, "接口域名说明"."""


@dataclass(frozen=True, slots=True)
class AccountIdentity:
    appid: str
    api_base: str
    """Scheme, host and port of the API."""

    @classmethod
    def of(cls, account: WeChatSettings) -> "AccountIdentity":
        """Return the identity of the account that gateway.yaml names."""
        return cls(account.appid, account.api_base)

    def __str__(self) -> str:
        return f"{self.appid} at {self.api_base}"

    def is_same(self, other: "AccountIdentity") -> bool:
        """True if both are one account, whichever of WeChat's own hosts it is asked at."""
        return (self.appid, _service(self.api_base)) == (other.appid, _service(other.api_base))


def refuse_other(ledger: AccountIdentity | None, named: AccountIdentity | None) -> None:
    """Raise NeedsOperator where a ledger is of another account than gateway.yaml names; None is not known."""
    if ledger and named and not ledger.is_same(named):
        raise NeedsOperator(f"ledger.db: {ledger}; gateway.yaml: {named}", OTHER_ACCOUNT)


def _service(api_base: str) -> str:
    parts = urlsplit(api_base.lower())
    host = parts.hostname or ""
    return _WECHAT if host.endswith(_WECHAT) else f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
