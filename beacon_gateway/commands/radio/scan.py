"""`scan`: which beacons are in the air now; with `--record`, kept for `run --replay`."""

import asyncio
import logging
import sys
import time
from argparse import Namespace
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from beacon_gateway import __version__, log
from beacon_gateway.adapters.bluez.radio import BluezRadio
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.machine.clock import SystemClock, boot_id
from beacon_gateway.adapters.recording.header import Header
from beacon_gateway.adapters.recording.recorder import Recorder
from beacon_gateway.commands.radio.scan_display import Display, JsonLines, PlainTable
from beacon_gateway.commands.shared.configuration import (
    complain,
    language_of,
    load_settings,
    print_problems,
    read_store,
    remembered_adapter,
)
from beacon_gateway.commands.shared.event_loop import run_until_stopped
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import in_time
from beacon_gateway.core.model.advertisement import Take
from beacon_gateway.core.model.problems import is_sound
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.model.store import NOTHING, Store
from beacon_gateway.core.radio.adapters import AdapterChoice, phrase_of
from beacon_gateway.core.radio.trouble import RadioCause, RadioTrouble
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.sentences.system_errors import reason_of
from beacon_gateway.core.tracking.survey import Survey
from beacon_gateway.output import is_left

RADIO_START_TIMEOUT_S: Final = 20.0
"""Seconds; a radio that has not begun by then is not going to, without somebody's help."""


SCAN_RETRY_AFTER_S: Final = 2.0
"""Seconds between two scans that could not begin."""


class AirScan(Protocol):
    async def lost(self, within: float) -> RadioCause | None:
        """Wait so long for the scan to end by itself; return what ended it."""


class ScannableRadio(Protocol):
    adapters: AdapterChoice

    def scanning(self, take: Take) -> AbstractAsyncContextManager[AirScan]:
        """Hand over advertisements for the length of the block. Raises RadioTrouble."""


def run(arguments: Namespace) -> int:
    log.configure(level=logging.CRITICAL)
    settings = load_settings(arguments)
    if settings is None:
        return ExitCode.CONFIG
    language = language_of(arguments, settings)
    store, problems = read_store(StoreFiles(settings.store, settings.timezone))
    print_problems(problems, settings.store.parent, language)
    if not is_sound(problems):
        complain("scan.all-unknown", language)
        store = NOTHING
    record: Path | None = arguments.record
    scan = ScanSession(
        radio=BluezRadio(settings.radio, remembered=remembered_adapter(settings)),
        survey=Survey(
            store.beacons,
            time.monotonic(),
            measured_powers=store.measured_powers(),
            offset=settings.radio.offset,
        ),
        recorder=_recorder(record, settings, arguments.record_limit) if record else None,
        display=_display(arguments, store, settings, language),
        seconds=arguments.seconds,
        language=language,
    )
    run_until_stopped(scan.work())
    return scan.conclude()


def _recorder(path: Path, settings: Settings, limit: int) -> Recorder:
    clock = SystemClock()
    header = Header(settings.gateway, clock.utc(), clock.monotonic(), boot_id(), __version__)
    return Recorder(path, header, limit=limit)


def _display(arguments: Namespace, store: Store, settings: Settings, language: Language) -> Display:
    if arguments.json:
        return JsonLines(store, SystemClock())
    if sys.stdout.isatty():
        from beacon_gateway.commands.radio.scan_view import LiveTable  # noqa: PLC0415 - rich, only where it is drawn

        return LiveTable(store, settings.floor, language)
    return PlainTable(store, settings.floor, language)


