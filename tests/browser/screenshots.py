"""`make screenshots`: every page as a picture, as a desk and a phone show it, of a demo with a week made up before it."""

import argparse
import asyncio
import logging
import sys
from pathlib import Path
from typing import Final

from beacon_gateway import log
from beacon_gateway.demo.stage import open_demo
from tests.browser import chromium
from tests.browser.shop import DESK, PHONE, Shop
from tests.equipment import Missing

FOLDER: Final = Path(__file__).parents[2] / "docs" / "screenshots"
PAGES: Final = {
    "overview": "/",
    "floors": "/floors",
    "list": "/floors/F1/list",
    "inspection": "/floors/F1/inspection",
    "heat": "/heat",
    "live": "/live?mine=yes",
    "gateway": "/gateway",
    "missing": "/no-such-page",
}
DAYS: Final = 7
PLAYED: Final = 75.0
"""Seconds after which the demo has something of everything: a beacon that died, a page that was changed."""
SHARP: Final = {"desk": 1, "phone": 2}


async def main(names: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with chromium.opened() as browser, open_demo(port=0, days=DAYS) as demo:
        playing = asyncio.create_task(demo.run(PLAYED * 100))
        await asyncio.sleep(PLAYED)
        shop = Shop(demo, browser)
        for name in names:
            await _take(shop, name, "desk", DESK)
            await _take(shop, name, "phone", PHONE)
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)


async def _take(shop: Shop, name: str, kind: str, size: dict[str, int]) -> None:
    async with shop.look(PAGES[name], viewport=size, device_scale_factor=SHARP[kind]) as look:
        if name == "live":
            await look.page.get_by_role("button", name="北扶梯口").first.click()
            await look.page.wait_for_function(
                "() => document.getElementById('live-line').getAttribute('d').split('L').length > 15"
            )
        path = FOLDER / f"{name}-{kind}.png"
        await look.page.screenshot(path=path, animations="disabled")
        print(f"{path.relative_to(FOLDER.parents[1])}: {path.stat().st_size / 1000:.0f} KB")  # noqa: T201 - for whom it is made


if __name__ == "__main__":
    words = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    words.add_argument("page", nargs="*", choices=[*PAGES, []], help="default: all")
    log.configure(level=logging.ERROR)
    try:
        asyncio.run(main(words.parse_args().page or [*PAGES]))
    except Missing as reason:
        sys.exit(str(reason))
