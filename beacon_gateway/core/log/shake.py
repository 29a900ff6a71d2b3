"""A shake: WeChat reported that somebody shook a phone beside a beacon, and was shown its page."""

from dataclasses import dataclass, field
from datetime import datetime

from beacon_gateway.core.model.ibeacon import BeaconKey


@dataclass(frozen=True, slots=True)
class ReportedShake:
    """As WeChat reports it. Whose phone it was is personal information: it goes no further than
    `services.wechat.shakes`.
    """

    openid: str = field(repr=False)
    created: datetime
    """Aware UTC, whole seconds, by WeChat's clock."""
    key: BeaconKey
    """Of the beacon whose page was shown."""
    around: tuple[BeaconKey, ...] = ()
    """Others of the account that the phone heard, five at most."""


@dataclass(frozen=True, slots=True)
class Shake:
    """As it is logged."""

    created: datetime
    person: bytes
    """Eight bytes that tell two people of one day apart, and nothing else: the key they were made with is gone."""
    key: BeaconKey
    beacon: str
    """Slug; "" if no file declares it."""
    floor: str
    gateway: str
    revision: str
    """Of the store's files at that time."""
    around: int
