"""The process is killed in the middle of an apply, and the next one ends where it would have."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Final

import pytest

from beacon_gateway.core.model.store import Store
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.simulator.wechat import InjectedFault
from tests.patience import until
from tests.services.bindings.misfortune import AtCall
from tests.services.bindings.scene import Gateway, WeChatSide, beacon, console, gateway_at, store
from tests.services.bindings.test_faults import DRAW, SPRING, WELCOME, Change

APPLY: Final = """
import asyncio, sys
from pathlib import Path
from tests.services.bindings.scene import gateway_at
from tests.services.bindings.test_kill import wanted

async def main():
    async with gateway_at(sys.argv[1], Path(sys.argv[2])) as gateway:
        await gateway.once(wanted(int(sys.argv[3])))

asyncio.run(main())
"""


def wanted(members: int) -> Store:
    """Return the files that `Change` goes to."""
    return store(
        [beacon(1, "spring-sale"), beacon(2, "lucky-draw"), beacon(3), beacon(4, "welcome")],
        [SPRING, WELCOME, DRAW, console("members", members)],
    )


@pytest.mark.parametrize("call", [9, 10, 11, 12, 13, 14, 15, 17, 19, 21])
async def test_a_kill_at_any_step_of_an_apply_is_made_good(
    wechat: WeChatSide, gateway: Gateway, tmp_path: Path, call: int
) -> None:
    change = Change(wechat, gateway)
    await change.begin()
    faults = wechat.emulator.faults = AtCall({call: InjectedFault.hang()})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", APPLY, wechat.url, str(tmp_path), str(wechat.page_id("会员日"))
    )
    await until(lambda: bool(faults.met) or process.returncode is not None)
    assert faults.met, "the apply had fewer calls"
    process.send_signal(signal.SIGKILL)
    await process.wait()
    async with gateway_at(wechat.url, tmp_path) as again:
        change.gateway = again
        await change.end()
        ledger = await again.ledger.read()
        lines = await again.ledger.audit(since=None, limit=1000)
        assert lines
        assert {number for number in (1, 2, 4) if any(key.minor == number for key in ledger.bindings)} == {1, 2, 4}
        assert (await again.once(change.new)).state is SyncState.IN_SYNC
