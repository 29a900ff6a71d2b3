"""Relations that come back empty or short: nothing is written again, and nothing of others is wiped."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from beacon_gateway.core.bindings.listing import MAX_BEACONS_ASKED
from beacon_gateway.core.bindings.plan import WithheldReason
from beacon_gateway.core.bindings.target import ListingShort
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.services.bindings.sync import ManualRequest
from beacon_gateway.simulator.wechat import InjectedFault
from beacon_gateway.simulator.wechat.request import Reply
from tests.services.bindings.liars import Liar, lying
from tests.services.bindings.scene import (
    BIND,
    PAGES,
    RELATIONS,
    Gateway,
    WeChatSide,
    beacon,
    gateway_at,
    key,
    own,
    store,
)

SPRING, DRAW = own("spring"), own("draw", title="幸运抽奖", icon="draw")
OURS, THEIRS = "春季新品", "他人页面"


@dataclass
class Account:
    """Beacons that show a page of ours and one of others, all verified."""

    wechat: WeChatSide
    liar: Liar
    gateway: Gateway
    count: int

    @property
    def wanted(self) -> Store:
        return store([beacon(n, "spring") for n in range(1, self.count + 1)], [SPRING, DRAW])

    def edited(self, *numbers: int) -> Store:
        """Return files in which these show another page."""
        beacons = [beacon(n, "draw" if n in numbers else "spring") for n in range(1, self.count + 1)]
        return store(beacons, [SPRING, DRAW])

    def hide(self, *numbers: int, by_page: bool = True, by_beacon: bool = False) -> None:
        """Leave these beacons out of all relations, as asked for by page or by beacon."""
        hidden = {self.wechat.device_id(n) for n in numbers}

        def lie(path: str, reply: Reply) -> Reply:
            data: dict[str, Any] = reply.get("data", {})  # type: ignore[assignment]  # JSON
            rows = data.get("relations")
            if path != RELATIONS or not rows:
                return reply
            one_beacon = len({row["device_id"] for row in rows}) == 1 and len(rows) > 1
            if not (by_beacon if one_beacon else by_page):
                return reply
            left = [row for row in rows if row["device_id"] not in hidden]
            return {**reply, "data": {**data, "relations": left, "total_count": len(left)}}

        self.liar.lie = lie

    def keep_nothing_of(self, title: str) -> None:
        """Take bindings to this page, and show nothing then."""

        def lie(path: str, reply: Reply) -> Reply:
            for number in range(1, self.count + 1):
                if path == BIND and title in self.wechat.shown(number):
                    self.wechat.bind(number)
            return reply

        self.liar.lie = lie

    def shown(self) -> list[list[str]]:
        return [self.wechat.shown(n) for n in range(1, self.count + 1)]


@asynccontextmanager
async def account(folder: Path, count: int) -> AsyncIterator[Account]:
    async with lying() as (wechat, liar), gateway_at(wechat.url, folder) as gateway:
        wechat.devices(*range(1, count + 1))
        theirs = wechat.page(THEIRS)
        for number in range(1, count + 1):
            wechat.bind(number, theirs)
        it = Account(wechat, liar, gateway, count)
        await gateway.settle(it.wanted)
        wechat.calls()
        yield it


@pytest.mark.parametrize("count", [2, 12])
@pytest.mark.parametrize(
    "by_beacon", [False, True], ids=["lists only", "also for beacons that are protected or missing from the files"]
)
async def test_relations_that_are_all_gone_are_not_believed(tmp_path: Path, count: int, by_beacon: bool) -> None:
    async with account(tmp_path, count) as it:
        it.hide(*range(1, count + 1), by_beacon=by_beacon)
        for wanted in (it.wanted, it.edited(1), store([beacon(1, "draw")], [SPRING, DRAW])):
            with pytest.raises(ListingShort, match="lists fewer pages than there were on"):
                await it.gateway.once(wanted)
        with pytest.raises(ListingShort):
            await it.gateway.sync.previews.of(it.wanted, within=0.0)
        with pytest.raises(ListingShort):
            await it.gateway.sync.undo(ManualRequest("wang"))
        assert it.wechat.writes() == {}
        it.liar.lie = lambda _, reply: reply
        assert (await it.gateway.once(it.wanted)).state is SyncState.IN_SYNC
        assert it.shown() == [sorted([OURS, THEIRS])] * count
        assert it.wechat.writes() == {}


async def test_most_of_many_gone_is_not_believed_either(tmp_path: Path) -> None:
    async with account(tmp_path, 12) as it:
        it.hide(*range(1, 9), by_beacon=True)
        with pytest.raises(ListingShort, match="on 8 of 12 beacons"):
            await it.gateway.once(it.edited(1, 12))
        assert it.wechat.writes() == {}


@pytest.mark.parametrize("hidden", [(1,), (1, 2, 3), (1, 2, 3, 4, 5)], ids=["one", "some", "nearly half"])
async def test_beacons_that_a_list_lacks_are_asked_and_their_word_counts(
    tmp_path: Path, hidden: tuple[int, ...]
) -> None:
    async with account(tmp_path, 12) as it:
        it.hide(*hidden)
        with capture_logs() as logs:
            assert (await it.gateway.once(it.wanted)).state is SyncState.IN_SYNC
        assert it.wechat.writes() == {}
        assert [entry["beacons"] for entry in logs if entry["event"] == "sync.listing_differs"] == [len(hidden)]
        assert (await it.gateway.once(it.edited(1, 12))).state is SyncState.IN_SYNC
        changed = sorted([DRAW.title, THEIRS])
        assert it.shown() == [changed, *[sorted([OURS, THEIRS])] * 10, changed]
        ledger = await it.gateway.ledger.read()
        assert all(ledger.bindings[key(n)] for n in range(1, 13))


@pytest.mark.parametrize("says_so_too", [False, True], ids=["and show them", "and do not"])
async def test_of_many_that_lack_a_page_some_are_asked_for_all(tmp_path: Path, *, says_so_too: bool) -> None:
    count = 2 * (MAX_BEACONS_ASKED + 1)
    async with account(tmp_path, count) as it:
        it.wechat.calls()
        it.hide(*range(1, MAX_BEACONS_ASKED + 2), by_beacon=says_so_too)
        if says_so_too:
            assert (await it.gateway.once(it.wanted, write=False)).state is SyncState.PENDING
        else:
            with pytest.raises(ListingShort, match="than these say themselves"):
                await it.gateway.once(it.edited(1))
        calls = it.wechat.calls()
        of_pages, of_beacons = 3, (MAX_BEACONS_ASKED + 2) // 2
        assert (BIND in calls, calls[RELATIONS]) == (False, of_pages + of_beacons)


async def test_what_a_list_lacks_is_not_forgotten(tmp_path: Path) -> None:
    """A beacon out of the files that a list lacks for once would be nobody's from then on."""
    async with account(tmp_path, 4) as it:
        fewer = store([beacon(n, "spring") for n in (1, 2, 3)], [SPRING, DRAW])
        it.hide(4)
        await it.gateway.once(fewer)
        it.liar.lie = lambda _, reply: reply
        await it.gateway.once(fewer)
        assert it.wechat.shown(4) == [THEIRS]


