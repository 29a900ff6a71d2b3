"""The HTTP proxy that stands before a server, as the environment names it.

`https_proxy` or `HTTPS_PROXY` for addresses with https, `http_proxy` or `HTTP_PROXY` for the others, and `no_proxy` or
`NO_PROXY` for hosts that are asked directly, as other programs read them.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

DEFAULT_PROXY_PORT: Final = 3128
_HOST: Final = re.compile(r"[A-Za-z0-9._:-]+")
LOOPBACK: Final = frozenset({"localhost", "localhost.localdomain"})


class UnusableProxy(Exception):  # noqa: N818 - what stands there, told to a person
    """The environment names something that cannot be used; the text is the variable's name, never its value."""


@dataclass(frozen=True, slots=True)
class Proxy:
    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """Return it without user and password: for people and for logs."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def proxy_for(address: str, environment: Mapping[str, str]) -> Proxy | None:
    """Return the proxy for an address; None where it is asked directly. Raises UnusableProxy.

    What runs on this machine is always asked directly.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if not host or _is_loopback(host):
        return None
    name, value = _variable(f"{parts.scheme}_proxy", environment)
    if not value or _is_excepted(host, parts, _variable("no_proxy", environment)[1]):
        return None
    return _read(name, value)


def _variable(name: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """Return the variable that counts, and its value: the one in small letters, if both are there."""
    return next(((one, environment[one].strip()) for one in (name, name.upper()) if one in environment), (name, ""))


def _read(name: str, value: str) -> Proxy:
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        port = parts.port or DEFAULT_PROXY_PORT
        host = parts.hostname or ""
    except ValueError:
        raise UnusableProxy(name) from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    # HTTP's way to write user and password has no place for a colon in the first.
    if parts.scheme != "http" or not _HOST.fullmatch(host) or ":" in user:
        raise UnusableProxy(name)
    return Proxy(host, port, user, password)


def _is_excepted(host: str, parts: SplitResult, exceptions: str) -> bool:
    port = str(_port_of(parts))
    for entry in exceptions.replace(",", " ").lower().split():
        if entry == "*":
            return True
        name, wanted_port = _host_and_port(entry)
        if wanted_port in {"", port} and _matches(host, name.removeprefix("*").removeprefix(".")):  # .corp, *.corp
            return True
    return False


def _matches(host: str, name: str) -> bool:
    """True for the host itself, for one below it, and for one in a network."""
    if not name:
        return False
    if host == name or host.endswith(f".{name}"):
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(name, strict=False)
    except ValueError:
        return False


def _host_and_port(entry: str) -> tuple[str, str]:
    if entry.startswith("["):
        name, _, port = entry[1:].partition("]")
        return name, port.removeprefix(":")
    name, colon, port = entry.partition(":")
    return (name, port) if colon and port.isdecimal() and ":" not in port else (entry, "")


def _port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _is_loopback(host: str) -> bool:
    if host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
