"""`login` at a daemon that runs: who may make a link, and what it is good for."""

import signal
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar

from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.adapters.web.server.access import token_on
from tests.commands.command import run, start_service
from tests.commands.test_run import write_files
from tests.commands.test_service import asked, free_port


@pytest.mark.usefixtures("bluez")
async def test_a_link_opens_the_editor_of_the_daemon_that_runs(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    port = free_port()
    config = write_files(tmp_path, web=f"127.0.0.1:{port}")
    daemon = await start_service(config, bus)
    await asked(port, "/healthz")
    done = await run("login", "--config", config)
    assert done.code == 0, done.err
    link = done.out.splitlines()[-1]
    assert link.startswith(f"http://127.0.0.1:{port}/login?link=")
    async with ClientSession(cookie_jar=CookieJar(unsafe=True), headers={"Accept": "text/html"}) as session:
        editor = f"http://127.0.0.1:{port}/bindings/F6?language=en"
        async with session.get(editor) as answer:
            assert "sudo beacon-gateway login" in await answer.text()
        async with session.get(link) as answer:
            token = token_on(await answer.text())
        fields = {"visit": token, "link": link.partition("=")[2]}
        async with session.post(f"http://127.0.0.1:{port}/login", data=fields) as answer:
            assert answer.status == 200
        async with session.get(editor) as answer:
            assert 'value="apply"' in await answer.text() or 'value="save"' in await answer.text()
    daemon.send_signal(signal.SIGTERM)
    _, err = await daemon.communicate()
    assert daemon.returncode == 0, err
    assert link.partition("=")[2].encode() not in err


async def test_without_a_daemon_there_is_nothing_to_log_in_to(tmp_path: Path) -> None:
    done = await run("login", "--config", write_files(tmp_path, web="127.0.0.1:8080"))
    assert done.code == 1
    assert "systemctl start" in done.err


async def test_where_there_are_accounts_it_says_so_even_if_the_file_is_empty(tmp_path: Path) -> None:
    config = write_files(tmp_path, web="127.0.0.1:8080")
    (tmp_path / "run").mkdir()
    (tmp_path / "web-accounts").write_text("")
    done = await run("login", "--config", config)
    assert done.code == 1
    assert "has accounts" in done.err
    assert not list((tmp_path / "run").iterdir())


@pytest.mark.usefixtures("bluez")
async def test_an_empty_file_of_accounts_closes_the_pages(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    port = free_port()
    config = write_files(tmp_path, web=f"127.0.0.1:{port}")
    (tmp_path / "web-accounts").write_text("")
    daemon = await start_service(config, bus)
    await asked(port, "/healthz")
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/") as answer:
        assert answer.status == 401
    daemon.send_signal(signal.SIGTERM)
    _, err = await daemon.communicate()
    assert daemon.returncode == 0, err
    assert "There is no account" in err.decode()
