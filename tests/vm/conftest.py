"""One guest for all tests of a run, and one with a disk of its own for each module that asks for a Pi; `--suite` says
which Debian is in them.
"""

import secrets
import subprocess
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.vm.bluetoothd import Bluetoothd
from tests.vm.cargo import equipment, from_source
from tests.vm.equipment import bring
from tests.vm.gateway import CHIPS
from tests.vm.image import SUITES, Image, image
from tests.vm.machine import Machine, MachineDied
from tests.vm.packages import Packages, packages
from tests.vm.pi import Pi, first_cargo

_LONGEST_TEST = 600
"""Seconds; the first test of a run also waits for the guest, and perhaps for its image."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--suite", choices=sorted(SUITES), default="bookworm", help="the Debian release in the guest")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "on(suite): takes long, and runs on this Debian release only")
    config.addinivalue_line("markers", "soak: takes very long; runs only when asked for")
    config.addinivalue_line("markers", "power: the plug pulled many times; runs only when asked for")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    suite = config.getoption("suite")
    elsewhere = [item for item in items if any(suite not in mark.args for mark in item.iter_markers("on"))]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]
    for item in items:
        item.add_marker(pytest.mark.timeout(_LONGEST_TEST))
    # A Pi ends with its module, the machine of the others with the run: so there is one at a time.
    items.sort(key=lambda item: "pi" not in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def debian(request: pytest.FixtureRequest) -> Image:
    bring()
    return image(SUITES[request.config.getoption("suite")])


@pytest.fixture(scope="session")
def machine(
    request: pytest.FixtureRequest, debian: Image, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machine]:
    cargo = [*equipment(), *from_source()]
    with Machine(debian, tmp_path_factory.mktemp("vm"), cargo) as machine, _heard(request, lambda: machine):
        # Once, as an installation does; a service without rights could not keep what it compiles.
        machine.run("python", "-m", "compileall", "-q", "/opt/beacon-gateway/lib/site-packages/beacon_gateway")
        machine.run("useradd", "--system", "beacon-gateway")
        for chip in CHIPS:
            machine.air(
                "plug",
                chip=chip.address,
                dual_mode=chip.dual_mode,
                filters_duplicates=chip.filters_duplicates,
                extended=chip.extended,
            )
        yield machine


@pytest.fixture(scope="session")
def bluetoothd(machine: Machine) -> Bluetoothd:
    return Bluetoothd(machine)


@pytest.fixture(scope="session")
def debs(debian: Image) -> Packages:  # noqa: ARG001 - what is missing is brought for it
    return packages()


@pytest.fixture(scope="session")
def secret() -> str:
    """The account's, which nobody must ever see."""
    return secrets.token_hex(16)


@pytest.fixture(scope="module")
def pi(
    request: pytest.FixtureRequest,
    debian: Image,
    debs: Packages,
    secret: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Pi]:
    """A Debian with both packages on its disk, and on its boot partition what store IT wrote for `setup`."""
    folder = tmp_path_factory.mktemp("pi")
    card = folder / "card"
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-m", "0", card, f"{_CARD_MEGABYTES}M"], check=True)
    with Pi(debian, folder, first_cargo(debs, secret), card=card) as pi, _heard(request, lambda: pi.machine):
        yield pi


_CARD_MEGABYTES = 8


@contextmanager
def _heard(request: pytest.FixtureRequest, machine: Callable[[], Machine]) -> Iterator[None]:
    """Have this guest's journal shown where a test fails."""
    machines = request.config.stash.setdefault(_MACHINES, [])
    machines.append(machine)
    yield
    machines.remove(machine)


_MACHINES = pytest.StashKey[list[Callable[[], Machine]]]()
_BEGAN = pytest.StashKey[float]()


def pytest_runtest_setup(item: pytest.Item) -> None:
    item.stash[_BEGAN] = time.time()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the guest had to say while a test failed."""
    report = yield
    # A second more: the guest's clock is not quite ours.
    since = f"--since=@{item.stash[_BEGAN] - 1:.0f}"
    for machine in item.config.stash.get(_MACHINES, []) if report.failed else ():
        with suppress(MachineDied, OSError):
            said = machine().run("journalctl", "--no-pager", since, check=False)
            report.sections.append(("the guest's journal", said))
    return report
