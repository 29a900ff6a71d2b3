"""The guest's bluetoothd: with or without what its makers call experimental, and what is done to it."""

import contextlib
from typing import Final

from tests.vm.gateway import TooLate, wait_for
from tests.vm.machine import CommandFailed, Machine

_PATIENCE_SECONDS: Final = 60
"""A dozen times what switching on three adapters takes on two busy cores."""
_DROP_IN: Final = "/run/systemd/system/bluetooth.service.d/zz-experimental.conf"


class Bluetoothd:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def start(self, *, experimental: bool) -> None:
        """Start anew, with all adapters on."""
        binary = self._machine.run("systemctl", "show", "--property", "ExecStart", "--value", "bluetooth").split()
        path = next(word for word in binary if word.startswith("path=")).removeprefix("path=")
        command = f"{path} --experimental" if experimental else path
        self._machine.write(_DROP_IN, f"[Service]\nExecStart=\nExecStart={command}\n")
        self._machine.run("systemctl", "daemon-reload")
        self._machine.run("systemctl", "restart", "bluetooth")
        try:
            self._wait_until_on()
        except TooLate:
            self._plug_again()
            self._wait_until_on()

    def power(self, adapter: str, *, on: bool) -> None:
        """Switch an adapter (hciN) as any desktop's panel does."""
        self._machine.run(
            *("busctl", "set-property", "org.bluez", f"/org/bluez/{adapter}"),
            *("org.bluez.Adapter1", "Powered", "b", str(on).lower()),
        )

    def process(self) -> int:
        return int(self._machine.run("systemctl", "show", "--property", "MainPID", "--value", "bluetooth"))

    def _wait_until_on(self) -> None:
        wait_for("all adapters are on", self._all_on, within=_PATIENCE_SECONDS, every=0.5)

    def _plug_again(self) -> None:
        """Plug all chips in again, under the names that they had.

        The kernel waits two seconds for an answer to a command (HCI_CMD_TIMEOUT); a chip that was slower while it was
        prepared stays off until it is plugged in again.
        """
        chips = self._machine.air("state")["chips"]
        for chip in chips:
            self._machine.air("unplug", chip=chip)
        for chip in chips:
            self._machine.air("plug", chip=chip)

    def _all_on(self) -> bool:
        adapters = self._machine.run("ls", "/sys/class/bluetooth").split()
        for adapter in adapters:
            with contextlib.suppress(CommandFailed):  # it may not know the adapter yet
                self.power(adapter, on=True)
        powered = [
            self._machine.run(
                *("busctl", "get-property", "org.bluez", f"/org/bluez/{adapter}", "org.bluez.Adapter1", "Powered"),
                check=False,
            )
            for adapter in adapters
        ]
        return powered == ["b true"] * len(adapters)
