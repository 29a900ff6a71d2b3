"""What is done at the target, what is left alone, and what is held back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Final, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from beacon_gateway.core.bindings.ownership import as_it_should_be, mark
from beacon_gateway.core.bindings.plan import EditPage, MakePage, Plan, Withheld, WithheldReason
from beacon_gateway.core.bindings.target import Existing, Ledger, PageRef
from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.store import (
    MAX_PAGES_PER_BEACON,
    NOTHING,
    Beacon,
    ConsolePage,
    OwnPage,
    Page,
    Slot,
    Store,
)
from tests.core.world import FOREIGN, World, beacon, console, existing, key, ledger, own, planned, refs, store, wanted

SOME_DAY = datetime(2026, 11, 24, tzinfo=UTC)
SPRING, SUMMER = own("spring"), own("summer", title="夏季新品")


def rebinds(plan: Plan) -> dict[BeaconKey, tuple[frozenset[PageRef], tuple[str, ...], frozenset[PageRef]]]:
    """Return what each beacon keeps, gets and loses."""
    return {change.key: (change.keeps, change.pages, change.loses) for change in plan.bindings}


# Nothing to do


def test_when_all_is_as_the_files_say_the_plan_is_empty() -> None:
    plan = planned(
        store([SPRING], [beacon(1, "spring")]),
        existing({1: SPRING}, {1: refs(1)}),
        ledger({"spring": 1}, {1: refs(1)}),
    )
    assert not plan
    assert len(plan) == 0
    assert not plan.withheld
    assert plan.bound == 1


def test_an_empty_store_wants_nothing() -> None:
    assert not planned(NOTHING, existing({1: FOREIGN}, {1: refs(1)}))


def test_a_binding_that_others_made_as_the_files_want_it_needs_no_write() -> None:
    assert not planned(store([SPRING], [beacon(1, "spring")]), existing({1: SPRING}, {1: refs(1)}))


def test_the_order_of_a_beacons_pages_is_no_difference() -> None:
    files = store([SPRING, SUMMER], [beacon(1, "summer", "spring")])
    assert not planned(files, existing({1: SPRING, 2: SUMMER}, {1: refs(1, 2)}))


# Bindings


def test_a_first_binding_is_planned() -> None:
    plan = planned(store([SPRING], [beacon(1, "spring")]), existing({1: SPRING}, {1: refs()}))
    assert rebinds(plan) == {key(1): (refs(), ("spring",), refs())}
    assert (plan.losing, plan.bound, len(plan)) == (0, 0, 1)


def test_another_page_in_the_files_replaces_the_one_that_is_bound() -> None:
    plan = planned(
        store([SPRING, SUMMER], [beacon(1, "summer")]),
        existing({1: SPRING, 2: SUMMER}, {1: refs(1)}),
        ledger({"spring": 1, "summer": 2}, {1: refs(1)}),
    )
    assert rebinds(plan) == {key(1): (refs(), ("summer",), refs(1))}
    assert plan.losing == 1


def test_a_page_added_takes_none_away() -> None:
    plan = planned(
        store([SPRING, SUMMER], [beacon(1, "spring", "summer")]), existing({1: SPRING, 2: SUMMER}, {1: refs(1)})
    )
    assert rebinds(plan) == {key(1): (refs(), ("spring", "summer"), refs())}
    assert plan.losing == 0


def test_an_explicit_empty_list_unbinds_the_files_pages() -> None:
    plan = planned(store([SPRING], [beacon(1)]), existing({1: SPRING}, {1: refs(1)}))
    assert rebinds(plan) == {key(1): (refs(), (), refs(1))}


def test_an_explicit_empty_list_leaves_foreign_pages_bound() -> None:
    plan = planned(store([SPRING], [beacon(1)]), existing({1: SPRING, 9: FOREIGN}, {1: refs(1, 9)}))
    assert rebinds(plan) == {key(1): (refs(9), (), refs(1))}


def test_a_beacon_without_pages_in_the_files_keeps_what_others_bound() -> None:
    silent = replace(beacon(1), pages=None)
    assert not planned(store([SPRING], [silent]), existing({1: SPRING, 9: FOREIGN}, {1: refs(1, 9)}))


def test_a_beacon_whose_pages_left_the_files_loses_only_what_this_gateway_bound() -> None:
    silent = replace(beacon(1), pages=None)
    plan = planned(
        store([SPRING, SUMMER], [silent]),
        existing({1: SPRING, 2: SUMMER, 9: FOREIGN}, {1: refs(1, 2, 9)}),
        ledger(bindings={1: refs(1)}),
        force=True,
    )
    assert rebinds(plan) == {key(1): (refs(2, 9), (), refs(1))}


def test_a_removed_beacon_loses_only_what_the_ledger_says_this_gateway_bound() -> None:
    plan = planned(
        store([SPRING, SUMMER]),
        existing({1: SPRING, 2: SUMMER, 9: FOREIGN}, {1: refs(1, 2, 9)}),
        ledger({"spring": 1, "summer": 2}, {1: refs(1)}),
        force=True,
    )
    assert rebinds(plan) == {key(1): (refs(2, 9), (), refs(1))}
    assert plan.bindings[0].beacon is None


def test_a_removed_page_is_unbound_even_when_the_files_no_longer_know_it() -> None:
    plan = planned(
        store([SUMMER], [beacon(1, "summer")]),
        existing({1: SPRING, 2: SUMMER}, {1: refs(1)}),
        ledger({"spring": 1, "summer": 2}, {1: refs(1)}),
    )
    assert rebinds(plan) == {key(1): (refs(), ("summer",), refs(1))}
    assert not plan.pages  # and the page itself is left standing


def test_a_foreign_page_on_a_declared_beacon_stays() -> None:
    plan = planned(
        store([SPRING], [beacon(1, "spring")]), existing({1: SPRING, 9: FOREIGN}, {1: refs(9)}), ledger({"spring": 1})
    )
    assert rebinds(plan) == {key(1): (refs(9), ("spring",), refs())}


def test_a_page_of_the_files_on_a_declared_beacon_goes_whoever_bound_it() -> None:
    plan = planned(store([SPRING, SUMMER], [beacon(1, "spring")]), existing({1: SPRING, 2: SUMMER}, {1: refs(1, 2)}))
    assert rebinds(plan) == {key(1): (refs(), ("spring",), refs(2))}


def test_a_foreign_beacon_is_untouched_even_with_a_page_of_the_files() -> None:
    plan = planned(store([SPRING], [beacon(1, "spring")]), existing({1: SPRING}, {1: refs(1), 2: refs(1)}))
    assert not plan
    assert plan.bound == 1


def test_a_ledger_entry_that_is_no_longer_true_asks_for_nothing() -> None:
    assert not planned(NOTHING, existing({9: FOREIGN}, {1: refs(9)}), ledger(bindings={1: refs(1), 2: refs(1)}))


def test_a_beacon_unknown_at_the_target_is_withheld() -> None:
    files = store([SPRING], [beacon(1, "spring")])
    plan = planned(files, existing({1: SPRING}))
    assert not plan
    assert plan.withheld == (Withheld(key(1), files.beacons[key(1)], WithheldReason.NOT_AT_TARGET),)


def test_a_beacon_unknown_at_the_target_that_shows_nothing_is_no_matter() -> None:
    assert not planned(store([SPRING], [beacon(1)]), existing({1: SPRING})).withheld


def test_a_target_that_lists_nothing_gets_no_write_for_beacons() -> None:
    files = store([SPRING], [beacon(1, "spring"), beacon(2)])
    plan = planned(files, existing(), ledger({"spring": 1}, {1: refs(1), 2: refs(1), 3: refs(1)}))
    assert plan.bindings == ()
    assert [item.why for item in plan.withheld] == [WithheldReason.NOT_AT_TARGET]
    assert plan.bound == 0


# Pages


def test_a_page_that_exists_nowhere_is_made_and_then_bound() -> None:
    plan = planned(store([SPRING], [beacon(1, "spring")]), existing({9: FOREIGN}, {1: refs()}))
    assert plan.pages == (MakePage(SPRING),)
    assert rebinds(plan) == {key(1): (refs(), ("spring",), refs())}


def test_a_page_is_made_though_no_beacon_shows_it_yet() -> None:
    assert planned(store([SPRING]), existing()).pages == (MakePage(SPRING),)


def test_an_own_page_is_found_by_the_ledger_whatever_its_mark_says() -> None:
    plan = planned(store([SPRING]), existing({1: FOREIGN}), ledger({"spring": 1}))
    assert plan.pages == (EditPage(SPRING, PageRef("1"), FOREIGN),)


def test_an_own_page_is_found_by_its_mark_when_the_card_was_lost() -> None:
    plan = planned(store([SPRING], [beacon(1, "spring")]), existing({1: SPRING, 9: FOREIGN}, {1: refs()}))
    assert not plan.pages
    assert plan.known == {"spring": "1"}


def test_an_own_page_is_found_by_its_mark_when_the_ledgers_one_is_gone() -> None:
    plan = planned(store([SPRING]), existing({2: SPRING}), ledger({"spring": 1}))
    assert not plan
    assert plan.known == {"spring": "2"}


def test_slugs_that_begin_alike_are_told_apart_by_their_marks() -> None:
    one, other = own("spring-sale-north"), own("spring-sale-south")
    plan = planned(store([one, other]), existing({1: other, 2: one}))
    assert not plan
    assert plan.known == {one.slug: "2", other.slug: "1"}


@pytest.mark.parametrize(
    "changed",
    [
        replace(SPRING, title="别的"),
        replace(SPRING, description="别的"),
        replace(SPRING, url="https://h5.example.com/other"),
        replace(SPRING, icon_digest="b" * 64),
    ],
    ids=["title", "description", "url", "icon"],
)
def test_a_page_that_says_something_else_is_edited(changed: OwnPage) -> None:
    plan = planned(store([SPRING]), existing({1: changed}), ledger({"spring": 1}))
    assert plan.pages == (EditPage(SPRING, PageRef("1"), as_it_should_be(changed)),)


def test_the_path_of_an_icon_is_no_difference_if_the_picture_is_the_same() -> None:
    assert not planned(store([SPRING]), existing({1: replace(SPRING, icon="icons/renamed.png")}))


def test_a_page_that_nobody_wants_any_more_is_left_standing() -> None:
    assert not planned(NOTHING, existing({1: SPRING}), ledger({"spring": 1}))


@pytest.mark.parametrize("slug", ["a", "spring", "spring-sale-2026-in-all-our-houses", "0-0"])
def test_a_mark_fits_into_wechats_comment(slug: str) -> None:
    sign = mark(own(slug))
    assert sign.isascii()
    assert len(sign) <= 30


# Pages made in the console


def test_a_console_page_is_bound_by_its_id_and_never_edited() -> None:
    plan = planned(store([console("members", 50054)], [beacon(1, "members")]), existing({50054: FOREIGN}, {1: refs()}))
    assert plan.pages == ()
    assert plan.known == {"members": "50054"}
    assert rebinds(plan) == {key(1): (refs(), ("members",), refs())}


def test_a_console_page_that_does_not_exist_is_withheld_with_its_name() -> None:
    files = store([console("members", 50054), SPRING], [beacon(1, "spring", "members"), beacon(2, "spring")])
    plan = planned(files, existing({1: SPRING}, {1: refs(), 2: refs()}))
    assert [change.key for change in plan.bindings] == [key(2)]
    assert plan.withheld == (Withheld(key(1), files.beacons[key(1)], WithheldReason.NO_SUCH_PAGE, ("members",)),)


def test_a_console_page_that_the_ledger_calls_by_another_name_is_not_edited() -> None:
    """Staff may write down the id of a page that this gateway made: from then on it is the console's."""
    files = store([replace(SPRING, title="别的"), console("members", 1)])
    plan = planned(files, existing({1: SPRING}), ledger({"spring": 1}))
    assert not [change for change in plan.pages if isinstance(change, EditPage)]


