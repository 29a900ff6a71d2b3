"""Shakes and clicks of one day, as WeChat counts them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.model.ibeacon import BeaconKey


@dataclass(frozen=True, slots=True)
class Figures:
    """How often, and by how many people. People cannot be added up over days or beacons."""

    shakes: int
    shakers: int
    clicks: int
    clickers: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One Beijing day of a whole account; who has no row had no shake."""

    day: date
    beacons: Mapping[BeaconKey, Figures]
    pages: Mapping[PageRef, Figures]
    unread: int = 0
    """Rows that made no sense, and are left out."""
