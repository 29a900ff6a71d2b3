"""What takes long to build is kept, under a name made of all that went into it; what nobody uses any more goes."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

_LONGEST_USE: Final = 6 * 3600
"""Seconds after it was asked for last in which something may be in use: by a run on another copy, for example."""


def kept(kind: str, fingerprint: str, build: Callable[[Path], Path]) -> Path:
    """Return the folder of this kind and fingerprint, built now if need be; any number of processes may ask at once.

    `build` is given an empty folder to work in, and returns the one below it that is to be kept.
    """
    cache = Path(os.environ.get("BEACON_GATEWAY_VM_CACHE", Path.home() / ".cache" / "beacon-gateway-vm"))
    cache.mkdir(parents=True, exist_ok=True)
    finished = cache / f"{kind}-{fingerprint}"
    with (cache / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for outdated in cache.glob(f"{kind}-*"):  # or left by a build that was killed
            if outdated != finished and time.time() - outdated.stat().st_mtime > _LONGEST_USE:
                shutil.rmtree(outdated)
        if not finished.exists():
            with tempfile.TemporaryDirectory(prefix=f"{kind}-", dir=cache) as work:
                build(Path(work)).rename(finished)
        os.utime(finished)
    return finished
