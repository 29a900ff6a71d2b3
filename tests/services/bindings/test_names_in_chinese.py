"""What a Chinese sentence names is named in Chinese: no English word of ours gets into it with a composed name."""

import json
import re
from dataclasses import replace
from datetime import UTC
from typing import Final

import pytest

from beacon_gateway.adapters.state.status_file import status_text
from beacon_gateway.commands.shared.left_over import unread_lines
from beacon_gateway.core.bindings.changes import Withheld, WithheldPage, WithheldReason
from beacon_gateway.core.bindings.drift import Drift, DriftKind
from beacon_gateway.core.bindings.ownership import as_it_should_be
from beacon_gateway.core.bindings.plan import Change, DeletePage, EditPage, MakePage, Plan, Rebind, RestorePage
from beacon_gateway.core.bindings.target import Blocked, Declared, Hold, Moved, PageRef, TryLater
from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.store import Store
from beacon_gateway.core.model.target_status import FailedChange, TargetState, TargetStatus
from beacon_gateway.core.model.unread_row import RowKind, UnreadRow
from beacon_gateway.core.monitoring.judgement import judge
from beacon_gateway.core.sentences.messages import explain_trouble, say_row
from beacon_gateway.presentation.plans import PlanText
from beacon_gateway.presentation.troubles import target_text, trouble_text
from beacon_gateway.services.bindings.progress import Progress
from tests.services.bindings.scene import NOON, beacon, key, own, store
from tests.services.status.test_heartbeat import status as status_of

WORD: Final = re.compile(r"[A-Za-z]{2,}")
NO_NAME: Final = re.compile(r"https?://\S+|\[[^\]]*\]|[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}|-{1,2}[a-z-]+")
"""Addresses, a target's own words, keys and options."""
TYPED: Final = frozenset(
    {
        *("apply", "beacon", "check", "gateway", "id", "page", "pages", "plan", "protect", "sudo", "true", "undo"),
        *("wechat", "yaml"),
    }
)
"""Words of commands and files, as people type them."""
TERMS: Final = frozenset({"IT", "UUID", "major", "minor", "timedatectl"})
ROWS: Final = (
    UnreadRow(RowKind.PAGE, "50054"),
    UnreadRow(RowKind.PAGE, "", 3),
    UnreadRow(RowKind.DEVICE, "10100"),
    UnreadRow(RowKind.DEVICE, "", 2),
)


def english(text: str, *names: str) -> set[str]:
    """Return the English words of a Chinese sentence that stand for nothing that people type."""
    for name in names:
        text = text.replace(name, "")
    return set(WORD.findall(NO_NAME.sub("", text))) - TYPED - TERMS


def test_a_row_without_a_name_of_peoples_is_named_in_the_readers_language() -> None:
    assert [say_row(row.kind, row.number, row.place, Language.CHINESE) for row in ROWS] == [
        "页面 50054",
        "第 3 个页面",
        "设备 10100",
        "第 2 个设备",
    ]
    assert [say_row(row.kind, row.number, row.place, Language.ENGLISH) for row in ROWS] == [
        "page 50054",
        "page no. 3 of the list",
        "device 10100",
        "device no. 2 of the list",
    ]


@pytest.mark.parametrize("row", ROWS)
def test_every_reader_of_the_status_names_it_so_from_the_file_as_well(row: UnreadRow) -> None:
    failed = (FailedChange(str(row), "", "", row),)
    target = TargetStatus(TargetState.UNREAD, NOON, retry_at=NOON, failed=failed, failures=1)
    status = replace(status_of(), targets={"wechat": target})
    (trouble,) = [item for item in judge(status).troubles if item.name == "wechat:unread"]
    (read,) = [
        item for item in json.loads(status_text(status))["judgement"]["troubles"] if item["name"] == "wechat:unread"
    ]
    name = say_row(row.kind, row.number, row.place, Language.CHINESE)
    for details in (trouble.details, read["details"]):
        said = trouble_text(trouble.phrase, details, Language.CHINESE, None)
        assert name in said
        assert not english(said)
    assert not english(target_text(target, Language.CHINESE, UTC))


