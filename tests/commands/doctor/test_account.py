"""The account, against the emulated WeChat; and who else writes to it, from a real ledger."""

import random
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.core.bindings.history.audit import (
    BEGUN,
    DIFFERS,
    VERIFIED,
    AuditCause,
    AuditLine,
    BindingImage,
    LedgerEntry,
)
from beacon_gateway.core.bindings.ownership import mark
from beacon_gateway.core.bindings.target import PageRef
from beacon_gateway.core.doctor.account import disputes
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.simulator.sample_account import furnish
from beacon_gateway.simulator.store import draw_icon
from beacon_gateway.simulator.wechat import EmulatedAccount, Emulator, EmulatorSettings, InjectedFault
from tests.adapters.files.folders import PNG
from tests.commands.command import SECRET
from tests.commands.doctor.pi import CONFIG, FLOOR, Pi
from tests.commands.test_run import KEY
from tests.services.bindings.scene import own

SETTINGS = EmulatorSettings(appid="wx0123456789abcdef", secret=SECRET)
PAGES = """\
pages:
  spring-sale: {title: 春季新品, description: 全场八折起, url: 'https://h5.example.com/spring', icon: icons/spring.png}
"""


async def serve(pi: Pi, settings: EmulatorSettings) -> AsyncIterator[Emulator]:
    emulator = Emulator(settings, clock=time.time, rng=random.Random(1))
    async with emulator.serve() as url:
        emulator.account.materials.home = url
        pi.config(CONFIG + f"wechat: {{appid: {SETTINGS.appid}, api_base: '{url}'}}\n")
        pi.environment["BEACON_GATEWAY_WECHAT_SECRET"] = SECRET
        yield emulator


@pytest.fixture
async def wechat(pi: Pi) -> AsyncIterator[Emulator]:
    async for emulator in serve(pi, SETTINGS):
        yield emulator


async def test_an_account_that_works_is_told_with_the_end_of_the_shake_entry(pi: Pi, wechat: Emulator) -> None:
    furnish(wechat.account, 7, time.time())
    report = await pi.looked_at()
    assert report.level("account") == "ok"
    assert "can still bind pages (5 pages, 7 beacons)" in report["account"]
    assert "no Shake entry since March 2024" in report["account"]
    assert len(wechat.calls) <= 5
    assert report.level("writers") == "ok"


async def test_offline_asks_nobody(pi: Pi, wechat: Emulator) -> None:
    report = await pi.looked_at(offline=True)
    assert not wechat.calls
    assert (report.level("account"), report.level("writers")) == ("unseen", "unseen")
    assert report.level("disputes") == "ok"


async def test_a_recalled_account_is_told_in_a_sentence(pi: Pi, wechat: Emulator) -> None:
    wechat.faults.add("/shakearound/*", InjectedFault.error(48001), times=None)
    report = await pi.looked_at()
    assert report.level("account") == "fail"
    assert "took the service back in 2021" in report["account"]
    assert "role: off" in report["account"]
    assert report["writers"] == "Other writers: not checked: the account cannot be used."


async def test_the_very_address_to_add_is_said(pi: Pi) -> None:
    async for _ in serve(pi, replace(SETTINGS, ip_whitelist=frozenset({"203.0.113.9"}))):
        report = await pi.looked_at()
        assert report.level("account") == "fail"
        assert "Add 127.0.0.1 in the account's console" in report["account"]
        assert report.said["account"]["details"]["code"] == "40164"


@pytest.mark.parametrize("code", [45009, 45011, -1, 9001005])
async def test_an_answer_that_is_a_refusal_for_now_is_no_missing_answer(pi: Pi, wechat: Emulator, code: int) -> None:
    wechat.faults.add("/shakearound/*", InjectedFault.error(code), times=None)
    report = await pi.looked_at()
    assert report.level("account") == "warn"
    assert report["account"].startswith("Account: WeChat did not accept this request of wx0123456789abcdef.")
    assert "network" not in report["account"]


async def test_a_wrong_secret_is_given_anew_and_never_shown(pi: Pi, wechat: Emulator) -> None:
    wrong = "wrong0" * 5
    pi.environment["BEACON_GATEWAY_WECHAT_SECRET"] = wrong
    report = await pi.looked_at()
    assert report.level("account") == "fail"
    assert "AppSecret is wrong" in report["account"]
    assert report.fix("account").startswith("sudo install -m 600 /dev/stdin ")
    assert not any(wrong in line for line in report.text)
    assert wechat.calls


