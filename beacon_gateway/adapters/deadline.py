"""Work that may hang, as a look at a shared folder does: done in a thread that nothing waits for longer than it may."""

import threading
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

FILE_TIMEOUT_S: Final = 10.0
"""For one small file. A disk that has to start spinning takes less."""
CHECK_TIMEOUT_S: Final = 60.0
"""For all files of a store. A thousand beacons with their icons take a small Pi two seconds; a share may take more."""


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
