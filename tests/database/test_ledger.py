"""The ledger: what this gateway made and bound, and a line for each change."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from beacon_gateway.adapters.database.ledger import LedgerFile
from beacon_gateway.core.ibeacon import BeaconKey
from beacon_gateway.core.target import PageRef, TryLater
from tests.database.hits import KEY, NOON

OTHER = BeaconKey(KEY.uuid, 10006, 2)
FOREIGN = BeaconKey(UUID(int=7), 10006, 1)
A, B, C = PageRef("50054"), PageRef("50055"), PageRef("no number")


async def test_pages_and_bindings_come_back_as_they_were_put(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as ledger:
        await ledger.put_page("spring-sale", A)
        await ledger.put_page("welcome", C)
        await ledger.put_binding(KEY, frozenset({A, B}))
        await ledger.put_binding(OTHER, frozenset({B}))
        await ledger.put_binding(FOREIGN, frozenset({C}))
    async with LedgerFile(tmp_path) as ledger:
        found = await ledger.read()
    assert found.pages == {"spring-sale": A, "welcome": C}
    assert found.bindings == {KEY: {A, B}, OTHER: {B}, FOREIGN: {C}}


async def test_the_last_word_about_a_page_or_a_binding_counts(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as ledger:
        await ledger.put_page("spring-sale", A)
        await ledger.put_page("spring-sale", B)
        await ledger.put_binding(KEY, frozenset({A, B}))
        await ledger.put_binding(KEY, frozenset({B, C}))
        found = await ledger.read()
    assert found.pages == {"spring-sale": B}
    assert found.bindings == {KEY: {B, C}}


async def test_a_binding_to_nothing_is_forgotten(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as ledger:
        await ledger.put_binding(KEY, frozenset({A}))
        await ledger.put_binding(OTHER, frozenset({A}))
        await ledger.put_binding(KEY, frozenset())
        assert (await ledger.read()).bindings == {OTHER: {A}}


async def test_an_empty_ledger_knows_nothing(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as ledger:
        found = await ledger.read()
    assert (found.pages, found.bindings) == ({}, {})


async def test_notes_are_appended_in_order(tmp_path: Path) -> None:
    later = datetime(2026, 11, 24, 4, 0, 1, 500, tzinfo=UTC)
    async with LedgerFile(tmp_path) as ledger:
        await ledger.note(NOON, "files", "abc", "make page spring-sale", "verified")
    async with LedgerFile(tmp_path) as ledger:
        await ledger.note(later, "apply: 换季", "def", "bind x", "refused 9001037")
        await ledger.note(NOON, "files", "abc", "make page spring-sale", "verified")
        lines = await ledger.run(
            lambda db: db.execute("SELECT at, cause, plan, change, outcome FROM audit ORDER BY id").fetchall()
        )
    first = ("2026-11-24T04:00:00+00:00", "files", "abc", "make page spring-sale", "verified")
    second = ("2026-11-24T04:00:01.000500+00:00", "apply: 换季", "def", "bind x", "refused 9001037")
    assert lines == [first, second, first]


async def test_only_one_at_a_time_may_write_to_the_target(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as first, LedgerFile(tmp_path) as second:
        async with first.writing():
            with pytest.raises(TryLater):
                async with second.writing():
                    pass
            await second.read()
            await second.put_page("spring-sale", A)
        async with second.writing():
            assert (await first.read()).pages == {"spring-sale": A}


async def test_a_failure_under_the_lock_lets_go_of_it(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as first, LedgerFile(tmp_path) as second:
        with pytest.raises(ZeroDivisionError):
            async with first.writing():
                raise ZeroDivisionError
        async with second.writing():
            pass
