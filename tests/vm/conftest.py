"""One guest for all tests of a run; `--suite` says which Debian is in it."""

import time
from collections.abc import Generator, Iterator

import pytest

from .bluetoothd import Bluetoothd
from .equipment import bring
from .gateway import CHIPS
from .image import SUITES, image
from .machine import Machine

_LONGEST_TEST = 600
"""Seconds; the first test of a run also waits for the guest, and perhaps for its image."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--suite", choices=sorted(SUITES), default="bookworm", help="the Debian release in the guest")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "on(suite): takes long, and runs on this Debian release only")
    config.addinivalue_line("markers", "soak: takes very long; runs only when asked for")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    suite = config.getoption("suite")
    elsewhere = [item for item in items if any(suite not in mark.args for mark in item.iter_markers("on"))]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]
    for item in items:
        item.add_marker(pytest.mark.timeout(_LONGEST_TEST))


@pytest.fixture(scope="session")
def machine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    bring()
    built = image(SUITES[request.config.getoption("suite")])
    with Machine(built, tmp_path_factory.mktemp("vm")) as machine:
        # Once, as an installation does; a service without rights could not keep what it compiles.
        machine.run("python", "-m", "compileall", "-q", "/opt/beacon-gateway/beacon_gateway")
        for chip in CHIPS:
            machine.air("plug", chip=chip.address, dual_mode=chip.dual_mode, filters_duplicates=chip.filters_duplicates)
        request.config.stash[_MACHINE] = machine
        yield machine
        del request.config.stash[_MACHINE]


@pytest.fixture(scope="session")
def bluetoothd(machine: Machine) -> Bluetoothd:
    return Bluetoothd(machine)


_MACHINE = pytest.StashKey[Machine]()
_BEGAN = pytest.StashKey[float]()


def pytest_runtest_setup(item: pytest.Item) -> None:
    item.stash[_BEGAN] = time.time()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the guest had to say while a test failed."""
    report = yield
    machine = item.config.stash.get(_MACHINE, None)
    if report.failed and machine:
        # A second more: the guest's clock is not quite ours.
        since = f"--since=@{item.stash[_BEGAN] - 1:.0f}"
        report.sections.append(("the guest's journal", machine.run("journalctl", "--no-pager", since, check=False)))
    return report
