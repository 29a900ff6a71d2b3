"""What a hold keeps back, as JSON in ledger.db."""

import json
from collections.abc import Mapping
from uuid import UUID

from beacon_gateway.core.model.ibeacon import BeaconKey


def things_text(things: Mapping[BeaconKey | str, str]) -> str:
    return json.dumps(
        {
            "beacons": [
                [str(thing.uuid), thing.major, thing.minor, said]
                for thing, said in things.items()
                if isinstance(thing, BeaconKey)
            ],
            "pages": {thing: said for thing, said in things.items() if isinstance(thing, str)},
        }
    )


def things_of(text: str) -> dict[BeaconKey | str, str]:
    found = json.loads(text)
    beacons = {BeaconKey(UUID(uuid), major, minor): said for uuid, major, minor, said in found.get("beacons", [])}
    return {**beacons, **found.get("pages", {})}