def test_one_page_is_never_taken_for_two() -> None:
    """The ledger says it is `spring`, its mark says `summer`: editing it as both would never come to an end."""
    plan = planned(store([SPRING, SUMMER]), existing({1: SUMMER}), ledger({"spring": 1}))
    assert len(set(plan.known.values())) == len(plan.known)
    edited = [change.ref for change in plan.pages if isinstance(change, EditPage)]
    assert len(edited) == len(set(edited))


# Beacons that are full

OTHERS = dict.fromkeys(range(101, 131), FOREIGN)
"""Thirty pages that others made."""


def pages_of(number: int) -> list[OwnPage]:
    return [own(f"page-{one}") for one in range(number)]


def test_no_page_is_made_for_a_beacon_on_which_others_left_no_room() -> None:
    ours = pages_of(25)
    files = store(ours, [beacon(1, *(page.slug for page in ours))])
    plan = planned(files, existing(OTHERS, {1: refs(*range(101, 107))}))
    assert not plan
    slugs = tuple(page.slug for page in ours)
    assert plan.withheld == (Withheld(key(1), files.beacons[key(1)], WithheldReason.FULL, slugs, others=6),)


def test_as_many_as_the_target_allows_are_bound() -> None:
    ours = pages_of(25)
    files = store(ours, [beacon(1, *(page.slug for page in ours))])
    plan = planned(files, existing(OTHERS, {1: refs(*range(101, 106))}))
    assert (len(plan.pages), len(plan.bindings), plan.withheld) == (25, 1, ())


