"""Who is in the air."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.store import Beacon, Store, heard_on
from beacon_gateway.core.sentences.messages import say, say_look_alike
from beacon_gateway.core.text.display_width import display_width
from beacon_gateway.core.tracking.look_alikes import LookAlike
from beacon_gateway.core.tracking.survey import Sighting, SurveyOverview
from beacon_gateway.presentation.keys import key_json


class OverviewText:
    """Says who is in the air, for a gateway on this floor."""

    def __init__(self, overview: SurveyOverview, store: Store, floor: str, language: Language) -> None:
        self._overview, self._store, self._floor, self._language = overview, store, floor, language

    def lines(self) -> Iterator[str]:
        """Return the whole table as plain text."""
        yield self.heading_declared()
        names = [(sighting, self._store.beacons[sighting.key]) for sighting in self.declared()]
        for sighting, beacon in names:
            floor = padded(self.floor_of(beacon), 5)
            yield f"  {floor} {padded(beacon.name, 24)} {sighting.zone:<9} {self.signal(sighting)}"
        if missing := self.missing():
            yield f"  {missing}"
        if self._overview.unknown:
            yield self.heading_unknown()
            for sighting in self.unknown():
                yield f"  {padded(str(sighting.key), 49)} {self.signal(sighting)}"
                if advice := self.advice(sighting):
                    yield f"    {advice}"
        yield self.rest()

    def heading_declared(self) -> str:
        return self._say("scan.yours", heard=len(self._overview.declared), all=len(self._store.beacons))

    def heading_unknown(self) -> str:
        phrase = "scan.unknown" if self._store.beacons else "scan.unknown-all"
        return self._say(phrase, count=len(self._overview.unknown))

    def declared(self) -> list[Sighting]:
        """Return the store's beacons that were heard, by floor and name."""
        beacons = self._store.beacons
        return sorted(
            self._overview.declared, key=lambda sighting: (beacons[sighting.key].floor, beacons[sighting.key].name)
        )

    def unknown(self) -> list[Sighting]:
        """Return the unknown ones, the strongest first."""
        return sorted(self._overview.unknown, key=lambda sighting: (-sighting.rssi, sighting.key))

    def advice(self, sighting: Sighting) -> str:
        """Say what is wrong with one that was set up wrongly, and what to do; "" for all others."""
        if sighting.look_alike is None:
            return ""
        meant = self._store.beacons.get(sighting.look_alike.meant)
        return say_look_alike(sighting.look_alike, self._language, meant.name if meant else "")

    def floor_of(self, beacon: Beacon) -> str:
        """Name the floor of a beacon; of a tag the one on which it is heard."""
        return heard_on(self._floor) if beacon.mobile else beacon.floor

    def missing(self) -> str:
        """Name the beacons of this floor that were not heard; "" if there are none."""
        heard = {sighting.key for sighting in self._overview.declared}
        missing = [
            beacon.name
            for beacon in self._store.beacons.values()
            if beacon.floor == self._floor and not beacon.mobile and beacon.key not in heard
        ]
        return self._say("scan.missing", floor=self._floor, names=", ".join(missing)) if missing else ""

    def rest(self) -> str:
        overview = self._overview
        text = self._say("scan.rest", ibeacons=overview.other_ibeacons, others=overview.other_adverts)
        return text + (self._say("scan.forgotten", count=overview.forgotten) if overview.forgotten else "")

    def signal(self, sighting: Sighting) -> str:
        age = self.age(sighting)
        return f"{sighting.rssi:4.0f} dBm  {age}  {sighting.rate:5.1f}/s"

    def age(self, sighting: Sighting) -> str:
        """Say how long ago it was heard last."""
        return f"{self._overview.now - sighting.heard:4.0f} s"

    def _say(self, phrase: str, **details: object) -> str:
        return say(phrase, self._language, **details)


def padded(text: str, width: int) -> str:
    """Fill up with blanks; a Chinese character is two wide."""
    return text + " " * (width - display_width(text))


def sighting_json(sighting: Sighting, beacon: Beacon | None, overview: SurveyOverview, at: datetime) -> dict[str, Any]:
    """`at` is the time of the overview."""
    alike = sighting.look_alike
    return {
        "at": (at - timedelta(seconds=overview.now - sighting.heard)).isoformat(timespec="milliseconds"),
        "floor": beacon.floor if beacon else None,
        "beacon": beacon.slug if beacon else None,
        **key_json(sighting.key),
        "rssi": round(sighting.rssi, 1),
        "zone": sighting.zone.value,
        "adverts": sighting.adverts,
        "rate": round(sighting.rate, 2),
        **({"look_alike": look_alike_json(alike)} if alike else {}),
    }


def look_alike_json(found: LookAlike) -> dict[str, Any]:
    return {"mistakes": list(found.mistakes), "company": f"0x{found.company:04X}", "meant": key_json(found.meant)}


def overview_json(overview: SurveyOverview, store: Store) -> dict[str, Any]:
    heard = {sighting.key for sighting in overview.declared}
    return {
        "adverts": overview.adverts,
        "heard": len(heard),
        "never_heard": [
            {"floor": beacon.floor, "beacon": beacon.slug} for key, beacon in store.beacons.items() if key not in heard
        ],
        "unknown": len(overview.unknown),
        "unknown_forgotten": overview.forgotten,
        "other_ibeacon_adverts": overview.other_ibeacons,
        "other_adverts": overview.other_adverts,
    }
