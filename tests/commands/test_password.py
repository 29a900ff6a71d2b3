"""`password` as store IT types it, and the daemon that does not start without what it writes."""

import asyncio
import base64
import os
import stat
import sys
from pathlib import Path

import pytest

from beacon_gateway.core.access.web_accounts import read_accounts
from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.commands.command import Done, run, start_service
from tests.commands.setup.keyboard import at_a_terminal
from tests.commands.test_run import write_files
from tests.patience import HANG_S

PASSWORD = "correct horse"
NO_BUS = "unix:path=/nonexistent"


async def piped(config: str, *words: str, password: str = PASSWORD) -> Done:
    """Type a command, and let another one say the password."""
    process = await asyncio.create_subprocess_exec(
        *("/bin/sh", "-c", 'printf "%s\\n" "$SAID" | "$@"', "sh"),
        *(sys.executable, "-m", "beacon_gateway", "password", "--config", config, "--language", "en", *words),
        env={**os.environ, "SAID": password, "PYTHONWARNINGS": "error"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return Done(process.returncode or 0, out.decode(), err.decode())


def test_it_is_asked_twice_unseen_and_again_where_it_will_not_do(tmp_path: Path) -> None:
    config = write_files(tmp_path)
    with at_a_terminal("password", "li.na", "--rank", "it", "--config", config) as keyboard:
        keyboard.answer("New password of li.na", "short")
        keyboard.until("Too short")
        keyboard.answer("New password of li.na", PASSWORD)
        keyboard.answer("Once more", "another one")
        keyboard.until("The two entries differ.")
        keyboard.answer("New password of li.na", PASSWORD)
        assert PASSWORD not in keyboard.words
        keyboard.answer("Once more", PASSWORD)
        assert keyboard.end() == 0
        assert PASSWORD not in keyboard.shown
        assert "restart" in keyboard.shown
    path = tmp_path / "web-accounts"
    account = read_accounts(path.read_text()).of("li.na")
    assert account
    assert account.password.is_of(PASSWORD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_after_three_faults_nothing_is_changed(tmp_path: Path) -> None:
    config = write_files(tmp_path)
    with at_a_terminal("password", "li.na", "--rank", "it", "--config", config) as keyboard:
        for _ in range(3):
            keyboard.answer("New password of li.na", "short")
        assert keyboard.end() == 1
    assert not (tmp_path / "web-accounts").exists()


async def test_a_new_password_leaves_rank_and_floors_and_other_lines_as_they_were(tmp_path: Path) -> None:
    config = write_files(tmp_path)
    assert (await piped(config, "张三", "--rank", "staff", "--floors", "F6")).code == 0
    path = tmp_path / "web-accounts"
    path.write_text("# 门店账号\n" + path.read_text())
    assert (await piped(config, "张三", password="another password")).code == 0
    listed = await run("password", "--list", "--config", config)
    assert listed.out == "张三 staff F6\n"
    assert path.read_text().startswith("# 门店账号\n张三 staff F6 $scrypt$ln=14,r=8,p=5$")
    gone = await run("password", "张三", "--remove", "--config", config)
    assert gone.code == 0
    assert path.read_text() == "# 门店账号\n"
    assert not (tmp_path / ".web-accounts.new").exists()


@pytest.mark.parametrize(
    ("words", "password", "says"),
    [
        (("anna",), PASSWORD, "say what it may do"),
        (("anna", "--rank", "staff"), PASSWORD, "which floors"),
        (("anna", "--rank", "it", "--floors", "F6"), PASSWORD, "--rank staff only"),
        (("anna", "--rank", "staff", "--floors", "F6,,F7"), PASSWORD, "no floors such as"),
        (("an:na", "--rank", "it"), PASSWORD, "cannot be an account's name"),
        ((), PASSWORD, "Say whose"),
        (("anna", "--rank", "it"), "short", "Too short"),
        (("annamarialuisa", "--rank", "it"), "AnnaMariaLuisa", "Too easy to guess."),
        (("anna", "--rank", "it"), "x" * 5_000, "Too long"),
        (("anna", "--rank", "it"), "", "Too short"),
    ],
)
async def test_what_will_not_do_is_refused_with_the_reason(
    tmp_path: Path, words: tuple[str, ...], password: str, says: str
) -> None:
    done = await piped(write_files(tmp_path), *words, password=password)
    assert done.code == 64
    assert says in done.err
    assert not (tmp_path / "web-accounts").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "this is not a file but a folder"),
        ("anna it - $scrypt$\n".encode("utf-16"), "UTF-16"),
        (b"anna it - spoilt\n", "line 1: that is no hash"),
        ("an\u200bna it - spoilt\n".encode(), "line 1: U+200B ZERO WIDTH SPACE"),
    ],
)
async def test_a_file_of_which_no_account_can_be_used_is_not_said_to_have_none(
    content: bytes | None, says: str, tmp_path: Path
) -> None:
    config = write_files(tmp_path)
    file = tmp_path / "web-accounts"
    file.mkdir() if content is None else file.write_bytes(content)
    done = await run("password", "--list", "--config", config)
    assert (done.code, done.out) == (1, "")
    assert says in done.err


