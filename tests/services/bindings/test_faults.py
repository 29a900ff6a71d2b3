"""A pass that meets misfortune anywhere is repeated, and ends where a lucky one would have."""

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from beacon_gateway.adapters.wechat.transport.client import RETRY_SPREAD_S
from beacon_gateway.core.bindings.target import TryLater, Unreachable, WaitForQuota
from beacon_gateway.core.model.store import Beacon, OwnPage, Page, Store
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.simulator.wechat import InjectedFault
from beacon_gateway.simulator.wechat.faults import FaultQueue
from tests.services.bindings.misfortune import AtCall
from tests.services.bindings.scene import (
    BIND,
    DEVICES,
    EDIT,
    ICON,
    MAKE,
    NOON,
    PAGES,
    READS,
    RELATIONS,
    TOKEN,
    Gateway,
    WeChatSide,
    beacon,
    console,
    gateway_at,
    key,
    own,
    ref,
    store,
    wechat_side,
)

FAULTS: Final = {
    "busy": InjectedFault.error(-1),
    "remote service": InjectedFault.error(9001002),
    "502": InjectedFault.http(502),
    "truncated": InjectedFault.truncate(),
    "dropped": InjectedFault.drop(),
    "answer lost": InjectedFault.lose_answer(),
}
DONE_ALL_THE_SAME: Final = (InjectedFault.lose_answer(), InjectedFault.truncate())
A_MINUTES_QUOTA: Final = InjectedFault.error(45011)
REPEATED: Final = READS - {TOKEN}
"""What is tried again before the pass hears of a trouble."""
PATHS: Final = (TOKEN, PAGES, DEVICES, RELATIONS, ICON, MAKE, EDIT, BIND)

MIDNIGHT: Final = NOON + timedelta(hours=12)
"""In Beijing."""

OLD_SPRING: Final = own("spring-sale", title="春季新品")
SPRING: Final = own("spring-sale", title="夏季新品", icon="summer")
WELCOME: Final = own("welcome", title="欢迎光临", icon="welcome")
DRAW: Final = own("lucky-draw", title="幸运抽奖", icon="draw")
SHOWN: Final = {1: ["夏季新品"], 2: ["幸运抽奖"], 3: [], 4: ["他人页面", "欢迎光临"], 5: ["他人页面"]}


class Change:
    """An account in sync with old files, and the new ones: every kind of change is among what is to do."""

    def __init__(self, wechat: WeChatSide, gateway: Gateway) -> None:
        self.wechat, self.gateway = wechat, gateway
        wechat.devices(1, 2, 3, 4, 5)
        self.foreign = wechat.page("他人页面", comment="do not touch")
        self.foreign_page = wechat.account.pages[self.foreign]
        wechat.bind(4, self.foreign)
        wechat.bind(5, self.foreign)
        members = console("members", wechat.page("会员日"))
        self.old = store(
            [beacon(1, "members"), beacon(2, "spring-sale"), beacon(3, "members"), beacon(5, "spring-sale")],
            [OLD_SPRING, members],
        )
        self.new = store(
            [beacon(1, "spring-sale"), beacon(2, "lucky-draw"), beacon(3), beacon(4, "welcome")],
            [SPRING, WELCOME, DRAW, members],
        )

    async def begin(self) -> None:
        await self.gateway.once(self.old)
        self.wechat.calls()

    async def end(self) -> int:
        """Repeat until there is nothing to do; then all must be as the files say. Return how many passes failed."""
        failed = await self.gateway.settle(self.new)
        self.wechat.calls()
        assert (await self.gateway.once(self.new)).state is SyncState.IN_SYNC
        assert self.wechat.writes() == {}
        assert {number: self.wechat.shown(number) for number in SHOWN} == SHOWN
        assert self.wechat.titles() == sorted(["他人页面", "会员日", "夏季新品", "欢迎光临", "幸运抽奖"])
        assert self.wechat.account.pages[self.foreign] == self.foreign_page
        return failed


