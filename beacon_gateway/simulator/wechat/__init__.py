"""WeChat's Shake Nearby (摇一摇周边, `shakearound`) over real HTTP, without WeChat.

    emulator = Emulator(EmulatorSettings(appid="wx…", secret="…"), clock=time.time, rng=random.Random(1))
    device_id = emulator.account.add_device(major=10006, minor=1)
    async with emulator.serve() as base_url:
        ...

Every rule follows the official pages; where they are silent or contradict each other, `EmulatorSettings` says which
answer was chosen. Red packets (`/shakearound/lottery/…`) are not emulated: every such call answers 9001067.
"""

from beacon_gateway.simulator.wechat.emulator import Emulator, RecordedCall
from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.events import CallbackTarget
from beacon_gateway.simulator.wechat.faults import InjectedFault
from beacon_gateway.simulator.wechat.settings import EmulatorSettings
from beacon_gateway.simulator.wechat.state.account import EmulatedAccount
from beacon_gateway.simulator.wechat.state.records import ShakeResult

__all__ = [
    "CallbackTarget",
    "EmulatedAccount",
    "EmulatedError",
    "Emulator",
    "EmulatorSettings",
    "InjectedFault",
    "RecordedCall",
    "ShakeResult",
]
