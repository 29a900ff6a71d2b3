"""The recorded frames, as `tests/captures/frames.json` lists them."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from beacon_gateway.core.model.ibeacon import BeaconKey
from tests.places import PROJECT

FRAMES = PROJECT / "tests" / "captures" / "frames.json"


@dataclass(frozen=True, slots=True)
class Capture:
    name: str
    kind: str
    """ibeacon, lookalike or foreign."""
    manufacturer_data: dict[int, bytes]
    rssi: int | None
    key: BeaconKey | None
    """Of an ibeacon."""


def captures(*kinds: str) -> list[Capture]:
    """Return the frames of these kinds, in the file's order."""
    entries = json.loads(FRAMES.read_text(encoding="utf-8"))
    return [_capture(entry) for entry in entries if entry["kind"] in kinds]


def _capture(entry: dict[str, Any]) -> Capture:
    sections = entry.get("manufacturer_data") or {entry["company"]: entry["data"]}
    key = BeaconKey(UUID(entry["uuid"]), entry["major"], entry["minor"]) if entry["kind"] == "ibeacon" else None
    return Capture(
        name=entry["name"],
        kind=entry["kind"],
        manufacturer_data={int(company): bytes.fromhex(data) for company, data in sections.items()},
        rssi=entry["rssi"],
        key=key,
    )
