"""The live page: who is heard now. A table for everybody, and a stream of what changes for those with a script."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from functools import cached_property, partial
from http import HTTPStatus
from typing import Final, Protocol

from aiohttp import web

from beacon_gateway.adapters.web.server.event_stream import EventStream
from beacon_gateway.adapters.web.server.frame import PageFrame, static
from beacon_gateway.adapters.web.server.words import say_plainly, span
from beacon_gateway.core.model.proximity import Proximity
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.messages import say_mistakes
from beacon_gateway.core.tracking.live import LiveLook, LivePresence, difference, sought
from beacon_gateway.core.tracking.look_alikes import MISTAKES_OF_IBEACONS

LIVE_REFRESH_S: Final = 5
"""Seconds after which a page without a script asks for itself again."""
MAX_FILTER_CHARACTERS: Final = 64
WEAKEST, STRONGEST = -100, -30
"""dBm: the ends of the bar. A beacon at the gateway gives -30; at -100 hardly anything is heard."""

_MISTAKES: Final = tuple(" ".join(mistakes) for mistakes in MISTAKES_OF_IBEACONS)
_YES_OR_NO: Final = {"yes": True, "no": False}


class LiveLookSource(Protocol):
    """Where the looks come from."""

    def look(self) -> LiveLook:
        """Return how it is now; it must not wait."""

    def looks(self) -> AsyncGenerator[LiveLook]:
        """Return a look now, and one a second, for as long as it is iterated."""


@dataclass(frozen=True, slots=True)
class _TableRequest:
    """What of the table somebody wants to see."""

    mine: bool
    words: str
    trouble: str = ""
    """Phrase for what was asked wrongly."""


class LivePage:
    def __init__(self, frame: PageFrame, looks: LiveLookSource) -> None:
        self._frame, self._looks = frame, looks
        self.events = EventStream(self._snapshots)
        self._script = static("live.js")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/live", self._show),
            web.get("/live/events", self._stream, allow_head=False),
            web.get("/static/live.js", self._give_script),
        ]

    async def end(self, _: web.Application) -> None:
        """End all streams; it is called when the server shuts down."""
        await self.events.end()

    async def _show(self, request: web.Request) -> web.Response:
        wish, language = _wish(request), self._frame.language(request)
        look = self._looks.look()
        rows = sought(look.rows.values(), wish.words, strangers=not wish.mine)
        return self._frame.page(
            request,
            "live",
            self._frame.status(),
            title="page.live",
            code=HTTPStatus.BAD_REQUEST if wish.trouble else HTTPStatus.OK,
            refresh=LIVE_REFRESH_S,
            wish=wish,
            look=look,
            rows=rows,
            counts=say_plainly(language, "live.counts", **_counts(look)),
            ago_heard=partial(heard_ago, look, language),
            advice=partial(advice, language),
            words=json.dumps(_words(language), ensure_ascii=False),
            weakest=WEAKEST,
            strongest=STRONGEST,
            longest=MAX_FILTER_CHARACTERS,
        )

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        if self.events.full:
            text = say_plainly(self._frame.language(request), "live.full")
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, text=f"{text}\n", headers={"Retry-After": "60"})
        return await self.events.serve(request)

    async def _give_script(self, _: web.Request) -> web.Response:
        return web.Response(body=self._script, content_type="text/javascript", charset="utf-8")

    async def _snapshots(self) -> AsyncGenerator["LiveSnapshot"]:
        before: LiveLook | None = None
        async with aclosing(self._looks.looks()) as looks:
            async for look in looks:
                yield LiveSnapshot(before, look)
                before = look


class LiveSnapshot:
    """A look as the data of an event, made when it is first wanted and once for all viewers.

    Rows are lists, shortest for the wire: `rows` are whole, `[who..., reading...]` with the fields of
    `core.tracking.live`; `changed` are `[ident, reading...]`; `gone` are idents.
    """

    def __init__(self, before: LiveLook | None, after: LiveLook) -> None:
        self._before, self._after = before, after

    def full(self) -> bytes:
        return self._whole

    def delta(self) -> bytes:
        return self._news

    @cached_property
    def _whole(self) -> bytes:
        return _data(None, self._after)

    @cached_property
    def _news(self) -> bytes:
        return _data(self._before, self._after)


def _data(before: LiveLook | None, after: LiveLook) -> bytes:
    found = difference(before, after)
    event = {
        "all": before is None,
        "now": int(after.now),
        "deaf": after.deaf,
        "counts": _counts(after),
        "rows": [row.who + row.reading for row in found.new],
        "changed": [(row.who.ident, *row.reading) for row in found.changed],
        "gone": found.gone,
    }
    return json.dumps(event, separators=(",", ":")).encode("ascii")


def _wish(request: web.Request) -> _TableRequest:
    mine, words = request.query.get("mine", "no"), request.query.get("filter", "")
    if mine not in _YES_OR_NO:
        return _TableRequest(mine=False, words="", trouble="live.bad-mine")
    if len(words) > MAX_FILTER_CHARACTERS:
        return _TableRequest(mine=_YES_OR_NO[mine], words="", trouble="live.bad-filter")
    return _TableRequest(_YES_OR_NO[mine], words)


def _counts(look: LiveLook) -> dict[str, object]:
    own = [row for row in look.rows.values() if row.who.mine]
    return {
        "heard": sum(row.reading.hearing == LivePresence.HEARD for row in own),
        "own": len(own),
        "strangers": len(look.rows) - len(own),
        "pace": "–" if look.pace is None else round(look.pace),
        "advertisements": look.counts.advertisements,
        "unknown": look.counts.unknown,
    }


def _words(language: Language) -> dict[str, str]:
    """Return the sentences that the script fills itself; their places stay as they are."""
    places = {name: f"{{{name}}}" for name in _PLACES}
    said = {phrase.removeprefix("live."): say_plainly(language, phrase, **places) for phrase in _SAID_BY_SCRIPT}
    return said | {mistakes: advice(language, mistakes, "{meant}") for mistakes in _MISTAKES}


_PLACES: Final = (
    *("heard", "own", "strangers", "pace", "advertisements", "unknown", "ago", "count", "level", "rate", "name"),
    *("seconds", "weakest", "strongest", "meant"),
)
_SAID_BY_SCRIPT: Final = (
    *(f"live.hearing.{hearing}" for hearing in LivePresence),
    *(f"live.zone.{zone}" for zone in Proximity),
    *(f"ago.{unit}" for unit in ("seconds", "minutes", "hours", "days")),
    *("status.ago", "status.never", "live.counts", "live.level", "live.rate", "live.stranger"),
    *("live.pause", "live.resume", "live.paused", "live.running", "live.lost", "live.trace.text", "live.trace.none"),
)


def advice(language: Language, mistakes: str, meant: str) -> str:
    """Return what is wrong with a stranger that is set up wrongly, and what to do."""
    wrong = say_mistakes(mistakes.split(), language)
    return say_plainly(language, "live.look-alike", wrong=wrong, meant=meant)


def heard_ago(look: LiveLook, language: Language, heard: int | None) -> str:
    """Say when it was last heard."""
    if heard is None:
        return say_plainly(language, "status.never")
    return say_plainly(language, "status.ago", ago=span(max(0, int(look.now) - heard), language))
