"""The state of a binding target is that of the last attempt at it, by the daemon, a page or a command."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from beacon_gateway.core.bindings.target import TargetError
from beacon_gateway.core.model.settings import Role
from beacon_gateway.core.model.store import Slot
from beacon_gateway.core.model.target_status import COARSE, TargetState
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.services.bindings.sync import ManualRequest
from beacon_gateway.services.status.target_status import LastAttempt
from beacon_gateway.simulator.wechat import InjectedFault
from tests.patience import until
from tests.services.bindings.conftest import gateway, wechat  # noqa: F401 - fixtures
from tests.services.bindings.scene import (
    BIND,
    NOON,
    PAGES,
    Gateway,
    WallClock,
    WeChatSide,
    beacon,
    gateway_at,
    own,
    store,
)
from tests.services.bindings.test_run import at_rest, running

pytestmark = pytest.mark.outside

SPRING = own("spring-sale", title="春季新品")
DRAW = own("lucky-draw", title="幸运抽奖", icon="draw")
WANTED = store([beacon(1, "spring-sale")], [SPRING, DRAW])
OTHER = store([beacon(1, "lucky-draw")], [SPRING, DRAW])
LATER = NOON + timedelta(minutes=5)


def attempt(gateway: Gateway) -> LastAttempt:  # noqa: F811 - the fixture
    return LastAttempt(gateway.sync, Role.WRITER)


async def test_before_the_first_attempt_has_ended_it_is_starting(gateway: Gateway) -> None:  # noqa: F811 - the fixture
    assert attempt(gateway).status(NOON).state == TargetState.STARTING


async def test_an_attempt_by_hand_that_fails_counts_and_one_that_succeeds_ends_the_trouble(
    wechat: WeChatSide,  # noqa: F811 - the fixture
    gateway: Gateway,  # noqa: F811 - the fixture
) -> None:
    wechat.devices(1)
    last = attempt(gateway)
    rule = wechat.emulator.faults.add(PAGES, InjectedFault.drop(), times=None)
    with suppress(TargetError):
        await gateway.once(WANTED)
    assert last.status(NOON).state == TargetState.UNREACHABLE
    wechat.emulator.faults.remove(rule)
    await gateway.once(WANTED)
    assert last.status(NOON).state == TargetState.IN_SYNC


async def test_calls_that_come_too_often_say_so(wechat: WeChatSide, gateway: Gateway) -> None:  # noqa: F811 - the fixture
    wechat.devices(1)
    wechat.emulator.faults.add(PAGES, InjectedFault.error(45011), times=None)
    with suppress(TargetError):
        await gateway.once(WANTED)
    assert attempt(gateway).status(NOON).state in {TargetState.THROTTLED, TargetState.RETRYING}
    assert attempt(gateway).status(NOON).code == "45011"


async def test_what_was_refused_stays_said_in_later_passes_that_leave_it_alone(
    wechat: WeChatSide,  # noqa: F811 - the fixture
    gateway: Gateway,  # noqa: F811 - the fixture
) -> None:
    wechat.devices(1)
    last = attempt(gateway)
    wechat.emulator.faults.add(BIND, InjectedFault.error(9001024, "no"), times=None)
    async with running(gateway):
        gateway.sync.use(WANTED)
        await until(lambda: at_rest(gateway, SyncState.PENDING))
        first = last.status(NOON)
    wechat.calls()
    async with running(gateway):  # looks anew, and does not send it again
        before = gateway.sync.progress
        await until(lambda: gateway.sync.progress is not before and at_rest(gateway, SyncState.PENDING))
        later = last.status(LATER)
    assert (first.state, later.state) == (TargetState.REFUSED, TargetState.REFUSED)
    assert (first.pending, first.failures, later.pending, later.failures) == (1, 1, 1, 1)
    assert [change.subject for change in later.failed] == ["1 号"]
    assert later.since == NOON


async def test_without_the_time_what_waits_for_it_is_said_to_wait(wechat: WeChatSide, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    wechat.devices(1)
    day = (NOON.astimezone(ZoneInfo("Asia/Shanghai")), NOON.astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(hours=1))
    wanted = store([beacon(1, "spring-sale", schedule=(Slot(*day, ("lucky-draw",)),))], [SPRING, DRAW])
    async with gateway_at(wechat.url, tmp_path, clock=WallClock(right=False)) as gateway:  # noqa: F811 - the fixture
        await gateway.once(wanted)
        assert attempt(gateway).status(NOON).state == TargetState.CLOCK


async def test_a_plan_that_changed_under_a_persons_eyes_is_stale(wechat: WeChatSide, gateway: Gateway) -> None:  # noqa: F811 - the fixture
    wechat.devices(1)
    gateway.sync.use(WANTED)
    await gateway.sync.once(write=True, cause="hand", by_hand=ManualRequest("wang", plan="0" * 12))
    assert attempt(gateway).status(NOON).state == TargetState.STALE


@pytest.mark.parametrize("state", list(TargetState))
def test_the_word_that_older_readers_know_is_one_of_those_that_they_know(state: TargetState) -> None:
    assert COARSE.get(state, state) in set(SyncState)
