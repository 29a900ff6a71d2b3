"""What keeps a pass from doing harm: the brake, `protect`, reading only, and one writer at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.core.bindings.plan import WithheldReason
from beacon_gateway.core.bindings.target import TryLater
from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.settings import WeChatSettings
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.bindings.progress import SyncState
from tests.services.bindings.scene import BIND, SETTINGS, Gateway, WeChatSide, beacon, console, gateway_at, own, store

SPRING = own("spring-sale", title="春季新品")
TEN = range(1, 11)

HOLD_THE_LOCK = """
import asyncio, sys
from pathlib import Path
from beacon_gateway.adapters.database.ledger.ledger import LedgerFile

async def main():
    async with LedgerFile(Path(sys.argv[1])) as ledger, ledger.writing():
        print("held", flush=True)
        sys.stdin.read()

asyncio.run(main())
"""


def ten_losing(count: int) -> Store:
    """Ten beacons of which the first so many show nothing any more."""
    return store([beacon(number, *([] if number <= count else ["spring-sale"])) for number in TEN], [SPRING])


async def test_six_of_ten_losing_their_page_are_braked(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(*TEN)
    await gateway.once(ten_losing(0))
    wechat.calls()
    progress = await gateway.once(ten_losing(6))
    assert (progress.state, progress.plan.losing, progress.plan.bound, progress.applied) == (SyncState.BRAKED, 6, 10, 0)
    assert wechat.writes() == {}
    assert all(wechat.shown(number) == [SPRING.title] for number in TEN)


async def test_five_of_ten_are_let_through(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(*TEN)
    await gateway.once(ten_losing(0))
    wechat.calls()
    assert (await gateway.once(ten_losing(5))).state is SyncState.IN_SYNC
    assert wechat.writes() == {BIND: 5}


async def test_files_that_lost_all_their_beacons_are_braked(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(*TEN)
    await gateway.once(ten_losing(0))
    wechat.calls()
    assert (await gateway.once(store([], [SPRING]))).state is SyncState.BRAKED
    assert (await gateway.once(store([], []))).state is SyncState.BRAKED
    assert wechat.writes() == {}


async def test_force_releases_the_brake(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(*TEN)
    await gateway.once(ten_losing(0))
    wechat.calls()
    progress = await gateway.once(ten_losing(6), force=True)
    assert (progress.state, progress.verified) == (SyncState.IN_SYNC, 6)
    assert wechat.writes() == {BIND: 6}
    assert [wechat.shown(number) for number in (6, 7)] == [[], [SPRING.title]]


async def test_the_brake_is_as_strong_as_it_is_set(wechat: WeChatSide, tmp_path: Path) -> None:
    options = WeChatSettings(appid=SETTINGS.appid, brake=Brake(beacons=0, share=0.0))
    wechat.devices(*TEN)
    async with gateway_at(wechat.url, tmp_path, options=options) as gateway:
        await gateway.once(ten_losing(0))
        assert (await gateway.once(ten_losing(1))).state is SyncState.BRAKED


async def test_a_braked_pass_is_braked_after_a_restart_too(wechat: WeChatSide, tmp_path: Path) -> None:
    wechat.devices(*TEN)
    async with gateway_at(wechat.url, tmp_path) as gateway:
        await gateway.once(ten_losing(0))
    async with gateway_at(wechat.url, tmp_path) as gateway:
        assert (await gateway.once(store([], []))).state is SyncState.BRAKED


async def test_a_protected_beacon_stays_as_it_is(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    members = console("members", wechat.page("会员日"))
    await gateway.once(store([beacon(1, "members"), beacon(2, "members")], [members]))
    wechat.calls()
    wanted = store([beacon(1, "spring-sale", protect=True), beacon(2, protect=True)], [members, SPRING])
    progress = await gateway.once(wanted)
    assert [(item.beacon and item.beacon.slug, item.why) for item in progress.plan.withheld] == [
        ("corner-1", WithheldReason.PROTECTED),
        ("corner-2", WithheldReason.PROTECTED),
    ]
    assert BIND not in wechat.writes()
    assert wechat.shown(1) == wechat.shown(2) == ["会员日"]
    await gateway.once(wanted, force=True)
    assert (wechat.shown(1), wechat.shown(2)) == ([SPRING.title], [])


async def test_a_protected_beacon_that_shows_nothing_is_bound(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    await gateway.once(store([beacon(1, "spring-sale", protect=True)], [SPRING]))
    assert wechat.shown(1) == [SPRING.title]


async def test_a_reader_writes_nothing_anywhere(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    progress = await gateway.once(store([beacon(1, "spring-sale")], [SPRING]), write=False)
    assert (progress.state, len(progress.plan), progress.applied) == (SyncState.PENDING, 2, 0)
    assert wechat.writes() == {}
    assert wechat.titles() == []
    ledger = await gateway.ledger.read()
    assert (ledger.pages, ledger.bindings) == ({}, {})


async def test_a_page_that_the_console_does_not_have_is_named(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1)
    progress = await gateway.once(store([beacon(1, "members")], [console("members", 7)]))
    assert [(item.why, item.pages) for item in progress.plan.withheld] == [(WithheldReason.NO_SUCH_PAGE, ("members",))]
    assert progress.state is SyncState.PENDING
    assert wechat.writes() == {}


async def test_two_files_on_one_folder_do_not_write_at_once(tmp_path: Path) -> None:
    async with LedgerFile(tmp_path) as first, LedgerFile(tmp_path) as second:
        async with first.writing():
            with pytest.raises(TryLater, match="another process"):
                async with second.writing():
                    pass
        async with second.writing():
            pass


async def test_a_pass_waits_for_another_process(wechat: WeChatSide, gateway: Gateway, tmp_path: Path) -> None:
    wechat.devices(1)
    wanted = store([beacon(1, "spring-sale")], [SPRING])
    with subprocess.Popen(  # noqa: ASYNC220, S603 - a script of ours, and its pipes are all that is waited for
        [sys.executable, "-c", HOLD_THE_LOCK, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(TryLater):
            await gateway.once(wanted)
        assert wechat.calls() == {}
        other.kill()
    assert (await gateway.once(wanted)).state is SyncState.IN_SYNC
