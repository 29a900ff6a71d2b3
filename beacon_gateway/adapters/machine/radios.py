"""The radios that the kernel knows: Bluetooth adapters, their switches, and Wi-Fi."""

import fcntl
import re
import socket
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.machine.observing import SystemTools, read_text
from beacon_gateway.core.doctor.rfkill import RfkillSwitch

_SIOCGIWFREQ: Final = 0x8B05
_IWREQ: Final = struct.Struct("=16siHBB8x")
"""`struct iwreq` with an `iw_freq` in it (linux/wireless.h): name; mantissa, exponent, index, flags."""
_FIRST_FREQUENCY: Final = 1000
"""A number below it, without exponent, is a channel and no frequency."""

BLUETOOTHD: Final = (
    "usr/libexec/bluetooth/bluetoothd",
    "usr/lib/bluetooth/bluetoothd",
    "usr/sbin/bluetoothd",
)


def bluetoothd_version(root: Path, tools: SystemTools) -> str:
    """Return what bluetoothd prints about its version, else what bluetoothctl does, of the same package."""
    for program in BLUETOOTHD:
        if printed := tools.ask_file(root / program, "--version"):
            return printed.strip()
    return (tools.ask("bluetoothctl", "--version") or "").strip()


def main_conf(root: Path) -> str:
    """Return bluetoothd's configuration; "" where there is none, which is fine. Raises OSError."""
    try:
        return read_text(root / "etc/bluetooth/main.conf")
    except FileNotFoundError:
        return ""


def switches(root: Path) -> tuple[RfkillSwitch, ...]:
    """Return the rfkill switches of Bluetooth. Raises OSError."""
    found = []
    for folder in sorted((root / "sys/class/rfkill").glob("rfkill*")):
        if read_text(folder / "type").strip() == "bluetooth":
            name, soft, hard = (read_text(folder / name).strip() for name in ("name", "soft", "hard"))
            found.append(RfkillSwitch(name, soft=soft == "1", hard=hard == "1"))
    return tuple(found)


def on_board(root: Path) -> Mapping[str, bool]:
    """Tell of each adapter whether it hangs on a serial line of the board, and not on USB. Raises OSError."""
    adapters = [link for link in (root / "sys/class/bluetooth").glob("hci*") if ":" not in link.name]
    return {link.name: _on_serial_line(link.resolve()) for link in adapters}


def _on_serial_line(device: Path) -> bool:
    parts = device.parts
    return not any(re.fullmatch(r"usb[0-9]+", part) for part in parts) and any(
        "serial" in part or "uart" in part or part.startswith("tty") for part in parts
    )


def wifi_channels(root: Path, tools: SystemTools) -> Mapping[str, int]:
    """Return the frequency (MHz) of each Wi-Fi interface that has one now. Raises OSError."""
    interfaces = root / "sys/class/net"
    names = [path.name for path in sorted(interfaces.iterdir()) if _is_wifi(path)]
    found = {name: _asked(name) or _printed(tools, name) for name in names}
    return {name: mhz for name, mhz in found.items() if mhz}


def _is_wifi(interface: Path) -> bool:
    return (interface / "wireless").exists() or (interface / "phy80211").exists()


def _asked(name: str) -> int | None:
    """Ask the kernel, as every user may; newer kernels may not answer this old question."""
    request = bytearray(_IWREQ.pack(name.encode()[:15], 0, 0, 0, 0))
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            fcntl.ioctl(line, _SIOCGIWFREQ, request)
    except OSError:
        return None
    return frequency(bytes(request))


def frequency(answer: bytes) -> int | None:
    """Read MHz from the kernel's answer; None for a mere channel, or none."""
    _, mantissa, exponent, _, _ = _IWREQ.unpack(answer)
    if exponent == 0 and mantissa < _FIRST_FREQUENCY:
        return None
    return round(mantissa * 10.0**exponent / 1e6) if 0 <= exponent <= 9 else None  # noqa: PLR2004 - up to GHz


def _printed(tools: SystemTools, name: str) -> int | None:
    """Ask iw: "freq: 2437", or "2437.0" from newer ones."""
    found = re.search(r"^\s*freq: ([0-9]{4})", tools.ask("iw", "dev", name, "link") or "", re.MULTILINE)
    return int(found[1]) if found else None
