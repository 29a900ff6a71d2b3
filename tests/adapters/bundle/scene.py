"""A gateway's folder with things planted everywhere, and a machine whose commands say what a test wants."""

import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.core.bindings.history.audit import AuditCause, AuditLine, LedgerEntry
from beacon_gateway.core.log.event import Event, EventKind
from beacon_gateway.core.log.timeline import ClockSegment
from tests.adapters.bundle import planted
from tests.commands.command import Done, run

UUID: Final = "FDA50693-A4E2-4FB1-AFCF-C6EB07647825"
CONFIG: Final = f"""\
# ask {planted.EMAIL}, password: {planted.ACCESS_TOKEN}
gateway: f6-east
floor: F6
state: state
runtime: run
radio: {{adapter: "{planted.MAC}"}}
wechat: {{appid: {planted.APPID}, role: reader, api_base: "http://127.0.0.1:9"}}  # secret: {planted.SECRET}
"""
PAGES: Final = f"""\
pages:
  sale:
    title: 春季新品
    description: 全场八折起
    url: https://h5.example.com/spring?{planted.QUERY}
    icon: icons/none.png
"""
FLOOR: Final = f"""\
# {planted.OPENID} came from {planted.IPV4}; AppSecret={planted.SECRET}
floor: F6
name: A馆六楼
uuid: {UUID}
beacons:
  north: {{name: 北扶梯口, major: 10006, minor: 1}}
"""


class Machine:
    """A folder with a gateway in it, and commands that stand in for the machine's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "etc" / "gateway.yaml"
        self._commands = folder / "commands"
        self._commands.mkdir()
        floors = folder / "etc" / "store" / "floors"
        floors.mkdir(parents=True)
        self.config.write_text(CONFIG, encoding="utf-8")
        (folder / "etc" / "wechat-secret").write_text(planted.SECRET + "\n")
        (folder / "etc" / "store" / "pages.yaml").write_text(PAGES, encoding="utf-8")
        (floors / "F6.yaml").write_text(FLOOR, encoding="utf-8")
        self.say("journalctl", planted.JOURNAL)
        self.say("systemctl", planted.UNIT)

    def say(self, command: str, text: str) -> None:
        """Let a command say this, whatever it is asked."""
        (self._commands / f"{command}.txt").write_text(text, encoding="utf-8")
        self.let(command, 'cat "$0.txt"')

    def let(self, command: str, script: str) -> None:
        """Let a command do this."""
        file = self._commands / command
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    async def live(self) -> None:
        """Let a gateway have been at work: a status, an event and a line of the audit log."""
        etc = self.config.parent
        (etc / "run").mkdir()
        status = {
            "schema": 1,
            "radio": {"adapter": planted.MAC, "reason": f"token={planted.ACCESS_TOKEN}"},
            "beacons": [{"uuid": UUID.lower(), "major": 10006, "minor": 1}],
            "store": {"revision": "0a1b2c3d4e5f"},
        }
        (etc / "run" / "status.json").write_text(json.dumps(status))
        now = datetime.now(UTC)
        segment = ClockSegment(planted.BOOT, 0.0, now.timestamp() - 1000, known=True)
        reason = f"{planted.MAC} at {planted.IPV6}, secret {planted.SECRET}, {planted.BOOT}"
        async with HitLogFile(etc / "state") as log:
            event = Event(EventKind.STATE, 500.0, segment, "f6-east", details={"state": "deaf", "reason": reason})
            await log.append([event], [segment])
        async with LedgerFile(etc / "state") as ledger:
            why = f"asked by {planted.EMAIL} for {planted.OPENID}"
            line = AuditLine(
                now, AuditCause("apply", planted.PERSON, why), "0123456789ab", "0a1b2c3d4e5f", 1, "c", "verified"
            )
            await ledger.record(LedgerEntry(lines=(line,)))

    async def bundle(self, *words: str, **environment: str) -> Done:
        return await run(
            "support-bundle",
            "--config",
            str(self.config),
            "--language",
            "en",
            *words,
            folder=self.folder,
            PATH=f"{self._commands}:/usr/bin:/bin",
            DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nonexistent",
            BEACON_GATEWAY_WECHAT_CALLBACK_TOKEN=planted.TOKEN,
            BEACON_GATEWAY_WECHAT_CALLBACK_AES_KEY=planted.AES_KEY,
            **environment,
        )


def unpacked(path: Path) -> dict[str, str]:
    """Return the members' texts by their names below the one folder."""
    with tarfile.open(path) as archive:
        found = {}
        for member in archive:
            assert (member.uid, member.gid, member.uname, member.gname, member.mode) == (0, 0, "", "", 0o600)
            file = archive.extractfile(member)
            assert file
            found[member.name.partition("/")[2]] = file.read().decode()
    return found
