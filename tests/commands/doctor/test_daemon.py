"""The daemon, as its status file and systemd tell of it."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from beacon_gateway import __version__
from beacon_gateway.adapters.state.status_file import status_text
from beacon_gateway.commands.doctor.doctor import exit_code
from beacon_gateway.core.doctor.bluetooth import AdapterEvidence, BluezEvidence, judge_adapter
from beacon_gateway.core.doctor.daemon import DaemonReport
from beacon_gateway.core.doctor.finding import Finding, FindingLevel
from beacon_gateway.core.doctor.judged import judge_bindings
from beacon_gateway.core.model.status import ShakesStatus, Status
from beacon_gateway.core.model.target_status import TargetStatus
from beacon_gateway.core.monitoring.judgement import GatewayState, Trouble
from tests.adapters.web.pages.test_metrics import whole_status
from tests.commands.doctor.pi import Pi
from tests.services.status.test_heartbeat import NOW

A_DAEMON = DaemonReport(
    version="1",
    started=NOW,
    written=NOW,
    fresh=True,
    state="listening",
    reason="",
    adapter="hci0",
    advertisements=1,
    beacons=0,
    heard=0,
    dropped=0,
    log_trouble="",
    written_bytes=None,
    targets=frozenset({"wechat"}),
)
BEACONS = [{"rssi": -65.0, "floor": "F6"}, {"rssi": None, "floor": "F6"}]


def tell(pi: Pi, *, ago: float = 1.0, radio: dict[str, Any] | None = None, **changed: Any) -> None:  # noqa: ANN401 - as JSON has them
    """Write the status of a daemon that ran two hours until so many seconds ago."""
    written = datetime.now(UTC) - timedelta(seconds=ago)
    status = {
        "schema": 1,
        "version": __version__,
        "started": (written - timedelta(hours=2)).isoformat(),
        "written": written.isoformat(),
        "expires": (written + timedelta(seconds=20)).isoformat(),
        "radio": {"state": "listening", "reason": "", "adapter": "hci0", "advertisements": 9000, **(radio or {})},
        "dropped": 0,
        "log_trouble": "",
        "process": {"written_bytes": 3_000_000},
        "beacons": BEACONS,
        **changed,
    }
    (pi.folder / "run").mkdir(exist_ok=True)
    (pi.folder / "run" / "status.json").write_text(json.dumps(status))


def test_the_daemons_word_on_an_adapter_that_receives_nothing_is_passed_on() -> None:
    trouble = Trouble("adapter", GatewayState.FINE, "need.adapter", None, {})
    seen = BluezEvidence(
        running=True, adapter=AdapterEvidence("hci1", "F0:00:00:00:00:02", powered=True, monitors=True)
    )
    found = judge_adapter(seen, replace(A_DAEMON, troubles=(trouble,)))
    assert isinstance(found, Finding)
    assert (found.level, found.details["said"]) == (FindingLevel.WARN, trouble)


def test_a_daemon_that_runs_tells_what_it_hears_and_what_it_writes(pi: Pi) -> None:
    tell(pi)
    report = pi.look()
    for check in ("daemon", "daemon-version", "air", "card", "log"):
        assert report.level(check) == "ok", report[check]
    assert "9000 advertisements received, 1 of 2 declared beacons" in report["air"]
    assert "3.0 MB in 2.0 h" in report["card"]


def test_a_daemon_that_froze_is_restarted(pi: Pi) -> None:
    tell(pi, ago=60)
    report = pi.look()
    assert (report.level("daemon"), report.fix("daemon")) == ("fail", "sudo systemctl restart beacon-gateway")
    assert "no report since" in report["daemon"]
    assert report.level("log") == "unseen"


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"schema": 99}', '{"schema": 1}', '{"schema": 1, "radio": 3, "beacons": 4}']
)
def test_a_status_of_another_form_is_none(pi: Pi, text: str) -> None:
    (pi.folder / "run").mkdir()
    (pi.folder / "run" / "status.json").write_text(text)
    assert pi.look()["daemon"] == "Gateway: not running."


def test_another_version_than_this_one_runs_still(pi: Pi) -> None:
    tell(pi, version="0.0.9")
    report = pi.look()
    assert report.level("daemon-version") == "warn"
    assert f"{__version__} is installed, and 0.0.9 still runs" in report["daemon-version"]


@pytest.mark.parametrize(
    ("state", "level"),
    [
        ("no-adapter", "fail"),
        ("blocked", "fail"),
        ("no-level", "fail"),
        ("deaf", "fail"),
        ("recovering", "warn"),
        ("new", "fail"),
    ],
)
def test_what_keeps_the_daemon_from_hearing_is_said_in_its_own_words(pi: Pi, state: str, level: str) -> None:
    tell(pi, radio={"state": state, "reason": "hci0 is \x1b[31mgone"})
    report = pi.look()
    assert report.level("air") == level
    assert report["air"].endswith("hci0 is  [31mgone")


@pytest.mark.parametrize(
    ("changed", "level", "says"),
    [
        ({"radio": {"advertisements": 0}}, "fail", "no advertisement was received"),
        ({"radio": {"state": "starting", "advertisements": 0}}, "warn", "just started"),
        ({"beacons": BEACONS[1:]}, "fail", "none of 1 declared beacon"),
        ({"beacons": []}, "warn", "nothing is logged"),
    ],
)
def test_the_daemons_ears_are_judged_as_a_scan_is(pi: Pi, changed: dict[str, Any], level: str, says: str) -> None:
    tell(pi, **changed)
    report = pi.look()
    assert report.level("air") == level
    assert says in report["air"]


def test_a_log_that_loses_records_or_cannot_be_written_is_told(pi: Pi) -> None:
    tell(pi, dropped=7)
    assert "7 records lost" in pi.look()["log"]
    tell(pi, log_trouble="disk full")
    assert "cannot be written now (disk full)" in pi.look()["log"]


@pytest.mark.parametrize(
    ("unit", "says", "fix"),
    [
        ({"ActiveState": "inactive"}, "not running", "sudo systemctl enable --now beacon-gateway"),
        (
            {"ActiveState": "inactive", "ConditionResult": "no", "ConditionTimestampMonotonic": "5"},
            "not set up yet",
            "sudo beacon-gateway setup",
        ),
        ({"LoadState": "not-found", "ActiveState": "inactive"}, "not installed", "sudo beacon-gateway setup"),
        ({"ActiveState": "active"}, "its status cannot be found", "journalctl -u beacon-gateway -n 30"),
        ({"ActiveState": "activating", "SubState": "start"}, "starting", "journalctl -u beacon-gateway -n 30"),
        (
            {"ActiveState": "activating", "SubState": "auto-restart", "Result": "exit-code", "ExecMainStatus": "1"},
            "and systemd keeps restarting it.",
            "journalctl -u beacon-gateway -n 30",
        ),
        (
            {"ActiveState": "failed", "Result": "exit-code", "ExecMainStatus": "64"},
            "command line is wrong",
            "journalctl -u beacon-gateway -n 30",
        ),
        (
            {"ActiveState": "failed", "Result": "exit-code", "ExecMainStatus": "78"},
            "gateway.yaml has errors",
            "beacon-gateway check",
        ),
        (
            {"ActiveState": "failed", "Result": "watchdog", "ExecMainStatus": "6"},
            "failed (watchdog, exit code 6)",
            "journalctl -u beacon-gateway -n 30 && sudo systemctl restart beacon-gateway",
        ),
    ],
)
def test_systemd_knows_why_it_does_not_run(pi: Pi, unit: dict[str, str], says: str, fix: str) -> None:
    pi.unit(**unit)
    report = pi.look()
    assert says in report["daemon"]
    assert report.fix("daemon") == fix


def test_without_systemd_it_merely_does_not_run(pi: Pi) -> None:
    pi.program("systemctl", "echo 'System has not been booted with systemd' >&2; exit 1")
    assert pi.look()["daemon"] == "Gateway: not running."


def judged_of(status: Status) -> dict[str, Any]:
    """Return the judgement of a status as its file has it."""
    judgement: dict[str, Any] = json.loads(status_text(status))["judgement"]
    return judgement


@pytest.mark.parametrize(
    ("target", "level", "fix", "said"),
    [
        (TargetStatus("in-sync"), "ok", "", "the last attempt succeeded."),
        (TargetStatus("braked", losing=3, bound=4), "warn", "sudo beacon-gateway plan", "3 of 4 beacons"),
        (
            TargetStatus("operator", code="40125", reason="invalid appsecret"),
            "fail",
            "beacon-gateway account",
            "[invalid appsecret]",
        ),
    ],
)
def test_what_the_daemon_says_of_its_bindings_is_said_by_the_doctor(
    pi: Pi, target: TargetStatus, level: str, fix: str, said: str
) -> None:
    status = replace(whole_status(), targets={"wechat": target})
    tell(pi, targets={"wechat": {}}, judgement=judged_of(status))
    report = pi.look(offline=True)
    assert (report.level("bindings"), report.fix("bindings")) == (level, fix)
    assert said in report["bindings"]


def test_an_account_that_the_daemon_cannot_use_alone_gives_4() -> None:
    finding = judge_bindings(
        replace(A_DAEMON, troubles=(Trouble("wechat:operator", GatewayState.OPERATOR, "need.sync.operator"),))
    )
    assert exit_code([finding]) == 4


def test_a_daemon_that_judges_nothing_yet_is_of_an_older_version_and_is_read_all_the_same(pi: Pi) -> None:
    tell(pi)
    report = pi.look()
    assert report.level("bindings") == "ok"
    assert report.level("daemon") == "ok"


def test_shakes_that_cannot_be_received_fail_with_what_to_do(pi: Pi) -> None:
    shakes = ShakesStatus(0, 0, {}, "in use", "127.0.0.1:8090", "taken")
    tell(pi, shakes={}, judgement=judged_of(replace(whole_status(), shakes=shakes)))
    report = pi.look()
    assert (report.level("shakes"), report.fix("shakes")) == ("fail", "sudo ss -ltnp 'sport = :8090'")
    assert "another program uses 127.0.0.1:8090" in report["shakes"]


def spoilt_by_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def spoilt_by_a_typo(path: Path) -> None:
    path.write_text("gateway: [")


@pytest.mark.parametrize("spoil", [Path.unlink, spoilt_by_a_pipe, spoilt_by_a_typo])
def test_a_gateway_that_runs_is_said_to_run_though_its_configuration_was_spoilt_since(
    pi: Pi, spoil: Callable[[Path], None]
) -> None:
    tell(pi)
    usual = pi.root / "run" / "beacon-gateway" / "status.json"
    usual.parent.mkdir(parents=True)
    (pi.folder / "run" / "status.json").rename(usual)
    spoil(pi.gateway_yaml)
    report = pi.look()
    assert report.level("config") == "fail"
    assert report.level("daemon") == "ok"
    usual.unlink()
    assert pi.look().level("daemon") == "unseen"  # where it would say so, nobody knows