@dataclass(slots=True)
class ScanSession:
    """Listens, shows and records until its time is over, it is cancelled, or the radio does not begin."""

    radio: ScannableRadio
    survey: Survey
    recorder: Recorder | None
    display: Display
    seconds: float | None
    language: Language
    begin_within: float = RADIO_START_TIMEOUT_S
    begun: bool = field(default=False, init=False)
    trouble: str = field(default="", init=False)
    """What keeps the radio from listening now."""
    _started: float = field(default_factory=time.monotonic, init=False)
    _refused: OSError | None = field(default=None, init=False)
    """Why no recording could be begun."""
    _told: bool = field(default=False, init=False)
    """That the recording has ended before the scan."""

    async def work(self) -> None:
        async with AsyncExitStack() as stack:
            if self.recorder:
                try:
                    await stack.enter_async_context(self.recorder)
                except OSError as error:
                    self._refused = error
                    return
            await self._listen()

    def conclude(self) -> int:
        """Say how it went, after it; return the exit code."""
        if self.recorder and self._refused:
            exists = isinstance(self._refused, FileExistsError)
            self._say("record.exists" if exists else "record.failed", self.recorder, reason=reason_of(self._refused))
            return ExitCode.FAILED
        if not self.begun:
            if self.recorder:
                path = self.recorder.path
                in_time(path.absolute().parent, lambda: path.unlink(missing_ok=True))
            complain("scan.no-radio", self.language, reason=self.trouble or say("scan.no-answer", self.language))
            return ExitCode.FAILED
        self._tell_of_adapters()
        if self.recorder:
            self._tell_of_early_end(self.recorder)
            self._say("record.done", self.recorder)
        return ExitCode.FAILED if self.recorder and self.recorder.trouble else ExitCode.FINE

    async def _listen(self) -> None:
        listening = asyncio.create_task(self._keep_scanning(), name="radio")
        try:
            while not listening.done() and (left := self._left(time.monotonic())) > 0 and not self._is_in_vain():
                await asyncio.sleep(min(left, self.display.every))
                self.display.show(self.survey.overview(time.monotonic()), self._status())
                if self.recorder:
                    await self.recorder.write()
                    self._tell_of_early_end(self.recorder)
        finally:
            listening.cancel()
            try:
                await asyncio.wait({listening})
            finally:  # even if it is cancelled twice, a terminal gets its cursor back
                now = time.monotonic()
                if self.recorder:
                    self.recorder.pass_time(now)
                self.display.end(self.survey.overview(now) if self.begun else None)
        if not listening.cancelled():
            listening.result()

    async def _keep_scanning(self) -> None:
        """Scan, and begin anew whenever a scan ends. Nothing is mended: that is the daemon's, which may run beside."""
        while True:
            try:
                async with self.radio.scanning(self._take) as scan:
                    self.begun, self.trouble = True, ""
                    while not (cause := await scan.lost(SCAN_RETRY_AFTER_S)):
                        pass
                self.trouble = str(cause)
            except RadioTrouble as trouble:
                self.trouble = str(trouble)
            await asyncio.sleep(SCAN_RETRY_AFTER_S)

    def _take(self, manufacturer_data: Mapping[int, bytes], rssi: int) -> None:
        now = time.monotonic()
        self.survey.hear(manufacturer_data, rssi, now)
        if self.recorder:
            self.recorder.hear(manufacturer_data, rssi, now)

    def _is_in_vain(self) -> bool:
        return is_left() and self.recorder is None

    def _left(self, now: float) -> float:
        """Return the seconds that it goes on: to its end, or to the time by which the radio must have begun."""
        limits = [] if self.seconds is None else [self.seconds]
        if not self.begun:
            limits.append(self.begin_within)
        return self._started + min(limits) - now if limits else self.display.every

    def _status(self) -> str:
        """Say what a table does not show."""
        parts = []
        if self.trouble:
            parts.append(say("scan.trouble", self.language, reason=self.trouble))
        if self.recorder and not self.recorder.ended:
            parts.append(say("record.going", self.language, **_figures(self.recorder)))
        return "  ".join(parts)

    def _tell_of_adapters(self) -> None:
        """List all adapters, where there is more than the one that was used."""
        adapters = self.radio.adapters
        others = [adapter for adapter in adapters.seen if adapter != adapters.chosen]
        if adapters.chosen and others:
            used, *rest = (
                say(phrase_of(adapter), self.language, name=adapter.name, address=adapter.address)
                for adapter in (adapters.chosen, *others)
            )
            comma = say("list.comma", self.language)
            complain("adapter.all", self.language, used=used, others=comma.join(rest))

    def _tell_of_early_end(self, recorder: Recorder) -> None:
        if self._told:
            return
        if recorder.trouble:
            self._say("record.failed", recorder, reason=reason_of(recorder.trouble))
        elif recorder.full:
            self._say("record.full", recorder)
        self._told = recorder.full or recorder.trouble is not None

    def _say(self, phrase: str, recorder: Recorder, **details: object) -> None:
        complain(phrase, self.language, file=recorder.path, **_figures(recorder), **details)


def _figures(recorder: Recorder) -> dict[str, float]:
    return {"adverts": recorder.adverts, "megabytes": recorder.size / 1e6}
