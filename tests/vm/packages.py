"""The Debian package in two versions, built once for all guests."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.places import PROJECT
from tests.vm.cache import kept

_BUILD: Final = PROJECT / "deploy" / "raspberry-pi" / "package" / "build.py"
_PREVIOUS: Final = "0.0.9"
"""Older than any that was ever given out."""
_GOES_IN: Final = (
    *("beacon_gateway/**/*", "config/**/*", "deploy/**/*"),
    *("pyproject.toml", "requirements.lock", "README*", "CHANGELOG*", "LICENSE"),
)


class CannotBuild(Exception):  # noqa: N818 - what happened
    """With what the build said. It is no reason to skip the tests: what is built is our own."""


@dataclass(frozen=True, slots=True)
class Packages:
    previous: Path
    current: Path


def packages() -> Packages:
    """Return both, built now if need be. Raises CannotBuild."""
    folder = kept("packages", _fingerprint(), _build_both)
    return Packages(*(next((folder / version).glob("*.deb")) for version in ("previous", "current")))


def _build_both(work: Path) -> Path:
    built = work / "built"
    with ThreadPoolExecutor() as pool:
        for building in [
            pool.submit(_build, built / "previous", "--version", _PREVIOUS),
            pool.submit(_build, built / "current"),
        ]:
            building.result()
    return built


def _build(target: Path, *words: str) -> None:
    target.mkdir(parents=True)
    command = (sys.executable, str(_BUILD), "--arch", "amd64", "--output", str(target), *words)
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotBuild((done.stdout + done.stderr)[-2000:])


def _fingerprint() -> str:
    content = hashlib.sha256()
    for path in _sources():
        content.update(str(path.relative_to(PROJECT)).encode())
        content.update(path.read_bytes())
    return content.hexdigest()[:12]


def _sources() -> Iterator[Path]:
    for pattern in _GOES_IN:
        for path in sorted(PROJECT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
