"""The board: its power, its disk and swap, what was written to the card."""

import os
import re
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.machine.observing import SystemTools, read_text
from beacon_gateway.core.doctor.finding import FindingReason, Unavailable
from beacon_gateway.core.doctor.machine import Disk, StorageWrites, Swap

_THROTTLED: Final = (
    "sys/devices/platform/soc*/*firmware*/get_throttled",
    "sys/devices/platform/*firmware*/get_throttled",
    "sys/devices/platform/axi*/*firmware*/get_throttled",
)
"""Where the firmware's driver shows it: the folder's name differs by model."""


def throttled(root: Path, tools: SystemTools) -> int | Unavailable:
    """Return the firmware's `get_throttled`, which also tells of under-voltage. Raises OSError, ValueError."""
    for pattern in _THROTTLED:
        for file in root.glob(pattern):
            return int(read_text(file).strip(), 16)
    printed = tools.ask("vcgencmd", "get_throttled") or ""
    found = re.search(r"throttled=0x([0-9a-fA-F]{1,8})", printed)
    return int(found[1], 16) if found else Unavailable(FindingReason.NOT_TOLD)


def disk(folder: Path) -> Disk:
    """Look at the file system of a folder, or of the nearest folder above it that is there. Raises OSError."""
    there = folder.absolute()
    while not os.path.lexists(there):
        there = there.parent
    told = os.statvfs(there)
    return Disk(
        folder=str(folder),
        free=told.f_bavail * told.f_frsize,
        size=told.f_blocks * told.f_frsize,
        inodes_free=told.f_favail,
        inodes=told.f_files,
        read_only=bool(told.f_flag & os.ST_RDONLY),
    )


def swap(root: Path) -> Swap:
    """Tell which swap is on a card or disk: not compressed memory, unless it is written back to one. Raises OSError."""
    rows = [line.split() for line in read_text(root / "proc/swaps").splitlines()[1:]]
    names = [row[0].replace("\\040", " ") for row in rows if row]
    return Swap(
        on_card=tuple(name for name in names if _on_card(root, name)), dphys=(root / "etc/dphys-swapfile").exists()
    )


def _on_card(root: Path, name: str) -> bool:
    if not re.fullmatch(r"/dev/zram[0-9]+", name):
        return True
    backing = root / "sys/block" / Path(name).name / "backing_dev"
    return backing.exists() and read_text(backing).strip() not in {"none", ""}


def written(root: Path, pid: int) -> StorageWrites:
    """Tell what a process has written to storage since it began. Raises OSError, ValueError, LookupError.

    The kernel counts a page when it becomes dirty; files in memory (/run) do not count, and what the file system and
    journald add to it is not in it.
    """
    process = root / "proc" / str(pid)
    counts = dict(line.split(": ", 1) for line in read_text(process / "io").splitlines())
    # The name in brackets may hold blanks; behind it the twentieth field is when the process began, in ticks.
    begun = int(read_text(process / "stat").rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    up = float(read_text(root / "proc/uptime").split()[0])
    return StorageWrites(count=int(counts["write_bytes"]), seconds=max(0.0, up - begun))
