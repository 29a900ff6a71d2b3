"""gateway.yaml on a share that hangs: each command ends, and names the folder."""

import asyncio
from pathlib import Path
from typing import Final

import pytest

from tests.commands.command import launch
from tests.faults.floor import write_gateway
from tests.faults.injection import Injection, command, there_is_strace

pytestmark = pytest.mark.skipif(not there_is_strace(), reason="there is no strace here: sudo apt install strace")

HANGS: Final = Injection(("openat", "open"), "delay_enter=20000000")
"""Twice as long as a command waits. strace holds what it delays until then, though the command has ended."""
COMMANDS: Final = (("run",), ("status",), ("undo",), ("import", "new"), ("hits",))


async def test_a_command_whose_settings_do_not_answer_ends_and_names_the_folder(tmp_path: Path) -> None:
    config = write_gateway(tmp_path)

    async def end_of(number: int, words: tuple[str, ...]) -> tuple[int | None, str]:
        prefix = tuple(command(HANGS, config, tmp_path / f"trace-{number}"))
        process = await launch(*words, "--config", str(config), prefix=prefix, environment={})
        _, err = await process.communicate()
        return process.returncode, err.decode()

    for words, (code, err) in zip(
        COMMANDS, await asyncio.gather(*(end_of(*item) for item in enumerate(COMMANDS))), strict=True
    ):
        assert code == 1, (words, err)
        assert f"{tmp_path} has not responded for 10 seconds" in err, words
        assert "Traceback" not in err
