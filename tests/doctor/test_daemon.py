"""The daemon, as its status file and systemd tell of it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from beacon_gateway import __version__
from tests.doctor.pi import Pi

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


def test_a_daemon_that_runs_tells_what_it_hears_and_what_it_writes(pi: Pi) -> None:
    tell(pi)
    report = pi.look()
    for check in ("daemon", "daemon-version", "air", "card", "log"):
        assert report.level(check) == "ok", report[check]
    assert "9000 advertisements were heard, and 1 of the 2 beacons" in report["air"]
    assert "3.0 MB in 2.0 h" in report["card"]


def test_a_daemon_that_froze_is_restarted(pi: Pi) -> None:
    tell(pi, ago=60)
    report = pi.look()
    assert (report.level("daemon"), report.fix("daemon")) == ("fail", "sudo systemctl restart beacon-gateway")
    assert "no sign of life since" in report["daemon"]
    assert report.level("log") == "unseen"


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"schema": 99}', '{"schema": 1}', '{"schema": 1, "radio": 3, "beacons": 4}']
)
def test_a_status_of_another_form_is_none(pi: Pi, text: str) -> None:
    (pi.folder / "run").mkdir()
    (pi.folder / "run" / "status.json").write_text(text)
    assert pi.look()["daemon"] == "Gateway: it does not run."


def test_another_version_than_this_one_runs_still(pi: Pi) -> None:
    tell(pi, version="0.0.9")
    report = pi.look()
    assert report.level("daemon-version") == "warn"
    assert f"{__version__} is installed, and 0.0.9 still runs" in report["daemon-version"]


@pytest.mark.parametrize(
    ("state", "level"),
    [("no-adapter", "fail"), ("blocked", "fail"), ("deaf", "fail"), ("recovering", "warn"), ("new", "fail")],
)
def test_what_keeps_the_daemon_from_hearing_is_said_in_its_own_words(pi: Pi, state: str, level: str) -> None:
    tell(pi, radio={"state": state, "reason": "hci0 is \x1b[31mgone"})
    report = pi.look()
    assert report.level("air") == level
    assert report["air"].endswith("hci0 is  [31mgone")


@pytest.mark.parametrize(
    ("changed", "level", "says"),
    [
        ({"radio": {"advertisements": 0}}, "fail", "no advertisement was heard"),
        ({"radio": {"state": "starting", "advertisements": 0}}, "warn", "has just begun"),
        ({"beacons": BEACONS[1:]}, "fail", "none of the 1 beacons"),
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
    assert "7 records were lost" in pi.look()["log"]
    tell(pi, log_trouble="disk full")
    assert "cannot be written now (disk full)" in pi.look()["log"]


@pytest.mark.parametrize(
    ("unit", "says", "fix"),
    [
        ({"ActiveState": "inactive"}, "does not run", "sudo systemctl enable --now beacon-gateway"),
        (
            {"ActiveState": "inactive", "ConditionResult": "no", "ConditionTimestampMonotonic": "5"},
            "not set up yet",
            "sudo beacon-gateway setup",
        ),
        ({"LoadState": "not-found", "ActiveState": "inactive"}, "not installed", "sudo beacon-gateway setup"),
        ({"ActiveState": "active"}, "its status cannot be found", "journalctl -u beacon-gateway -n 30"),
        ({"ActiveState": "activating", "SubState": "start"}, "it is starting", "journalctl -u beacon-gateway -n 30"),
        (
            {"ActiveState": "activating", "SubState": "auto-restart", "Result": "exit-code", "ExecMainStatus": "1"},
            "again and again",
            "journalctl -u beacon-gateway -n 30",
        ),
        (
            {"ActiveState": "failed", "Result": "exit-code", "ExecMainStatus": "4"},
            "because of the account",
            "beacon-gateway account",
        ),
        (
            {"ActiveState": "failed", "Result": "exit-code", "ExecMainStatus": "64"},
            "command line is wrong",
            "journalctl -u beacon-gateway -n 30",
        ),
        (
            {"ActiveState": "failed", "Result": "exit-code", "ExecMainStatus": "78"},
            "gateway.yaml is wrong",
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
    assert pi.look()["daemon"] == "Gateway: it does not run."
