"""Which listings are too short to be believed, and whom to ask."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from beacon_gateway.core.bindings.listing import (
    Shortfall,
    doubtful_beacons,
    known_bindings,
    missing_pages,
    sample,
    shortfall,
    with_answers,
)
from beacon_gateway.core.bindings.target import Existing, ExistingPage, Ledger, PageRef
from beacon_gateway.core.model.store import OwnPage
from tests.core.world import FOREIGN, console, existing, key, ledger, own, refs, store

SPRING = own("spring")
ONE = {n: refs(1) for n in range(20)}


def book(verified: Mapping[int, frozenset[PageRef]]) -> Ledger:
    """Return a ledger in which each of these shows a page of ours, as it was verified."""
    ours = {key(n): refs(1) for n in verified}
    return replace(ledger({"spring": 1}), bindings=ours, verified=existing({1: SPRING, 9: FOREIGN}, verified))


def listed(bindings: Mapping[int, frozenset[PageRef]]) -> Existing:
    return existing({1: SPRING, 9: FOREIGN}, bindings)


def some(count: int, *, of: int) -> tuple[Existing, Ledger]:
    """Return a listing in which so many of all beacons show their page."""
    known = {n: refs(1) for n in range(of)}
    return listed({n: refs(1) if n < count else refs() for n in range(of)}), book(known)


@pytest.mark.parametrize(
    ("count", "of", "short"),
    [
        (0, 2, 2),
        (0, 20, 20),
        (9, 20, 11),
        (10, 20, 0),  # half
        (0, 1, 0),  # one beacon is asked
        (1, 2, 0),
        (1, 6, 0),  # most, but only five: they are asked
        (1, 7, 6),
        (20, 20, 0),
    ],
)
def test_nothing_of_several_or_less_than_half_of_many_is_not_believed(count: int, of: int, short: int) -> None:
    assert shortfall(*some(count, of=of)) == (Shortfall(short, of) if short else None)


def test_beacons_that_are_not_listed_at_all_count_as_short() -> None:
    assert shortfall(listed({}), book(ONE)) == Shortfall(20, 20)


def test_other_pages_in_the_place_of_known_ones_are_no_shortfall() -> None:
    """Somebody bound them to something else: that is drift, and is told as such."""
    assert shortfall(listed(dict.fromkeys(ONE, refs(9))), book(ONE)) is None


def test_pages_of_others_that_are_gone_count_too() -> None:
    both = dict.fromkeys(ONE, refs(1, 9))
    assert shortfall(listed(ONE), book(both)) is None
    three = dict.fromkeys(ONE, refs(1, 8, 9))
    pages: dict[int, OwnPage | ExistingPage] = {1: SPRING, 8: FOREIGN, 9: FOREIGN}
    known = replace(book({}), bindings={key(n): refs(1) for n in three}, verified=existing(pages, three))
    assert shortfall(existing(pages, ONE), known) == Shortfall(20, 20)


def test_what_went_with_a_deleted_page_is_no_shortfall() -> None:
    assert shortfall(existing({9: FOREIGN}, dict.fromkeys(ONE, refs())), book(ONE)) is None


def test_an_empty_ledger_believes_everything() -> None:
    assert shortfall(listed({}), Ledger()) is None
    assert not doubtful_beacons(listed({}), Ledger())


def test_what_was_sent_and_never_read_there_is_not_known() -> None:
    """A target that refused it, or keeps something else, lists nothing too little."""
    known = replace(book({2: refs(1, 9)}), bindings={key(1): refs(1), key(2): refs(1)})
    assert known_bindings(listed({}), known) == {key(2): refs(1, 9)}
    sent = replace(known, sent=Existing({}, {key(2): refs(9)}))
    assert known_bindings(listed({}), sent) == {key(2): refs(9)}
    assert (
        shortfall(listed(dict.fromkeys(ONE, refs())), replace(book(ONE), sent=listed(dict.fromkeys(ONE, refs()))))
        is None
    )


def test_what_others_bound_where_nothing_is_ours_is_no_concern() -> None:
    known = replace(book(dict.fromkeys(ONE, refs(1, 9))), bindings={})
    assert shortfall(listed({}), known) is None
    assert not doubtful_beacons(listed(dict.fromkeys(ONE, refs())), known)


@pytest.mark.parametrize(("of", "asked"), [(0, 0), (1, 1), (20, 20), (21, 11), (1000, 20)])
def test_of_many_beacons_some_from_everywhere_are_asked(of: int, asked: int) -> None:
    chosen = sample([key(n) for n in reversed(range(of))])
    assert (len(chosen), chosen[:1]) == (asked, [key(0)] if of else [])


def test_a_beacon_that_lacks_a_page_is_asked() -> None:
    there = listed({1: refs(1), 2: refs(9), 3: refs(1), 4: refs(1, 9)})
    known = book({1: refs(1), 2: refs(1, 9), 3: refs(1, 9), 4: refs(1), 5: refs(1)})
    assert doubtful_beacons(there, known) == {key(2): refs(1, 9), key(3): refs(1, 9)}


def test_an_answer_stands_in_the_place_of_the_listing() -> None:
    there = with_answers(listed({1: refs(), 2: refs(1)}), {key(1): refs(9)})
    assert there.bindings == {key(1): refs(9), key(2): refs(1)}


def test_pages_of_the_files_that_are_known_and_not_listed_are_asked_for() -> None:
    files = store([SPRING, own("new"), console("members", 9), console("later", 8)])
    known = replace(ledger({"spring": 1, "old": 2}), verified=existing({9: FOREIGN}))
    assert missing_pages(files, existing(), known) == refs(1, 9)
    assert missing_pages(files, existing({1: SPRING}), known) == refs(9)
