"""Hits."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from beacon_gateway.core.log.logged import LoggedHit
from beacon_gateway.core.model.store import heard_on
from beacon_gateway.presentation.keys import key_json


def hit_line(logged: LoggedHit, zone: tzinfo, *, carried: bool = False) -> str:
    """Return a hit as a line; `carried` for a tag's."""
    hit = logged.hit
    floor = heard_on(logged.floor) if carried else logged.floor
    dwell = f"  {hit.dwell:.0f} s" if hit.dwell is not None else ""
    reason = f"  ({hit.reason})" if hit.reason else ""
    unknown = "" if logged.segment.known else "?"
    return (
        f"{logged.at.astimezone(zone):%Y-%m-%d %H:%M:%S}{unknown} {floor:<4} {hit.kind:<5} {logged.beacon:<18} "
        f"{hit.zone:<9} {hit.rssi:4.0f} dBm {hit.distance:5.1f} m{dwell}{reason}"
    )


def hit_json(logged: LoggedHit, *, carried: bool | None = None) -> Mapping[str, Any]:
    """Return a hit for scripts; `carried` is None where no sound file says whether it is a tag's."""
    hit = logged.hit
    return {
        "at": logged.at.isoformat(),
        "time_known": logged.segment.known,
        "gateway": logged.gateway,
        "floor": logged.floor,
        "mobile": carried,
        "beacon": logged.beacon,
        **key_json(hit.key),
        "kind": hit.kind.value,
        "zone": hit.zone.value,
        "rssi": hit.rssi,
        "distance": hit.distance,
        "dwell": hit.dwell,
        "reason": hit.reason.value if hit.reason else None,
        "boot": logged.segment.boot,
        "monotonic": hit.when,
        "revision": logged.revision,
    }