def test_what_another_beacon_shows_now_or_later_is_made_all_the_same() -> None:
    ours = pages_of(3)
    later = replace(beacon(3), schedule=(Slot(SOME_DAY, SOME_DAY + timedelta(days=1), ("page-1",)),))
    files = store(ours, [beacon(1, "page-0", "page-1", "page-2"), beacon(2, "page-0"), later])
    plan = planned(files, existing(OTHERS, {1: refs(*OTHERS), 2: refs(), 3: refs()}))
    assert [change.page.slug for change in plan.pages if isinstance(change, MakePage)] == ["page-0", "page-1"]
    assert [change.key for change in plan.bindings] == [key(2)]


def test_a_page_that_takes_the_place_of_another_of_ours_needs_no_more_room() -> None:
    files = store([SPRING, SUMMER], [beacon(1, "summer")])
    there = existing({1: SPRING, **OTHERS}, {1: refs(1, *range(101, 130))})
    assert rebinds(planned(files, there)) == {key(1): (refs(*range(101, 130)), ("summer",), refs(1))}


def test_force_makes_no_room() -> None:
    files = store([SPRING], [beacon(1, "spring")])
    plan = planned(files, existing(OTHERS, {1: refs(*OTHERS)}), force=True)
    assert not plan
    assert [(item.why, item.others) for item in plan.withheld] == [(WithheldReason.FULL, 30)]


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 3))
def test_no_plan_ever_asks_for_more_than_the_target_allows(others: int, wanted_now: int, shown: int) -> None:
    ours = pages_of(wanted_now)
    files = store(ours, [beacon(1, *(page.slug for page in ours))])
    mine = dict(enumerate(ours[: min(shown, 30 - others)], 1))
    bound = refs(*mine, *range(101, 101 + others))
    plan = planned(files, existing({**mine, **OTHERS}, {1: bound}))
    assert all(len(change.keeps) + len(change.pages) <= MAX_PAGES_PER_BEACON for change in plan.bindings)
    assert bool(plan.withheld) == (others + wanted_now > MAX_PAGES_PER_BEACON)


