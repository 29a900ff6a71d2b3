"""The daemon's status as metrics, in the format of Prometheus."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from beacon_gateway.core.health.diagnosis import Verdict
from beacon_gateway.core.model.status import AccountStatus, BeaconStatus, ProcessStatus, ShakesStatus, Status
from beacon_gateway.core.model.target_status import TargetState, TargetStatus
from beacon_gateway.core.monitoring.judgement import GatewayState, judge
from beacon_gateway.core.radio.trouble import RadioState

MAX_BEACON_SERIES: Final = 50
"""Beacons that have series of their own. A store with more has its floors' sums: each label is memory in a monitor, for
every day that it keeps. `status --beacons` has them all."""

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """One name with its series. A name that ends in `_total` only rises, and begins anew with the daemon."""

    name: str
    about: str
    series: Mapping[Labels, float]

    @property
    def counts(self) -> bool:
        return self.name.endswith("_total")


def metrics_of(status: Status) -> Iterator[Metric]:
    """Return a status as metrics, 43 names at most."""
    yield _one("info", "Who this is.", 1, version=status.version, gateway=status.gateway, floor=status.floor)
    yield _one("started_timestamp_seconds", "When the daemon started, Unix time.", _unix(status.started))
    yield _one("status_timestamp_seconds", "When this was so, Unix time.", _unix(status.written))
    yield from _judgement(status)
    yield from _radio(status)
    yield _by(
        "hits_total",
        "Proximity hits, a tag's by the floor on which it was heard; no visitors are counted.",
        "floor",
        status.hits,
    )
    yield _one("log_waiting_rows", "Rows that wait to be written.", status.unwritten)
    yield _one("log_dropped_rows_total", "Rows lost because the log could not be written.", status.dropped)
    yield _one("log_writable", "1 while the log can be written.", not status.log_trouble)
    yield _one("clock_synchronised", "1 once a time service has set the clock.", status.time_known)
    yield _one("file_errors", "Errors in the store's files as they are now.", status.store.errors)
    yield _one("file_warnings", "Warnings about the store's files.", status.store.warnings)
    if status.parts:
        failures = {name: part.failures for name, part in status.parts.items()} | {"log-lines": status.lines_dropped}
        yield _by("failures_total", "Unexpected failures of a part; of log-lines, those dropped.", "part", failures)
    for target in status.targets.values():
        yield from _target(target)
    yield from _beacons(status.beacons)
    if status.account:
        yield from _account(status.account)
    if status.shakes:
        yield from _shakes(status.shakes)
    if status.figures and status.figures.last:
        last = _unix(datetime.fromisoformat(f"{status.figures.last}T00:00+08:00"))
        yield _one("figures_last_day_timestamp_seconds", "The newest day of WeChat's own figures, Unix time.", last)
    if status.process:
        yield from _process(status.process)


def _judgement(status: Status) -> Iterator[Metric]:
    judged = judge(status)
    states = {state.value: state is judged.state for state in GatewayState}
    yield _by("state", "1 for the state of the gateway, as the exit code of `status` has it.", "state", states)
    yield _by("trouble", "1 for each thing that is not as it should be.", "name", dict.fromkeys(judged.every(), 1))


def _target(target: TargetStatus) -> Iterator[Metric]:
    states = {state.value: state == target.state for state in TargetState}
    yield _by("sync_state", "1 for the state of the binding target, by the last attempt.", "state", states)
    yield _one("sync_pending_changes", "Changes that are not at the binding target yet.", target.pending)


def _radio(status: Status) -> Iterator[Metric]:
    radio = status.radio
    yield _by(
        "radio_state",
        "1 for the state of the radio.",
        "state",
        {state.value: state == radio.state for state in RadioState},
    )
    yield _one("radio_advertisements_total", "Advertisements received, from any sender.", radio.advertisements)
    yield _one("radio_silent_seconds", "Seconds since anything was received.", radio.silent_seconds)
    yield _one("radio_deaf_seconds_total", "Seconds in which nothing could be received.", radio.deaf_seconds)
    yield _one("radio_phantoms_total", "Reports without a level.", radio.phantoms)
    yield _one("radio_faults_total", "Reports that could not be read.", radio.faults)
    yield _one("radio_unknown_total", "Advertisements of iBeacons that no file declares.", radio.unknown)
    yield _one("radio_malformed_total", "Advertisements that begin as iBeacons do and are none.", radio.malformed)
    yield _by("radio_rungs_total", "Recovery actions for a radio that receives nothing.", "rung", radio.rungs)


def _beacons(beacons: tuple[BeaconStatus, ...]) -> Iterator[Metric]:
    declared = Counter(beacon.floor for beacon in beacons)
    present = Counter(beacon.floor for beacon in beacons if beacon.present)
    verdicts = Counter(beacon.verdict for beacon in beacons)
    yield _by("beacons", "Beacons that the files declare.", "floor", declared)
    yield _by(
        "beacons_present",
        "Of these, heard now, a tag on whatever floor.",
        "floor",
        {floor: present[floor] for floor in declared},
    )
    yield _by("beacons_by_verdict", "Beacons by verdict.", "verdict", {word.value: verdicts[word] for word in Verdict})
    if len(beacons) > MAX_BEACON_SERIES:
        return
    yield _of_each("beacon_present", "1 while it is heard.", ((beacon, beacon.present) for beacon in beacons))
    yield _of_each("beacon_rssi_dbm", "Level, filtered.", ((beacon, beacon.rssi) for beacon in beacons))
    yield _of_each(
        "beacon_silent_seconds", "Seconds since it was heard.", ((beacon, beacon.silent_seconds) for beacon in beacons)
    )
    batteries = [(beacon, beacon.battery) for beacon in beacons if beacon.battery]
    percent = [(beacon, battery.percent) for beacon, battery in batteries if battery.percent is not None]
    volts = [(beacon, battery.millivolts / 1000) for beacon, battery in batteries if battery.millivolts is not None]
    if percent:
        yield _of_each("beacon_battery_percent", "What it said of its battery last.", percent)
    if volts:
        yield _of_each("beacon_battery_volts", "What it said of its battery last.", volts)


def _account(account: AccountStatus) -> Iterator[Metric]:
    yield _one("changes_applied_total", "Changes written at the binding target.", account.applied)
    yield _one("changes_verified_total", "Of these, read back and found right.", account.verified)
    yield _by("wechat_calls_today", "Calls of this day in Beijing.", "path", account.calls)
    yield _by(
        "wechat_parked_until_timestamp_seconds",
        "Paths that take no calls for now, and until when, Unix time.",
        "path",
        {path: _unix(until) for path, until in account.parked.items()},
    )


def _shakes(shakes: ShakesStatus) -> Iterator[Metric]:
    yield _one("shakes_total", "Shakes that WeChat told of.", shakes.taken)
    yield _one("shakes_repeated_total", "Told again, and not counted again.", shakes.repeated)
    yield _by("shakes_refused_total", "What knocked and was not let in.", "reason", shakes.refused)


def _process(process: ProcessStatus) -> Iterator[Metric]:
    yield _one("process_memory_bytes", "Resident memory.", process.memory_bytes)
    yield _one("process_cpu_seconds_total", "Processor time.", process.cpu_seconds)
    yield _one("process_written_bytes_total", "Bytes sent to the card.", process.written_bytes)
    yield _one("process_open_files", "Open files.", process.open_files)


def _one(name: str, about: str, value: float, **labels: str) -> Metric:
    return Metric(f"beacon_gateway_{name}", about, {tuple(labels.items()): float(value)})


def _by(name: str, about: str, label: str, values: Mapping[str, float]) -> Metric:
    return Metric(
        f"beacon_gateway_{name}", about, {((label, key),): float(value) for key, value in sorted(values.items())}
    )


def _of_each(name: str, about: str, values: Iterable[tuple[BeaconStatus, float | None]]) -> Metric:
    series: dict[Labels, float] = {
        (("floor", beacon.floor), ("beacon", beacon.beacon)): float(value)
        for beacon, value in values
        if value is not None
    }
    return Metric(f"beacon_gateway_{name}", about, series)


def _unix(when: datetime) -> float:
    return when.timestamp()