@pytest.fixture
async def change(wechat: WeChatSide, gateway: Gateway) -> Change:
    change = Change(wechat, gateway)
    await change.begin()
    return change


@pytest.mark.parametrize("path", sorted(READS))
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_fault_on_what_all_depends_on_ends_the_pass_and_the_next_ones_finish_the_work(
    change: Change, path: str, fault: InjectedFault
) -> None:
    if path == TOKEN:
        change.gateway.monotonic.now += 7200  # else there is a token already
    rule = change.wechat.emulator.faults.add(path, fault, times=None)
    with pytest.raises(TryLater):
        await change.gateway.once(change.new)
    change.wechat.emulator.faults.remove(rule)
    assert await change.end() == 0


@pytest.mark.parametrize("path", [ICON, MAKE, EDIT])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_fault_on_one_kind_of_write_leaves_the_others_to_be_done(
    change: Change, path: str, fault: InjectedFault
) -> None:
    rule = change.wechat.emulator.faults.add(path, fault, times=None)
    with suppress(TryLater):  # three icons that cannot be sent are WeChat's trouble
        progress = await change.gateway.once(change.new)
        assert progress.state is SyncState.RETRYING or fault in DONE_ALL_THE_SAME
        assert change.wechat.shown(3) == []
        assert change.wechat.shown(5) == ["他人页面"]
    change.wechat.emulator.faults.remove(rule)
    assert await change.end() == 0


@pytest.mark.parametrize("path", sorted(REPEATED))
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_fault_that_is_over_at_once_does_not_end_a_pass(
    change: Change, path: str, fault: InjectedFault
) -> None:
    change.wechat.emulator.faults.add(path, fault)
    assert (await change.gateway.once(change.new)).state is SyncState.IN_SYNC
    (nap,) = change.gateway.naps.taken
    assert 0 < nap < 1


@pytest.mark.parametrize("path", [path for path in PATHS if path != TOKEN])
async def test_a_minutes_quota_is_waited_out_within_the_pass(change: Change, path: str) -> None:
    change.wechat.emulator.faults.add(path, A_MINUTES_QUOTA)
    assert (await change.gateway.once(change.new)).state is SyncState.IN_SYNC
    assert 0 < change.gateway.naps.taken[0] <= 60 + RETRY_SPREAD_S


async def quota_that_is_waited_for(change: Change) -> WaitForQuota:
    """Make a pass; return why it did not do all of it."""
    try:
        progress = await change.gateway.once(change.new)
    except WaitForQuota as error:
        return error
    assert progress.state is SyncState.RETRYING
    assert isinstance(progress.trouble, WaitForQuota)
    return progress.trouble


@pytest.mark.parametrize("path", PATHS)
async def test_a_days_quota_is_waited_for_without_a_call_of_that_path(change: Change, path: str) -> None:
    if path == TOKEN:
        change.gateway.monotonic.now += 7200
    change.wechat.emulator.faults.add(path, InjectedFault.error(45009))
    error = await quota_that_is_waited_for(change)
    assert (error.path, error.until) == (path, MIDNIGHT)
    change.wechat.calls()
    assert (await quota_that_is_waited_for(change)).path == path
    assert path not in change.wechat.calls()
    change.gateway.clock.now = MIDNIGHT
    change.gateway.monotonic.now += 12 * 3600
    change.wechat.clock.now += 12 * 3600
    assert await change.end() == 0


@pytest.mark.parametrize("path", PATHS)
async def test_a_content_type_of_text_plain_disturbs_nobody(change: Change, path: str) -> None:
    if path == TOKEN:
        change.gateway.monotonic.now += 7200
    change.wechat.emulator.faults.add(path, InjectedFault.content_type("text/plain"), times=None)
    progress = await change.gateway.once(change.new)
    assert progress.state is SyncState.IN_SYNC
    assert progress.applied == progress.verified == len(progress.plan)


