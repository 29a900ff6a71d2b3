"""The equipment of `tests.bluez`: a bus and a fake bluetoothd for each test."""

from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
