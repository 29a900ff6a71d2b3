"""What is to be taken out because it is known here: the values of secrets, and the names of this machine.

All is read with the rights of the command's user; what cannot be read is not known, and only patterns find it.
"""

import os
import pwd
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.files.reading import read_limited
from beacon_gateway.adapters.secrets.callback_secrets import (
    AES_KEY_CREDENTIAL,
    AES_KEY_VARIABLE,
    TOKEN_CREDENTIAL,
    TOKEN_VARIABLE,
)
from beacon_gateway.adapters.secrets.daily_key_file import FILE as PERSON_KEYS
from beacon_gateway.adapters.secrets.secret import CREDENTIAL, VARIABLE, NoSecret, read_named_secret
from beacon_gateway.adapters.secrets.web_accounts_file import FILE as WEB_ACCOUNTS
from beacon_gateway.core.access.web_accounts import hashes_in, read_accounts
from beacon_gateway.core.support.scrub import KnownNames
from beacon_gateway.core.text.soundness import with_bytes_replaced

MOST_BYTES: Final = 64 << 10
MOST_FILES: Final = 100
LONGEST: Final = 256
"""Of a secret, as `adapters.secrets` reads them."""
SHORTEST_ACCOUNT: Final = 3
"""Letters. `tv` and `it` are in every text."""
FIRST_PERSON: Final = 1000
LAST_PERSON: Final = 60_000
"""User numbers of people (Debian's adduser)."""

_PLACES: Final = (
    "run/credentials/beacon-gateway.service",
    "boot/firmware/beacon-gateway",
    "boot/beacon-gateway",
)
_WIFI: Final = (
    "etc/NetworkManager/system-connections/*",
    "run/NetworkManager/system-connections/*",
    "etc/wpa_supplicant/*.conf",
    "etc/netplan/*.yaml",
)
_WIFI_SECRET: Final = re.compile(
    r"^\s*(?:psk|password|wep_key\d|wep-key\d)\s*[=:]\s*\"?([^\"\n]+?)\"?\s*$", re.MULTILINE
)
_SSID: Final = re.compile(r"^\s*ssid\s*=\s*\"?([^\"\n]+?)\"?\s*$", re.MULTILINE)
_NETPLAN_SSID: Final = re.compile(r"access-points:\s*\n\s+\"?([^\"\n]+?)\"?\s*:")
_SERIAL: Final = re.compile(r"^Serial\s*:\s*(\w+)", re.MULTILINE)


def secret_values(
    config_folder: Path, runtime: Path, environment: Mapping[str, str] = os.environ, root: Path = Path("/")
) -> frozenset[str]:
    """Return the values of all secrets that can be read. Never raises, and they are told to nobody."""
    found: set[str] = set()
    for credential, variable in (
        (CREDENTIAL, VARIABLE),
        (TOKEN_CREDENTIAL, TOKEN_VARIABLE),
        (AES_KEY_CREDENTIAL, AES_KEY_VARIABLE),
    ):
        with suppress(NoSecret):
            found.add(read_named_secret(credential, variable, environment))
    for folder, pattern in ((config_folder, "wechat-*"), *((root / place, "wechat-*") for place in _PLACES)):
        for text in _texts(folder, pattern):
            found.update(line.strip() for line in text.splitlines() if len(line.strip()) <= LONGEST)
    for text in _texts(config_folder, f"*{WEB_ACCOUNTS}*"):  # copies that people made, too
        found.update(hashes_in(text))
    for text in _texts(runtime, PERSON_KEYS):
        found.update(text.split()[1::2])
    for pattern in _WIFI:
        for text in _texts(root, pattern):
            found.update(match[1] for match in _WIFI_SECRET.finditer(text))
    return frozenset(found)


def known_names(
    environment: Mapping[str, str] = os.environ, root: Path = Path("/"), config_folder: Path | None = None
) -> KnownNames:
    """Return the names of this machine, its users (of the pages, too) and its networks. Never raises."""
    hosts = {
        socket.gethostname(),
        *(line.strip() for text in _texts(root, "etc/hostname") for line in text.splitlines()),
    }
    hosts |= {host.partition(".")[0] for host in hosts}
    users = {user.pw_name for user in pwd.getpwall() if FIRST_PERSON <= user.pw_uid < LAST_PERSON}
    users |= {environment.get(name, "") for name in ("SUDO_USER", "USER", "LOGNAME")}
    for text in _texts(config_folder, WEB_ACCOUNTS) if config_folder else ():
        names = [account.visitor.name for account in read_accounts(text).by_key.values()]
        users |= {name for name in names if len(name) >= SHORTEST_ACCOUNT or not name.isascii()}
    with suppress(OSError):
        users |= {with_bytes_replaced(path.name) for path in (root / "home").iterdir()}
    networks = {
        match[1]
        for pattern in _WIFI
        for text in _texts(root, pattern)
        for match in (*_SSID.finditer(text), *_NETPLAN_SSID.finditer(text))
    }
    serials = {text.strip(" \t\n\0") for text in _texts(root, "proc/device-tree/serial-number")}
    serials |= {match[1] for text in _texts(root, "proc/cpuinfo") for match in _SERIAL.finditer(text)}
    for card in ("sys/block/mmcblk*/device/cid", "sys/block/mmcblk*/device/serial"):
        serials |= {text.strip() for text in _texts(root, card)}
    return KnownNames(
        hosts=tuple(sorted(hosts - {""})),
        users=tuple(sorted(users - {""})),
        networks=tuple(sorted(_as_text(network) for network in networks)),
        serials=tuple(sorted(serial for serial in serials if len(serial) > 3 and serial.strip("0x"))),  # noqa: PLR2004 - all zeros, or a number
    )


def _texts(folder: Path, pattern: str) -> Iterator[str]:
    """Return what the small files of this pattern hold, as far as they can be read."""
    try:
        paths = sorted(folder.glob(pattern))[:MOST_FILES]
    except OSError:
        return
    for path in paths:
        with suppress(OSError):
            yield read_limited(path, MOST_BYTES)[0].decode("utf-8", errors="replace")


def _as_text(ssid: str) -> str:
    """Return an SSID that NetworkManager wrote as a list of bytes, `72;101;`."""
    if re.fullmatch(r"(?:\d{1,3};)+", ssid):
        with suppress(ValueError):
            return bytes(int(number) for number in ssid.rstrip(";").split(";")).decode("utf-8", errors="replace")
    return ssid
