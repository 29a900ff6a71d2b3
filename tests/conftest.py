"""For all tests: no claim depends on how busy the machine is, or on what the test before did to the logs."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.as_nobody import folder_for_nobody

settings.register_profile("untimed", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def logs_as_they_come() -> Iterator[None]:
    """Undo what a command that ran in this process said about logs."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Yield a folder in which a user without rights can be let loose."""
    with folder_for_nobody() as folder:
        yield folder
