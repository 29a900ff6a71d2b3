"""Who shook where: what the ticket tells that WeChat adds to a page's address."""

from dataclasses import dataclass, field
from typing import Final

from beacon_gateway.adapters.wechat.transport.answers import (
    beacon_key,
    data_of,
    metres,
    number,
    number_or_none,
    part_of,
    text,
)
from beacon_gateway.adapters.wechat.transport.client import Client
from beacon_gateway.core.bindings.target import TryLater
from beacon_gateway.core.model.ibeacon import BeaconKey

SHAKE_INFO: Final = "/shakearound/user/getshakeinfo"


@dataclass(frozen=True, slots=True)
class Shake:
    openid: str = field(repr=False)
    """The customer, for this account only. Personal: not for logs."""
    page_id: int
    key: BeaconKey
    metres: float
    poi_id: int | None
    """Only where the device is linked to a store of this account, and it was asked for."""


async def shake_of(client: Client, ticket: str, *, with_store: bool = False) -> Shake:
    """Read a shake. A ticket lives for 30 minutes and may be used again. Raises Refused (9001003) for a dead one."""
    body = {"ticket": ticket, "need_poi": 1} if with_store else {"ticket": ticket}
    data = data_of(await client.read(SHAKE_INFO, body))
    beacon = part_of(data, "beacon_info")
    openid = text(data, "openid")
    if not openid:
        raise TryLater("an answer without an openid")
    return Shake(
        openid=openid,
        page_id=number(data, "page_id"),
        key=beacon_key(beacon),
        metres=metres(beacon, "distance"),
        poi_id=number_or_none(data, "poi_id"),
    )
