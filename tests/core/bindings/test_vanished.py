"""What is gone from the files: a lost file waits for a person, what somebody took out goes."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from beacon_gateway.core.bindings.plan import Plan, WithheldReason
from beacon_gateway.core.bindings.target import Declared, ExistingPage, Ledger
from beacon_gateway.core.bindings.vanished import newly_declared
from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.store import Beacon, OwnPage, Store
from tests.core.world import FOREIGN, beacon, existing, key, ledger, own, planned, refs, store

SPRING, SUMMER = own("spring"), own("summer", title="夏季新品", url="https://h5.example.com/summer")
FLOORS = {1: "F1", 2: "F1", 3: "F1", 4: "F1", 11: "F2", 12: "F2", 21: "F3"}
BOUND = {minor: refs(1) for minor in FLOORS}
THERE = existing({1: SPRING, 2: SUMMER}, BOUND)


def files(*minors: int, floors: Mapping[int, str] = FLOORS, pages: tuple[str, ...] = ("spring",)) -> Store:
    """Declare these beacons on their floors."""
    return store([SPRING, SUMMER], [beacon(minor, *pages, floor=floors[minor]) for minor in minors])


def book(bindings: Mapping[int, frozenset[str]] = BOUND) -> Ledger:
    """Return a ledger that knows all floors."""
    declared = {key(minor): Declared(floor, f"beacon-{minor}", f"Beacon {minor}") for minor, floor in FLOORS.items()}
    return replace(ledger({"spring": 1, "summer": 2}, bindings), declared=declared)  # type: ignore[arg-type]  # passed on as it is


def plan_for(wanted: Store, *, force: bool = False, known: Ledger | None = None) -> Plan:
    return planned(wanted, THERE, known or book(), force=force)


def kept(plan: Plan) -> set[int]:
    assert {item.why for item in plan.withheld} <= {WithheldReason.VANISHED}
    return {item.key.minor for item in plan.withheld}


def unbound(plan: Plan) -> set[int]:
    return {change.key.minor for change in plan.bindings if not change.pages}


@pytest.mark.parametrize(
    ("left", "goes", "stays"),
    [
        ((1, 2, 3, 4, 11, 12, 21), set(), set()),
        ((1, 2, 3, 11, 12, 21), {4}, set()),
        ((1, 2, 11, 12, 21), {3, 4}, set()),  # half of a floor
        ((1, 11, 12, 21), set(), {2, 3, 4}),
        ((1, 2, 3, 4, 21), set(), {11, 12}),
        ((1, 2, 3, 4, 11, 12), set(), {21}),  # a floor of one beacon
        ((1, 2, 3, 4, 11, 21), {12}, set()),
        ((1, 2, 3, 11), {4, 12}, {21}),
        ((), set(), set(FLOORS)),
    ],
)
def test_more_than_half_of_a_floor_waits_for_a_person(left: tuple[int, ...], goes: set[int], stays: set[int]) -> None:
    plan = plan_for(files(*left))
    assert (unbound(plan), kept(plan)) == (goes, stays)


def test_force_takes_them_away() -> None:
    plan = plan_for(files(1, 2, 3, 4), force=True)
    assert (unbound(plan), kept(plan)) == ({11, 12, 21}, set())
    assert {(change.was and change.was.floor, change.was and change.was.name) for change in plan.bindings} == {
        ("F2", "Beacon 11"),
        ("F2", "Beacon 12"),
        ("F3", "Beacon 21"),
    }


def test_what_waits_is_named_by_floor_and_name() -> None:
    assert plan_for(files(1, 2, 3, 4)).vanished_by_floor() == {"F2": ("Beacon 11", "Beacon 12"), "F3": ("Beacon 21",)}


def test_a_beacon_that_moved_to_another_floors_file_has_not_vanished() -> None:
    floors = FLOORS | {11: "F1", 12: "F3"}
    plan = plan_for(files(*FLOORS, floors=floors))
    assert (unbound(plan), kept(plan)) == (set(), set())


def test_a_floor_that_goes_by_another_slug_has_not_vanished() -> None:
    assert not plan_for(files(*FLOORS, floors=dict.fromkeys(FLOORS, "ground"))).withheld


def test_beacons_whose_pages_key_is_gone_have_vanished_too() -> None:
    """A file that was cut off in the middle of a beacon still declares it."""
    wanted = files(*FLOORS)
    cut = {one.key: replace(one, pages=None) if one.floor == "F2" else one for one in wanted.beacons.values()}
    plan = plan_for(replace(wanted, beacons=cut))
    assert kept(plan) == {11, 12}
    assert all(item.beacon for item in plan.withheld)


def test_an_explicit_empty_list_is_a_wish() -> None:
    wanted = files(*FLOORS)
    emptied = {one.key: replace(one, pages=()) if one.floor == "F2" else one for one in wanted.beacons.values()}
    plan = plan_for(replace(wanted, beacons=emptied))
    assert (unbound(plan), kept(plan)) == ({11, 12}, set())


def renumbered(minor: int) -> Beacon:
    """Return beacon 21 of F3 with another minor."""
    return replace(beacon(minor, "spring", floor="F3"), slug="beacon-21")


def test_a_beacon_that_got_another_number_has_not_vanished() -> None:
    wanted = files(1, 2, 3, 4, 11, 12)
    wanted = replace(wanted, beacons={**wanted.beacons, key(22): renumbered(22)})
    there = existing({1: SPRING, 2: SUMMER}, {**BOUND, 22: refs()})
    plan = planned(wanted, there, book())
    assert (unbound(plan), kept(plan)) == ({21}, set())
    unknown = plan_for(wanted)  # the account has no such beacon: more likely a slip than a new beacon
    assert {(item.key.minor, item.why) for item in unknown.withheld} == {
        (21, WithheldReason.VANISHED),
        (22, WithheldReason.NOT_AT_TARGET),
    }


def test_nothing_else_waits_for_them() -> None:
    wanted = files(1, 2, 3, 4, pages=("summer",))
    plan = plan_for(wanted)
    assert {change.key.minor: change.pages for change in plan.bindings} == dict.fromkeys((1, 2, 3, 4), ("summer",))
    assert kept(plan) == {11, 12, 21}


def test_an_older_ledger_that_knows_no_floor_lets_nothing_go() -> None:
    older = replace(book(), declared={})
    assert kept(plan_for(files(1, 2, 3, 11, 12, 21), known=older)) == {4}
    assert plan_for(files(1, 2), known=older).vanished_by_floor() == {
        "": tuple(str(key(minor)) for minor in (3, 4, 11, 12, 21))
    }


def test_what_the_target_does_not_show_any_more_is_no_matter() -> None:
    there = existing({1: SPRING}, BOUND | {11: refs(), 12: refs(), 21: refs()})
    assert not planned(files(1, 2, 3, 4), there, book()).withheld


def test_the_ledger_learns_where_beacons_are_declared() -> None:
    wanted = files(1, 11)
    assert newly_declared(wanted, Ledger()) == {
        key(1): Declared("F1", "beacon-1", "Beacon 1"),
        key(11): Declared("F2", "beacon-11", "Beacon 11"),
    }
    assert newly_declared(wanted, book()) == {}
    moved = files(1, floors={1: "F3"})
    assert newly_declared(moved, book()) == {key(1): Declared("F3", "beacon-1", "Beacon 1")}
    silent = replace(moved, beacons={key(1): replace(beacon(1), pages=None)})
    assert newly_declared(silent, Ledger()) == {}


# The brake: what customers see

ELSEWHERE = "https://h5.example.com/elsewhere"


def pages_changed(page: OwnPage, count: int, *, of: int, verified: OwnPage | None = None) -> Plan:
    """Return a plan that edits a page to `page`, where so many beacons of all that are bound show it."""
    wanted = store([page, SUMMER], [beacon(n, "spring" if n < count else "summer") for n in range(of)])
    bound = {n: refs(1) if n < count else refs(2) for n in range(of)}
    known = ledger({"spring": 1, "summer": 2}, bound)
    if verified:
        known = replace(known, verified=existing({1: verified}))
    return planned(wanted, existing({1: SPRING, 2: SUMMER}, bound), known)


@pytest.mark.parametrize(
    ("count", "of", "braked"), [(6, 10, True), (5, 10, False), (30, 100, False), (31, 100, True), (1, 1, False)]
)
def test_a_changed_address_counts_the_beacons_that_show_the_page(count: int, of: int, braked: bool) -> None:
    plan = pages_changed(replace(SPRING, url=ELSEWHERE), count, of=of)
    assert (plan.losing, plan.readdressing, plan.affected, plan.bound) == (0, count, count, of)
    assert plan.braked_by(Brake()) is braked


@pytest.mark.parametrize(
    "page",
    [replace(SPRING, title="别的"), replace(SPRING, description="别的"), replace(SPRING, icon_digest="b" * 64)],
    ids=["title", "description", "icon"],
)
def test_a_title_a_text_or_an_icon_does_not_count(page: OwnPage) -> None:
    plan = pages_changed(page, 10, of=10)
    assert plan.pages
    assert plan.affected == 0
    assert not plan.braked_by(Brake(0, 0.0))


def test_an_address_put_back_to_what_was_last_right_does_not_count() -> None:
    """Somebody changed it at WeChat: to repair it is no change of the files."""
    right = replace(SPRING, url=ELSEWHERE)
    assert pages_changed(right, 10, of=10).braked_by(Brake())
    assert not pages_changed(right, 10, of=10, verified=right).braked_by(Brake())


def test_beacons_of_others_that_show_the_page_count_too() -> None:
    wanted = store([replace(SPRING, url=ELSEWHERE)], [beacon(1, "spring")])
    there = existing({1: SPRING}, {n: refs(1) for n in range(1, 9)})
    plan = planned(wanted, there, ledger({"spring": 1}, {1: refs(1)}))
    assert (plan.readdressing, plan.bound) == (8, 8)
    assert plan.braked_by(Brake())


def test_a_beacon_that_loses_the_page_whose_address_changes_counts_once() -> None:
    wanted = store([replace(SPRING, url=ELSEWHERE), SUMMER], [beacon(1, "summer"), beacon(2, "spring")])
    there = existing({1: SPRING, 2: SUMMER}, {1: refs(1), 2: refs(1)})
    plan = planned(wanted, there, ledger({"spring": 1, "summer": 2}, {1: refs(1), 2: refs(1)}))
    assert (plan.losing, plan.readdressing, plan.affected) == (1, 2, 2)


def test_without_the_edit_nothing_leads_elsewhere() -> None:
    plan = pages_changed(replace(SPRING, url=ELSEWHERE), 6, of=10)
    assert plan.only(lambda change: change not in plan.pages).readdressing == 0


def test_one_page_in_the_place_of_another_is_not_everything_lost() -> None:
    there = existing({1: SPRING, 2: SUMMER}, {1: refs(1)})
    plan = planned(store([SPRING, SUMMER], [beacon(1, "summer")]), there, ledger({"spring": 1}, {1: refs(1)}))
    assert (plan.losing, plan.loses_everything) == (1, False)


def test_everything_is_lost_though_pages_of_others_stay() -> None:
    there = existing({1: SPRING, 9: FOREIGN}, {1: refs(1, 9)})
    plan = planned(store([SPRING], [beacon(1)]), there, ledger({"spring": 1}, {1: refs(1)}))
    assert plan.loses_everything


def test_a_beacon_that_shows_only_what_others_bound_does_not_hide_that_everything_is_lost() -> None:
    foreign: dict[int, OwnPage | ExistingPage] = {1: SPRING, 9: FOREIGN}
    there = existing(foreign, {1: refs(1), 2: refs(9)})
    plan = planned(store([SPRING], [beacon(1), beacon(2)]), there, ledger({"spring": 1}, {1: refs(1)}))
    assert plan.loses_everything


def replaced() -> Store:
    """Return files in which floor F1 has other beacons than the ones that are bound there."""
    new = dict.fromkeys((31, 32, 33, 34), "F1")
    return files(11, 12, 21, *new, floors={**FLOORS, **new})


def test_a_file_that_is_replaced_by_another_keeps_its_beacons_in_the_second_pass_too() -> None:
    there = replace(THERE, bindings={**THERE.bindings, **{key(number): frozenset() for number in (31, 32, 33, 34)}})
    first = planned(replaced(), there, book())
    assert kept(first) == {1, 2, 3, 4}
    bound = book({**BOUND, **dict.fromkeys((31, 32, 33, 34), BOUND[1])})
    places = {key(number): Declared("F1", f"beacon-{number}", f"Beacon {number}") for number in (31, 32, 33, 34)}
    vanished = frozenset(item.key for item in first.vanished)
    after = replace(bound, declared={**bound.declared, **places}, vanished=vanished)
    assert kept(planned(replaced(), there, after)) == {1, 2, 3, 4}


def test_what_is_still_away_when_most_of_a_floor_is_back_was_taken_out_by_somebody() -> None:
    known = replace(book(), vanished=frozenset(key(number) for number in (1, 2, 3, 4)))
    plan = plan_for(files(2, 3, 4, 11, 12, 21), known=known)
    assert (unbound(plan), kept(plan)) == ({1}, set())
