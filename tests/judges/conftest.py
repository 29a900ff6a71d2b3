"""The pages and metrics of a demo, fetched once: what every linter of the web looks at."""

import asyncio
from pathlib import Path

import pytest

from tests.judges.pages import Answers, fetch


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    folder: Path = tmp_path_factory.mktemp("answers")
    return asyncio.run(fetch(folder))
