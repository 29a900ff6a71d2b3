"""What `status` prints is made from the status file, which knows no types: each state of a target must be sayable."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from beacon_gateway.adapters.state.status_file import status_text
from beacon_gateway.core.model.battery_status import BatteryStatus
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.status import FaultStatus
from beacon_gateway.core.model.target_status import FailedChange, TargetState, TargetStatus
from beacon_gateway.core.monitoring.judgement import GatewayState, judge
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.presentation.status import beacon_lines, status_lines
from beacon_gateway.presentation.troubles import target_text
from tests.adapters.web.pages.test_metrics import beacon, whole_status

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("state", TargetState)
def test_each_state_of_a_target_is_said_from_the_file_as_the_pages_say_it(
    state: TargetState, language: Language
) -> None:
    target = TargetStatus(
        state,
        since=NOON,
        pending=3,
        retry_at=NOON,
        code="9001020",
        reason="invalid page",
        path="/shakearound/page/add",
        losing=2,
        bound=4,
        readdressing=1,
        failed=(FailedChange("spring", "9001020", "invalid page"),),
        failures=1,
        held_since=NOON,
        vanished={"F2": ("till", "lift"), "": ("door",)},
    )
    file = json.loads(status_text(replace(whole_status(), targets={"wechat": target})))
    lines = "\n".join(status_lines(file, UTC, language))
    assert "{" not in lines
    assert target_text(target, language, UTC) in lines


FOLDER = FaultStatus("store/floors", "folder.permission", {"reason": "Permission denied"})
LINE = FaultStatus("store/floors/F6.yaml:3:1", "file.empty", {})


@pytest.mark.parametrize(
    ("first", "revision", "en", "zh"),
    [
        (
            FOLDER,
            "r",
            "cannot be read; the last good version stays in use. store/floors: The gateway may not",
            "没有权限打开",
        ),
        (
            FOLDER,
            None,
            "there is no earlier version to use: no beacons are known. store/floors: The",
            "所以没有任何已登记的信标。",
        ),
        (LINE, "r", "have 1 error; the last good version stays in use", "store/floors/F6.yaml:3:1：文件是空的"),
        (LINE, None, "have 1 error, and there is no earlier version to use", "也没有以前的正确版本可用"),
    ],
)
def test_what_is_wrong_with_the_files_is_named_with_its_place_and_its_reason(
    first: FaultStatus, revision: str | None, en: str, zh: str
) -> None:
    store = replace(whole_status().store, errors=1, warnings=1, first=first, revision=revision)
    file = json.loads(status_text(replace(whole_status(), store=store)))
    for language, said in ((Language.ENGLISH, en), (Language.CHINESE, zh)):
        lines = "\n".join(status_lines(file, UTC, language))
        assert said in lines
        assert first.place in lines
    assert "1 error, 1 warning" in "\n".join(status_lines(file, UTC, Language.ENGLISH))


def test_a_hold_is_told_beside_whatever_else_keeps_changes_back() -> None:
    vanished = TargetStatus(TargetState.VANISHED, since=NOON, held_since=NOON, vanished={"F2": ("till",)})
    judged = judge(replace(whole_status(), targets={"wechat": vanished}))
    assert judged.named(GatewayState.BRAKED) == ("wechat:vanished", "wechat:held")
    held = replace(vanished, state=TargetState.HELD, vanished={})
    assert judge(replace(whole_status(), targets={"wechat": held})).named(GatewayState.BRAKED) == ("wechat:held",)


def test_a_tag_is_heard_on_a_floor_and_never_missing_from_it() -> None:
    own, near, away = beacon(1), replace(beacon(2), mobile=True), replace(beacon(3, present=False), mobile=True)
    status = replace(whole_status(), beacons=(own, near, away))
    file = json.loads(status_text(status))
    assert "1 of 1 on this floor heard" in "\n".join(status_lines(file, UTC, Language.ENGLISH))
    lines = list(beacon_lines(file, Language.ENGLISH))
    assert [line.split()[0] for line in lines[:-1]].count("~F6") == 1
    assert lines[-1].startswith("After ~ is the floor on which a mobile tag was received")


@pytest.mark.parametrize(
    ("language", "words"), [(Language.ENGLISH, "receives nothing"), (Language.CHINESE, "收不到信号")]
)
def test_an_adapter_in_place_of_another_is_said_and_is_no_trouble_of_the_gateways(
    language: Language, words: str
) -> None:
    status = whole_status()
    radio = replace(
        status.radio, state="listening", adapter="hci1", address="F0:00:00:00:00:02", instead_of="F0:00:00:00:00:01"
    )
    before, found = judge(replace(status, radio=replace(radio, instead_of=""))), judge(replace(status, radio=radio))
    assert set(found.every()) - set(before.every()) == {"adapter"}
    assert found.state is before.state
    file = json.loads(status_text(replace(status, radio=radio)))
    [line] = [line for line in status_lines(file, UTC, language) if words in line]
    assert "F0:00:00:00:00:01" in line
    assert "adapter: 'F0:00:00:00:00:02'" in line


@pytest.mark.parametrize(("mode", "lines"), [("passive", 1), ("active", 0)])
def test_a_passive_scan_says_in_one_line_what_it_does_not_hear(mode: str, lines: int) -> None:
    status = whole_status()
    file = json.loads(status_text(replace(status, radio=replace(status.radio, mode=mode))))
    for language, words in ((Language.ENGLISH, "half of the time"), (Language.CHINESE, "一半时间")):
        assert sum(words in line for line in status_lines(file, UTC, language)) == lines


def test_a_battery_is_said_from_the_file() -> None:
    well = replace(beacon(1), battery=BatteryStatus(87, None, low=False, at=NOON, before=95, before_day="2026-11-01"))
    low = replace(beacon(2), battery=BatteryStatus(None, 2410, low=True, at=None))
    lines = beacon_lines(json.loads(status_text(replace(whole_status(), beacons=(well, low)))), Language.ENGLISH)
    first, second = sorted(lines)
    assert first.endswith("(battery 87 % (95 % on 2026-11-01))")
    assert "Its battery is low (2.41 V) but still works." in second