async def test_a_network_that_fails_is_no_fault_of_the_account(pi: Pi, wechat: Emulator) -> None:
    wechat.faults.add("/cgi-bin/stable_token", InjectedFault.drop(), times=None)
    report = await pi.looked_at()
    assert report.level("account") == "warn"
    assert "check network and DNS." in report["account"]


def page(account: EmulatedAccount, slug: str) -> int:
    """Let some gateway make a page."""
    made = own(slug)
    icon = account.materials.add_icon(draw_icon(1), time.time())
    return account.add_page(
        title=made.title, description=made.description, page_url=made.url, icon_url=icon, comment=mark(made)
    )


def name_the_page(pi: Pi) -> None:
    icons = pi.folder / "store" / "icons"
    icons.mkdir()
    (icons / "spring.png").write_bytes(PNG)
    pi.store(FLOOR, PAGES)


async def test_a_page_of_the_files_is_nobody_elses_and_one_of_neither_files_nor_ledger_is(
    pi: Pi, wechat: Emulator
) -> None:
    name_the_page(pi)
    page(wechat.account, "spring-sale")
    assert (await pi.looked_at()).level("writers") == "ok"
    stranger = page(wechat.account, "winter-sale")
    report = await pi.looked_at()
    assert report.level("writers") == "warn"
    assert f"1 page with a gateway's mark (春季新品 ({stranger}))" in report["writers"]
    assert "before a card was replaced" in report["writers"]

    async with LedgerFile(pi.folder / "state") as ledger:
        await ledger.record(LedgerEntry(pages={"winter-sale": PageRef(str(stranger))}))
    assert (await pi.looked_at()).level("writers") == "ok"


async def test_a_page_that_was_made_twice_shows_two_gateways_at_one_time(pi: Pi, wechat: Emulator) -> None:
    name_the_page(pi)
    page(wechat.account, "spring-sale")
    page(wechat.account, "spring-sale")
    report = await pi.looked_at()
    assert report.level("writers") == "warn"
    assert "two gateways have written" in report["writers"]


OURS, THEIRS = frozenset({PageRef("1")}), frozenset({PageRef("2")})
NOW = datetime.now(UTC)


def bound(run: int, before: frozenset[PageRef], *, outcome: str = VERIFIED, key: BeaconKey = KEY) -> list[AuditLine]:
    """Return the two lines of one binding to our page."""
    image = BindingImage(key, before, OURS, frozenset())
    at = NOW - timedelta(hours=100 - run)
    line = AuditLine(at, AuditCause("drift"), "plan", "rev", run, f"bind {key} to spring-sale", BEGUN, image)
    return [line, replace(line, outcome=outcome, image=None)]


def test_a_beacon_that_was_changed_between_two_of_our_writes_is_disputed() -> None:
    lines = [*bound(1, frozenset()), *bound(2, THEIRS), *bound(3, THEIRS), *bound(4, OURS)]
    assert disputes(lines) == {KEY: 2}


def test_what_we_did_not_prove_is_nobody_elses_doing() -> None:
    lines = [*bound(1, frozenset(), outcome=DIFFERS), *bound(2, THEIRS), bound(3, OURS)[0], *bound(4, THEIRS)]
    assert disputes(lines) == {}


async def test_two_writers_are_seen_in_the_audit_log_without_asking_wechat(pi: Pi) -> None:
    pi.config(CONFIG + "wechat: {appid: wx0123456789abcdef}\n")
    async with LedgerFile(pi.folder / "state") as ledger:
        await ledger.record(LedgerEntry(tuple(line for run in range(1, 4) for line in bound(run, THEIRS))))
        assert (await pi.looked_at(offline=True)).level("disputes") == "ok"
        await ledger.record(LedgerEntry(tuple(bound(4, THEIRS))))
    report = await pi.looked_at(offline=True)
    assert report.level("disputes") == "warn"
    assert f"beacon {KEY} was changed elsewhere 3 times" in report["disputes"]


async def test_a_ledger_that_cannot_be_read_hides_nothing_else(pi: Pi) -> None:
    pi.config(CONFIG + "wechat: {appid: wx0123456789abcdef}\n")
    (pi.folder / "state").mkdir()
    with (pi.folder / "state" / "ledger.db").open("wb") as file:
        file.write(b"no database" * 100)
    report = await pi.looked_at(offline=True)
    assert report.level("disputes") == "unseen"
    assert report.level("files") == "ok"
