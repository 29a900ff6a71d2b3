"""What a gateway runs on, as far as it changes what people do: room, size of the log, versions."""

from collections.abc import Mapping
from dataclasses import dataclass

from beacon_gateway.core.doctor.machine import Disk


@dataclass(frozen=True, slots=True)
class HostEnvironment:
    disk: Disk | None
    """Of the state folder; None where nothing says so."""
    log_bytes: int
    """Of the hit log, with what is not written back yet."""
    versions: Mapping[str, str]
    """By what it is the version of; "" where nothing says so."""
