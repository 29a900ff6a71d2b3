"""By which names this server may be asked: a page of another site whose name was made to lead here gets nothing."""

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from aiohttp import web

_HOST: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9._-]{1,253}))(?::\d{1,5})?")


class HostNames:
    """Of one door. An address can be no other site's name, so the one that a connection came to is always right."""

    def __init__(self, names: Iterable[str] = (), machine: str | None = None) -> None:
        """`machine` is this machine's own name, if it is not to be looked up."""
        own = (socket.gethostname() if machine is None else machine).lower()
        short = own.partition(".")[0]
        self._names = {"localhost", own, short, f"{short}.local", *(name.lower() for name in names)} - {"", ".local"}

    def are_meant_by(self, request: web.Request) -> bool:
        """True if the request is for us."""
        parts = _HOST.fullmatch(request.headers.get("Host", ""))
        if not parts:
            return False
        host = (parts[1] or parts[2]).lower().removesuffix(".")
        if host in self._names:
            return True
        try:
            address = _plain(host)
        except ValueError:
            return False
        return address.is_loopback or address == _own_address(request)


def _own_address(request: web.Request) -> IPv4Address | IPv6Address | None:
    own = request.transport.get_extra_info("sockname") if request.transport else None
    return _plain(own[0].partition("%")[0]) if own else None


def _plain(text: str) -> IPv4Address | IPv6Address:
    """Read an address; one of IPv4 that is written as one of IPv6 is one of IPv4. Raises ValueError."""
    address = ip_address(text)
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