@pytest.mark.parametrize("path", PATHS)
async def test_three_faults_in_a_row_on_a_path_are_waited_out(change: Change, path: str) -> None:
    if path == TOKEN:
        change.gateway.monotonic.now += 7200
    for fault in (InjectedFault.lose_answer(), InjectedFault.http(502), InjectedFault.error(-1)):
        change.wechat.emulator.faults.add(path, fault)
    assert await change.end() <= (3 if path == TOKEN else 1)


@pytest.mark.parametrize("fault", ["busy", "dropped", "answer lost"])
async def test_a_fault_at_any_call_of_a_pass_is_made_good_by_the_next(tmp_path: Path, fault: str) -> None:
    call, calls = 0, 1
    while call < calls:
        async with wechat_side() as wechat, gateway_at(wechat.url, tmp_path / str(call)) as gateway:
            change = Change(wechat, gateway)
            await change.begin()
            gateway.monotonic.now += 7200
            faults = wechat.emulator.faults = AtCall({call: FAULTS[fault]})
            with suppress(TryLater):  # where it was the token
                await gateway.once(change.new)
            assert len(faults.met) == 1
            assert await change.end() == 0
        if call == 0:  # how many there are without misfortune
            calls = await calls_of_a_lucky_pass(tmp_path / "lucky")
        call += 1


async def calls_of_a_lucky_pass(folder: Path) -> int:
    async with wechat_side() as wechat, gateway_at(wechat.url, folder) as gateway:
        change = Change(wechat, gateway)
        await change.begin()
        gateway.monotonic.now += 7200
        await gateway.once(change.new)
        return wechat.calls().total()


async def test_a_page_whose_making_was_not_answered_is_found_by_its_mark(change: Change) -> None:
    change.wechat.emulator.faults.add(MAKE, InjectedFault.lose_answer())
    assert (await change.gateway.once(change.new)).state is SyncState.RETRYING
    made = change.wechat.page_id(DRAW.title)
    change.wechat.calls()
    progress = await change.gateway.once(change.new)
    assert progress.state is SyncState.IN_SYNC
    assert change.wechat.page_id(DRAW.title) == made
    assert MAKE not in change.wechat.writes()  # the other page was made by the first pass


async def test_a_page_whose_making_was_not_answered_is_found_by_another_card(change: Change, tmp_path: Path) -> None:
    change.wechat.emulator.faults.add(MAKE, InjectedFault.lose_answer())
    await change.gateway.once(change.new)
    async with gateway_at(change.wechat.url, tmp_path / "new card") as gateway:
        await gateway.settle(change.new)
    assert change.wechat.titles().count(DRAW.title) == 1


async def test_a_binding_whose_answer_is_lost_is_not_lost_itself(change: Change) -> None:
    change.wechat.emulator.faults.add(BIND, InjectedFault.lose_answer(), times=4)
    await change.end()
    ledger = await change.gateway.ledger.read()
    spring, draw, welcome = (ref(change.wechat.page_id(page.title)) for page in (SPRING, DRAW, WELCOME))
    assert ledger.bindings[key(1)] >= {spring}
    assert ledger.bindings[key(2)] >= {draw}
    assert ledger.bindings[key(4)] == {welcome}


async def test_a_removal_whose_answer_was_lost_leaves_the_beacon_to_others(change: Change) -> None:
    """What we bound once, and took away, may be bound by somebody else: that is theirs then."""
    await change.end()
    without = store([beacon(1, "spring-sale"), beacon(2, "lucky-draw"), beacon(3)], change.new.pages.values())
    change.wechat.emulator.faults.add(BIND, InjectedFault.lose_answer())
    assert (await change.gateway.once(without)).state is SyncState.IN_SYNC
    await change.gateway.settle(without)
    welcome = change.wechat.page_id(WELCOME.title)
    change.wechat.bind(4, change.foreign, welcome)
    await change.gateway.once(without)
    assert change.wechat.shown(4) == ["他人页面", "欢迎光临"]


