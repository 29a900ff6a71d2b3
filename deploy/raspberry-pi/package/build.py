"""Builds the Debian package: `make deb`.

The same tree gives the same bytes. Its time is SOURCE_DATE_EPOCH, or that of the newest commit.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from control import write_control
from tree import SITE_PACKAGES, lay_out, settle
from versions import debian_version, version_of
from wheels import MACHINES, Disagreement, site_packages

PROJECT: Final = Path(__file__).parents[3]
_MEGABYTE: Final = 1e6


def main() -> int:
    words = argparse.ArgumentParser(prog="build.py", description="Builds beacon-gateway's Debian package.")
    words.add_argument("--arch", choices=[*MACHINES, "all"], default="all", help="default: all, a package for each")
    words.add_argument("--output", type=Path, default=PROJECT / "dist", metavar="DIR", help="default: dist")
    words.add_argument("--version", default=version_of(PROJECT), help="default: beacon_gateway.__version__")
    arguments = words.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for architecture in MACHINES if arguments.arch == "all" else [arguments.arch]:
        try:
            package = build(architecture, arguments.version, arguments.output)
        except Disagreement as fault:
            print(fault, file=sys.stderr)
            return 1
        except subprocess.CalledProcessError as fault:
            print(f"`{' '.join(map(str, fault.cmd[:4]))} …` failed; see above.", file=sys.stderr)
            return 1
        print(f"{package}: {package.stat().st_size / _MEGABYTE:.1f} MB")
    return 0


def build(architecture: str, version: str, output: Path) -> Path:
    """Build it for one architecture; return its path. Raises Disagreement, or CalledProcessError of pip or dpkg-deb."""
    epoch = _epoch()
    with tempfile.TemporaryDirectory(prefix=f"beacon-gateway-{architecture}-") as folder:
        work, root = Path(folder), Path(folder, "root")
        site_packages(PROJECT / "requirements.lock", architecture, root / SITE_PACKAGES, work)
        lay_out(root, PROJECT, version, epoch)
        write_control(root, debian_version(version), architecture)
        settle(root, epoch)
        return pack(root, output / f"beacon-gateway_{debian_version(version)}_{architecture}.deb", epoch)


def pack(root: Path, package: Path, epoch: int) -> Path:
    """Let dpkg-deb make the package; what was there under its name is there until then."""
    unfinished = package.with_name(f".{package.name}")
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--build", root, unfinished],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return unfinished.replace(package)


def _epoch() -> int:
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    command = ["git", "-C", str(PROJECT), "log", "-1", "--format=%ct"]
    return int(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


if __name__ == "__main__":
    sys.exit(main())