async def test_accounts_that_notepad_saved_are_read_and_changed(tmp_path: Path) -> None:
    config, file = write_files(tmp_path), tmp_path / "web-accounts"
    await piped(config, "anna", "--rank", "it")
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    done = await run("password", "--list", "--config", config)
    assert (done.code, done.out, done.err) == (0, "anna it\n", "")
    await piped(config, "anna", "--rank", "viewer")
    done = await run("password", "--list", "--config", config)
    assert (done.code, done.out) == (0, "anna viewer\n")


async def test_a_floor_that_no_file_has_is_remarked_upon(tmp_path: Path) -> None:
    done = await piped(write_files(tmp_path), "anna", "--rank", "staff", "--floors", "F6,F9")
    assert done.code == 0
    assert "no floor F9" in done.err


async def test_an_address_for_others_without_an_account_ends_the_daemon_with_78_and_the_command(
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path, web="0.0.0.0:8080")
    done = await run("run", "--config", config, DBUS_SYSTEM_BUS_ADDRESS=NO_BUS)
    assert done.code == 78
    assert "sudo beacon-gateway password NAME --rank it" in done.err
    (tmp_path / "web-accounts").write_text("anna it - spoilt\n")
    done = await run("run", "--config", config, DBUS_SYSTEM_BUS_ADDRESS=NO_BUS)
    assert done.code == 78
    assert "web-accounts, line 1: that is no hash" in done.err


@pytest.mark.usefixtures("bluez")
async def test_a_daemon_with_an_account_asks_for_it_on_loopback_too(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
    unused_tcp_port: int,
) -> None:
    config = write_files(tmp_path, web=f"127.0.0.1:{unused_tcp_port}")
    await piped(config, "tv", "--rank", "viewer")
    daemon = await start_service(config, bus)
    try:
        async with asyncio.timeout(HANG_S):
            assert b" 401 " in await _asked(unused_tcp_port, "")
            header = base64.b64encode(f"tv:{PASSWORD}".encode()).decode()
            assert b" 200 " in await _asked(unused_tcp_port, f"Authorization: Basic {header}\r\n")
    finally:
        daemon.terminate()
        _, err = await daemon.communicate()
    assert daemon.returncode == 0, err
    assert b"Traceback" not in err
    assert header.encode() not in err
    assert PASSWORD.encode() not in err


async def _asked(port: int, header: str) -> bytes:
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionError:  # its pages come after its first scan
            await asyncio.sleep(0.05)
            continue
        writer.write(f"GET /metrics HTTP/1.1\r\nHost: localhost\r\n{header}Connection: close\r\n\r\n".encode())
        said = await reader.read()
        writer.close()
        return said.partition(b"\r\n")[0]
