"""A card: an image with ext4 on it behind a loop device, where every byte that is written can be counted."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SECTOR: Final = 512
WRITTEN: Final = 6
"""Which number of /sys/block/*/stat are the sectors written (kernel, Documentation/block/stat.rst)."""
FLUSHES: Final = 15


@dataclass(frozen=True, slots=True)
class Card:
    image: Path
    device: str
    folder: Path

    def written(self) -> int:
        """Return the bytes that reached it since it was put in."""
        return self._stat(WRITTEN) * SECTOR

    def flushes(self) -> int:
        return self._stat(FLUSHES)

    def settle(self) -> None:
        """Let everything that is on its way arrive."""
        _run("sync", "--file-system", str(self.folder))

    def _stat(self, number: int) -> int:
        stat = Path("/sys/block", Path(self.device).name, "stat").read_text(encoding="ascii")
        return int(stat.split()[number])


@contextmanager
def new_card(folder: Path, name: str, *, megabytes: int = 64) -> Iterator[Card]:
    """Make a card and put it in."""
    image = folder / f"{name}.img"
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    _run("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", str(image))
    with put_in(image, folder / name) as card:
        yield card


@contextmanager
def put_in(image: Path, mount_point: Path) -> Iterator[Card]:
    """Attach and mount an image; that replays its journal, as a boot after a power cut does."""
    mount_point.mkdir(exist_ok=True)
    device = _run("losetup", "--find", "--show", str(image)).strip()
    try:
        _run("mount", "-o", "noatime", device, str(mount_point))
        try:
            yield Card(image, device, mount_point)
        finally:
            _run("umount", "--lazy", str(mount_point))
    finally:
        _run("losetup", "--detach", device)


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