async def test_what_somebody_really_unbound_is_believed_when_the_beacon_says_so(tmp_path: Path) -> None:
    async with account(tmp_path, 3) as it:
        it.wechat.bind(1)
        progress = await it.gateway.once(it.wanted)
        assert progress.state is SyncState.IN_SYNC
        assert it.wechat.shown(1) == [OURS]


async def test_an_account_that_somebody_emptied_is_written_again_by_force(tmp_path: Path) -> None:
    async with account(tmp_path, 3) as it:
        for number in (1, 2, 3):
            it.wechat.bind(number)
        with pytest.raises(ListingShort):
            await it.gateway.once(it.wanted)
        await it.gateway.once(it.wanted, force=True)
        assert it.shown() == [[OURS]] * 3


async def test_a_beacon_that_cannot_be_asked_keeps_what_it_is_known_to_show(tmp_path: Path) -> None:
    async with account(tmp_path, 4) as it:
        busy = it.wechat.device_id(1)
        it.hide(1, 2)
        hidden = it.liar.lie

        def lie(path: str, reply: Reply) -> Reply:
            data: dict[str, Any] = reply.get("data", {})  # type: ignore[assignment]  # JSON
            rows = data.get("relations") or []
            if path == RELATIONS and len(rows) > 1 and all(row["device_id"] == busy for row in rows):
                return {"errcode": 9001001, "errmsg": "invalid"}
            return hidden(path, reply)

        it.liar.lie = lie
        progress = await it.gateway.once(it.edited(4))
        assert progress.state is SyncState.IN_SYNC
        assert it.wechat.writes() == {BIND: 1}
        assert it.wechat.shown(1) == it.wechat.shown(2) == sorted([OURS, THEIRS])


