"""One browser and one demo for all tests of a process, on one event loop; a fresh context for each test.

A second demo, whose pages ask who one is, opens where a test wants it.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from beacon_gateway.adapters.secrets.web_accounts_file import WebAccountsFile
from beacon_gateway.log import EventTail
from beacon_gateway.wiring.gateway import ProcessContext
from tests.browser import chromium
from tests.browser.people import EVERYBODY
from tests.browser.shop import Shop
from tests.demo.playing import playing_demo
from tests.equipment import Missing

THREADS = 32
"""Of six gateways: each keeps one for its look at the files, and a small machine's usual number is six."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these tests on the loop on which shop and browser are."""
    for item in items:
        if item.path.is_relative_to(__file__.rpartition("/")[0]):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    try:
        chromium.find()
    except Missing as reason:
        if chromium.is_required():
            pytest.fail(str(reason))
        pytest.skip(str(reason))
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    async with chromium.opened() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shop(browser: Browser) -> AsyncIterator[Shop]:
    """Return a shop whose pages are open, whose beacons are heard and whose pages are bound."""
    tail = EventTail()
    for level in ("info", "warning", "error"):
        tail(None, "", {"event": "radio.rung", "timestamp": "2026-03-09T02:00:00Z", "level": level, "cause": "silent"})
    async with at_work(browser, ProcessContext(tail=tail)) as shop:
        yield shop


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def guarded(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    """Return a shop at whose pages everybody logs in."""
    folder: Path = tmp_path_factory.mktemp("accounts")
    file = WebAccountsFile(folder / "gateway.yaml")
    for one in EVERYBODY:
        file.change(one.entered, folder)
    async with at_work(browser, ProcessContext(tail=EventTail(), accounts=file)) as shop:
        yield shop


@asynccontextmanager
async def at_work(browser: Browser, process: ProcessContext) -> AsyncIterator[Shop]:
    async with playing_demo(process) as demo:
        yield Shop(demo, browser)
