"""The live page in a browser: its numbers change, stand still when somebody wants that, and a trace is drawn."""

from typing import Final

from tests.browser.shop import Look, Shop

COUNTS: Final = "document.getElementById('live-counts').textContent"
LINE: Final = "document.getElementById('live-line').getAttribute('d')"


async def test_its_numbers_change_by_themselves(shop: Shop) -> None:
    async with shop.look("/live") as look:
        before = await _counts(look)
        await look.page.wait_for_function(f"(before) => {COUNTS} !== before", arg=before)
        rows = look.page.locator("#live-rows tr:visible")
        assert await rows.count() > 10
        assert "北扶梯口" in await look.page.locator("#live-rows").inner_text()
        assert not look.complaints


async def test_a_pause_stops_them_and_its_end_lets_them_go_on(shop: Shop) -> None:
    async with shop.look("/live") as look:
        await _counts(look)
        pause = look.page.locator("#live-pause")
        await pause.click()
        assert "暂停" in await look.page.locator("#live-state").inner_text()
        still = await look.ask(COUNTS)
        await _hear(look, 2)
        assert await look.ask(COUNTS) == still
        await pause.click()
        await look.page.wait_for_function(f"(still) => {COUNTS} !== still", arg=still)


async def test_the_trace_of_a_beacon_is_drawn_and_grows(shop: Shop) -> None:
    async with shop.look("/live") as look:
        await _counts(look)
        beacon = look.page.locator("#live-rows").get_by_role("button", name="北扶梯口").first
        await beacon.click()
        assert await beacon.get_attribute("aria-pressed") == "true"
        await look.page.wait_for_function(f"() => {LINE}.includes('L')")
        size = await look.page.locator("#live-line").bounding_box()
        assert size
        assert size["width"] > 0
        long = len(await look.ask(LINE))
        await look.page.wait_for_function(f"(long) => {LINE}.length > long", arg=long)
        await beacon.click()
        assert not await look.page.locator("#live-trace").is_visible()


async def test_what_is_sought_stays_in_the_address(shop: Shop) -> None:
    async with shop.look("/live?mine=yes") as look:
        await _counts(look)
        await look.page.get_by_role("searchbox").fill("扶梯口 F1")
        await look.page.wait_for_function("() => document.querySelectorAll('#live-rows tr:not([hidden])').length === 2")
        await look.page.reload()
        await _counts(look)
        assert await look.page.get_by_role("searchbox").input_value() == "扶梯口 F1"
        assert await look.page.locator("#live-rows tr:visible").count() == 2


async def test_there_is_no_second_refresh(shop: Shop) -> None:
    async with shop.look("/live") as look:
        await _counts(look)
        assert not [url for url in look.fetched if url.endswith("pages.js")]


async def _counts(look: Look) -> str:
    """Wait for the first event; return what is counted."""
    await look.page.wait_for_function("() => document.querySelector('#live-rows button') !== null")
    counts = await look.ask(COUNTS)
    assert isinstance(counts, str)
    return counts


async def _hear(look: Look, events: int) -> None:
    """Wait until so many events came, with a stream of our own."""
    await look.ask(
        """(events) => new Promise((done) => {
          const source = new EventSource("/live/events");
          source.onmessage = () => { if (!--events) { source.close(); done(); } };
        })""",
        events,
    )
