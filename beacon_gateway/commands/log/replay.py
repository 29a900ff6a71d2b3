"""`run --replay`: a recording through the daemon's own path, at a desk. Nothing is bound, and no log is written."""

import json
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta, tzinfo
from pathlib import Path

from beacon_gateway import log
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.recording.header import RecordingError
from beacon_gateway.adapters.recording.recording import Recording
from beacon_gateway.commands.shared.configuration import (
    complain,
    language_of,
    load_settings,
    print_problems,
    read_store,
)
from beacon_gateway.commands.shared.event_loop import run_until_stopped
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import in_time
from beacon_gateway.core.log.logged import LoggedHit, Record
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.advertisement import RecordedAdvertisement
from beacon_gateway.core.model.problems import is_sound
from beacon_gateway.core.model.settings import Language, Settings
from beacon_gateway.core.model.store import Beacon, Store
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.sentences.system_errors import reason_of
from beacon_gateway.output import is_left
from beacon_gateway.presentation.hits import hit_json, hit_line
from beacon_gateway.services.log.journal import Journal
from beacon_gateway.services.tracking.beacon_monitor import BeaconMonitor
from beacon_gateway.services.tracking.replay import RecordedClock, Replay


def run(arguments: Namespace) -> int:
    log.configure()
    settings = load_settings(arguments)
    if settings is None:
        return ExitCode.CONFIG
    language = language_of(arguments, settings)
    store, problems = read_store(StoreFiles(settings.store, settings.timezone))
    print_problems(problems, settings.store.parent, language)
    if not is_sound(problems):
        return ExitCode.CONFIG
    path: Path = arguments.replay
    try:
        with _opened(Recording(path), path.absolute().parent) as recording:
            return _play(recording, store, settings, language, as_json=arguments.json)
    except RecordingError as error:
        complain(error.phrase, language, file=path, **error.details)
    except OSError as error:
        complain("recording.unreadable", language, file=path, reason=reason_of(error))
    return ExitCode.FAILED


@contextmanager
def _opened(recording: Recording, folder: Path) -> Iterator[Recording]:
    """Open a recording in a folder that may not answer."""
    in_time(folder, recording.__enter__)
    try:
        yield recording
    finally:
        recording.__exit__()


def _play(recording: Recording, store: Store, settings: Settings, language: Language, *, as_json: bool) -> int:
    clock = RecordedClock(recording.header.started, recording.header.monotonic)
    printed = _Hits(store, settings.timezone, as_json=as_json)
    journal = Journal(gateway=settings.gateway, boot=recording.header.boot, clock=clock, log=printed, commit_every=0)
    watch = BeaconMonitor(
        floor=settings.floor,
        clock=clock,
        journal=journal,
        offset=settings.radio.offset,
        log_zones=settings.hits.zones,
    )
    watch.use(store)
    replay = Replay(watch, clock)

    async def play() -> bool:
        await replay.play(_printing(printed, recording))
        await replay.pass_time(recording.after)
        return True

    try:
        complete = run_until_stopped(play())
    finally:
        printed.print()
    if printed.tags and not as_json:
        complain("hits.tags", language)
    if complete and recording.cut_off:
        complain("replay.cut-off", language, played=timedelta(seconds=round(recording.after)))
    unheard = [store.beacons[state.key] for state in watch.states() if not state.samples]
    if as_json:
        print(json.dumps({"summary": _summary_json(recording, watch, unheard)}, ensure_ascii=False))
    else:
        _print_summary(recording, watch, unheard, settings, language)
    return ExitCode.FINE if complete else ExitCode.FAILED


def _printing(hits: "_Hits", recording: Iterable[RecordedAdvertisement]) -> Iterator[RecordedAdvertisement]:
    """Return the recording, and print the hits that came of it on the way; it ends early where its reader has gone."""
    for heard in recording:
        hits.print()
        if is_left():
            return
        yield heard


class _Hits:
    """A hit log that waits to be printed."""

    def __init__(self, store: Store, zone: tzinfo, *, as_json: bool) -> None:
        self._store, self._zone, self._as_json = store, zone, as_json
        self._waiting: list[LoggedHit] = []
        self.tags = 0
        """How many were tags'."""

    async def append(self, records: Sequence[Record], _: Sequence[ClockSegment]) -> None:
        self._waiting += [record for record in records if isinstance(record, LoggedHit)]

    def print(self) -> None:
        while self._waiting:
            hit = self._waiting.pop(0)
            carried = self._store.is_carried(hit.hit.key)
            self.tags += carried
            line = hit_line(hit, self._zone, carried=carried)
            print(json.dumps(hit_json(hit, carried=carried), ensure_ascii=False) if self._as_json else line)


def _summary_json(recording: Recording, watch: BeaconMonitor, unheard: Sequence[Beacon]) -> dict[str, object]:
    return {
        "gateway": recording.header.gateway,
        "started": recording.header.started.isoformat(),
        "seconds": recording.after,
        "cut_off": recording.cut_off,
        "adverts": watch.adverts,
        "hits": dict(sorted(watch.hits.items())),
        "never_heard": [{"floor": beacon.floor, "beacon": beacon.slug} for beacon in unheard],
    }


def _print_summary(
    recording: Recording, watch: BeaconMonitor, unheard: Sequence[Beacon], settings: Settings, language: Language
) -> None:
    nothing = say("plan.nothing", language)
    details = {
        "gateway": recording.header.gateway,
        "started": f"{recording.header.started.astimezone(settings.timezone):%Y-%m-%d %H:%M:%S}",
        "lasted": timedelta(seconds=round(recording.after)),
        "adverts": watch.adverts,
        "hits": ", ".join(f"{floor} {count}" for floor, count in sorted(watch.hits.items())) or nothing,
        "unheard": ", ".join(f"{beacon.floor} {beacon.slug}" for beacon in unheard) or nothing,
    }
    print(say("replay.summary", language, **details))
