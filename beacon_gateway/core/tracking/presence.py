"""How one beacon was heard in one minute."""

from dataclasses import dataclass

from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.proximity import Proximity


@dataclass(frozen=True, slots=True)
class Presence:
    """A beacon that was heard in a minute. RSSI as it was reported, dBm."""

    key: BeaconKey
    samples: int
    weakest: int
    median: int
    strongest: int
    zone: Proximity | None
    """At the end of the minute; None if it did not count as here."""
