"""One demo and one browser for all tests of a process, on one event loop; a fresh context for each test."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from beacon_gateway.demo.stage import open_demo
from tests.browser import chromium
from tests.browser.shop import Shop
from tests.equipment import Missing

HOURS = 3600.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these tests on the loop on which shop and browser are."""
    for item in items:
        if item.path.is_relative_to(__file__.rpartition("/")[0]):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shop() -> AsyncIterator[Shop]:
    """Give a shop whose pages are open, whose beacons are heard and whose pages are bound."""
    try:
        chromium.find()
    except Missing as reason:
        if chromium.is_required():
            pytest.fail(str(reason))
        pytest.skip(str(reason))
    async with chromium.opened() as browser, open_demo(port=0) as demo:
        playing = asyncio.create_task(demo.run(10 * HOURS))
        try:
            async with asyncio.timeout(40):
                while not (demo.reassigned_in and demo.gateways[0].heartbeat.latest().beacons):
                    await asyncio.sleep(0.05)
            yield Shop(demo, browser)
        finally:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)