async def test_a_beacon_is_asked_before_its_first_binding(tmp_path: Path) -> None:
    """The ledger knows nothing of it, and the list does not show what others bound there."""
    async with account(tmp_path, 3) as it:
        it.wechat.devices(9)
        it.wechat.bind(9, *it.wechat.account.bindings(it.wechat.device_id(1)), it.wechat.page("第三页"))
        before = it.wechat.shown(9)
        it.hide(9)
        wanted = store([*it.wanted.beacons.values(), beacon(9, "draw")], [SPRING, DRAW])
        progress = await it.gateway.once(wanted)
        assert progress.state is SyncState.RETRYING
        assert it.wechat.shown(9) == before
        assert BIND not in it.wechat.writes()


async def test_a_page_that_the_list_lacks_and_the_account_has_is_not_made_again(tmp_path: Path) -> None:
    async with account(tmp_path, 3) as it:
        number = it.wechat.page_id(OURS)

        def lie(path: str, reply: Reply) -> Reply:
            data: dict[str, Any] = reply.get("data", {})  # type: ignore[assignment]  # JSON
            rows = data.get("pages") or []
            if path != PAGES or len(rows) < 2:  # asked for by number, it is there
                return reply
            left = [row for row in rows if row["page_id"] != number]
            return {**reply, "data": {**data, "pages": left, "total_count": len(left)}}

        it.liar.lie = lie
        with pytest.raises(ListingShort, match=f"does not list page {number}"):
            await it.gateway.once(it.edited(2))
        assert it.wechat.writes() == {}


@pytest.mark.parametrize("is_refused", [True, False], ids=["refused", "kept otherwise"])
async def test_what_wechat_does_not_take_makes_no_short_list(tmp_path: Path, *, is_refused: bool) -> None:
    """What it keeps in place of what was sent was read from each beacon."""
    async with account(tmp_path, 12) as it:
        if is_refused:
            it.wechat.emulator.faults.add(BIND, InjectedFault.error(9001032), times=None)
        else:
            it.keep_nothing_of(DRAW.title)
        everywhere = it.edited(*range(1, 13))
        for force in (True, False, False):
            progress = await it.gateway.once(everywhere, force=force)
            assert progress.state in {SyncState.PENDING, SyncState.BRAKED}
        assert it.shown() == [sorted([OURS, THEIRS]) if is_refused else []] * 12


async def test_what_a_first_binding_was_refused_is_not_known(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(*range(1, 9))
    wanted = store([beacon(n, "spring") for n in range(1, 9)], [SPRING])
    wechat.emulator.faults.add(BIND, InjectedFault.error(9001032), times=None)
    for _ in range(2):
        assert (await gateway.once(wanted)).state is SyncState.PENDING


async def test_half_of_the_beacons_gone_from_the_account_changes_nothing_for_the_rest(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.devices(1, 2)
    wanted = store([beacon(n, "spring") for n in (1, 2, 3, 4)], [SPRING])
    progress = await gateway.once(wanted)
    assert [item.why for item in progress.plan.withheld] == [WithheldReason.NOT_AT_TARGET] * 2
    assert (wechat.shown(1), wechat.shown(2)) == ([OURS], [OURS])