async def test_what_was_written_before_the_fault_is_counted_and_read_back(change: Change) -> None:
    change.wechat.emulator.faults.add(BIND, InjectedFault.drop(), times=None)
    with pytest.raises(TryLater):
        await change.gateway.once(change.new)
    progress = change.gateway.sync.progress
    assert progress is not None
    assert progress.applied == progress.verified == len(progress.plan.pages) == 3
    assert isinstance(change.gateway.sync.trouble, Unreachable)


async def test_every_pass_leaves_its_lines_in_the_audit(change: Change) -> None:
    await change.gateway.once(change.new)
    lines = await change.gateway.ledger.run(lambda db: db.execute("SELECT at, cause, outcome FROM audit").fetchall())
    progress = change.gateway.sync.progress
    assert progress is not None
    assert lines[-len(progress.plan) :] == [("2026-11-24T04:00:00+00:00", "files", "verified")] * len(progress.plan)


class Chance:
    """A store of random pages and bindings, and another that it turns into."""

    def __init__(self, rng: random.Random, wechat: WeChatSide) -> None:
        self.rng, self.wechat = rng, wechat
        self.numbers = range(1, 9)
        wechat.devices(*self.numbers)
        self.foreign = [wechat.page(f"他人{number}") for number in range(3)]
        self.members: Page = console("members", wechat.page("会员日"))
        self.foreign_pages = {page_id: wechat.account.pages[page_id] for page_id in self.foreign}
        self.foreign_bindings = {
            number: frozenset(rng.sample(self.foreign, rng.randrange(3))) for number in self.numbers
        }
        for number, page_ids in self.foreign_bindings.items():
            wechat.bind(number, *page_ids)

    def files(self) -> Store:
        rng = self.rng
        own_pages = [
            own(f"page-{number}", title=f"第{number}页{rng.choice('甲乙')}", icon=rng.choice(("a", "b")))
            for number in range(4)
        ]
        pages: list[Page] = [*rng.sample(own_pages, rng.randrange(5)), self.members]
        beacons = [self._beacon(number, pages) for number in self.numbers if rng.random() < 0.8]
        return store(beacons, pages)

    def _beacon(self, number: int, pages: Sequence[Page]) -> Beacon:
        slugs = [page.slug for page in self.rng.sample(pages, self.rng.randrange(min(3, len(pages)) + 1))]
        return beacon(number, *slugs)

    def check(self, wanted: Store) -> None:
        """Raise AssertionError unless WeChat shows what the files want and all that is foreign."""
        account = self.wechat.account
        assert {page_id: account.pages[page_id] for page_id in self.foreign} == self.foreign_pages
        marks = Counter(page.comment for page in account.pages.values() if page.comment)
        assert not [text for text, times in marks.items() if times > 1]
        for number in self.numbers:
            here = wanted.beacons.get(key(number))
            titles = [self._title(wanted.pages[slug]) for slug in here.pages or ()] if here else []
            foreign = [account.pages[page_id].title for page_id in self.foreign_bindings[number]]
            assert self.wechat.shown(number) == sorted(titles + foreign)

    def _title(self, page: Page) -> str:
        return page.title if isinstance(page, OwnPage) else "会员日"


@pytest.mark.parametrize("seed", range(25))
async def test_chance_files_meet_chance_faults_and_come_out_right(
    wechat: WeChatSide, gateway: Gateway, seed: int
) -> None:
    rng = random.Random(seed)
    chance = Chance(rng, wechat)
    for _ in range(3):
        wanted = chance.files()
        gateway.monotonic.now += rng.choice((0, 7200))
        faults = {rng.randrange(40): rng.choice([*FAULTS.values(), A_MINUTES_QUOTA]) for _ in range(rng.randint(1, 4))}
        wechat.emulator.faults = AtCall(faults)
        assert await gateway.settle(wanted, force=True) <= len(faults)
        wechat.emulator.faults = FaultQueue()
        chance.check(wanted)
        wechat.calls()
        assert (await gateway.once(wanted)).state is SyncState.IN_SYNC
        assert wechat.writes() == {}
