"""The file of accounts: whatever is wrong with it closes the pages and is told, and nothing about it opens them."""

import asyncio
import json
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from beacon_gateway.adapters.secrets.web_accounts_file import (
    ACCOUNTS_VALID_S,
    MAX_ACCOUNTS_FILE_BYTES,
    RELOAD_AFTER_S,
    WebAccountsFile,
)
from beacon_gateway.core.access.web_accounts import NO_ACCOUNTS, WebAccounts
from beacon_gateway.core.monitoring.judgement import judge
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.presentation.troubles import trouble_text
from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.adapters.web.pages.test_metrics import whole_status
from tests.adapters.web.server.access import IT, account
from tests.as_nobody import as_nobody, folder_for_nobody
from tests.commands.command import run, start_service
from tests.commands.test_run import write_files
from tests.commands.test_service import asked, free_port
from tests.commands.test_status import told
from tests.services.tracking.manual_clock import ManualClock

LINE = f"{account(IT)}\n"
WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda path: path.write_text(""), "nobody"),
    "remarks": (lambda path: path.write_text("# nobody yet\n\n"), "nobody"),
    "folder": (lambda path: path.mkdir(), "not-regular"),
    "pipe": (os.mkfifo, "not-regular"),
    "dangling": (lambda path: path.symlink_to("nothing-there"), "dangling"),
    "loop": (lambda path: path.symlink_to(path.name), "loop"),
    "huge": (lambda path: path.write_bytes(b"#" * (MAX_ACCOUNTS_FILE_BYTES + 1)), "too-big"),
    "spoilt": (lambda path: path.write_bytes(b"a\xff\n"), "fields"),
    "cut off by a power cut": (lambda path: path.write_bytes(b"anna it\0\0\0\0\n"), "character"),
    "in UTF-16": (lambda path: path.write_bytes("anna it -\n".encode("utf-16")), "utf-16"),
}


@pytest.mark.parametrize("what", WRONG)
async def test_what_cannot_be_used_closes_and_is_told_with_its_reason(what: str, tmp_path: Path) -> None:
    make, fault = WRONG[what]
    file = WebAccountsFile(tmp_path / "gateway.yaml", needed=False)
    assert await file.now() is NO_ACCOUNTS
    assert (file.needed, file.status()) == (False, None)
    make(file.path)
    file = WebAccountsFile(tmp_path / "gateway.yaml", needed=False)
    assert (await file.now()).by_key == {}
    assert file.needed
    [trouble] = judge(replace(whole_status(), web_accounts=file.status())).troubles
    assert (trouble.name, trouble.state) == ("accounts:closed", "pending")
    for language in languages():
        said = trouble_text(trouble.phrase, trouble.details, language, None)
        assert str(file.path) in said
        assert say(f"web-accounts.{fault}", language) in said


def test_a_file_that_may_not_be_read_closes() -> None:
    with folder_for_nobody() as folder:
        path = folder / "web-accounts"
        path.write_text(LINE)
        path.chmod(0o600)
        with as_nobody():
            read = WebAccountsFile(folder / "gateway.yaml").read()
    assert [fault.phrase for fault in read.faults] == ["web-accounts.permission"]
    assert read.by_key == {}


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(LINE)
    file = WebAccountsFile(tmp_path / "gateway.yaml")
    file.path.symlink_to("elsewhere")
    assert list(file.read().by_key) == ["li.na"]


async def test_a_file_that_goes_away_opens_nothing_and_is_told(tmp_path: Path) -> None:
    clock = ManualClock()
    file = WebAccountsFile(tmp_path / "gateway.yaml", clock.monotonic, needed=False)
    file.path.write_text(LINE)
    assert (await file.now()).of("li.na")
    file.path.unlink()
    clock.advance(RELOAD_AFTER_S)
    assert (await file.now()).faults[0].phrase == "web-accounts.gone"
    assert file.needed


async def test_an_error_that_passes_is_looked_at_again_though_nothing_seems_to_have_changed(tmp_path: Path) -> None:
    clock = ManualClock()
    file = Hangs(tmp_path / "gateway.yaml", clock.monotonic)
    file.path.write_text(LINE)
    file.fails_once = True
    assert (await file.now()).faults[0].phrase == "web-accounts.broken"
    clock.advance(RELOAD_AFTER_S)
    assert (await file.now()).of("li.na")


class Hangs(WebAccountsFile):
    """A file on a share that does not answer while `answers` is not set."""

    fails_once = False

    def __init__(self, config: Path, monotonic: Callable[[], float]) -> None:
        super().__init__(config, monotonic, deadline_s=0.02)
        self.answers = threading.Event()
        self.answers.set()

    def read(self) -> WebAccounts:
        self.answers.wait()
        return super().read()

    def _text(self) -> str:
        if self.fails_once:
            self.fails_once = False
            raise OSError(5, "Input/output error")
        return super()._text()


async def test_a_file_that_hangs_keeps_nobody_waiting_and_nobody_in_for_long(tmp_path: Path) -> None:
    clock = ManualClock()
    file = Hangs(tmp_path / "gateway.yaml", clock.monotonic)
    file.path.write_text(LINE)
    assert (await file.now()).of("li.na")
    file.answers.clear()
    file.path.write_text(f"{LINE}# changed\n")
    clock.advance(RELOAD_AFTER_S)
    try:
        assert (await file.now()).of("li.na")  # a card may be busy for a moment
        threads = threading.active_count()
        for _ in range(20):
            await file.now()
        assert threading.active_count() == threads
        clock.advance(ACCOUNTS_VALID_S)
        assert (await file.now()).faults[0].phrase == "web-accounts.no-answer"
    finally:
        file.answers.set()
    while not (await file.now()).of("li.na"):
        await asyncio.sleep(0.01)


async def test_a_file_that_never_answered_lets_nobody_in(tmp_path: Path) -> None:
    file = Hangs(tmp_path / "gateway.yaml", ManualClock().monotonic)
    file.needed = False
    file.answers.clear()
    try:
        assert (await file.now()).faults[0].phrase == "web-accounts.no-answer"
        assert file.needed
    finally:
        file.answers.set()


@pytest.mark.usefixtures("bluez")
async def test_a_bad_file_that_appears_while_the_gateway_runs_closes_its_pages_and_is_in_its_status(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    port = free_port()
    config = write_files(tmp_path, web=f"127.0.0.1:{port}")
    daemon = await start_service(config, bus)
    try:
        assert (await asked(port, "/floors")).startswith("HTTP/1.1 200")
        (tmp_path / "web-accounts").symlink_to("nothing-there")
        while not (await asked(port, "/floors")).startswith("HTTP/1.1 401"):
            await asyncio.sleep(0.1)
        await told(tmp_path, lambda status: "accounts:closed" in json.dumps(status))
        done = await run("status", "--json", "--config", config)
        assert json.loads(done.out)["web_accounts"]["fault"] == "web-accounts.dangling"
        assert done.code == 2
    finally:
        daemon.send_signal(signal.SIGTERM)
        await daemon.communicate()
    assert daemon.returncode == 0
