"""Fetches the locked wheels for both Pythons, and makes one site-packages of them.

Compiled modules carry their Python in their name (`_yaml.cpython-311-x86_64-linux-gnu.so`), so those for both lie side
by side; everything else must be the same file in the wheels of both.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

PYTHONS: Final = ("3.11", "3.13")
"""Of Debian 12 and 13, and of Raspberry Pi OS with them."""
MACHINES: Final = {"amd64": "x86_64", "arm64": "aarch64"}
"""Debian's names, and those of the wheels."""

_MANYLINUX: Final = ("_2_34", "_2_28", "_2_17", "2014")
"""Debian 12 has glibc 2.36."""
_COMPILED_FOR_ONE: Final = re.compile(r"\.cpython-3\d+-[^/]*\.so$")
_SOURCES: Final = {".c", ".h", ".java", ".pxd", ".pxi", ".pyi", ".pyx"}
"""Of compiled modules, and for compilers and type checkers."""
_INSTALLERS: Final = {"INSTALLER", "RECORD", "REQUESTED", "WHEEL", "direct_url.json"}
"""What pip notes for itself in a .dist-info; from here on dpkg knows the files."""


class Disagreement(Exception):  # noqa: N818 - what the wheels are in
    """The wheels for one Python have a file that those for another have otherwise or not at all."""


def site_packages(lock: Path, architecture: str, target: Path, work: Path) -> None:
    """Fill target with what the lock names, for both Pythons on this architecture. Raises Disagreement."""
    trees = {}
    for python in PYTHONS:
        trees[python] = work / f"python{python}"
        _fetch(lock, python, MACHINES[architecture], trees[python], work)
        drop_superfluous(trees[python])
    merge(trees, target)


def _fetch(lock: Path, python: str, machine: str, target: Path, work: Path) -> None:
    # pip judges markers by the Python that it runs on. The locks are for CPython on Linux alone: what their markers
    # leave out is superfluous at worst.
    unmarked = work / lock.name
    unmarked.write_text(re.sub(r" ; [^\\]*", " ", lock.read_text(encoding="utf-8")), encoding="utf-8")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--root-user-action=ignore", "--target", target, "--no-compile", "--no-deps"),
            *("--only-binary=:all:", "--require-hashes", "--python-version", python, "--implementation", "cp"),
            *(f"--platform=manylinux{tag}_{machine}" for tag in _MANYLINUX),
            *("--requirement", unmarked),
        ],
        check=True,
    )


def drop_superfluous(tree: Path) -> None:
    """Delete what nothing needs at run time. Licences stay, beside each library's METADATA."""
    shutil.rmtree(tree / "bin", ignore_errors=True)  # scripts that start this machine's Python
    for path in sorted(tree.rglob("*"), reverse=True):
        if path.is_dir():
            if path.name in {"tests", "__pycache__"}:
                shutil.rmtree(path)
            elif not any(path.iterdir()):
                path.rmdir()
        elif path.suffix in _SOURCES or (path.name in _INSTALLERS and path.parent.suffix == ".dist-info"):
            path.unlink()


def merge(trees: Mapping[str, Path], target: Path) -> None:
    """Move the trees, by the Python that they are for, into one. Raises Disagreement, which names each such file."""
    files = {python: dict(_files(tree)) for python, tree in trees.items()}
    faults = []
    for name in sorted(set().union(*files.values())):
        having = {python: found[name] for python, found in files.items() if name in found}
        if not _COMPILED_FOR_ONE.search(name):
            if len(having) < len(trees):
                faults.append(f"{name}: only for {', '.join(having)}")
            elif not _all_equal(having.values()):
                faults.append(f"{name}: not the same for {' and '.join(having)}")
        first = next(iter(having.values()))
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        first.rename(target / name)
    if faults:
        raise Disagreement("One site-packages cannot serve every Python:\n  " + "\n  ".join(faults))


def _files(tree: Path) -> Iterable[tuple[str, Path]]:
    return ((path.relative_to(tree).as_posix(), path) for path in tree.rglob("*") if not path.is_dir())


def _all_equal(paths: Iterable[Path]) -> bool:
    return len({path.read_bytes() for path in paths}) == 1
