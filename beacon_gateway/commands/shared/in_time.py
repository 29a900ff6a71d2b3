"""A command's look at a folder that it cannot do without: where that hangs, the command ends and names the folder."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from beacon_gateway.adapters.deadline import FILE_TIMEOUT_S, within

T = TypeVar("T")


class FolderTimeout(Exception):  # noqa: N818 - what the folder gave
    """A folder that a command cannot do without did not answer. It ends the command, and one place says so."""

    def __init__(self, folder: Path, seconds: float) -> None:
        super().__init__(f"{folder} has not answered for {seconds:g} s")
        self.folder, self.seconds = folder, seconds


def in_time(folder: Path, work: Callable[[], T], *, timeout_s: float = FILE_TIMEOUT_S) -> T:
    """Return what a look at a folder returns, or raise what it raises; FolderTimeout where it has not ended by then."""
    try:
        return within(timeout_s, work)
    except TimeoutError as error:
        raise FolderTimeout(folder, timeout_s) from error
