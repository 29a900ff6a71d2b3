"""A Raspberry Pi in a folder: kernel files, a few programs, the gateway's files; and the doctor who looks at it."""

import asyncio
from argparse import Namespace
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from beacon_gateway.adapters.machine.observing import SystemTools
from beacon_gateway.commands.doctor.doctor import diagnose, exit_code
from beacon_gateway.commands.doctor.evidence import DoctorEnvironment
from beacon_gateway.core.model.settings import Language
from beacon_gateway.presentation.doctor import finding_lines, findings_json

UUID = "FDA50693-A4E2-4FB1-AFCF-C6EB07647825"
FLOOR = f"floor: F6\nbeacons:\n  escalator: {{uuid: {UUID}, major: 10006, minor: 1}}\n"
CONFIG = "gateway: f6-east\nfloor: F6\nlanguage: en\nstate: state\nruntime: run\n"
UART = "sys/devices/platform/soc/fe201000.serial/serial0/serial0-0/bluetooth/hci0"
USB = "sys/devices/platform/scb/fd500000.pcie/usb1/1-1/1-1.2/1-1.2:1.0/bluetooth/hci0"


@dataclass(frozen=True)
class Report:
    """What the doctor said."""

    code: int
    said: dict[str, dict[str, Any]]
    """By check."""
    order: list[str]
    text: list[str]
    worst: str

    def level(self, check: str) -> str:
        return str(self.said[check]["level"])

    def __getitem__(self, check: str) -> str:
        return str(self.said[check]["text"])

    def fix(self, check: str) -> str:
        return str(self.said[check]["fix"])

    @property
    def failing(self) -> set[str]:
        return {check for check in self.said if self.level(check) == "fail"}


@dataclass
class Pi:
    """`folder` holds all of it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    synchronised: bool = True
    scan_seconds: float = 2.0
    patience: float = 5.0
    port_is_taken: bool = False

    def __post_init__(self) -> None:
        self.file("proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n")
        self.file("proc/uptime", "100000.00 350000.00\n")
        (self.root / "sys/class/net/lo").mkdir(parents=True)
        self.program("bluetoothctl", "echo 'bluetoothctl: 5.66'")
        self.config(CONFIG)
        self.store(FLOOR)

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def gateway_yaml(self) -> Path:
        return self.folder / "gateway.yaml"

    def file(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def program(self, name: str, script: str, *, at: str = "usr/bin") -> None:
        file = self.file(f"{at}/{name}", f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def adapter(self, device: str) -> None:
        """Hang hci0 on this device, as the kernel shows it."""
        (self.root / device).mkdir(parents=True)
        link = self.root / "sys/class/bluetooth/hci0"
        link.parent.mkdir(parents=True)
        link.symlink_to(self.root / device)

    def config(self, text: str) -> None:
        self.gateway_yaml.write_text(text)

    def store(self, floor: str, pages: str = "pages:\n") -> None:
        floors = self.folder / "store" / "floors"
        floors.mkdir(parents=True, exist_ok=True)
        (floors / "F6.yaml").write_text(floor)
        (floors.parent / "pages.yaml").write_text(pages)

    def unit(self, **properties: str) -> None:
        reported = {"LoadState": "loaded", "ActiveState": "active", "SubState": "running", "MainPID": "0", **properties}
        self.program("systemctl", "cat <<'END'\n" + "\n".join(f"{k}={v}" for k, v in reported.items()) + "\nEND")

    def look(self, *, offline: bool = False) -> Report:
        """Let the doctor look. Not within an event loop; see `looked_at`."""
        surroundings = DoctorEnvironment(
            root=self.root,
            tools=SystemTools(f"{self.root}/usr/bin:/usr/bin:/bin", self.patience),
            environment=self.environment,
            clock_is_marked=lambda: self.synchronised,
            scan_seconds=self.scan_seconds,
            is_taken=lambda _: self.port_is_taken,
        )
        arguments = Namespace(config=self.gateway_yaml, language="en", offline=offline)
        findings, language, zone = diagnose(arguments, surroundings)
        assert len(list(finding_lines(findings, Language.CHINESE, zone))) > len(findings)  # all can be said in both
        found = findings_json(findings, language, zone)
        return Report(
            code=exit_code(findings),
            said={one["check"]: one for one in found["findings"]},
            order=[one["check"] for one in found["findings"]],
            text=list(finding_lines(findings, language, zone)),
            worst=found["worst"],
        )

    async def looked_at(self, *, offline: bool = False) -> Report:
        """Let the doctor look, while this loop goes on serving what is looked at."""
        return await asyncio.to_thread(self.look, offline=offline)
