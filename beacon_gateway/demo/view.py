"""The demo on a terminal: floors side by side, the last hits, the plan as it is carried out."""

import asyncio
import time
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.tracking.tracker import BeaconState
from beacon_gateway.demo.stage import Demo
from beacon_gateway.presentation.plans import PlanText
from beacon_gateway.services.bindings.progress import Progress, SyncStep

REDRAW_EVERY_S: Final = 0.25
MAX_HITS_SHOWN: Final = 7
MAX_CHANGES_SHOWN: Final = 7

_SYMBOLS: Final = {
    Proximity.IMMEDIATE: ("◉", "bold green"),
    Proximity.NEAR: ("●", "green"),
    Proximity.FAR: ("○", "yellow"),
}
_STEPS: Final = {
    SyncStep.WAITING: ("…", "dim"),
    SyncStep.WRITTEN: ("→", "cyan"),
    SyncStep.VERIFIED: ("✓", "green"),
    SyncStep.DIFFERS: ("≠", "bold red"),
    SyncStep.REFUSED: ("✗", "bold red"),
}


async def show(demo: Demo, seconds: float, console: Console, language: Language) -> None:
    """Run the demo and draw it until it is over or cancelled."""
    start = time.monotonic()
    view = _View(demo, language)
    with Live(console=console, auto_refresh=False, screen=False, redirect_stderr=False) as live:

        async def redraw() -> None:
            while True:
                live.update(view.draw(), refresh=True)
                await asyncio.sleep(REDRAW_EVERY_S)

        drawing = asyncio.create_task(redraw(), name="view")
        try:
            await demo.run(max(0.0, seconds - (time.monotonic() - start)))
        finally:
            drawing.cancel()  # what was drawn last stays: the store as it was before the gateways said good-bye


class _View:
    def __init__(self, demo: Demo, language: Language) -> None:
        self._demo, self._language = demo, language
        self._progress: Progress | None = None

    def draw(self) -> RenderableType:
        below = Table.grid(expand=True, padding=(0, 1))
        below.add_column(ratio=1)
        below.add_column(ratio=1)
        below.add_row(self._hits(), self._sync())
        pages = Text(say("demo.pages", self._language, url=self._demo.pages, link=self._demo.link), style="bold")
        return Group(self._floors(), below, pages, Text(say("demo.legend", self._language), style="dim"))

    def _floors(self) -> RenderableType:
        grid = Table.grid(expand=True)
        panels = []
        now = time.monotonic()
        for gateway in self._demo.gateways:
            store = gateway.store_reloader.store
            if store is None:
                continue
            floor = store.floors[gateway.settings.floor]
            table = Table.grid(padding=(0, 1), expand=True)
            table.add_column(width=1)
            table.add_column(ratio=1, no_wrap=True)
            table.add_column(justify="right", width=4)
            for state in gateway.beacon_monitor.states():
                beacon = store.beacons[state.key]
                if (beacon.floor == floor.slug and not beacon.mobile) or (beacon.mobile and state.present):
                    table.add_row(*_row(beacon.name, state, now))
            panels.append(
                Panel(table, title=Text(f"{floor.slug} {floor.name}"), subtitle=Text(gateway.settings.gateway))
            )
            grid.add_column(ratio=1)
        grid.add_row(*panels)
        return grid

    def _hits(self) -> RenderableType:
        hits = sorted(
            (hit for gateway in self._demo.gateways for hit in gateway.beacon_monitor.recent), key=lambda hit: hit.at
        )[-MAX_HITS_SHOWN:]
        zone = self._demo.gateways[0].settings.timezone
        lines = [
            f"{hit.at.astimezone(zone):%H:%M:%S} {hit.floor} {hit.hit.kind:<5} {hit.beacon:<16} {hit.hit.zone}"
            for hit in hits
        ]
        lines += [""] * (MAX_HITS_SHOWN - len(lines))
        return Panel(Text("\n".join(lines), no_wrap=True), title=Text(say("demo.hits", self._language)))

    def _sync(self) -> RenderableType:
        demo, language = self._demo, self._language
        if demo.sync.progress and demo.sync.progress.steps:
            self._progress = demo.sync.progress  # a later pass with nothing to do takes nothing from the screen
        progress = self._progress
        store = demo.gateways[0].store_reloader.store
        parts: list[RenderableType] = []
        if progress and store:
            text = PlanText(progress.plan, store, language)
            changes = list(progress.steps.items())
            # Keep the change that is being written in sight.
            written = progress.count(SyncStep.VERIFIED, SyncStep.WRITTEN)
            first = max(0, min(written - MAX_CHANGES_SHOWN // 2, len(changes) - MAX_CHANGES_SHOWN))
            for change, step in changes[first : first + MAX_CHANGES_SHOWN]:
                symbol, style = _STEPS[step]
                parts.append(Text(f"{symbol} {text.line(change)}", style=style, no_wrap=True))
            bar = Table.grid(expand=True)  # a bar of its own does not end its line
            bar.add_row(ProgressBar(total=len(changes), completed=written))
            parts.append(bar)
        if demo.edited:
            floor, beacon, page = demo.edited
            parts.append(Text(say("demo.edited", language, floor=floor, beacon=beacon, page=page), style="bold"))
        else:
            parts.append(Text(say("demo.waiting", language), style="dim"))
        if demo.reassigned_in is not None:
            parts.append(Text(say("demo.arrived", language, seconds=demo.reassigned_in), style="bold green"))
        return Panel(Group(*parts), title=Text(say("demo.sync", language)))


def _row(name: str, state: BeaconState, now: float) -> tuple[Text, Text, Text]:
    if not state.present:
        return Text("×", style="red dim"), Text(name, style="dim"), Text("")
    symbol, style = _SYMBOLS[state.zone]
    if now - state.heard > 5:  # noqa: PLR2004 - seconds; fades before it is gone
        style = "dim"
    return Text(symbol, style=style), Text(name), Text(f"{state.rssi:.0f}", style="dim")
