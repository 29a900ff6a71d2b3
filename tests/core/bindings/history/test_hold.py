"""What an undo holds back, and what lets it go."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from beacon_gateway.core.bindings.changes import Change, DeletePage, EditPage, MakePage, Rebind, RestorePage
from beacon_gateway.core.bindings.history.audit import BindingImage, Image, PageImage
from beacon_gateway.core.bindings.history.hold import (
    Thing,
    after_apply,
    fingerprint,
    in_force,
    is_held,
    taken_over,
    with_undone,
)
from beacon_gateway.core.bindings.ownership import as_it_should_be
from beacon_gateway.core.bindings.target import Hold, PageRef
from beacon_gateway.core.model.store import Beacon, OwnPage, Page, Slot, Store
from tests.core.world import FOREIGN, beacon, console, key, own, refs, store

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
SPRING, SUMMER = own("spring"), own("summer", title="夏季新品")
FILES = store([SPRING, SUMMER, console("members", 7)], [beacon(1, "spring"), beacon(2, "summer")])
BLANK = Hold("r1", NOON, "wang", "wrong page")


def held(*things: Thing, files: Store = FILES) -> Hold:
    return replace(BLANK, things={thing: fingerprint(files, thing) for thing in things})


def rebind(minor: int, files: Store = FILES) -> Rebind:
    return Rebind(key(minor), files.beacons.get(key(minor)), refs(9), refs(), ("spring",), refs(9))


def edit(page: OwnPage) -> EditPage:
    return EditPage(page, PageRef("1"), FOREIGN)


def with_beacon(one: Beacon) -> Store:
    return replace(FILES, beacons={**FILES.beacons, one.key: one})


def with_page(page: Page) -> Store:
    return replace(FILES, pages={**FILES.pages, page.slug: page})


def without(thing: Thing) -> Store:
    return replace(
        FILES,
        beacons={key: one for key, one in FILES.beacons.items() if key != thing},
        pages={slug: page for slug, page in FILES.pages.items() if slug != thing},
    )


def test_only_what_was_undone_is_held() -> None:
    hold = held(key(1), "spring")
    changes: list[Change] = [rebind(1), rebind(2), edit(SPRING), edit(SUMMER)]
    changes += [
        MakePage(SPRING),
        DeletePage(PageRef("1"), FOREIGN),
        RestorePage("spring", PageRef("1"), FOREIGN, FOREIGN),
    ]
    assert [change for change in changes if is_held(hold, FILES, change)] == [changes[0], changes[2], changes[6]]
    assert not any(is_held(None, FILES, change) for change in changes)


SLOT = Slot(NOON, NOON + timedelta(hours=2), ("summer",))


@pytest.mark.parametrize(
    "edited",
    [
        with_beacon(beacon(1, "summer")),
        with_beacon(beacon(1, "spring", "summer")),
        with_beacon(beacon(1)),
        with_beacon(replace(beacon(1, "spring"), schedule=(SLOT,))),
    ],
    ids=["another page", "one more", "none", "a schedule"],
)
def test_an_edit_of_a_beacons_pages_lets_it_go(edited: Store) -> None:
    hold = held(key(1), key(2))
    assert not is_held(hold, edited, rebind(1))
    assert in_force(hold, edited) == held(key(2))


@pytest.mark.parametrize(
    "other",
    [
        with_beacon(replace(beacon(1, "spring"), name="入口", floor="F1", slug="entrance", protect=True)),
        with_beacon(beacon(2, "spring")),
        with_beacon(beacon(3, "spring")),
        without(key(2)),
        replace(FILES, revision="another"),
        with_page(replace(SPRING, title="别的")),
    ],
    ids=["names", "another beacon", "one more", "one less", "revision", "its page's title"],
)
def test_no_other_edit_does(other: Store) -> None:
    hold = held(key(1))
    assert is_held(hold, other, rebind(1))
    assert in_force(hold, other) == hold


@pytest.mark.parametrize(
    "page",
    [
        replace(SPRING, title="别的"),
        replace(SPRING, description="别的"),
        replace(SPRING, url="https://h5.example.com/other"),
        replace(SPRING, icon_digest="b" * 64),
        console("spring", 8),
    ],
    ids=["title", "description", "address", "icon", "the console's"],
)
def test_an_edit_of_a_page_lets_it_go(page: Page) -> None:
    assert in_force(held("spring"), with_page(page)) is None


def test_what_is_missing_is_not_edited() -> None:
    """A file that is away for a moment, or cut off, ends no hold; what is done about that is another question."""
    hold = held(key(1), "spring")
    for absent in (without(key(1)), with_beacon(replace(beacon(1), pages=None))):
        assert in_force(hold, absent) == hold
        assert not is_held(hold, absent, rebind(1, absent))
    assert in_force(hold, without("spring")) == hold


def test_what_a_person_applied_is_let_go_and_what_is_missing_then_is_not() -> None:
    hold = held(key(1), key(3), "spring")
    assert after_apply(hold, FILES) is None
    assert after_apply(hold, without(key(1))) == held(key(1))


def test_a_beacon_that_was_taken_out_is_held_for_as_long_as_it_is_out() -> None:
    hold = held(key(3))
    assert is_held(hold, FILES, rebind(3))
    assert in_force(hold, with_beacon(beacon(3, "spring"))) is None


def test_an_undo_holds_what_it_puts_back() -> None:
    before, after = with_undone(None, BLANK, [rebind(1), RestorePage("spring", PageRef("1"), FOREIGN, FOREIGN)], FILES)
    assert before == after == held(key(1), "spring")


def test_undone_once_more_it_is_let_go_when_that_is_over() -> None:
    hold = held(key(1), "spring")
    before, after = with_undone(hold, BLANK, [rebind(1), edit(SPRING)], FILES)
    assert (before, after) == (hold, None)


def test_another_undo_holds_more_and_lets_nothing_go() -> None:
    hold = held(key(1))
    before, after = with_undone(hold, replace(BLANK, who="li"), [rebind(2)], FILES)
    assert before == after == replace(held(key(1), key(2)), who="li")
    again, left = with_undone(after, BLANK, [rebind(2)], FILES)
    assert again == after
    assert left == replace(held(key(1)), who="li")


def test_what_was_edited_and_undone_again_is_held_as_it_is_now() -> None:
    edited = with_beacon(beacon(1, "summer"))
    before, after = with_undone(held(key(1)), BLANK, [rebind(1, edited)], edited)
    assert before == after == held(key(1), files=edited)


def test_a_hold_of_an_older_version_is_of_what_the_last_run_took_back() -> None:
    images: list[Image] = [
        BindingImage(key(1), refs(1), refs(2), refs(1)),
        PageImage("spring", PageRef("1"), FOREIGN, as_it_should_be(SPRING)),
        PageImage("", PageRef("3"), FOREIGN, None),
    ]
    assert taken_over(BLANK, images, FILES) == held(key(1), "spring")
    assert in_force(taken_over(BLANK, [], FILES), FILES) is None
