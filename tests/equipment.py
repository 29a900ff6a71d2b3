"""What a test needs of this machine that Debian has a package for."""

import os
import shutil
import subprocess
from collections.abc import Mapping


class Missing(Exception):  # noqa: N818 - a reason to skip, not an error
    """Something is not here and cannot be brought here; says what, for the person who wanted the tests."""


def install(package_of: Mapping[str, str]) -> None:
    """Install the packages of those commands that are missing; `package_of` has them by command. Raises Missing."""
    packages = [package for command, package in package_of.items() if not shutil.which(command)]
    if not packages:
        return
    if not shutil.which("apt-get"):
        raise Missing(f"there is no apt-get to install {', '.join(packages)} with")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", "-qq", *step], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Missing(f"`apt-get {step[0]}` failed, so there is no {', '.join(packages)}: {done.stderr[-500:]}")
