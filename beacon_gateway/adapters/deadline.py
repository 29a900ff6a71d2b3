"""Work that may hang, as a look at a shared folder does: done in a thread that nothing waits for longer than it may."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

FILE_TIMEOUT_S: Final = 10.0
"""For one small file. A disk that has to start spinning takes less."""
CHECK_TIMEOUT_S: Final = 60.0
"""For all files of a store. A thousand beacons with their icons take a small Pi two seconds; a share may take more."""


class NoAnswer(Exception):  # noqa: N818 - what the folder gave
    """A folder that a command cannot do without did not answer. It ends the command, and one place says so."""

    def __init__(self, folder: Path, seconds: float) -> None:
        super().__init__(f"{folder} has not answered for {seconds:g} s")
        self.folder, self.seconds = folder, seconds


def in_time(folder: Path, work: Callable[[], T], *, timeout_s: float = FILE_TIMEOUT_S) -> T:
    """Return what a look at a folder returns, or raise what it raises; NoAnswer where that has not ended by then."""
    try:
        return within(timeout_s, work)
    except TimeoutError as error:
        raise NoAnswer(folder, timeout_s) from error


def within(seconds: float, work: Callable[[], T], name: str = "look") -> T:
    """Return what the work returns, or raise what it raises; TimeoutError where it has not ended by then.

    The thread is left behind: a system call in a dead share ends when the share comes back, or never.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            errors.append(error)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError(f"no answer within {seconds:g} s")
    return results[0]
