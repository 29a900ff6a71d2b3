"""What people wrote, the secret, the order of it all, and the sentences."""

import re
from pathlib import Path

import pytest

import beacon_gateway.core.doctor
from beacon_gateway.commands.doctor.doctor import exit_code
from beacon_gateway.core.doctor.checks import CHECKS
from beacon_gateway.core.doctor.finding import Finding, FindingLevel, worst
from beacon_gateway.core.radio.passive import MonitorFault
from tests.commands.doctor.pi import CONFIG, FLOOR, Pi
from tests.locale.catalogues import entries

APPID = "wechat: {appid: wx0123456789abcdef}\n"
SECRET = "s3cret" * 5
DOCTOR = {name for name in entries("en") if name.startswith("doctor.")}


def test_a_faulty_gateway_yaml_gives_78_and_the_rest_is_looked_at_all_the_same(pi: Pi) -> None:
    pi.config(CONFIG.replace("floor: F6", "flor: F6"))
    pi.synchronised = False
    report = pi.look()
    assert (report.code, report.level("config"), report.fix("config")) == (78, "fail", "beacon-gateway check")
    assert "1 problem" in report["config"]
    assert {"clock", "dbus", "config"} <= report.failing
    assert report.level("disk") == "ok"
    assert report["files"] == "Store's files: not checked: gateway.yaml cannot be used."


def test_without_gateway_yaml_it_is_not_set_up(pi: Pi) -> None:
    pi.gateway_yaml.unlink()
    report = pi.look()
    assert (report.code, report.fix("config")) == (78, "sudo beacon-gateway setup")


def test_faults_of_the_stores_files_are_counted_and_the_first_is_told(pi: Pi) -> None:
    pi.store(FLOOR.replace("10006", "70000").replace("minor: 1", "minor: x"))
    report = pi.look()
    assert report.level("files") == "fail"
    assert "2 errors" in report["files"]
    assert "F6.yaml:3:" in report["files"]
    assert report.fix("files") == "beacon-gateway check"
    pi.store(FLOOR)
    assert "1 floor, 1 beacon" in pi.look()["files"]


def test_a_missing_secret_is_asked_for_without_leaving_a_trace(pi: Pi) -> None:
    pi.config(CONFIG + APPID)
    report = pi.look()
    assert report.level("secret") == "fail"
    place = pi.folder / "wechat-secret"
    assert report.fix("secret") == f"sudo install -m 600 /dev/stdin {place} && sudo systemctl restart beacon-gateway"
    assert report["account"] == "Account: not checked: no secret available."


@pytest.mark.parametrize(("mode", "level"), [(0o600, "ok"), (0o640, "warn"), (0o604, "warn")])
def test_a_secret_that_others_read_is_closed(pi: Pi, mode: int, level: str) -> None:
    pi.config(CONFIG + APPID)
    secret = pi.folder / "wechat-secret"
    secret.write_text(SECRET)
    secret.chmod(mode)
    report = pi.look(offline=True)
    assert report.level("secret") == level
    assert report.fix("secret") == ("" if level == "ok" else f"sudo chmod 600 {secret}")
    assert not any(SECRET in line for line in report.text)
    assert report["account"] == "Account: not checked: --offline was given."


def test_the_secret_of_the_environment_counts_as_well(pi: Pi) -> None:
    pi.config(CONFIG + APPID)
    pi.environment["BEACON_GATEWAY_WECHAT_SECRET"] = SECRET
    assert pi.look(offline=True).level("secret") == "ok"


def test_a_gateway_without_an_account_needs_no_secret(pi: Pi) -> None:
    report = pi.look()
    assert report.level("account") == "ok"
    assert report["secret"] == "Secret: not checked: gateway.yaml has no account."


def test_it_goes_through_machine_bluetooth_air_files_account_and_log(pi: Pi) -> None:
    order = pi.look().order
    marks = [
        "clock",
        "wifi",
        "dbus",
        "controller-mode",
        "daemon",
        "air",
        "config",
        "pages",
        "secret",
        "account",
        "disputes",
        "log",
    ]
    assert [check for check in order if check in marks] == marks
    assert len(set(order)) == len(order) == len(CHECKS)


def test_each_finding_is_a_line_with_a_mark_and_a_fix_below_and_a_last_line_counts(pi: Pi) -> None:
    pi.synchronised = False
    lines = pi.look().text
    assert lines[0].startswith("FAIL  Clock: ")
    assert lines[1] == "      sudo timedatectl set-ntp true"
    assert lines[2].startswith("--    Power: not checked")
    assert re.fullmatch(r"\d+ ok, \d+ with warnings, \d+ failing, \d+ not checked\.", lines[-1])


def found(*levels: tuple[str, FindingLevel]) -> list[Finding]:
    return [Finding(check, level, "", {}, "") for check, level in levels]


@pytest.mark.parametrize(
    ("findings", "code", "word"),
    [
        (found(("clock", FindingLevel.OK), ("power", FindingLevel.UNSEEN)), 0, "ok"),
        (found(("clock", FindingLevel.OK), ("power", FindingLevel.WARN)), 2, "warn"),
        (found(("clock", FindingLevel.FAIL), ("power", FindingLevel.WARN)), 1, "fail"),
        (found(("account", FindingLevel.FAIL), ("power", FindingLevel.WARN)), 4, "fail"),
        (found(("account", FindingLevel.FAIL), ("secret", FindingLevel.FAIL)), 4, "fail"),
        (found(("account", FindingLevel.FAIL), ("clock", FindingLevel.FAIL)), 1, "fail"),
        (found(("config", FindingLevel.FAIL), ("account", FindingLevel.FAIL)), 78, "fail"),
    ],
)
def test_the_exit_code_tells_the_worst(findings: list[Finding], code: int, word: str) -> None:
    assert (exit_code(findings), worst(findings)) == (code, word)


def test_every_sentence_is_used_and_every_check_has_its_own() -> None:
    folder = Path(beacon_gateway.core.doctor.__file__).parent
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    checks = set(re.findall(r'(?:_check|not_looked_at)\(\s*"([a-z-]+)"', source))
    assert {f"doctor.what.{check}" for check in checks} == {name for name in DOCTOR if name.startswith("doctor.what.")}
    for name in DOCTOR:
        _, group, *rest = name.split(".")
        if rest and group not in {"what", "why", "mark"}:
            is_fault = group == "bluetoothd-version" and rest[0] in set(MonitorFault)
            assert f'"{rest[0]}"' in source or rest[0].startswith("ended-") or is_fault or f'"{name}"' in source, name
