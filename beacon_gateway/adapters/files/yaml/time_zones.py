"""Time zones by the names of the zone database, and what people write instead of them."""

import re
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from beacon_gateway.core.model.problems import Advice, did_you_mean
from beacon_gateway.core.text.odd_characters import as_ascii

TIME_ZONE_FORM: Final = r"(?!Etc/GMT\+[1-9])[A-Za-z0-9_+\-]+(?:/[A-Za-z0-9_+\-]+)*"
"""Etc/GMT+8 is a zone, and not the one that is meant: it is eight hours behind UTC."""
BEIJING_ZONE: Final = "Asia/Shanghai"
"""The zone database has the time of all of China under this name."""

_REVERSED_SIGN: Final = re.compile(r"etc/gmt\+([1-9]|1[0-4])", re.IGNORECASE)
_BEIJING_TIME: Final = re.compile(
    r"(asia/|china/)?(beijing|peking|shanghai|china)|cst(-?8)?|bjt|prc|((utc|gmt) ?)?\+?0?8(:?00)?"
    r"|(中国|北京|上海)((标准)?时间)?|东八区",
    re.IGNORECASE,
)


def time_zone(text: str) -> ZoneInfo:
    """Return the zone of that name. Raise ValueError if there is none."""
    try:
        return ZoneInfo(text)
    except OSError as error:  # ZoneInfoNotFoundError is a KeyError; a folder's name is an OSError
        raise ValueError(text) from error
    except KeyError as error:
        raise ValueError(text) from error


def advise_time_zone(text: str) -> Advice | None:
    """Return which zone was probably meant; None if none is near."""
    plain = as_ascii(text).strip()
    if found := _REVERSED_SIGN.fullmatch(plain):
        near = BEIJING_ZONE if found[1] == "8" else f"Etc/GMT-{found[1]}"
        return Advice("value.timezone-sign", {"means": f"UTC-{found[1]}", "near": near})
    if _BEIJING_TIME.fullmatch(plain):
        return Advice("value.timezone-near", {"near": BEIJING_ZONE})
    zones = available_timezones()
    if any(zone.startswith(f"{plain}/") for zone in zones):
        return None
    if "/" in plain:
        near = did_you_mean(plain, zones)
    else:
        cities = {zone.rpartition("/")[2]: zone for zone in sorted(zones)}
        near = cities.get(did_you_mean(plain, cities), "")
    return Advice("value.timezone-near", {"near": near}) if near else None
