"""A commit of the ledger that fails may be there all the same: whichever it is, nothing is done or noted twice."""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.core.bindings.drift import SOMEBODYS
from beacon_gateway.core.bindings.history.audit import WITHHELD
from beacon_gateway.services.bindings.progress import SyncState
from tests.services.bindings.scene import BIND, ICON, MAKE, Gateway, WeChatSide, beacon, gateway_at, own, store

T = TypeVar("T")
SPRING, DRAW = own("spring-sale"), own("lucky-draw", title="幸运抽奖", icon="draw")
WANTED = store([beacon(1, "spring-sale"), beacon(2, "lucky-draw"), beacon(3)], [SPRING, DRAW])
COMMITS = range(1, 13)


class DoubtfulLedger(LedgerFile):
    """One of its transactions fails at its end: written all the same, or not."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.fails_at, self.is_written = 0, True
        self.transactions = 0

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def counted(db: sqlite3.Connection) -> T:
            result = work(db)
            if not db.in_transaction:  # it only read
                return result
            self.transactions += 1
            if self.transactions == self.fails_at and not self.is_written:
                raise sqlite3.OperationalError("disk I/O error")
            return result

        before = self.transactions
        result = super()._transact(counted)
        if before < self.transactions == self.fails_at:
            self._close()
            raise OSError("disk I/O error")
        return result


@asynccontextmanager
async def with_doubtful_ledger(wechat: WeChatSide, folder: Path) -> AsyncIterator[tuple[Gateway, DoubtfulLedger]]:
    ledgers: list[DoubtfulLedger] = []

    def opened(folder: Path) -> LedgerFile:
        ledgers.append(DoubtfulLedger(folder))
        return ledgers[-1]

    async with gateway_at(wechat.url, folder, ledger_file=opened) as gateway:
        yield gateway, ledgers[0]


async def settle(gateway: Gateway) -> int:
    """Repeat passes until one finds nothing to do; return how many the ledger ended."""
    failed = 0
    for _ in range(5):
        try:
            progress = await gateway.once(WANTED)
        except OSError:
            failed += 1
        else:
            assert not {item.kind for item in progress.drift} & SOMEBODYS
            if not progress.plan:
                return failed
    raise AssertionError("still not in sync")


@pytest.mark.parametrize("is_written", [True, False])
@pytest.mark.parametrize("fails_at", COMMITS)
async def test_a_pass_goes_on_from_a_commit_in_doubt(
    wechat: WeChatSide, tmp_path: Path, fails_at: int, *, is_written: bool
) -> None:
    wechat.devices(1, 2, 3)
    async with with_doubtful_ledger(wechat, tmp_path) as (gateway, ledger):
        ledger.transactions, ledger.fails_at, ledger.is_written = 0, fails_at, is_written
        failed = await settle(gateway)
        assert failed == (fails_at <= ledger.transactions)
        assert wechat.titles() == sorted([SPRING.title, DRAW.title])
        assert (wechat.shown(1), wechat.shown(2)) == ([SPRING.title], [DRAW.title])
        assert wechat.writes() == {ICON: 2, MAKE: 2, BIND: 2}
        lines = await ledger.audit(since=None, limit=1000)
        deeds = Counter((line.change, line.outcome) for line in lines)
        assert {deed: times for deed, times in deeds.items() if times > 1} == {}
        assert {line.run for line in lines} == {1}
        assert not (await ledger.read()).sent.bindings


@pytest.mark.parametrize("is_written", [True, False])
@pytest.mark.parametrize("fails_at", range(1, 4))
async def test_what_vanished_is_audited_once_whichever_commit_is_in_doubt(
    wechat: WeChatSide, tmp_path: Path, fails_at: int, *, is_written: bool
) -> None:
    wechat.devices(1, 2, 3)
    async with with_doubtful_ledger(wechat, tmp_path) as (gateway, ledger):
        await settle(gateway)
        ledger.transactions, ledger.fails_at, ledger.is_written = 0, fails_at, is_written
        without_most = store([beacon(3)], [SPRING, DRAW])
        failed = 0
        while failed <= 1:
            try:
                progress = await gateway.once(without_most)
            except OSError:
                failed += 1
            else:
                break
        assert progress.state is SyncState.BRAKED
        assert failed == (fails_at <= ledger.transactions)
        lines = await ledger.audit(since=None, limit=1000)
        assert [line.outcome for line in lines].count(WITHHELD) == 1
