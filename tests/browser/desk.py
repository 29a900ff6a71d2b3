"""The page of bindings as somebody has it before them: the editor, its buttons, and what it says."""

import re
from dataclasses import dataclass

from playwright.async_api import Locator

from tests.browser.shop import Look


@dataclass(frozen=True)
class Desk:
    look: Look
    file: str

    @property
    def text(self) -> Locator:
        return self.look.page.locator("#text")

    @property
    def outcome(self) -> Locator:
        return self.look.page.locator("#outcome")

    @property
    def marks(self) -> Locator:
        """Return the numbers of lines that something is wrong with."""
        return self.look.page.locator("#gutter .fault:visible")

    async def open(self, language: str = "zh") -> str:
        """Load the file; return its text."""
        await self.look.open(f"/bindings/{self.file}?language={language}")
        return await self.text.input_value()

    async def press(self, deed: str) -> None:
        """Press a button, and wait for the page that comes of it."""
        async with self.look.page.expect_event("load"):
            await self.look.page.locator(f"button[value={deed}]").click()

    async def done(self) -> str:
        """Wait until what was ordered is over; return what the page says of it."""
        await self.outcome.wait_for()
        return await self.outcome.inner_text()

    async def rebind(self, beacon: str, page: str) -> str:
        """Type another page for a beacon; return the text."""
        text = rebound(await self.text.input_value(), beacon, page)
        await self.text.fill(text)
        return text


def rebound(text: str, beacon: str, page: str) -> str:
    """Return the text of a file in which that beacon shows that page."""
    changed, count = re.subn(rf"(  {beacon}:\n(?:    .*\n)*?    pages: )\[.*\]", rf"\1[{page}]", text)
    assert count == 1, beacon
    return changed
