"""A version sorts for dpkg as it does for Python."""

import itertools
import subprocess
from pathlib import Path

import pytest
from packaging.version import InvalidVersion, Version
from versions import debian_version, version_of, write_version

from beacon_gateway import __version__
from tests.places import PROJECT


def test_pre_releases_sort_below_the_release_as_they_do_for_python() -> None:
    sorted_for_python = sorted(
        (
            "0.1.0",
            "0.1.0.dev3",
            "0.1.0.dev10",
            "0.1.0a1",
            "0.1.0b2",
            "0.1.0rc1",
            "0.1.0rc1.dev1",
            "0.1.0.post1",
            "0.1.1",
        ),
        key=Version,
    )
    for lower, higher in itertools.pairwise(map(debian_version, sorted_for_python)):
        done = subprocess.run(["dpkg", "--compare-versions", lower, "lt", higher], check=False)
        assert done.returncode == 0, f"{lower} is not below {higher}"


def test_a_version_is_written_as_debian_writes_it() -> None:
    assert debian_version("0.1.0") == "0.1.0"
    assert debian_version("0.1.0.dev3") == "0.1.0~dev3"
    assert debian_version("1.2rc1+store") == "1.2~rc1+store"


@pytest.mark.parametrize("version", ["0.1.0-next-one", "newest", "", "1!2.0"])
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises((InvalidVersion, ValueError)):
        debian_version(version)


def test_the_package_is_of_the_version_that_the_project_says() -> None:
    assert version_of(PROJECT) == __version__


def test_a_package_of_another_version_says_so_itself(tmp_path: Path) -> None:
    (tmp_path / "beacon_gateway").mkdir()
    (tmp_path / "beacon_gateway" / "__init__.py").write_text(
        '"""About."""\n\n__version__ = "0.1.0"\n', encoding="utf-8"
    )
    write_version(tmp_path, "0.2.0.dev1")
    assert version_of(tmp_path) == "0.2.0.dev1"
