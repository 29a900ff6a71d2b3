"""A bus and a fake bluetoothd for each test; bleak finds them by itself."""

import gc
from collections.abc import AsyncIterator

import pytest

from tests.adapters.bluez.bluetoothd.fake_adapter import FakeAdapter
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus, private_bus


@pytest.fixture
async def bus(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PrivateBus]:
    """The system bus of this test. bleak keeps a connection for each event loop, so it ends with the test's daemon."""
    async with private_bus() as bus:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
        yield bus
    # A future that failed with the connection is logged when it is collected. Let that be now, for this test, and not
    # while Python parses a file: Python 3.11 then fails with "AST constructor recursion depth mismatch".
    gc.collect()


@pytest.fixture
async def bluez(bus: PrivateBus) -> AsyncIterator[FakeBluez]:
    """As Debian installs it: one adapter, no experimental interfaces."""
    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")]) as bluez:
        yield bluez
