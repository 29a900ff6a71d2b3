"""What store IT does with the package on a Pi without a network, from installation to purge, in this order."""

import json
import time
from pathlib import Path

import pytest

from tests.arm64.root import SUITES, Root

EXAMPLES = "/usr/share/doc/beacon-gateway/examples/config"
MEGABYTE = 1e6


@pytest.fixture(scope="module")
def before(root: Root, package: str) -> set[str]:
    """Return what was there before, and install the package."""
    assert package
    found = root.files()
    began = time.monotonic()
    root.run("dpkg", "--install", package)
    print(f"installed on an emulated processor in {time.monotonic() - began:.0f} s")
    return found


@pytest.mark.usefixtures("before")
def test_it_installs_without_a_network_and_lacks_nothing(root: Root) -> None:
    root.run("apt-get", "check")
    assert root.run("dpkg-query", "--show", "--showformat=${Architecture} ${Status}", "beacon-gateway") == (
        "arm64 install ok installed"
    )
    assert root.run("dpkg", "--verify", "beacon-gateway") == ""


@pytest.mark.usefixtures("before")
def test_it_is_small(root: Root, package: str) -> None:
    packed = (root.folder / package[1:]).stat().st_size
    unpacked = sum(path.lstat().st_size for path in (root.folder / "opt" / "beacon-gateway").rglob("*"))
    print(f"{packed / MEGABYTE:.1f} MB, with bytecode {unpacked / MEGABYTE:.0f} MB on the card")
    assert packed <= 40 * MEGABYTE


@pytest.mark.usefixtures("before")
def test_it_runs_on_the_python_and_the_processor_of_this_release(root: Root, suite: str) -> None:
    asked = (
        "import platform as p, cryptography.hazmat.bindings._rust, yaml._yaml; print(p.machine(), p.python_version())"
    )
    machine, version = root.run("/opt/beacon-gateway/bin/python", "-I", "-c", asked).split()
    assert machine == "aarch64"
    assert version.startswith(f"{SUITES[suite]}.")
    assert root.run("beacon-gateway", "--version").startswith("beacon-gateway ")


@pytest.mark.usefixtures("before")
def test_the_examples_are_without_fault(root: Root) -> None:
    assert json.loads(root.run("beacon-gateway", "check", EXAMPLES, "--json", user="nobody")) == []


@pytest.mark.usefixtures("before")
def test_bytecode_is_there_for_all_that_is_imported(root: Root) -> None:
    packages = root.folder / "opt" / "beacon-gateway" / "lib" / "site-packages"
    assert {_compiled(path).exists() for path in (packages / "beacon_gateway").rglob("*.py")} == {True}


@pytest.mark.usefixtures("before")
def test_the_demo_hears_three_floors_and_proves_each_change(root: Root) -> None:
    began = time.monotonic()
    told = root.run("beacon-gateway", "demo", "--seconds", "20", "--json", user="nobody", network=True)
    print(f"the demo took {time.monotonic() - began:.0f} s: {told.strip()}")
    summary = json.loads(told.splitlines()[-1])
    assert all(summary["hits"][floor] > 0 for floor in ("F1", "F2", "F3"))
    assert summary["changes_applied"] == summary["changes_verified"] > 30


def test_a_purge_leaves_nothing_behind(root: Root, before: set[str]) -> None:
    (root.folder / "etc" / "beacon-gateway" / "gateway.yaml").write_text("gateway: try-out\n", encoding="utf-8")
    root.run("dpkg", "--remove", "beacon-gateway")
    assert (root.folder / "etc" / "beacon-gateway" / "gateway.yaml").exists()
    root.run("dpkg", "--purge", "beacon-gateway")
    assert root.files() ^ before == set()
    assert "beacon-gateway" not in root.run("getent", "passwd")


def _compiled(path: Path) -> Path:
    return next(path.parent.glob(f"__pycache__/{path.stem}.cpython-*.pyc"), path / "missing")
