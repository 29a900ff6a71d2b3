"""The part of the gateway that is measured: the radio and the watch, with nothing behind them.

The only module of the benches that knows how the gateway is put together.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from beacon_gateway.adapters.bluez.handover import Handover
from beacon_gateway.adapters.bluez.own_frames import OwnFrames
from beacon_gateway.adapters.bluez.radio import BluezRadio
from beacon_gateway.adapters.machine.clock import SystemClock
from beacon_gateway.adapters.systemd.bluetooth_service import BluetoothServiceFile
from beacon_gateway.core.log.logged import Record
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.settings import RadioSettings
from beacon_gateway.core.model.store import Beacon, Floor, Store
from beacon_gateway.services.log.journal import Journal
from beacon_gateway.services.tracking.beacon_monitor import BeaconMonitor
from beacon_gateway.services.tracking.radio_supervisor import RadioSupervisor
from tests.bench.stream import KEYS

Callback = Callable[[BLEDevice, AdvertisementData], None]


class _NoLog:
    async def append(self, records: Sequence[Record], segments: Sequence[ClockSegment]) -> None:
        """Drop them: a card is measured elsewhere."""


def watch() -> BeaconMonitor:
    """Watch over the store's beacons."""
    floors = {"F1": Floor("F1", "F1")}
    beacons: Mapping[BeaconKey, Beacon] = {key: Beacon(key, f"b-{key.minor}", "", "F1") for key in KEYS}
    journal = Journal(gateway="bench", boot="0", clock=SystemClock(), log=_NoLog(), commit_every=5.0)
    watch = BeaconMonitor(floor="F1", clock=SystemClock(), journal=journal)
    watch.use(Store(floors, beacons, {}))
    return watch


def radio() -> BluezRadio:
    """Return the radio that the daemon has, on the first powered adapter, scanning actively."""
    return BluezRadio(RadioSettings())


def supervised(watch: BeaconMonitor) -> RadioSupervisor:
    """Return the radio with what keeps it listening."""
    service = BluetoothServiceFile(Path("/nonexistent"))  # nobody is to restart this machine's bluetoothd
    return RadioSupervisor(radio=radio(), ear=watch, notes=watch.journal, service=service, clock=SystemClock())


def receiver(watch: BeaconMonitor) -> Callback:
    """Return what bleak calls for each advertisement."""
    return OwnFrames(Handover(watch.take), dict).note
