"""A page that brings itself up to date: in place, and never under the hands of somebody who is at work on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from playwright.async_api import Route

from tests.browser.shop import Look, Shop

EVERY: Final = 15_000
FOOTER: Final = "document.querySelector('footer').textContent"
PAGE: Final = """<!doctype html><html lang="en"><head><title>t</title>
<script src="/static/pages.js" data-every="15" defer></script></head>
<body><header><p id="lost" hidden>lost</p></header><main>{}</main><footer>{}</footer></body></html>"""
LONG: Final = "<p>a line</p>" * 200


@dataclass
class Script:
    """A page of our own that runs the gateway's script, with time in the test's hands."""

    look: Look
    main: str = ""
    code: int = 200
    answers: int = 0
    gone: bool = False

    async def answer(self, route: Route) -> None:
        self.answers += 1
        if self.gone:
            await route.abort()
            return
        await route.fulfill(
            status=self.code, content_type="text/html", body=PAGE.format(self.main, f"answer {self.answers}")
        )

    async def due(self) -> None:
        """Let the time pass after which the page asks anew, and wait until it shows what came."""
        footer = f"answer {self.answers + 1}"
        await self.look.page.clock.fast_forward(EVERY)
        await self.look.page.wait_for_function(f"(footer) => {FOOTER} === footer", arg=footer)

    async def due_in_vain(self) -> None:
        """Let it pass when the page must not ask."""
        answers = self.answers
        await self.look.page.clock.run_for(EVERY * 3)
        assert self.answers == answers


@asynccontextmanager
async def script(shop: Shop, main: str) -> AsyncIterator[Script]:
    async with shop.look() as look:
        script = Script(look, main)
        await look.page.clock.install()
        await look.page.route("**/made-up", script.answer)
        await look.open("/made-up")
        yield script


async def test_the_first_page_is_shown_anew_and_the_focus_stays(shop: Shop) -> None:
    async with shop.look() as look:
        await look.page.clock.install()
        await look.open("/")
        link = look.page.locator("main .tile a").nth(1)
        await link.focus()
        await link.evaluate("(node) => { node.known = true; scrollTo(0, 40); }")
        before = await look.ask(FOOTER)
        while await look.ask(FOOTER) == before:  # the gateway writes its status every six seconds
            async with look.page.expect_response(f"{shop.url}/"):
                await look.page.clock.fast_forward(EVERY)
        assert await look.ask("document.activeElement.known && document.activeElement.pathname") == "/gateway"
        assert not look.complaints


async def test_what_is_unfolded_and_where_one_reads_stays(shop: Shop) -> None:
    async with script(shop, f"<details><summary>more</summary>1</details>{LONG}<p id='end'>1</p>") as page:
        await page.look.page.locator("summary").click()
        await page.look.ask("scrollTo(0, 700)")
        page.main = f"<details><summary>more</summary>2</details>{LONG}<p id='end'>2</p>"
        await page.due()
        assert await page.look.ask("[document.querySelector('details').open, scrollY, end.textContent]") == [
            True,
            700,
            "2",
        ]


async def test_a_line_that_goes_takes_nobody_elses_focus(shop: Shop) -> None:
    lines = [f'<li><a href="/{name}">{name}</a> for 1 min</li>' for name in "abc"]
    async with script(shop, f"<ul>{''.join(lines)}</ul>") as page:
        await page.look.page.get_by_role("link", name="b").focus()
        new = '<li><a href="/n">n</a></li>'
        page.main = f"<ul>{new}{lines[1].replace('1 min', '2 min')}{lines[2]}</ul>"
        await page.due()
        assert await page.look.ask("document.activeElement.textContent") == "b"
        assert await page.look.ask("[...document.querySelectorAll('li')].map((one) => one.textContent)") == [
            "n",
            "b for 2 min",
            "c for 1 min",
        ]


async def test_nothing_changes_while_somebody_types(shop: Shop) -> None:
    async with script(shop, '<label>Name <input id="name"></label>') as page:
        await page.look.page.locator("#name").fill("half a na")
        await page.due_in_vain()
        assert await page.look.page.locator("#name").input_value() == "half a na"


async def test_nothing_changes_while_something_is_selected(shop: Shop) -> None:
    async with script(shop, '<p id="words">words to copy</p>') as page:
        await page.look.ask("getSelection().selectAllChildren(words)")
        await page.due_in_vain()
        await page.look.ask("getSelection().removeAllRanges()")
        await page.due()


async def test_a_status_is_the_same_region_with_other_words(shop: Shop) -> None:
    async with script(shop, '<p role="status">1 of 2 heard</p>') as page:
        await page.look.page.get_by_role("status").evaluate("(node) => { node.known = true; }")
        page.main = '<p role="status">2 of 2 heard</p>'
        await page.due()
        assert await page.look.page.get_by_role("status").evaluate("(node) => node.known && node.textContent") == (
            "2 of 2 heard"
        )


async def test_a_gateway_that_does_not_answer_is_told_and_asked_again(shop: Shop) -> None:
    async with script(shop, "<p>old</p>") as page:
        lost = page.look.page.locator("#lost")
        page.gone = True
        await page.look.page.clock.fast_forward(EVERY)
        await lost.wait_for(state="visible")
        assert await page.look.page.locator("main").inner_text() == "old"
        page.gone, page.main = False, "<p>new</p>"
        await page.due()
        assert not await lost.is_visible()
        assert await page.look.page.locator("main").inner_text() == "new"


async def test_a_page_that_is_refused_is_loaded_anew_so_that_it_says_why(shop: Shop) -> None:
    async with script(shop, "<p>old</p>") as page:
        page.code, page.main = 403, "<p>not for you</p>"
        await page.look.page.clock.fast_forward(EVERY)
        await page.look.page.get_by_text("not for you").wait_for()
