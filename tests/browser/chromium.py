"""Debian's Chromium, driven by Playwright: the browser that staff have, not one of its own."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Browser, async_playwright

from tests.equipment import Missing
from tests.patience import HANG_S

REQUIRED: Final = "BEACON_GATEWAY_BROWSER"
"""Set to `required` where a missing browser is a failure."""
PATIENCE: Final = 1000 * HANG_S
"""Milliseconds for what a page is waited for."""
_OPTIONS: Final = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=zh-CN")


def find() -> str:
    """Return the path of the browser. Raises Missing."""
    if path := shutil.which("chromium"):
        return path
    raise Missing("the pages were not looked at in a browser. Install one:  sudo apt install chromium fonts-noto-cjk")


def is_required() -> bool:
    return os.environ.get(REQUIRED) == "required"


@asynccontextmanager
async def opened() -> AsyncIterator[Browser]:
    """Start the browser. Raises Missing where there is none."""
    path = find()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*_OPTIONS])
        try:
            yield browser
        finally:
            await browser.close()
