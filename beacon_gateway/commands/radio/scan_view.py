"""`scan` on a terminal: a table that is drawn anew while beacons come and go."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from beacon_gateway.commands.shared.canvas import Canvas
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.tracking.survey import Sighting, SurveyOverview
from beacon_gateway.presentation.overview import OverviewText

OTHER_LINES: Final = 10
"""Of the terminal: headings, the rest, status and legend."""
MIN_TABLE_ROWS: Final = 4
MAX_ADVICE_SHOWN: Final = 2
"""Look-alikes whose sentence is shown at a time, the strongest ones."""
LINES_PER_ADVICE: Final = 3
"""That a sentence takes on a narrow terminal."""
FADES_AFTER_S: Final = 5.0
"""Seconds."""

_SYMBOLS: Final = {
    Proximity.IMMEDIATE: ("◉", "bold green"),
    Proximity.NEAR: ("●", "green"),
    Proximity.FAR: ("○", "yellow"),
}


class LiveTable:
    every = 1.0
    """Drawing holds the radio up: 35 ms for a full terminal on a desktop, several times that on a Pi."""

    def __init__(self, store: Store, floor: str, language: Language, console: Console | None = None) -> None:
        self._store, self._floor, self._language = store, floor, language
        self._live = Live(console=console or Canvas(), auto_refresh=False)

    def show(self, overview: SurveyOverview, status: str) -> None:
        self._live.start()
        self._live.update(self._draw(overview, status, self._live.console.height), refresh=True)

    def end(self, overview: SurveyOverview | None) -> None:
        if overview:
            self.show(overview, "")
        self._live.stop()

    def _draw(self, overview: SurveyOverview, status: str, height: int) -> RenderableType:
        text = OverviewText(overview, self._store, self._floor, self._language)
        declared, unknown = text.declared(), text.unknown()
        room = (height - OTHER_LINES - MIN_TABLE_ROWS) // LINES_PER_ADVICE
        advice = self._advice(text, unknown)[: max(min(room, MAX_ADVICE_SHOWN), 0)]
        rows = max(height - OTHER_LINES - LINES_PER_ADVICE * len(advice), MIN_TABLE_ROWS)
        # Yours come first; the unknown ones take what is left, and a few lines at least.
        kept = max(rows - len(unknown), rows - rows // 3)
        parts: list[RenderableType] = []
        if self._store.beacons:
            parts += [Text(text.heading_declared(), style="bold"), self._declared(text, declared[:kept], overview.now)]
            parts += self._more(len(declared) - kept)
            if missing := text.missing():
                parts.append(Text(missing, style="red dim", no_wrap=True, overflow="ellipsis"))
        if unknown:
            left = rows - min(len(declared), kept)
            parts += [Text(text.heading_unknown(), style="bold"), self._unknown(text, unknown[:left], overview.now)]
            parts += self._more(len(unknown) - left)
            parts += [Text(said, style="yellow") for said in advice]
        parts.append(Text(text.rest(), style="dim"))
        if status:
            parts.append(Text(status, style="yellow"))
        parts.append(Text(say("scan.legend", self._language), style="dim"))
        return Group(*parts)

    def _declared(self, text: OverviewText, sightings: Sequence[Sighting], now: float) -> Table:
        table = self._table("scan.floor", "scan.beacon")
        for sighting in sightings:
            beacon = self._store.beacons[sighting.key]
            table.add_row(*_signal(text, sighting), text.floor_of(beacon), beacon.name, style=_style(sighting, now))
        return table

    def _unknown(self, text: OverviewText, sightings: Sequence[Sighting], now: float) -> Table:
        table = self._table("scan.beacon")
        for sighting in sightings:
            table.add_row(*_signal(text, sighting), str(sighting.key), style=_style(sighting, now))
        return table

    def _advice(self, text: OverviewText, sightings: Sequence[Sighting]) -> list[str]:
        return [f"{sighting.key}: {said}" for sighting in sightings if (said := text.advice(sighting))]

    def _table(self, *names: str) -> Table:
        table = Table(box=None, padding=(0, 1), header_style="dim")
        table.add_column()
        for phrase in ("scan.signal", "scan.heard", "scan.rate"):
            table.add_column(say(phrase, self._language), justify="right", no_wrap=True)
        for phrase in names:
            table.add_column(say(phrase, self._language), no_wrap=True)
        return table

    def _more(self, count: int) -> list[RenderableType]:
        return [Text("  " + say("scan.more", self._language, count=count), style="dim")] if count > 0 else []


def _signal(text: OverviewText, sighting: Sighting) -> tuple[Text, str, str, str]:
    symbol, style = _SYMBOLS[sighting.zone]
    return Text(symbol, style=style), f"{sighting.rssi:.0f} dBm", text.age(sighting), f"{sighting.rate:.1f}"


def _style(sighting: Sighting, now: float) -> str:
    return "dim" if now - sighting.heard > FADES_AFTER_S else ""
