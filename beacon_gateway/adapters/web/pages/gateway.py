"""The gateway itself: radio and its history, log, clock, files, card, program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web

from beacon_gateway.adapters.web.pages.beats import bar_lines, bar_words, legend
from beacon_gateway.adapters.web.pages.gateway_sources import EnvironmentSource, LogSummary, OwnLog, ask_log
from beacon_gateway.adapters.web.pages.question import QUESTION_TIMEOUT_S, Question
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.visits import VISIT
from beacon_gateway.adapters.web.server.words import say_plainly
from beacon_gateway.core.doctor.finding import Finding, FindingLevel
from beacon_gateway.core.doctor.machine import (
    DAILY_WRITES_BYTES,
    MEGABYTE_BYTES,
    SECONDS_PER_DAY,
    StorageWrites,
    judge_disk,
    judge_written,
)
from beacon_gateway.core.log.event import Event, EventKind
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.monitoring.healthcheck import listening_share
from beacon_gateway.core.monitoring.judgement import RECEIVING, judge
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.support.host_environment import HostEnvironment
from beacon_gateway.presentation.doctor import text_of
from beacon_gateway.presentation.events import sentence
from beacon_gateway.presentation.privacy import holding_words
from beacon_gateway.presentation.troubles import trouble_text

MIN_UPTIME_FOR_RATE_S: Final = 3600.0
"""Seconds after the start in which the amount a day cannot be known yet."""
_MOODS: Final = {
    FindingLevel.OK: "fine",
    FindingLevel.WARN: "care",
    FindingLevel.FAIL: "fault",
    FindingLevel.UNSEEN: "quiet",
}


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A sentence, and how bad it is."""

    mood: str
    text: str
    fix: str = ""
    """The command that mends it."""


@dataclass(frozen=True, slots=True)
class _Past:
    at: str
    mood: str
    text: str


@dataclass(frozen=True, slots=True)
class _LogTexts:
    """What the log holds, in words."""

    words: str
    """The day as a bar; "" while the time is not known."""
    lines: Sequence[tuple[str, str]]
    history: Sequence[_Past]
    held: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class PageOffers:
    """What else there is to go to from the page of the gateway."""

    log: bool = False
    """Its newest events, for store IT."""
    bundle: bool = False
    api: bool = False


class GatewayPage:
    def __init__(
        self,
        frame: PageFrame,
        *,
        settings: Settings | None = None,
        log: OwnLog | None = None,
        machine: EnvironmentSource | None = None,
        offers: PageOffers = PageOffers(),
        patience: float = QUESTION_TIMEOUT_S,
    ) -> None:
        self._frame, self._settings, self._offers = frame, settings, offers
        self._log = Question(lambda now: ask_log(log, now), patience=patience) if log else None
        self._machine = Question(lambda _: machine.look(), patience=patience) if machine else None

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/gateway", self._show)]

    async def _show(self, request: web.Request) -> web.Response:
        return await self.page(request)

    async def page(self, request: web.Request, code: int = HTTPStatus.OK, trouble: str = "") -> web.Response:
        """Return the page; `trouble` says why there is no support bundle."""
        status, language = self._frame.status(), self._frame.language(request)
        told = await self._log.answer(status.written) if self._log else None
        machine = await self._machine.answer(status.written) if self._machine else None
        rungs = ", ".join(say(f"rung.{rung}", language, cause=count) for rung, count in status.radio.rungs.items())
        found = [trouble for trouble in map(judge(status).about, ("radio", "log")) if trouble]
        troubles = {
            trouble.name.partition(":")[0]: trouble_text(trouble.phrase, trouble.details, language, self._frame.zone)
            for trouble in found
        }
        is_it = request[VISIT].visitor.is_it
        return self._frame.page(
            request,
            "gateway",
            status,
            title="page.gateway",
            code=code,
            share=listening_share(status),
            troubles={"radio": "", "log": ""} | troubles,
            rungs=rungs,
            hits=sum(status.hits.values()),
            asks_log=self._log is not None,
            told=self._of_log(told, status, language) if told else None,
            legend=legend(),
            written=_written(status, language),
            room=_room(machine, language) if machine else None,
            machine=machine,
            asks_machine=self._machine is not None,
            has_tail=is_it and self._offers.log,
            has_bundles=is_it and self._offers.bundle,
            has_api=self._offers.api,
            trouble=trouble,
        )

    def _of_log(self, told: LogSummary, status: Status, language: Language) -> _LogTexts:
        bar, settings = told.bar(status), self._settings
        return _LogTexts(
            words=bar_words(bar, language, "gateway.bar") if status.time_known else "",
            lines=bar_lines(bar),
            history=[self._past(event, language) for event in told.events],
            held=_held(told, settings, language) if settings else (),
        )

    def _past(self, event: Event, language: Language) -> _Past:
        unknown = "" if event.segment.known else "?"
        at = f"{event.at.astimezone(self._frame.zone):%Y-%m-%d %H:%M:%S}{unknown}"
        return _Past(at, _mood(event), sentence(event, language))


def _mood(event: Event) -> str:
    if event.kind in {EventKind.RUNG, EventKind.LEVEL}:
        return "care"
    return "fine" if event.details["state"] in RECEIVING else "fault"


def _held(told: LogSummary, settings: Settings, language: Language) -> list[Mapping[str, str]]:
    return [holding_words(holding, settings, language) for holding in told.holdings if holding.rows]


def _written(status: Status, language: Language) -> StatusLine | None:
    """Say what the process has written to the card, and what that is a day."""
    if status.process is None:
        return None
    written = StorageWrites(status.process.written_bytes, max(0.0, (status.written - status.started).total_seconds()))
    details = {"megabytes": f"{written.count / MEGABYTE_BYTES:.1f}", "budget": DAILY_WRITES_BYTES // MEGABYTE_BYTES}
    if written.seconds < MIN_UPTIME_FOR_RATE_S:
        return StatusLine("quiet", say_plainly(language, "gateway.written.soon", **details))
    rate = f"{written.count / written.seconds * SECONDS_PER_DAY / MEGABYTE_BYTES:.1f}"
    mood = _MOODS[judge_written(written, "gateway.yaml").level]
    phrase = "gateway.written" if mood == "fine" else "gateway.written.much"
    return StatusLine(mood, say_plainly(language, phrase, rate=rate, **details))


def _room(machine: HostEnvironment, language: Language) -> StatusLine | None:
    if machine.disk is None:
        return None
    finding: Finding = judge_disk(machine.disk)
    return StatusLine(_MOODS[finding.level], text_of(finding, language, None), finding.fix)
