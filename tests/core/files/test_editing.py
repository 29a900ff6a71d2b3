"""Who may change a file, and whose a plan is."""

import pytest

from beacon_gateway.core.bindings.plan import DeletePage, EditPage, MakePage, Plan, Rebind, RestorePage
from beacon_gateway.core.bindings.target import ExistingPage, PageRef
from beacon_gateway.core.files.editing import (
    PAGES,
    EditAction,
    EditRequest,
    StoreFile,
    beacons_taken,
    beacons_unprotected,
    may_apply,
    may_edit,
    may_see,
)
from beacon_gateway.core.model.store import Beacon
from beacon_gateway.core.model.visitor import Rank, Visitor
from tests.services.bindings.scene import beacon, key, own, store

WANG = Visitor("wang", Rank.STAFF, frozenset({"F6"}))
IT = Visitor("li", Rank.IT)
GUEST = Visitor("guest", Rank.VIEWER)
OLD = ExistingPage("旧", "", "https://h5.example.com/old", "")


def rebind(number: int, declared: Beacon | None) -> Rebind:
    return Rebind(key(number), declared, frozenset(), frozenset(), ("spring",), frozenset())


def plan(*bindings: Rebind, pages: tuple[MakePage | EditPage | RestorePage, ...] = (), **more: object) -> Plan:
    return Plan(pages, bindings, (), {}, 1, **more)  # type: ignore[arg-type]  # passed on as it is


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


TWO_FLOORS = Visitor("zhao", Rank.STAFF, frozenset({"F6", "F7"}))
IN_FORCE = store([beacon(1), beacon(2, floor="F1"), beacon(3, floor="F7"), beacon(4, floor="warehouse-of-it")], [])


@pytest.mark.parametrize(
    ("visitor", "number", "is_taken"),
    [
        (WANG, 1, False),
        (WANG, 9, True),  # no file declared it
        (WANG, 2, True),  # another floor's
        (WANG, 4, True),  # of a list that no staff has
        (TWO_FLOORS, 3, True),  # where a beacon hangs IT writes down, also between two floors of one person's
        (IT, 9, False),
        (IT, 2, False),
        (IT, 4, False),
    ],
)
def test_staff_give_their_floor_no_beacon_that_it_had_not(visitor: Visitor, number: int, is_taken: bool) -> None:
    typed = store([beacon(1), beacon(number)] if number != 1 else [beacon(1)], [])
    assert beacons_taken(visitor, "F6", IN_FORCE, typed) == ((f"corner-{number}",) if is_taken else ())


def test_where_no_files_are_in_force_every_beacon_would_be_taken() -> None:
    assert beacons_taken(WANG, "F6", None, store([beacon(1)], [])) == ("corner-1",)
    assert beacons_taken(IT, "F6", None, store([beacon(1)], [])) == ()


def test_what_others_declare_is_not_taken_by_an_edit_of_ones_own_floor() -> None:
    assert beacons_taken(WANG, "F6", IN_FORCE, store([beacon(1), beacon(8, floor="F1")], [])) == ()


@pytest.mark.parametrize(
    ("now", "named"),
    [
        ([beacon(1, protect=True)], ()),
        ([beacon(1, "draw", protect=True)], ()),
        ([beacon(1)], ("corner-1",)),
        ([], ("corner-1",)),
    ],
)
def test_only_it_takes_a_protection_away_or_a_protected_beacon_out(now: list[Beacon], named: tuple[str, ...]) -> None:
    former = store([beacon(1, protect=True), beacon(2, floor="F1", protect=True)], [])
    assert beacons_unprotected(WANG, "F6", former, store(now, [])) == named
    assert beacons_unprotected(IT, "F6", former, store(now, [])) == ()
    assert beacons_unprotected(WANG, "F6", None, store(now, [])) == ()


OF_F6 = StoreFile("F6", "store/floors/F6.yaml", floor="F6")
OF_F1 = StoreFile("F1", "store/floors/F1.yaml", floor="F1")


@pytest.mark.parametrize(
    ("visitor", "file", "is_seen"),
    [
        (Visitor("mei", Rank.STAFF, frozenset({"F6"})), OF_F6, True),
        (Visitor("sun", Rank.STAFF, frozenset({"F1"})), OF_F6, False),
        (Visitor("sun", Rank.STAFF, frozenset({"F1"})), OF_F1, False),
        (Visitor("wang", Rank.VIEWER), OF_F6, False),
        (WANG, OF_F6, True),
        (WANG, None, True),
        (IT, None, True),
        (GUEST, OF_F6, False),
    ],
)
def test_what_was_typed_is_seen_by_who_typed_it_and_who_may_edit_that_file(
    visitor: Visitor, file: StoreFile | None, is_seen: bool
) -> None:
    assert may_see(visitor, EditRequest(EditAction.PLAN, WANG, "F6", "typed"), file) is is_seen
