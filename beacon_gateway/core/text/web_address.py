"""An address on the web as far as its form goes: what a browser could not open, and where in it that lies.

Chinese names of hosts and Chinese paths are sound. Letters of other scripts that look like Latin ones are not, where
Latin ones stand beside them.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from beacon_gateway.core.text.odd_characters import IN_NO_ADDRESS, OddCharacter, OddKind

_DASHES: Final = "‐‑‒–—―−"
_LABEL: Final = rf"[^\x00-,/:-@\[-^`{{-\xa0\s.{_DASHES}{IN_NO_ADDRESS}]{{1,63}}"
"""Between two dots: letters and digits of any script, hyphens, underscores."""
_PORT: Final = r"0*(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
HOST_AND_PORT_FORM: Final = rf"(?:\[[0-9A-Fa-f:.]{{2,45}}\]|{_LABEL}(?:\.{_LABEL})*\.?)(?::{_PORT})?"
"""A regular expression, for Python and for JSON Schema."""
WEB_ADDRESS_FORM: Final = rf"https?://(?:[^\s/?#@\\]*@)?{HOST_AND_PORT_FORM}(?:[/?#][^\s{IN_NO_ADDRESS}]*)?"

_PARTS: Final = re.compile(
    r"(?P<scheme>https?://)(?:[^\s/?#@\\]*@)?(?P<host>\[[^\s/?#\]]*\]?|[^\s/?#:]*)(?P<port>:[^\s/?#]*)?(?P<rest>[/?#]\S*)?"
)
_NOT_IN_HOST: Final = re.compile(rf"[\x00-,/:-@\[-^`{{-\x7f{_DASHES}]")
_LATIN: Final = re.compile("[A-Za-z]")
_LOOKS_LATIN: Final = re.compile(
    "[\u0131\u0138\u017f\u0180-\u02af\u0370-\u058f\u10a0-\u10ff\u13a0-\u13ff\u1c80-\u1c8f\u1d00-\u1dbf\u2100-\u214f"
    "\u2c60-\u2c7f\u2c80-\u2cff\ua640-\ua69f\ua720-\ua7ff\uab30-\uabbf\U0001d400-\U0001d7ff]"
)
"""Greek, Cyrillic, Armenian, Georgian, Cherokee, Coptic, phonetic and mathematical letters."""
_ADDRESS_AGAIN: Final = re.compile(r"https?:?//", re.IGNORECASE)
_DIGITS: Final = re.compile("[0-9]+")


@dataclass(frozen=True, slots=True)
class AddressFault:
    """What is wrong with an address: the code of a problem, where in the address, and what stands there."""

    code: str
    at: int
    found: str


def fault_in_address(text: str) -> AddressFault | OddCharacter | None:
    """Return what a browser could not open in an address that begins with http:// or https://; None if it is sound."""
    parts = _PARTS.fullmatch(text)
    if parts is None or not parts["host"]:
        return None
    after_scheme = parts.end("scheme")
    if _ADDRESS_AGAIN.match(text, after_scheme):
        return AddressFault("value.url-twice", 0, text)
    host, at = parts["host"], parts.start("host")
    if odd := _odd_in_host(host, at):
        return odd
    if not _is_host(host):
        return AddressFault("value.url-host", at, host)
    port = parts["port"]
    if port is not None and not re.fullmatch(_PORT, port[1:]):
        return AddressFault("value.url-port", parts.start("port"), port[1:] or port)
    return None


def _odd_in_host(host: str, at: int) -> OddCharacter | None:
    if host.startswith("["):
        return None
    found = _NOT_IN_HOST.search(host) or (_LOOKS_LATIN.search(host) if _LATIN.search(host) else None)
    return OddCharacter(at + found.start(), found[0], OddKind.HOST) if found else None


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return host.endswith("]") and _is_ip(host[1:-1], 6)
    if not re.fullmatch(rf"{_LABEL}(?:\.{_LABEL})*\.?", host):
        return False
    last = host.removesuffix(".").rpartition(".")[2]
    return not _DIGITS.fullmatch(last) or _is_ip(host.removesuffix("."), 4)


def _is_ip(text: str, version: int) -> bool:
    try:
        return ip_address(text).version == version
    except ValueError:
        return False
