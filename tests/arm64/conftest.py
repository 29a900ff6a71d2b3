"""One root for all tests of a run, and the package, which is built for them; `--suite` says which Debian it is."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.arm64.equipment import bring, emulation
from tests.arm64.root import SUITES, Root, archive, unpack
from tests.places import PROJECT


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--suite", choices=sorted(SUITES), default="bookworm", help="the Debian release")
    parser.addoption("--package", type=Path, help="the package for arm64 (default: built now)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(
            pytest.mark.timeout(900)
        )  # an emulated processor is slow, and the first test waits for all of it


@pytest.fixture(scope="session")
def suite(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("suite"))


@pytest.fixture(scope="session")
def root(suite: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Root]:
    folder = tmp_path_factory.mktemp(suite)
    folder.chmod(0o755)
    bring()
    with emulation():
        yield unpack(archive(suite), folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def package(request: pytest.FixtureRequest, root: Root, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the package's path in the root."""
    given: Path | None = request.config.getoption("package")
    if given is None:
        output = tmp_path_factory.mktemp("dist")
        build = PROJECT / "deploy" / "raspberry-pi" / "package" / "build.py"
        subprocess.run([sys.executable, build, "--arch", "arm64", "--output", output], check=True)
        (given,) = output.iterdir()
    shutil.copy(given, root.folder / "tmp" / "beacon-gateway.deb")
    return "/tmp/beacon-gateway.deb"  # noqa: S108 - in the root, which is ours alone