@pytest.mark.parametrize("row", ROWS)
def test_a_plan_names_it_so_too(row: UnreadRow) -> None:
    progress = Progress(EMPTY, unread={row: TryLater("an answer without a number as page_id")})
    (line,) = unread_lines(progress, Language.CHINESE)
    assert say_row(row.kind, row.number, row.place, Language.CHINESE) in line
    assert not english(line)


SPRING, DRAW = own("spring-sale"), own("lucky-draw", title="幸运抽奖")
STORE: Final[Store] = store([beacon(1, "spring-sale"), beacon(2, "lucky-draw")], [SPRING, DRAW])
EMPTY: Final = Plan((), (), (), {}, 0)
REF, OTHERS = PageRef("50054"), PageRef("50099")
OLD: Final = replace(as_it_should_be(SPRING), title="旧标题", url="https://h5.example.com/old")
WAS: Final = Declared("F6", "corner-9", "北扶梯口")


def rebind(number: int, was: Declared | None, *pages: str) -> Rebind:
    declared = STORE.beacons.get(key(number))
    return Rebind(key(number), declared, frozenset({REF}), frozenset({OTHERS}), pages, frozenset({REF}), was=was)


CHANGES: Final[tuple[Change, ...]] = (
    MakePage(DRAW),
    EditPage(SPRING, REF, OLD),
    EditPage(SPRING, REF, as_it_should_be(SPRING)),
    RestorePage("spring-sale", REF, as_it_should_be(SPRING), OLD),
    DeletePage(REF, OLD),
    rebind(1, None, "lucky-draw"),
    rebind(2, None),
    rebind(9, WAS),
    rebind(10, None),
)


def whole_plan() -> Plan:
    """Return a plan with every kind of change, and all that a plan may leave out."""
    withheld = [
        Withheld(key(number), STORE.beacons.get(key(number)), why, ("spring-sale",), was, others=30)
        for why in WithheldReason
        for number, was in ((1, None), (9, WAS), (10, None))
    ]
    return Plan(
        pages=tuple(item for item in CHANGES if isinstance(item, MakePage | EditPage | RestorePage)),
        bindings=tuple(item for item in CHANGES if isinstance(item, Rebind)),
        withheld=tuple(withheld),
        known={"spring-sale": REF},
        bound=10,
        deletions=tuple(item for item in CHANGES if isinstance(item, DeletePage)),
        prunable=2,
        left_over=("spring-sale",),
        deleted=((REF, OLD),),
        withheld_pages=(WithheldPage(DRAW, OTHERS), WithheldPage(DRAW, None)),
        showing=frozenset({key(1)}),
    )


def test_a_plan_with_everything_in_it_says_nothing_english() -> None:
    plan = whole_plan()
    for for_staff in (False, True):
        text = PlanText(plan, STORE, Language.CHINESE, for_staff=for_staff)
        hold = Hold("", NOON, "王", "太早", {})
        drifts = [
            Drift(kind, key(number), page, frozenset({REF, OTHERS}), frozenset())
            for kind in DriftKind
            for number, page in ((1, "spring-sale"), (10, "lucky-draw"))
        ]
        lines = [*text.lines(), *text.drift_lines(drifts), text.braked(Brake(1, 0.01)), text.held(hold)]
        assert len(lines) > len(CHANGES) + len(plan.withheld) // 2
        names = ("spring-sale", "lucky-draw", "F6", plan.digest)
        assert {line: found for line in lines if (found := english(line, *names))} == {}


@pytest.mark.parametrize(
    "error",
    [
        Moved("the pages of a beacon were changed by somebody else just now"),
        Blocked("a beacon still shows page 50054"),
        Blocked.by_page("spring-sale"),
    ],
)
def test_a_change_that_waits_for_another_says_for_which_in_chinese(error: Moved | Blocked) -> None:
    assert not english(explain_trouble(error, Language.CHINESE), "spring-sale")


def test_what_vanished_is_named_by_floor_and_beacon() -> None:
    target = TargetStatus(TargetState.VANISHED, NOON, vanished={"F6": ("北扶梯口", "南门", "a", "b"), "": ("收银台",)})
    (trouble,) = judge(replace(status_of(), targets={"wechat": target})).troubles
    assert not english(trouble_text(trouble.phrase, trouble.details, Language.CHINESE, None), "F6")
