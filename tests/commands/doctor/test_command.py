"""`doctor` as store IT types it: a process of its own, on this very machine."""

import asyncio
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.commands.command import run
from tests.commands.test_run import write_files

NO_BUS = "unix:path=/nonexistent/bus"


async def test_json_and_text_say_the_same_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    words = ("doctor", "--offline", "--config", write_files(tmp_path))
    done = await run(*words, "--json", DBUS_SYSTEM_BUS_ADDRESS=NO_BUS)
    text = await run(*words, "--language", "zh", DBUS_SYSTEM_BUS_ADDRESS=NO_BUS)
    found = json.loads(done.out)
    assert (done.code, text.code, done.err, text.err) == (1, 1, "", "")
    assert found["worst"] == "fail"
    assert {key for one in found["findings"] for key in one} == {"check", "level", "text", "fix", "details"}
    assert {one["level"] for one in found["findings"]} <= {"ok", "warn", "fail", "unseen"}
    lines = text.out.splitlines()
    assert any(line.startswith("故障  D-Bus：无法连接") for line in lines)
    assert len(lines) == len(found["findings"]) + sum(bool(one["fix"]) for one in found["findings"]) + 1


async def test_without_a_configuration_it_gives_78_and_looks_all_the_same(tmp_path: Path) -> None:
    done = await run("doctor", "--config", str(tmp_path / "no.yaml"), DBUS_SYSTEM_BUS_ADDRESS=NO_BUS)
    assert done.code == 78
    assert "sudo beacon-gateway setup" in done.out
    assert "not checked." in done.out.splitlines()[-1]


async def test_whoever_is_not_root_sees_less_and_is_told_how_to_see_more() -> None:
    with TemporaryDirectory() as folder:  # pytest's own is closed to others
        command = (sys.executable, "-m", "tests.commands.doctor.as_nobody", folder)
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
    said = json.loads(out)
    for check in ("card", "secret", "disputes"):
        assert said[check] == ["unseen", "sudo beacon-gateway doctor"]
    assert said["disk"][0] == "ok"
