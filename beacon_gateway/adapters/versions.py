"""What runs here: the versions of Python, of the libraries and of the kernel."""

import platform
from collections.abc import Mapping
from importlib import metadata
from typing import Final

import structlog

from beacon_gateway import __version__

LIBRARIES: Final = ("bleak", "dbus-fast", "aiohttp", "PyYAML", "structlog", "wechatpy", "tzdata")


def versions() -> Mapping[str, str]:
    """Give the version of each; "not installed" for a library that is not there."""
    return {
        "beacon-gateway": __version__,
        "Python": platform.python_version(),
        **{library: _version(library) for library in LIBRARIES},
        "kernel": platform.release(),
    }


def log_versions() -> None:
    """Say them once to the logs: half of all questions about an old log is what ran then."""
    structlog.get_logger("daemon").info("daemon.started", **versions())


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "not installed"