# Protection


def protected(*pages: str) -> Store:
    return store([SPRING, SUMMER], [beacon(1, *pages, protect=True)])


def test_a_protected_beacon_is_not_rebound() -> None:
    files = protected("summer")
    plan = planned(files, existing({1: SPRING, 2: SUMMER}, {1: refs(1)}))
    assert not plan
    assert plan.withheld == (Withheld(key(1), files.beacons[key(1)], WithheldReason.PROTECTED),)


def test_a_protected_beacon_is_not_unbound() -> None:
    plan = planned(protected(), existing({1: SPRING, 2: SUMMER}, {1: refs(1)}))
    assert [item.why for item in plan.withheld] == [WithheldReason.PROTECTED]
    assert not plan


def test_a_protected_beacon_gets_its_first_binding() -> None:
    plan = planned(protected("summer"), existing({1: SPRING, 2: SUMMER}, {1: refs()}))
    assert rebinds(plan) == {key(1): (refs(), ("summer",), refs())}
    assert not plan.withheld


def test_a_protected_beacon_that_shows_what_it_should_is_not_mentioned() -> None:
    assert not planned(protected("spring"), existing({1: SPRING, 2: SUMMER}, {1: refs(1)})).withheld


def test_force_overrides_protection() -> None:
    plan = planned(protected("summer"), existing({1: SPRING, 2: SUMMER}, {1: refs(1)}), force=True)
    assert rebinds(plan) == {key(1): (refs(), ("summer",), refs(1))}
    assert not plan.withheld


def test_force_makes_no_page_or_beacon_exist() -> None:
    files = store([console("members", 1)], [beacon(1, "members"), beacon(2, "members")])
    plan = planned(files, existing({}, {1: refs()}), force=True)
    assert not plan
    assert [item.why for item in plan.withheld] == [WithheldReason.NO_SUCH_PAGE, WithheldReason.NOT_AT_TARGET]


