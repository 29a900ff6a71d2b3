"""The Raspberry Pi itself: clock, power, disk, swap, what is written to the card, Wi-Fi beside Bluetooth."""

from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Final

from beacon_gateway.core.doctor.finding import Finding, fail, ok, warn
from beacon_gateway.core.log.wall_clock import ClockState

MEGABYTE_BYTES: Final = 1_000_000
SECONDS_PER_DAY: Final = 86_400.0

LOW_DISK_BYTES: Final = 500 * MEGABYTE_BYTES
"""Bytes free at which a person should act; a year of 50 beacons takes about as much."""
FULL_DISK_BYTES: Final = 100 * MEGABYTE_BYTES
LOW_DISK_SHARE: Final = 0.05
"""Of the inodes; without a free one no file can be made, however much room there is."""
FULL_DISK_SHARE: Final = 0.01

SET_BY_SERVICE: Final = "sudo timedatectl set-ntp true"

DAILY_WRITES_BYTES: Final = 20 * MEGABYTE_BYTES
"""Bytes a day that the daemon may write to the card."""

THROTTLED_NOW: Final = 1 << 0
THROTTLED_SINCE_BOOT: Final = 1 << 16
"""Bits of the firmware's `get_throttled`: under-voltage now, and at some time since the start (Raspberry Pi,
"vcgencmd get_throttled")."""

CROWDED: Final = range(2400, 2500)
"""MHz that Bluetooth shares."""


@dataclass(frozen=True, slots=True)
class Disk:
    """The file system on which the state folder lies. Bytes, and inodes."""

    folder: str
    free: int
    """For those who are not root."""
    size: int
    inodes_free: int
    inodes: int
    """0 on a file system that counts none."""
    read_only: bool


@dataclass(frozen=True, slots=True)
class Swap:
    on_card: tuple[str, ...]
    """Swap files and partitions, and compressed memory that is written back to a file."""
    dphys: bool
    """dphys-swapfile sees to it, as on Raspberry Pi OS bookworm."""


@dataclass(frozen=True, slots=True)
class StorageWrites:
    """What the daemon's process made the kernel write to storage."""

    count: int
    """Bytes."""
    seconds: float
    """Since the process began."""


@dataclass(frozen=True, slots=True)
class RadioNeighbours:
    """The radio in use, and the Wi-Fi beside it."""

    on_board: bool
    """The adapter is the Pi's own, which shares its antenna with the Pi's Wi-Fi."""
    channels: Mapping[str, int]
    """MHz of each Wi-Fi interface that is connected."""


def judge_clock(state: ClockState) -> Finding:
    match state:
        case ClockState.SET:
            return ok("clock", "set")
        case ClockState.TRUSTED:
            return ok("clock", "trusted")
        case ClockState.LOST:
            return fail("clock", "lost", SET_BY_SERVICE)
        case ClockState.NOT_SET:
            return fail("clock", "not-set", SET_BY_SERVICE)


def judge_power(bits: int) -> Finding:
    """`bits` are the firmware's `get_throttled`."""
    if bits & THROTTLED_NOW:
        return fail("power", "low-now")
    return warn("power", "was-low") if bits & THROTTLED_SINCE_BOOT else ok("power", "fine")


def judge_disk(disk: Disk) -> Finding:
    details = {"folder": disk.folder, "free": round(disk.free / MEGABYTE_BYTES)}
    clear = "sudo apt clean && sudo journalctl --vacuum-size=50M"
    if disk.read_only:
        return fail("disk", "read-only", "sudo reboot", **details)
    if disk.free < LOW_DISK_BYTES:
        return (fail if disk.free < FULL_DISK_BYTES else warn)("disk", "full", clear, **details)
    if disk.inodes and (share := disk.inodes_free / disk.inodes) < LOW_DISK_SHARE:
        judge = fail if share < FULL_DISK_SHARE else warn
        return judge("disk", "no-inodes", f"df -i {quote(disk.folder)}", inodes=disk.inodes_free, **details)
    return ok("disk", "roomy", **details)


def judge_swap(swap: Swap, *, shakes: bool) -> Finding:
    """`shakes`: shakes are received, so that memory holds what must not get onto a card."""
    if not swap.on_card:
        return ok("swap", "none")
    names = ", ".join(swap.on_card)
    if not shakes:
        return ok("swap", "unused", names=names)
    fix = (
        "sudo systemctl disable --now dphys-swapfile"
        if swap.dphys
        else f"sudo swapoff {' '.join(map(quote, swap.on_card))}"
    )
    return warn("swap", "on-card", fix, names=names)


def judge_written(written: StorageWrites, config: str) -> Finding:
    """A day's budget may be used up early in the first day; after it the average counts."""
    days = max(written.seconds / SECONDS_PER_DAY, 1.0)
    details = {
        "megabytes": round(written.count / MEGABYTE_BYTES, 1),
        "hours": round(written.seconds / 3600, 1),
        "budget": DAILY_WRITES_BYTES // MEGABYTE_BYTES,
    }
    if written.count > DAILY_WRITES_BYTES * days:
        return warn("card", "over", f"sudoedit {quote(config)}", **details)
    return ok("card", "within", **details)


def judge_wifi(neighbours: RadioNeighbours) -> Finding:
    crowded = [f"{name} ({mhz} MHz)" for name, mhz in sorted(neighbours.channels.items()) if mhz in CROWDED]
    if not crowded:
        return ok("wifi", "apart")
    if not neighbours.on_board:
        return ok("wifi", "dongle", names=", ".join(crowded))
    return warn("wifi", "crowded", "nmcli -f SSID,CHAN,SIGNAL device wifi list", names=", ".join(crowded))
