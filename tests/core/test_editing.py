"""Who may change a file, and whose a plan is."""

import pytest

from beacon_gateway.core.editing import PAGES, StoreFile, may_apply, may_edit
from beacon_gateway.core.plan import DeletePage, EditPage, MakePage, Plan, Rebind, RestorePage
from beacon_gateway.core.store import Beacon
from beacon_gateway.core.target import ExistingPage, PageRef
from beacon_gateway.core.visitor import Rank, Visitor
from tests.sync.scene import beacon, key, own, store

WANG = Visitor("wang", Rank.STAFF, frozenset({"F6"}))
IT = Visitor("li", Rank.IT)
GUEST = Visitor("guest", Rank.VIEWER)
OLD = ExistingPage("旧", "", "https://h5.example.com/old", "")


def rebind(number: int, declared: Beacon | None) -> Rebind:
    return Rebind(key(number), declared, frozenset(), frozenset(), ("spring",), frozenset())


def plan(*bindings: Rebind, pages: tuple[MakePage | EditPage | RestorePage, ...] = (), **more: object) -> Plan:
    return Plan(pages, bindings, (), {}, 1, **more)  # type: ignore[arg-type]


OWN = rebind(1, beacon(1))
OTHERS = rebind(2, beacon(2, floor="F1"))
REMOVED = rebind(3, None)


@pytest.mark.parametrize(
    ("what", "is_theirs"),
    [
        (plan(OWN), True),
        (plan(OWN, pages=(MakePage(own("new")),)), True),
        (plan(OWN, OTHERS), False),
        (plan(OWN, pages=(EditPage(own("spring"), PageRef("7"), OLD),)), False),
        (plan(pages=(RestorePage("spring", PageRef("7"), OLD, OLD),)), False),
        (plan(OWN, deletions=(DeletePage(PageRef("7"), OLD),)), False),
        (plan(OWN, left_over=("spring",)), False),
        (plan(REMOVED), False),
        (plan(), True),
    ],
)
def test_staff_apply_what_concerns_their_own_floors_alone(what: Plan, is_theirs: bool) -> None:
    assert may_apply(WANG, what) is is_theirs
    assert may_apply(IT, what)
    assert not may_apply(GUEST, what)


@pytest.mark.parametrize(("floor", "is_theirs"), [("F6", True), ("F1", False)])
def test_a_beacon_that_was_taken_out_belongs_to_the_floor_that_it_was_on(floor: str, is_theirs: bool) -> None:
    former = store([beacon(3, floor=floor)], [])
    assert may_apply(WANG, plan(REMOVED), former, store([], [])) is is_theirs


def test_a_beacon_that_moved_to_another_floor_needs_both() -> None:
    assert not may_apply(WANG, plan(OWN), store([beacon(1, floor="F1")], []))


@pytest.mark.parametrize(
    ("file", "by_staff"),
    [
        (StoreFile("F6", "store/floors/F6.yaml", floor="F6"), True),
        (StoreFile("F6", "store/floors/F6.yaml", floor="F1"), False),
        (StoreFile("F6", "store/floors/F6.yaml"), False),
        (StoreFile(PAGES, "store/pages.yaml", floor="F6"), False),
    ],
)
def test_a_file_is_edited_by_those_whose_floor_it_declares(file: StoreFile, by_staff: bool) -> None:
    assert may_edit(WANG, file) is by_staff
    assert may_edit(IT, file)
    assert not may_edit(GUEST, file)
