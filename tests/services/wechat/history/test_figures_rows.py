"""Figures as rows of a real database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Final
from uuid import UUID

import pytest

from beacon_gateway.adapters.database.log import figures_rows
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.wechat.figures import DayFigures, Figures
from tests.services.bindings.scene import NOON, key, ref
from tests.services.wechat.history.scene import DAY, TODAY, YESTERDAY

SOME: Final = Figures(shakes=4, shakers=3, clicks=2, clickers=1)
MANY: Final = Figures(40, 30, 20, 10)
OTHER: Final = BeaconKey(UUID(int=7), 65535, 0)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(figures_rows.TABLES)
        yield db


def keep(db: sqlite3.Connection, *days: DayFigures, final: bool = True) -> None:
    with db:
        for figures in days:
            figures_rows.keep(db, figures, final=final, fetched=NOON)


def test_days_are_given_as_they_were_kept_oldest_first(db: sqlite3.Connection) -> None:
    newer = DayFigures(YESTERDAY, {key(1): SOME, OTHER: MANY}, {ref(50054): SOME})
    older = DayFigures(YESTERDAY - 30 * DAY, {key(1): MANY}, {ref(50054): MANY, ref(7): SOME})
    empty = DayFigures(YESTERDAY - DAY, {}, {})
    keep(db, newer, older, empty)
    assert figures_rows.select(db, older.day, newer.day) == [older, empty, newer]
    assert figures_rows.select(db, empty.day, empty.day) == [empty]
    assert figures_rows.select(db, TODAY, TODAY) == []


def test_which_days_are_there_and_which_are_final_is_told(db: sqlite3.Connection) -> None:
    assert figures_rows.days(db) == {}
    keep(db, DayFigures(YESTERDAY - DAY, {key(1): SOME}, {}))
    keep(db, DayFigures(YESTERDAY, {}, {}), final=False)
    assert figures_rows.days(db) == {YESTERDAY - DAY: True, YESTERDAY: False}


def test_a_day_is_replaced_as_a_whole(db: sqlite3.Connection) -> None:
    keep(db, DayFigures(YESTERDAY, {key(1): SOME, key(2): SOME}, {ref(7): SOME}), final=False)
    late = DayFigures(YESTERDAY, {key(1): MANY}, {ref(8): MANY})
    keep(db, late)
    assert figures_rows.select(db, YESTERDAY, YESTERDAY) == [late]
    assert figures_rows.days(db) == {YESTERDAY: True}


def test_a_transaction_that_fails_leaves_the_day_as_it_was(db: sqlite3.Connection) -> None:
    known = DayFigures(YESTERDAY, {key(1): SOME}, {ref(7): SOME})
    keep(db, known)
    too_large = Figures(1 << 64, 0, 0, 0)
    with pytest.raises(OverflowError):
        keep(db, DayFigures(YESTERDAY, {key(1): MANY}, {ref(7): too_large}))
    assert figures_rows.select(db, YESTERDAY, YESTERDAY) == [known]
