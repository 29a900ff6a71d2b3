"""What takes long to build is kept, under a name made of all that went into it; what is outdated goes."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept(kind: str, fingerprint: str, build: Callable[[Path], Path]) -> Path:
    """Give the folder of this kind and fingerprint, built now if need be; any number of processes may ask at once.

    `build` is given an empty folder to work in, and gives the one below it that is to be kept.
    """
    cache = Path(os.environ.get("BEACON_GATEWAY_VM_CACHE", Path.home() / ".cache" / "beacon-gateway-vm"))
    cache.mkdir(parents=True, exist_ok=True)
    finished = cache / f"{kind}-{fingerprint}"
    with (cache / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            for outdated in cache.glob(f"{kind}-*"):  # or left by a build that was killed
                shutil.rmtree(outdated)
            with tempfile.TemporaryDirectory(prefix=f"{kind}-", dir=cache) as work:
                build(Path(work)).rename(finished)
    return finished
