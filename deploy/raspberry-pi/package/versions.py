"""The version, as Python writes it and as dpkg sorts it."""

import re
from pathlib import Path
from typing import Final

from packaging.version import Version

_ASSIGNED: Final = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
_STAGES: Final = {"a": "~pre.a", "b": "~pre.b", "rc": "~rc"}
"""To dpkg `~` sorts before the end, and letters by the alphabet: dev, pre.a, pre.b, rc, as Python has them."""


def version_of(project: Path) -> str:
    """Return what `beacon_gateway.__version__` says."""
    (version,) = _ASSIGNED.findall(_file(project).read_text(encoding="utf-8"))
    return str(version)


def write_version(project: Path, version: str) -> None:
    """Let the copy of the project here say that it is this one."""
    path = _file(project)
    content, count = _ASSIGNED.subn(f'__version__ = "{version}"', path.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{path} sets __version__ {count} times; once is expected")
    path.write_text(content, encoding="utf-8")


def debian_version(version: str) -> str:
    """Return it as dpkg sorts it: 0.1.0.dev3 is 0.1.0~dev3, which is before 0.1.0. Raises InvalidVersion."""
    parsed = Version(version)
    if parsed.epoch:
        raise ValueError(f"{version}: an epoch is not foreseen; it would be in the name of each file")
    written = ".".join(map(str, parsed.release))
    if parsed.pre:
        stage, number = parsed.pre
        written += f"{_STAGES[stage]}{number}"
    if parsed.post is not None:
        written += f".post{parsed.post}"
    if parsed.dev is not None:
        written += f"~dev{parsed.dev}"
    if parsed.local:
        written += f"+{parsed.local}"
    return written


def _file(project: Path) -> Path:
    return project / "beacon_gateway" / "__init__.py"
