"""The linters: where each one is found, and what each one says."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.places import PROJECT

REQUIRED: Final = "BEACON_GATEWAY_JUDGES"
"""Set to `required` where a missing linter is a failure."""
HERE: Final = Path(__file__).parent
FOLDERS: Final = (PROJECT / ".venv-judges" / "bin", HERE / "node_modules" / ".bin")
"""Where `make test-judges` puts those with a lock here; the others are Debian's."""
OF_NODE: Final = {"redocly", "html-validate"}
"""Skipped wherever node is older than they allow, which `make test-judges` tells."""
HOW: Final = {
    "redocly": "make test-judges, with node 20.19 or newer and npm",
    "html-validate": "make test-judges, with node 20.19 or newer and npm",
    "ansible-lint": "make test-judges",
    "shellcheck": "make test-judges",
    "yamllint": "make test-judges",
    "promtool": "sudo apt install prometheus",
    "lintian": "sudo apt install lintian",
}
MOST_SHOWN: Final = 8_000
"""Characters of what a linter says."""


def verdict(
    *words: str, text: str | None = None, folder: Path = PROJECT, environment: Mapping[str, str] | None = None
) -> str:
    """Return what the linter says, empty where it finds nothing; skip or fail where it is not here."""
    found = _find(words[0])
    done = subprocess.run(
        [found, *words[1:]],
        input=text,
        text=True,
        cwd=folder,
        env={**os.environ, "PATH": _path(), **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return "" if done.returncode == 0 else f"{words[0]} ended with {done.returncode}:\n{done.stdout[:MOST_SHOWN]}"


def must_accept(
    *words: str, text: str | None = None, folder: Path = PROJECT, environment: Mapping[str, str] | None = None
) -> None:
    """Fail with all that the linter says, where it finds a fault."""
    if said := verdict(*words, text=text, folder=folder, environment=environment):
        pytest.fail(said, pytrace=False)


def tracked(*patterns: str) -> Sequence[Path]:
    """Return the project's own files of these names."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    return [PROJECT / name for name in listed.split("\0") if name]


def _find(program: str) -> str:
    if found := shutil.which(program, path=_path()):
        return found
    missing = f"{program} is not here. Install it:  {HOW[program]}"
    if os.environ.get(REQUIRED) == "required" and program not in OF_NODE:
        pytest.fail(missing)
    pytest.skip(missing)


def _path() -> str:
    return os.pathsep.join([*map(str, FOLDERS), os.environ.get("PATH", os.defpath)])
