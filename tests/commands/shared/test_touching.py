"""No command waits for ever for a folder of people's: whatever its main thread does there would."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.commands.command import Done
from tests.commands.setup.places import answers
from tests.commands.test_run import FLOOR
from tests.services.bindings.scene import SECRET, SETTINGS, WeChatSide, wechat_side

PASSWORD = "correct horse"
DEEDS = """
import os, sys, threading
from tests.commands.shared.touching import watch
folder, log = sys.argv[1:]
watch(folder, os.open(log, os.O_WRONLY | os.O_CREAT))
there = threading.Thread(target=os.mkdir, args=[f"{folder}/there"])
there.start()
there.join()
os.mkdir(f"{folder}/here")
"""


class Desk:
    """A folder of people's, the gateway's own folders elsewhere, and what commands do in the first."""

    def __init__(self, folder: Path, wechat: WeChatSide) -> None:
        self.people, self.own, self.log = folder / "people", folder / "own", folder / "deeds"
        self.config = self.people / "etc" / "gateway.yaml"
        self._wechat = wechat
        (self.people / "etc" / "store" / "floors").mkdir(parents=True)
        self.own.mkdir()
        (self.config.parent / "store" / "pages.yaml").write_text("pages:\n")
        (self.config.parent / "store" / "floors" / "F6.yaml").write_text(FLOOR)
        (self.config.parent / "wechat-secret").write_text(f"{SECRET}\n")
        (self.config.parent / "wechat-secret").chmod(0o600)
        self.config.write_text(
            f"gateway: f6-east\nfloor: F6\nlanguage: en\nstate: {self.own}/state\nruntime: {self.own}/run\n"
            f"web: {{listen: 127.0.0.1:1}}\nwechat: {{appid: {SETTINGS.appid}, api_base: {wechat.url}}}\n"
        )

    async def does(self, *words: str, config: Path | None = None, said: str = "") -> Done:
        """Run a command; nothing that it does in the folder may be done by its main thread."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.commands.shared.touching", str(self.people), str(self.log)),
            *(*words, "--config", str(config or self.config)),
            env={**os.environ, "LC_ALL": "C.UTF-8", "NO_PROXY": "*"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(said.encode())
        assert b"Traceback" not in err, err.decode()
        assert self.log.read_text().splitlines() == [], words
        return Done(process.returncode or 0, out.decode(), err.decode())


async def test_a_deed_of_the_main_thread_is_reported_and_one_of_another_is_not(tmp_path: Path) -> None:
    people, log = tmp_path / "people", tmp_path / "deeds"
    people.mkdir()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", DEEDS, str(people), str(log))
    assert await process.wait() == 0
    [line] = log.read_text().splitlines()
    assert line.startswith(f"os.mkdir {people / 'here'} ")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with wechat_side() as wechat:
        wechat.devices(1, 2)
        yield Desk(tmp_path, wechat)


async def test_the_files_are_checked_planned_with_and_applied_aside(desk: Desk) -> None:
    assert (await desk.does("check")).code == 0
    assert (await desk.does("check", "--write-schema", str(desk.people / "schema"))).code == 0
    for words in (("apply",), ("undo",), ("devices", "list"), ("report",)):
        await desk.does(*words)
    assert (await desk.does("devices", "request", "2", "--reason", "try", "--output", str(desk.config))).code == 64
    (desk.config.parent / "store" / "floors" / "F1.yaml").write_text("floor: F1\nbeacons: [\n")
    assert (await desk.does("check")).code != 0
    assert (await desk.does("plan")).code == 78


async def test_an_account_is_imported_aside(desk: Desk) -> None:
    done = await desk.does("import", str(desk.people / "new-store"))
    assert done.code == 0, done.err
    assert (desk.people / "new-store" / "pages.yaml").exists()


async def test_web_accounts_are_written_aside(desk: Desk) -> None:
    assert (await desk.does("login")).code == 1
    done = await desk.does("password", "li.na", "--rank", "it", said=f"{PASSWORD}\n")
    assert done.code == 0, done.err
    assert "li.na" in (await desk.does("password", "--list")).out
    assert (await desk.does("password", "li.na", "--remove")).code == 0


async def test_a_first_start_is_written_aside(desk: Desk) -> None:
    config = desk.people / "new" / "gateway.yaml"
    brought = answers(desk.people / "boot")
    words = ("setup", "--no-start", "--unattended", "--answers", str(brought))
    done = await desk.does(*words, config=config)
    assert done.code == 0, done.err
    assert not (brought / "wechat-secret").exists()
    assert (await desk.does(*words, config=config)).code == 0
    assert (await desk.does(*words, "--replace", config=config)).code == 0
    (desk.people / "secret").write_text("0123456789abcdef" * 2)
    done = await desk.does(
        *("setup", "--no-start", "--unattended", "--gateway", "f6", "--floor", "F6", "--appid", "wx0123456789abcdef"),
        *("--secret-file", str(desk.people / "secret")),
        config=desk.people / "newer" / "gateway.yaml",
    )
    assert done.code == 0, done.err


async def test_a_bundle_is_written_aside(desk: Desk) -> None:
    done = await desk.does("support-bundle", "--output", str(desk.people / "bundle.tar.gz"))
    assert done.code == 0, done.err
    assert (desk.people / "bundle.tar.gz").exists()
    assert (await desk.does("support-bundle", "--output", str(desk.people / "bundle.tar.gz"))).code == 1


async def test_a_recording_is_opened_and_a_machine_looked_at_aside(desk: Desk) -> None:
    (desk.people / "odd.rec").write_bytes(b"no recording")
    assert (await desk.does("run", "--replay", str(desk.people / "odd.rec"))).code == 1
    await desk.does("doctor", "--offline")