# Order


def test_pages_come_first_then_bindings_then_what_is_only_taken_away() -> None:
    files = store(
        [SPRING, SUMMER],
        [
            beacon(1, floor="F1"),
            beacon(2, "summer", floor="F7"),
            beacon(3, "spring", floor="F2"),
            beacon(4, floor="F0"),
        ],
    )
    plan = planned(
        files,
        existing({1: SPRING}, {1: refs(1), 2: refs(1), 3: refs(), 4: refs(1), 5: refs(1)}),
        ledger(bindings={5: refs(1)}),
        force=True,
    )
    assert plan.pages == (MakePage(SUMMER),)
    assert [change.key.minor for change in plan.bindings] == [3, 2, 5, 4, 1]
    assert [bool(change.pages) for change in plan.bindings] == [True, True, False, False, False]


# The brake


def losing(count: int, *, of: int) -> Plan:
    """Return a plan that takes the page from so many beacons of those that have one."""
    files = store([SPRING], [beacon(minor, *([] if minor < count else ["spring"])) for minor in range(of)])
    plan = planned(files, existing({1: SPRING}, {minor: refs(1) for minor in range(of)}))
    assert (plan.losing, plan.bound) == (count, of)
    return plan


@pytest.mark.parametrize(
    ("count", "of", "braked"),
    [
        (6, 10, True),
        (5, 10, False),  # many of few, but only five
        (4, 5, False),
        (5, 5, True),  # few, but none would show anything any more
        (1, 1, True),
        (6, 6, True),
        (30, 100, False),  # exactly the share
        (31, 100, True),
        (29, 100, False),  # many, but a small part
    ],
)
def test_the_brake_needs_both_many_beacons_and_a_large_share(count: int, of: int, braked: bool) -> None:
    assert losing(count, of=of).braked_by(Brake()) is braked


def test_the_brake_can_be_set() -> None:
    plan = losing(3, of=10)
    assert plan.braked_by(Brake(beacons=2, share=0.2))
    assert not plan.braked_by(Brake(beacons=3, share=0.2))
    assert not plan.braked_by(Brake(beacons=2, share=0.3))


def test_bindings_that_only_add_are_never_braked() -> None:
    files = store([SPRING], [beacon(minor, "spring") for minor in range(100)])
    assert not planned(files, existing({1: SPRING}, {minor: refs() for minor in range(100)})).braked_by(Brake(0, 0))


def test_removed_beacons_count_for_the_brake() -> None:
    bound = {minor: refs(1) for minor in range(10)}
    assert planned(NOTHING, existing({1: SPRING}, bound), ledger(bindings=bound), force=True).braked_by(Brake())


# The digest


def test_the_digest_is_the_same_for_the_same_plan() -> None:
    one, other = losing(3, of=10), losing(3, of=10)
    assert one.digest == other.digest
    assert len(one.digest) == 12
    assert int(one.digest, 16) >= 0


def test_the_digest_changes_with_anything_the_plan_would_do() -> None:
    files = store([SPRING, SUMMER], [beacon(1, "spring")])
    book = ledger({"spring": 1, "summer": 2}, {1: refs(1)})
    there = existing({1: SPRING, 2: SUMMER}, {1: refs(1)})
    plans = [
        planned(files, there, book),
        planned(store([SPRING, SUMMER], [beacon(1, "summer")]), there, book),
        planned(store([SPRING, SUMMER], [beacon(1)]), there, book),
        planned(store([SPRING, SUMMER]), there, book, force=True),
        planned(files, replace(there, bindings={key(1): refs()}), book),
        planned(files, replace(there, pages={}), book),
        planned(store([replace(SPRING, title="别的"), SUMMER], [beacon(1, "spring")]), there, book),
        planned(store([replace(SPRING, icon_digest="b" * 64), SUMMER], [beacon(1, "spring")]), there, book),
    ]
    assert len({plan.digest for plan in plans}) == len(plans)


def test_the_digest_does_not_depend_on_the_order_in_which_the_target_lists_things() -> None:
    files = store([SPRING], [beacon(1, "spring")])

    def digest(names: tuple[int, ...]) -> str:
        return planned(files, existing({1: SPRING}, {1: refs(*names)})).digest

    # Two of sixty references share a place in a set's table often enough for their order to show.
    differing = [pair for pair in combinations(range(100, 160), 2) if digest(pair) != digest(pair[::-1])]
    assert differing == []


