"""The guest's bluetoothd: with or without what its makers call experimental, and what is done to it."""

import contextlib
from typing import Final

from .gateway import wait_for
from .machine import CommandFailed, Machine

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
        wait_for("all adapters are on", self._all_on, within=180, every=0.5)

    def power(self, adapter: str, *, on: bool) -> None:
        """Switch an adapter (hciN) as any desktop's panel does."""
        self._machine.run(
            *("busctl", "set-property", "org.bluez", f"/org/bluez/{adapter}"),
            *("org.bluez.Adapter1", "Powered", "b", str(on).lower()),
        )

    def process(self) -> int:
        return int(self._machine.run("systemctl", "show", "--property", "MainPID", "--value", "bluetooth"))

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
