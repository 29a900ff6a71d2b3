"""What the doctor says about who can reach the pages."""

import os
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from beacon_gateway.adapters.machine.ports import is_taken
from beacon_gateway.core.access.web_accounts import NO_ACCOUNTS
from beacon_gateway.core.doctor.finding import FindingReason, Unavailable
from beacon_gateway.core.doctor.web import PagesEvidence, judge_pages
from beacon_gateway.core.model.settings import Address
from beacon_gateway.core.model.status import ServerStatus
from tests.adapters.web.pages.test_metrics import whole_status
from tests.adapters.web.server.access import IT, account
from tests.commands.doctor.pi import CONFIG, Pi
from tests.commands.doctor.test_daemon import judged_of, tell


def accounts(pi: Pi, text: str = f"{account(IT)}\n", mode: int = 0o640) -> Path:
    path = pi.folder / "web-accounts"
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.fixture
def beyond(pi: Pi) -> Pi:
    pi.config(CONFIG + "web: {listen: 0.0.0.0:8080}\n")
    return pi


def test_pages_of_this_machine_need_no_account(pi: Pi) -> None:
    report = pi.look()
    assert report.level("pages") == "ok"
    assert report["pages"] == "Pages: at 127.0.0.1:8080, for this machine only, without login."


def test_pages_of_this_machine_with_a_login_say_so(pi: Pi) -> None:
    accounts(pi)
    assert pi.look()["pages"] == "Pages: at 127.0.0.1:8080, with login (1 account)."


def test_pages_that_are_off_are_fine(pi: Pi) -> None:
    pi.config(CONFIG + "web: {listen: off}\n")
    assert pi.look().level("pages") == "ok"


def test_an_address_for_others_without_an_account_fails_and_names_the_command(beyond: Pi) -> None:
    report = beyond.look()
    assert report.level("pages") == "fail"
    assert report.fix("pages") == "sudo beacon-gateway password NAME --rank it"


def test_passwords_in_the_clear_are_warned_of_with_what_to_do(beyond: Pi) -> None:
    accounts(beyond)
    report = beyond.look()
    assert report.level("pages") == "warn"
    assert "in the clear" in report["pages"]
    assert "web.names" in report["pages"]


def test_a_spoilt_line_is_named_and_not_shown(beyond: Pi) -> None:
    accounts(beyond, f"{account(IT)}\nmallory hunter2secret\n")
    report = beyond.look()
    assert report.level("pages") == "warn"
    assert "line 2: a line holds four things" in report["pages"]
    assert "hunter2" not in "\n".join(report.text)


@pytest.mark.parametrize(
    ("make", "said", "fix"),
    [
        (lambda path: path.mkdir(), "this is not a file but a folder", "sudo mv {path} {path}.aside"),
        (os.mkfifo, "this is not a file but a folder, a pipe or a device", "sudo mv {path} {path}.aside"),
        (lambda path: path.symlink_to("away"), "this is a link to a file that is not there", "sudo rm {path}"),
        (lambda path: path.write_text(""), "there is no account in", "sudo beacon-gateway password NAME --rank it"),
    ],
)
@pytest.mark.parametrize("listen", ["127.0.0.1:8080", "0.0.0.0:8080"])
def test_a_file_that_closes_the_pages_fails_with_its_remedy_and_no_line(
    pi: Pi, listen: str, make: Callable[[Path], object], said: str, fix: str
) -> None:
    pi.config(CONFIG + f"web: {{listen: '{listen}'}}\n")
    path = pi.folder / "web-accounts"
    make(path)
    report = pi.look()
    assert (report.level("pages"), report.fix("pages")) == ("fail", fix.format(path=path))
    assert said in report["pages"]
    assert "line 0" not in report["pages"]


def test_hashes_that_others_can_read_are_closed(beyond: Pi) -> None:
    path = accounts(beyond, mode=0o644)
    report = beyond.look()
    assert (report.level("pages"), report.fix("pages")) == ("warn", f"sudo chmod 640 {path}")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_that_the_service_cannot_read_fails(beyond: Pi) -> None:
    state = beyond.folder / "state"
    state.mkdir(exist_ok=True)
    os.chown(state, 12_345, 12_345)
    path = accounts(beyond)
    assert beyond.look().level("pages") == "fail"
    os.chown(path, 0, 12_345)
    assert beyond.look().level("pages") == "warn"


def test_it_is_said_in_that_case_too() -> None:
    pages = PagesEvidence(Address("0.0.0.0", 8080), "/etc/beacon-gateway/web-accounts", NO_ACCOUNTS)  # noqa: S104 - a value
    found = judge_pages(replace(pages, closed_to_service=True), Unavailable(FindingReason.NO_DAEMON))
    assert found.fix.startswith("sudo chgrp beacon-gateway /etc")


def test_a_port_that_another_program_has_fails_with_how_to_find_it_whether_the_gateway_runs_or_not(pi: Pi) -> None:
    pi.port_is_taken = True
    before = pi.look()
    pi.port_is_taken = False
    tell(pi, judgement=judged_of(replace(whole_status(), pages=ServerStatus("127.0.0.1:8080", "in use", "taken"))))
    running = pi.look()
    for report in (before, running):
        assert report.level("pages") == "fail"
        assert report["pages"].startswith("Pages: another program uses 127.0.0.1:8080.")
        assert report.fix("pages") == "sudo ss -ltnp 'sport = :8080'"


def test_a_port_that_the_gateway_itself_has_is_not_looked_at(pi: Pi) -> None:
    tell(pi)
    pi.port_is_taken = True
    assert pi.look().level("pages") == "ok"


@pytest.mark.parametrize(("host", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
def test_a_port_is_taken_while_another_program_listens_there(host: str, family: int) -> None:
    with socket.socket(family) as other:
        other.bind((host, 0))
        address = Address(host, other.getsockname()[1])
        other.listen()
        assert is_taken(address)
    assert not is_taken(address)