# Whatever there is


class Scene(NamedTuple):
    files: Store
    there: Existing
    book: Ledger


SLUGS = ["spring", "summer", "autumn", "winter"]
numbers = st.integers(1, 6)
some_refs = st.frozensets(st.builds(lambda number: PageRef(str(number)), numbers), max_size=4)
minors = st.integers(1, 5)
own_pages: st.SearchStrategy[OwnPage] = st.builds(
    own, st.sampled_from(SLUGS), title=st.sampled_from(["一", "二"]), icon=st.sampled_from(["a" * 64, "b" * 64])
)
store_pages: st.SearchStrategy[Page] = own_pages | st.builds(console, st.sampled_from(SLUGS), numbers)
bound = st.dictionaries(minors, some_refs)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    pages = draw(st.lists(store_pages, unique_by=lambda page: page.slug))
    slugs = [page.slug for page in pages]
    shown = st.lists(st.sampled_from(slugs), unique=True).map(tuple) if slugs else st.just(())
    beacons: list[Beacon] = [
        replace(beacon(minor), pages=draw(st.none() | shown), protect=draw(st.booleans()))
        for minor in draw(st.sets(minors))
    ]
    there = existing(draw(st.dictionaries(numbers, own_pages | st.just(FOREIGN))), draw(bound))
    noted = draw(
        st.lists(st.tuples(st.sampled_from(SLUGS), numbers), unique_by=(lambda pair: pair[0], lambda pair: pair[1]))
    )
    return Scene(store(pages, beacons), there, ledger(dict(noted), draw(bound)))


def may_be_ours(scene: Scene) -> frozenset[PageRef]:
    """Return every page that the ledger or a mark of a page in the files calls this gateway's."""
    marks = {mark(page)[:-8] for page in scene.files.pages.values() if isinstance(page, OwnPage)}
    return frozenset(scene.book.pages.values()) | {
        ref for ref, page in scene.there.pages.items() if page.mark[:-8] in marks
    }


REPLACED: Final = Scene(
    store([console("spring", 1)], [beacon(1, "spring"), replace(beacon(2), pages=None)]),
    existing({1: own("spring")}, {1: refs(), 2: refs(1)}),
    ledger(bindings={2: refs(1)}),
)
"""A beacon vanishes while its floor gets another one."""


@pytest.mark.slow
@settings(max_examples=300)
@given(scenes(), st.booleans())
@example(scene=REPLACED, force=False)
def test_a_second_run_has_nothing_to_do(scene: Scene, force: bool) -> None:
    world = World.of(scene.there, scene.book)
    plan = planned(*scene, force=force)
    world.carry_out(plan)
    again = planned(scene.files, world.existing, world.ledger, force=force)
    assert not again
    assert again.withheld == plan.withheld


@pytest.mark.slow
@settings(max_examples=300)
@given(scenes(), st.booleans())
def test_after_a_run_every_beacon_shows_what_the_files_want_or_is_withheld(scene: Scene, force: bool) -> None:
    world = World.of(scene.there, scene.book)
    plan = planned(*scene, force=force)
    world.carry_out(plan)
    known = planned(scene.files, world.existing, world.ledger).known
    for beacon_key, slugs in wanted(scene.files).items():
        if beacon_key in {item.key for item in plan.withheld} or beacon_key not in scene.there.bindings:
            continue
        of_the_files = world.bindings[beacon_key] & frozenset(known.values())
        assert of_the_files == {known[slug] for slug in slugs}


@pytest.mark.slow
@settings(max_examples=300)
@given(scenes(), st.booleans())
def test_a_run_never_touches_what_others_made(scene: Scene, force: bool) -> None:
    world = World.of(scene.there, scene.book)
    world.carry_out(planned(*scene, force=force))
    for ref, page in scene.there.pages.items():
        if ref not in may_be_ours(scene):
            assert world.pages[ref] == page
    by_id = {PageRef(str(page.page_id)) for page in scene.files.pages.values() if isinstance(page, ConsolePage)}
    for beacon_key, before in scene.there.bindings.items():
        ours = scene.book.bindings.get(beacon_key, frozenset())
        if beacon_key in wanted(scene.files):
            ours |= may_be_ours(scene) | by_id
        assert before - ours <= world.bindings[beacon_key]
        if beacon_key not in wanted(scene.files):
            assert world.bindings[beacon_key] <= before
