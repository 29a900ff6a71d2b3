"""Whatever there is, whatever is wanted, and whatever goes wrong once: it comes out right, and then it is quiet."""

import asyncio
import random
import tempfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beacon_gateway.core.bindings.target import Refused
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.simulator.wechat import InjectedFault
from beacon_gateway.simulator.wechat.faults import FaultQueue
from tests.services.bindings.misfortune import AtCall
from tests.services.bindings.scene import Gateway, gateway_at, wechat_side
from tests.services.bindings.test_faults import FAULTS, Chance

SINGLE: Final = {
    **FAULTS,
    "refused": InjectedFault.error(9001001),
    "500": InjectedFault.http(500),
    "hangs": InjectedFault.hang(),
}
PATIENCE: Final = 1.5
"""Seconds for a call, of which one at most is waited for in vain."""


@pytest.mark.timeout(300)  # forty stores, and some of them wait for a call in vain
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 1 << 32), st.integers(0, 45), st.sampled_from(sorted(SINGLE)))
def test_any_state_with_any_single_fault_comes_out_right_and_goes_quiet(seed: int, call: int, fault: str) -> None:
    asyncio.run(comes_out_right(random.Random(seed), call, SINGLE[fault]))


async def settle_through_refusals(gateway: Gateway, wanted: Store) -> None:
    """Settle, where the one fault may also be a refusal of a read."""
    try:
        await gateway.settle(wanted, force=True)
    except Refused:
        await gateway.settle(wanted, force=True)


async def comes_out_right(rng: random.Random, call: int, fault: InjectedFault) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with wechat_side() as wechat, gateway_at(wechat.url, Path(folder), call_seconds=PATIENCE) as gateway:
            chance = Chance(rng, wechat)
            await gateway.settle(chance.files(), force=True)
            wanted = chance.files()
            wechat.emulator.faults = AtCall({call: fault})
            await settle_through_refusals(gateway, wanted)
            wechat.emulator.faults = FaultQueue()
            chance.check(wanted)
            wechat.calls()
            assert (await gateway.once(wanted)).state is SyncState.IN_SYNC
            assert wechat.writes() == {}
