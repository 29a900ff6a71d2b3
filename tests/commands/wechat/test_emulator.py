"""`emulator` in one terminal, and in another what the README says to type there."""

import asyncio
import re
import shlex
import signal
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.commands.command import run, start
from tests.patience import HANG_S
from tests.places import PROJECT

ROOT = PROJECT


@asynccontextmanager
async def emulating(*options: str) -> AsyncIterator[tuple[str, str]]:
    """Run the emulator on a free port; return its base URL and all that it printed. Ctrl-C must end it cleanly."""
    process = await start("emulator", "--port", "0", "--language", "en", *options)
    assert process.stdout
    try:
        async with asyncio.timeout(HANG_S):
            printed = (await process.stdout.readuntil(b"emulator/faults\n")).decode()
        (url,) = re.findall(r"An emulated WeChat: (\S+)", printed)
        yield url, printed
    finally:
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
    assert process.returncode == 0
    assert "The emulator stopped after" in out.decode()
    assert "Traceback" not in err.decode()


def readme_lines() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = [b for b in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "beacon_gateway emulator" in b]
    return str(block).splitlines()


async def test_what_the_readme_says_to_type_works(tmp_path: Path) -> None:
    first, *rest = readme_lines()
    assert first.startswith(".venv/bin/python -m beacon_gateway emulator ")
    assert not re.search(r"\bcd ", "\n".join(rest))  # the package is found from the clone's own folder only
    script = "\n".join(["set -e", *rest]).replace(".venv/bin/python", shlex.quote(sys.executable))
    async with emulating() as (url, printed):
        environment = {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "error"}
        shell = await asyncio.create_subprocess_exec(
            *("bash", "-c", script.replace("http://127.0.0.1:8085", url)),
            cwd=tmp_path,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await shell.communicate()
    assert shell.returncode == 0, err.decode()
    said = out.decode()
    assert "微信与文件一致" in said
    assert "1 处改动" in said
    assert "已完成：应用 1 处，读回核对 1 处" in said
    assert (tmp_path / "try" / "store-import" / "icons").iterdir()
    told = [line for line in (tmp_path / "try" / "gateway.yaml").read_text().splitlines() if line]
    assert all(line in printed for line in told)


async def test_a_recalled_account_and_faults_can_be_tried(tmp_path: Path) -> None:
    config = tmp_path / "gateway.yaml"
    async with emulating("--fault", "/shakearound/device/search=9001024") as (url, printed):
        config.write_text(
            f"gateway: x\nfloor: F1\nstate: state\nwechat: {{appid: wx00000000000000de, api_base: '{url}'}}\n"
        )
        (secret,) = re.findall(r"SECRET=(\S+)", printed)
        words = ("account", "--config", str(config))
        assert (await run(*words, BEACON_GATEWAY_WECHAT_SECRET=secret)).code == 1
        assert (await run(*words, BEACON_GATEWAY_WECHAT_SECRET=secret)).code == 0
        await asyncio.to_thread(order, f"{url}/emulator/faults", b"/shakearound/*=48001*forever")
        assert (await run(*words, BEACON_GATEWAY_WECHAT_SECRET=secret)).code == 4


def order(url: str, body: bytes) -> None:
    with urllib.request.urlopen(urllib.request.Request(url, data=body)) as answer:  # noqa: S310 - loopback
        assert answer.status == 200


@pytest.mark.parametrize("fault", ["x", "/a=", "/a=http:9", "/a=delay:x", "/a=1*x", "/a=nonsense"])
async def test_a_fault_that_cannot_be_read_gives_64(fault: str) -> None:
    done = await run("emulator", "--port", "0", "--fault", fault)

    assert done.code == 64
    assert "expected" in done.err
