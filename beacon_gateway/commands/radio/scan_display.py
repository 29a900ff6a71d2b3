"""What `scan` prints where no terminal is: JSON lines as it goes, or one table at the end."""

import json
import math
from typing import Protocol

from beacon_gateway.adapters.machine.clock import SystemClock
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.tracking.survey import SurveyOverview
from beacon_gateway.presentation.overview import OverviewText, overview_json, sighting_json


class Display(Protocol):
    every: float
    """Seconds between two looks."""

    def show(self, overview: SurveyOverview, status: str) -> None: ...

    def end(self, overview: SurveyOverview | None) -> None:
        """Show the last overview, if the radio has begun at all; called once, whatever happens."""


class PlainTable:
    every = 1.0

    def __init__(self, store: Store, floor: str, language: Language) -> None:
        self._store, self._floor, self._language = store, floor, language

    def show(self, overview: SurveyOverview, status: str) -> None: ...

    def end(self, overview: SurveyOverview | None) -> None:
        if overview:
            for line in OverviewText(overview, self._store, self._floor, self._language).lines():
                print(line)


class JsonLines:
    every = 1.0

    def __init__(self, store: Store, clock: SystemClock) -> None:
        self._store, self._clock = store, clock
        self._shown = -math.inf

    def show(self, overview: SurveyOverview, _status: str = "") -> None:
        at = self._clock.utc()
        for sighting in (*overview.declared, *overview.unknown):
            if sighting.heard > self._shown:
                beacon = self._store.beacons.get(sighting.key)
                print(json.dumps(sighting_json(sighting, beacon, overview, at), ensure_ascii=False))
        print(end="", flush=True)
        self._shown = overview.now

    def end(self, overview: SurveyOverview | None) -> None:
        if overview:
            self.show(overview)
            print(json.dumps({"summary": overview_json(overview, self._store)}, ensure_ascii=False))
