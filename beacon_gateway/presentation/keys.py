"""A beacon's key, as all of the JSON writes it."""

from typing import Any

from beacon_gateway.core.model.ibeacon import BeaconKey


def key_json(key: BeaconKey) -> dict[str, Any]:
    return {"uuid": str(key.uuid).upper(), "major": key.major, "minor": key.minor}
