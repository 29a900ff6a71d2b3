"""`make screenshots`: every page as a picture, as desks and phones show it, of a demo with a week made up before it."""

import argparse
import asyncio
import base64
import io
import struct
import sys
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.async_api import Browser

from beacon_gateway import log
from beacon_gateway.adapters.secrets.web_accounts_file import WebAccountsFile
from beacon_gateway.wiring.gateway import ProcessContext
from tests.browser import chromium
from tests.browser.desk import Desk
from tests.browser.shop import DESK, PHONE, Shop
from tests.demo.playing import is_heard, playing_demo
from tests.equipment import Missing
from tests.places import PROJECT

FOLDER: Final = PROJECT / "docs" / "screenshots"
PAGES: Final = {
    "overview": "/",
    "floors": "/floors",
    "list": "/floors/F1/list",
    "inspection": "/floors/F1/inspection",
    "heat": "/heat",
    "live": "/live?mine=yes",
    "gateway": "/gateway",
    "gateway-log": "/gateway/log",
    "missing": "/no-such-page",
    "bindings": "/bindings/F2",
    "bindings-plan": "/bindings/F2",
    "bindings-fault": "/bindings/F2",
    "login": "/login",
}
DAYS: Final = 7
PLAYED: Final = 60.0
"""Seconds after which the demo has something of everything: a beacon that died, a page that was changed."""
SHARP: Final = {"desk": 1, "phone": 2}
"""Pixels of the picture for one of the page."""
FEW_COLOURS: Final = """
    async (picture) => {
      const image = await createImageBitmap(await (await fetch(picture)).blob());
      const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
      pen.drawImage(image, 0, 0);
      const { data } = pen.getImageData(0, 0, image.width, image.height), count = new Map();
      const part = (value, most) => Math.round(Math.round(value * most / 255) * 255 / most);
      const rounded = (place, most) =>
        (part(data[place], most) * 256 + part(data[place + 1], most)) * 256 + part(data[place + 2], most);
      let most = 255;
      while (true) {
        count.clear();
        for (let place = 0; place < data.length; place += 4) count.set(rounded(place, most), 0);
        if (count.size <= 256) break;
        most = Math.floor(most * .8);
      }
      const number = new Map([...count.keys()].map((colour, index) => [colour, index]));
      let text = "";
      for (let place = 0; place < data.length; place += 4) {
        text += String.fromCharCode(number.get(rounded(place, most)));
      }
      return { width: image.width, height: image.height, colours: [...number.keys()], pixels: btoa(text) };
    }"""
"""Rounds the colours of a picture until 256 are enough: a third of the bytes, and nobody sees it."""


async def main(names: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    tail = log.EventTail()
    log.configure(stream=io.StringIO(), tail=tail)
    async with chromium.opened() as browser:
        if others := [name for name in names if name != "login"]:
            await _take_all(browser, others, ProcessContext(tail=tail), PLAYED)
        if "login" in names:
            with TemporaryDirectory() as folder:
                await _take_all(
                    browser, ["login"], ProcessContext(accounts=WebAccountsFile(Path(folder) / "gateway.yaml")), 0.0
                )


async def _take_all(browser: Browser, names: list[str], process: ProcessContext, played: float) -> None:
    async with playing_demo(process, is_heard, days=DAYS) as demo:
        await asyncio.sleep(played)
        shop = Shop(demo, browser)
        for name in names:
            await _take(shop, name, "desk", DESK)
            await _take(shop, name, "phone", PHONE)


async def _take(shop: Shop, name: str, kind: str, size: dict[str, int]) -> None:
    async with shop.look(PAGES[name], viewport=size, device_scale_factor=SHARP[kind]) as look:
        if name == "live":
            await look.page.get_by_role("button", name="北扶梯口").first.click()
            await look.page.wait_for_function(
                "() => document.getElementById('live-line').getAttribute('d').split('L').length > 15"
            )
        if name == "bindings-plan":
            desk = Desk(look, "F2")
            await desk.rebind("escalator-south", "lucky-draw")
            await desk.press("plan")
            await look.ask("document.querySelector('.buttons').scrollIntoView({ block: 'end' })")
        if name == "bindings-fault":
            desk = Desk(look, "F2")
            await desk.rebind("escalator-south", "spring-sal")
            await desk.press("check")
        taken = await look.page.screenshot(animations="disabled")
    path = FOLDER / f"{name}-{kind}.png"
    path.write_bytes(await _small(shop, taken))
    print(f"{path.relative_to(FOLDER.parents[1])}: {path.stat().st_size / 1000:.0f} KB")  # noqa: T201 - for whom it is made


async def _small(shop: Shop, picture: bytes) -> bytes:
    """Return the same PNG with a palette."""
    async with shop.look() as look:
        found = await look.ask(FEW_COLOURS, f"data:image/png;base64,{base64.b64encode(picture).decode()}")
    width, pixels = found["width"], base64.b64decode(found["pixels"])
    lines = b"".join(b"\0" + pixels[place : place + width] for place in range(0, len(pixels), width))
    palette = b"".join(colour.to_bytes(3, "big") for colour in found["colours"])
    head = struct.pack(">IIBBBBB", width, found["height"], 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


if __name__ == "__main__":
    words = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    words.add_argument("page", nargs="*", choices=[*PAGES, []], help="default: all")
    try:
        asyncio.run(main(words.parse_args().page or [*PAGES]))
    except Missing as reason:
        sys.exit(str(reason))
