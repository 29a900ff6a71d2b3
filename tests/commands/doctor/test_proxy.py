"""The proxy towards WeChat: the service's, and that of the command's user."""

import pytest

from tests.commands.doctor.pi import CONFIG, Pi

PASSWORD = "pr0xy-5ecret"
OURS = f"http://buyer:{PASSWORD}@proxy.corp:8080"
ACCOUNT = "wechat: {appid: wx0123456789abcdef}\n"


@pytest.fixture
def account(pi: Pi) -> Pi:
    pi.config(CONFIG + ACCOUNT)
    return pi


def serves(pi: Pi, *environment: str) -> None:
    """Let the service run with this environment."""
    pi.unit(MainPID="77")
    pi.file("proc/77/environ", "\0".join(("PATH=/usr/bin", *environment, "")))


def test_without_one_wechat_is_asked_directly(account: Pi) -> None:
    found = account.look(offline=True)
    assert (found.level("proxy"), found["proxy"]) == ("ok", "Proxy: none set, WeChat is contacted directly.")


def test_it_is_named_without_its_password(account: Pi) -> None:
    account.environment["HTTPS_PROXY"] = OURS
    serves(account, f"https_proxy={OURS}")
    found = account.look(offline=True)
    assert (found.level("proxy"), found["proxy"]) == ("ok", "Proxy: WeChat is contacted through proxy.corp:8080.")
    assert PASSWORD not in str(found)


def test_an_exception_for_wechat_is_none(account: Pi) -> None:
    account.environment.update(HTTPS_PROXY=OURS, NO_PROXY=".qq.com")
    assert "WeChat is contacted directly." in account.look(offline=True)["proxy"]


def test_one_that_only_the_terminal_has_is_a_warning(account: Pi) -> None:
    account.environment["HTTPS_PROXY"] = OURS
    serves(account)
    found = account.look(offline=True)
    assert found.level("proxy") == "warn"
    assert "the service has none" in found["proxy"]
    assert found.fix("proxy") == "sudo systemctl edit beacon-gateway"


def test_one_that_only_the_service_has_is_fine(account: Pi) -> None:
    serves(account, f"HTTPS_PROXY={OURS}")
    found = account.look(offline=True)
    assert found.level("proxy") == "ok"
    assert found["proxy"].startswith("Proxy: the service asks WeChat through proxy.corp:8080")


def test_two_proxies_are_a_warning(account: Pi) -> None:
    account.environment["HTTPS_PROXY"] = "http://other.corp:8080"
    serves(account, f"HTTPS_PROXY={OURS}")
    assert account.look(offline=True).level("proxy") == "warn"


def test_one_that_cannot_be_used_fails(account: Pi) -> None:
    serves(account, f"HTTPS_PROXY=socks5://buyer:{PASSWORD}@proxy.corp:1080")
    found = account.look(offline=True)
    assert found.level("proxy") == "fail"
    assert "HTTPS_PROXY" in found["proxy"]
    assert PASSWORD not in str(found)


def test_without_an_account_nobody_asks(pi: Pi) -> None:
    assert pi.look(offline=True).level("proxy") == "unseen"
