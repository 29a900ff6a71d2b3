"""Monitors at a door with accounts: a name and a password with each request, and no session."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.adapters.web.server.access import PASSWORD, VIEWER, Browser, Said, Scene, account, scene


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene(tmp_path) as opened:
        yield opened


def basic(name: str = "tv", password: str = PASSWORD) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


async def scraped(browser: Browser, header: str, path: str = "/metrics") -> Said:
    return await browser.get(path, Authorization=header)


async def test_a_stranger_learns_from_healthz_only_whether_all_is_well(here: Scene) -> None:
    async with here.browser(accept="*/*") as browser:
        said = await browser.get("/healthz")
        assert (said.code, json.loads(said.text)) == (200, {"fit": True})
        await browser.log_in()
        assert json.loads((await browser.get("/healthz")).text)["gateway"] == "f6-east"


async def test_a_scrape_with_name_and_password_gets_its_figures_and_no_cookie(here: Scene) -> None:
    async with here.browser(accept="*/*") as browser:
        said = await scraped(browser, basic())
    assert said.code == 200
    assert "beacon_gateway_radio_silent_seconds" in said.text
    assert "Set-Cookie" not in said.headers


async def test_a_header_that_was_right_is_asked_about_every_ten_minutes(here: Scene) -> None:
    with capture_logs() as log:
        async with here.browser(accept="*/*") as browser:
            for _ in range(40):
                here.clock.advance(15)
                assert (await scraped(browser, basic())).code == 200
            here.clock.advance(15)
            await scraped(browser, basic())
    assert [line["way"] for line in log if line["event"] == "web.login"] == ["basic"] * 2


async def test_it_is_wrong_as_soon_as_the_password_is_another(here: Scene) -> None:
    async with here.browser(accept="*/*") as browser:
        assert (await scraped(browser, basic())).code == 200
        here.keep(account(VIEWER, "another password"))
        assert (await scraped(browser, basic())).code == 401


@pytest.mark.parametrize(
    "header",
    [basic("tv", "wrong"), basic("x"), "Basic", "Basic !!!", "Basic dHY=", "Basic /////w==", "basic " + "A" * 4_000],
)
async def test_a_wrong_one_is_told_and_never_asked_for(here: Scene, header: str) -> None:
    async with here.browser() as browser:
        said = await scraped(browser, header)
    assert said.code == 401
    assert "WWW-Authenticate" not in said.headers
    assert "beacon_gateway_" not in said.text


async def test_guessing_is_slowed_down_there_too(here: Scene) -> None:
    async with here.browser(accept="*/*") as browser:
        for number in range(5):
            assert (await scraped(browser, basic("tv", f"guess {number}"))).code == 401
        said = await scraped(browser, basic())
    assert (said.code, said.headers["Retry-After"]) == (429, "1")


@pytest.mark.parametrize("path", ["/", "/gateway", "/heat.csv", "/live/events"])
async def test_pages_are_not_for_monitors(here: Scene, path: str) -> None:
    async with here.browser(accept="*/*") as browser:
        assert (await scraped(browser, basic("li.na"), path)).code == 401


async def test_nothing_is_changed_with_a_header_alone(here: Scene) -> None:
    async with here.browser() as browser:
        for path in ("/logout", "/metrics", "/api/x"):
            said = await browser.post(path, {"visit": ""}, Authorization=basic("li.na"))
            assert said.code == 401
