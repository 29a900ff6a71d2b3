"""What runs here: the versions of Python, of the libraries and of the kernel.

A library's version is read from the name of its metadata folder (NAME-VERSION.dist-info, PyPA's "Recording installed
projects"): importlib.metadata would take 0.7 MB for as long as the daemon runs.
"""

import platform
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from beacon_gateway import __version__

LIBRARIES: Final = ("bleak", "dbus-fast", "aiohttp", "PyYAML", "structlog", "wechatpy", "tzdata")


def versions() -> Mapping[str, str]:
    """Return the version of each; "not installed" for a library that is not there."""
    installed = _installed()
    return {
        "beacon-gateway": __version__,
        "Python": platform.python_version(),
        **{library: installed.get(_plain(library), "not installed") for library in LIBRARIES},
        "kernel": platform.release(),
    }


def log_versions() -> None:
    """Say them once to the logs: half of all questions about an old log is what ran then."""
    structlog.get_logger("daemon").info("daemon.started", **versions())


def _installed() -> Mapping[str, str]:
    """Return the version of each library that can be imported, by its plain name; of two, the one that is imported."""
    found: dict[str, str] = {}
    for folder in sys.path:
        entries: list[Path] = []
        with suppress(OSError):
            entries = list(Path(folder).iterdir())
        for entry in entries:
            stem, dot, _ = entry.name.rpartition(".dist-info")
            library, dash, version = stem.partition("-")
            if dot and dash:
                found.setdefault(_plain(library), version)
    return found


def _plain(library: str) -> str:
    return library.lower().replace("-", "_")
