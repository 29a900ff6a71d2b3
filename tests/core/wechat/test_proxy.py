"""Which proxy stands before a server, by the environment."""

import os
import subprocess
import sys

import pytest

from beacon_gateway.core.wechat.proxy import Proxy, UnusableProxy, proxy_for

pytestmark = pytest.mark.outside

WECHAT = "https://api.weixin.qq.com"
SET = {"HTTPS_PROXY": "http://proxy.corp:8080"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"HTTPS_PROXY": ""}, None),
        ({"HTTP_PROXY": "http://proxy.corp:8080"}, None),
        (SET, Proxy("proxy.corp", 8080)),
        ({"https_proxy": "http://small:1", "HTTPS_PROXY": "http://large:2"}, Proxy("small", 1)),
        ({"HTTPS_PROXY": "proxy.corp:8080"}, Proxy("proxy.corp", 8080)),
        ({"HTTPS_PROXY": "http://proxy.corp/"}, Proxy("proxy.corp", 3128)),
        ({"HTTPS_PROXY": "http://[fd00::1]:8080"}, Proxy("fd00::1", 8080)),
        ({"HTTPS_PROXY": "http://us%40er:p%3Ass@proxy.corp:8080"}, Proxy("proxy.corp", 8080, "us@er", "p:ss")),
    ],
)
def test_the_variable_of_the_scheme_names_it(environment: dict[str, str], expected: Proxy | None) -> None:
    assert proxy_for(WECHAT, environment) == expected


@pytest.mark.parametrize(
    "value",
    [
        *(
            "socks5://proxy:1080",
            "https://proxy:443",
            "http://",
            "http://proxy:port",
            "http://proxy:99999",
            "http://[::1",
        ),
        *("http://a b:1", "http://us%3Aer:x@proxy:1", "http://代理:1", "file:///etc/passwd"),
    ],
)
def test_what_is_no_proxy_is_refused_without_its_value(value: str) -> None:
    with pytest.raises(UnusableProxy) as caught:
        proxy_for(WECHAT, {"HTTPS_PROXY": value})
    assert str(caught.value) == "HTTPS_PROXY" or str(caught.value) == "https_proxy"


EXCEPTIONS = (
    *("api.weixin.qq.com", "qq.com", ".qq.com", "weixin.qq.com", "a.com,qq.com", "a.com, qq.com", "QQ.COM", "*"),
    *("q.com", "xqq.com", "com.cn", "api", "", ",", "api.weixin.qq.com:443", "api.weixin.qq.com:80", "qq.com:443"),
)


@pytest.mark.parametrize("exceptions", EXCEPTIONS)
def test_exceptions_are_those_of_the_standard_library(exceptions: str) -> None:
    """In a process of its own, since urllib reads the process's environment."""
    asks = "import sys, urllib.request as r; sys.exit(r.proxy_bypass_environment('api.weixin.qq.com:443'))"
    environment = {"PATH": os.environ["PATH"], "no_proxy": exceptions}
    theirs = subprocess.run([sys.executable, "-c", asks], env=environment, check=False).returncode == 1  # noqa: S603 - our own
    assert (proxy_for(WECHAT, {**SET, "NO_PROXY": exceptions}) is None) == theirs


@pytest.mark.parametrize("exceptions", ["*.qq.com", "10.0.0.0/8", "10.1.2.3", "[fd00::1]", "fd00::/8", "[fd00::1]:443"])
def test_exceptions_may_be_patterns_and_networks(exceptions: str) -> None:
    hosts = ("api.weixin.qq.com", "10.1.2.3", "[fd00::1]")
    direct = [host for host in hosts if proxy_for(f"https://{host}", {**SET, "NO_PROXY": exceptions}) is None]
    assert len(direct) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "[::1]"])
def test_this_machine_is_asked_directly(host: str) -> None:
    assert proxy_for(f"http://{host}:8080", {"HTTP_PROXY": "http://proxy.corp:8080"}) is None


def test_user_and_password_are_not_shown() -> None:
    proxy = proxy_for(WECHAT, {"HTTPS_PROXY": "http://buyer:5ecret@proxy.corp:8080"})
    assert "5ecret" not in f"{proxy} {proxy!r}"
    assert "buyer" not in f"{proxy} {proxy!r}"
    assert str(proxy) == "proxy.corp:8080"
