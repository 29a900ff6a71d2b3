"""The ledger: what this gateway made and bound, and a line for each change."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.core.bindings.history.audit import (
    AuditCause,
    AuditLine,
    BindingImage,
    Image,
    LedgerEntry,
    PageImage,
)
from beacon_gateway.core.bindings.target import (
    OTHER_ACCOUNT,
    Existing,
    ExistingPage,
    Hold,
    NeedsOperator,
    PageRef,
    TryLater,
)
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.wechat.account_identity import AccountIdentity
from tests.adapters.database.hits import KEY, NOON

OTHER = BeaconKey(KEY.uuid, 10006, 2)
FOREIGN = BeaconKey(UUID(int=7), 10006, 1)
A, B, C = PageRef("50054"), PageRef("50055"), PageRef("no number")


async def test_pages_and_bindings_come_back_as_they_were_put(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as ledger:
        await ledger.record(LedgerEntry(pages={"spring-sale": A}))
        await ledger.record(LedgerEntry(pages={"welcome": C}))
        await ledger.record(LedgerEntry(bindings={KEY: frozenset({A, B})}))
        await ledger.record(LedgerEntry(bindings={OTHER: frozenset({B})}))
        await ledger.record(LedgerEntry(bindings={FOREIGN: frozenset({C})}))
    async with LedgerFile(tmp_path) as ledger:
        found = await ledger.read()
    assert found.pages == {"spring-sale": A, "welcome": C}
    assert found.bindings == {KEY: {A, B}, OTHER: {B}, FOREIGN: {C}}


async def test_the_last_word_about_a_page_or_a_binding_counts(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as ledger:
        await ledger.record(LedgerEntry(pages={"spring-sale": A}))
        await ledger.record(LedgerEntry(pages={"spring-sale": B}))
        await ledger.record(LedgerEntry(bindings={KEY: frozenset({A, B})}))
        await ledger.record(LedgerEntry(bindings={KEY: frozenset({B, C})}))
        found = await ledger.read()
    assert found.pages == {"spring-sale": B}
    assert found.bindings == {KEY: {B, C}}


async def test_a_binding_to_nothing_is_forgotten(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as ledger:
        await ledger.record(LedgerEntry(bindings={KEY: frozenset({A})}))
        await ledger.record(LedgerEntry(bindings={OTHER: frozenset({A})}))
        await ledger.record(LedgerEntry(bindings={KEY: frozenset()}))
        assert (await ledger.read()).bindings == {OTHER: {A}}


async def test_an_empty_ledger_knows_nothing(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as ledger:
        found = await ledger.read()
    assert (found.pages, found.bindings) == ({}, {})


def line(change: str, outcome: str, *, run: int = 1, image: Image | None = None) -> AuditLine:
    return AuditLine(NOON, AuditCause("apply", "wang", "换季"), "abc", "f00d", run, change, outcome, image)


BOUND = BindingImage(KEY, frozenset({A}), frozenset({B, C}), frozenset({A}))
EDITED = PageImage("spring-sale", A, ExistingPage("旧", "字", "https://h5.example.com", "", "icon"), None)


async def test_audit_lines_come_back_in_order_as_they_were_written(tmp_path: Path) -> None:
    lines = [line("bind", "begun", image=BOUND), line("edit", "begun", image=EDITED), line("bind", "verified")]
    async with LedgerFile(tmp_path) as ledger:
        await ledger.record(LedgerEntry(tuple(lines[:2])))
    async with LedgerFile(tmp_path) as ledger:
        await ledger.record(LedgerEntry(tuple(lines[2:])))
        assert await ledger.audit(since=None, limit=9) == lines
        assert await ledger.audit(since=None, limit=1) == lines[2:]
        assert await ledger.audit(since=NOON + timedelta(seconds=1), limit=9) == []


@pytest.mark.parametrize("statement", ["UPDATE audit SET outcome = 'verified'", "DELETE FROM audit"])
async def test_no_audit_line_is_ever_changed(tmp_path: Path, statement: str) -> None:
    async with LedgerFile(tmp_path) as ledger:
        await ledger.record(LedgerEntry((line("bind", "begun"),)))
        with pytest.raises(OSError, match="append-only"):
            await ledger.run(lambda db: db.execute(statement))
        assert len(await ledger.audit(since=None, limit=9)) == 1


async def test_a_run_that_did_not_end_goes_on_under_its_number(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as ledger:
        first = await ledger.begin_run("f00d")
        assert await ledger.begin_run("f00d") == first
        assert await ledger.begin_run("beef") != first
        await ledger.end_run(second := await ledger.begin_run("beef"))
        assert await ledger.begin_run("beef") != second


async def test_the_last_run_is_the_last_that_changed_something(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as ledger:
        assert await ledger.last_run() == ()
        first = await ledger.begin_run("f00d")
        changed = line("bind", "begun", run=first, image=BOUND)
        await ledger.record(LedgerEntry((changed,)))
        second = await ledger.begin_run("beef")
        begun, refused = (line("edit", "begun", run=second, image=EDITED), line("edit", "refused 9001027", run=second))
        await ledger.record(LedgerEntry((begun, refused)))
        assert await ledger.last_run() == (changed,)


async def test_what_was_right_is_remembered_until_it_is_deleted(tmp_path: Path) -> None:
    page = ExistingPage("春季新品", "全场八折起", "https://h5.example.com", "bg:", "icon")
    async with LedgerFile(tmp_path) as ledger:
        await ledger.record(LedgerEntry(pages={"spring": A}, verified=Existing({A: page}, {KEY: frozenset({A, B})})))
        found = await ledger.read()
        assert found.verified == Existing({A: page}, {KEY: frozenset({A, B})})
        assert found.verified.pages[A].icon == "icon"
        await ledger.record(LedgerEntry(gone=frozenset({A})))
        found = await ledger.read()
    assert (found.pages, found.verified.pages) == ({}, {})


async def test_a_hold_is_remembered_until_it_is_let_go(tmp_path: Path) -> None:
    hold = Hold("f00d", NOON, "wang", "wrong page")
    async with LedgerFile(tmp_path) as ledger:
        await ledger.put_hold(hold)
    async with LedgerFile(tmp_path) as ledger:
        assert (await ledger.read()).hold == hold
        await ledger.put_hold(None)
        assert (await ledger.read()).hold is None


async def test_only_one_at_a_time_may_write_to_the_target(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as first, LedgerFile(tmp_path) as second:
        async with first.writing():
            with pytest.raises(TryLater):
                async with second.writing():
                    pass
            await second.read()
            await second.record(LedgerEntry(pages={"spring-sale": A}))
        async with second.writing():
            assert (await first.read()).pages == {"spring-sale": A}


async def test_a_failure_under_the_lock_lets_go_of_it(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as first, LedgerFile(tmp_path) as second:
        with pytest.raises(ZeroDivisionError):
            async with first.writing():
                raise ZeroDivisionError
        async with second.writing():
            pass


OURS = AccountIdentity("wx0000000000000001", "https://api.weixin.qq.com")


@pytest.mark.parametrize(
    "other",
    [
        AccountIdentity("wx0000000000000002", "https://api.weixin.qq.com"),
        AccountIdentity("wx0000000000000001", "http://127.0.0.1:8081"),
        AccountIdentity("wx0000000000000001", "https://weixin.qq.com.example.com"),
    ],
    ids=str,
)
async def test_a_ledger_belongs_to_the_account_that_it_was_first_written_for(
    other: AccountIdentity, tmp_path: Path
) -> None:
    async with LedgerFile(tmp_path, account=OURS) as ledger:
        await ledger.record(LedgerEntry(pages={"spring-sale": A}))
    async with LedgerFile(tmp_path, account=other) as ledger:
        for use in (ledger.read(), ledger.begin_run("r"), ledger.record(LedgerEntry(pages={"spring-sale": B}))):
            with pytest.raises(NeedsOperator, match=OURS.appid) as raised:
                await use
            assert raised.value.code == OTHER_ACCOUNT
    async with LedgerFile(tmp_path) as ledger:  # a report asks no account
        assert (await ledger.read()).pages == {"spring-sale": A}


@pytest.mark.parametrize("host", ["api2.weixin.qq.com", "sh.api.weixin.qq.com", "API.weixin.qq.com/"])
async def test_an_account_is_the_same_at_each_of_wechats_hosts(host: str, tmp_path: Path) -> None:
    async with LedgerFile(tmp_path, account=OURS) as ledger:
        await ledger.record(LedgerEntry(pages={"spring-sale": A}))
    async with LedgerFile(tmp_path, account=AccountIdentity(OURS.appid, f"https://{host}")) as ledger:
        assert (await ledger.read()).pages == {"spring-sale": A}


async def test_a_look_claims_no_ledger(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path, account=AccountIdentity("wx0000000000000002", OURS.api_base)) as ledger:
        await ledger.read()
    async with LedgerFile(tmp_path, account=OURS) as ledger:
        await ledger.record(LedgerEntry(pages={"spring-sale": A}))
