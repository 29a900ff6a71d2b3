"""What a pass is due for stays due until a pass has done it, whatever comes in between."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.core.model.store import Slot
from beacon_gateway.services.bindings.next_sync import PassReason
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.simulator.wechat import InjectedFault
from tests.patience import until
from tests.services.bindings.scene import DEVICES, NOON, WeChatSide, beacon, gateway_at, own, store
from tests.services.bindings.test_run import at_rest, running

SPRING = own("spring-sale", title="春季新品")
DRAW = own("lucky-draw", title="幸运抽奖", icon="draw")
AN_HOUR = Slot(NOON + timedelta(hours=1), NOON + timedelta(hours=2), ("lucky-draw",))
FORMER = replace(
    store([beacon(1, "spring-sale"), beacon(2, "spring-sale", schedule=(AN_HOUR,))], [SPRING, DRAW]), revision="one"
)
EDITED = replace(FORMER, beacons={**FORMER.beacons, beacon(3).key: beacon(3, "spring-sale")}, revision="two")


@pytest.mark.parametrize("switch", [False, True])
async def test_an_edit_repairs_drift_even_if_a_switch_comes_before_its_retry(
    wechat: WeChatSide, tmp_path: Path, *, switch: bool
) -> None:
    wechat.devices(1, 2, 3)
    async with gateway_at(wechat.url, tmp_path, look_at_clock=0.02, first_retry=0.3) as gateway, running(gateway):
        gateway.sync.use(FORMER)
        await until(lambda: at_rest(gateway, SyncState.IN_SYNC) and wechat.shown(1) == [SPRING.title])
        wechat.bind(1)  # by somebody in the console
        wechat.emulator.faults.add(DEVICES, InjectedFault.http(502), times=3)
        gateway.sync.use(EDITED)
        await until(lambda: gateway.sync.trouble is not None)
        if switch:
            gateway.clock.now += timedelta(hours=1)
        await until(lambda: wechat.shown(3) == [SPRING.title])
        await until(lambda: gateway.sync.trouble is None and at_rest(gateway, SyncState.IN_SYNC))
        assert wechat.shown(1) == [SPRING.title]


@pytest.mark.parametrize("one", PassReason)
@pytest.mark.parametrize("other", PassReason)
def test_of_two_reasons_the_one_that_lets_a_pass_do_more_stays(one: PassReason, other: PassReason) -> None:
    stays = one.or_stronger(other)
    assert stays == other.or_stronger(one)
    assert stays in {one, other}
    assert stays is PassReason.FILES or PassReason.FILES not in {one, other}


async def test_a_plan_is_made_while_another_process_writes(wechat: WeChatSide, tmp_path: Path) -> None:
    wechat.devices(1)
    wanted = store([beacon(1, "spring-sale")], [SPRING])
    async with gateway_at(wechat.url, tmp_path) as gateway, LedgerFile(tmp_path) as other, other.writing():
        assert len((await gateway.once(wanted, write=False)).plan) == 2
