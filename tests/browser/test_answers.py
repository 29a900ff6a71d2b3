"""Pages that answer to a form: a plan, faults, a conflict, an undo, a refusal. None of these changes anything."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import pytest

from tests.browser.desk import Desk, rebound
from tests.browser.fit import barriers, too_wide
from tests.browser.shop import DESK, LANGUAGES, PHONE, Look, Shop

_Way = Callable[[Look, str], Awaitable[None]]


async def _planned(look: Look, language: str) -> None:
    desk = Desk(look, "F3")
    await desk.open(language)
    await desk.rebind("stairs", "lucky-draw")
    await desk.press("plan")
    await look.page.locator(".plan").wait_for()


async def _faulty(look: Look, language: str) -> None:
    desk = Desk(look, "F3")
    text = await desk.open(language)
    await desk.text.fill(rebound(text, "stairs", "no-such-page") + "beacons: twice\nnonsense\n")
    await desk.press("check")
    await look.page.locator(".faults").wait_for()


async def _changed_meanwhile(look: Look, language: str) -> None:
    desk = Desk(look, "F3")
    await desk.open(language)
    await desk.rebind("stairs", "lucky-draw")
    await look.ask("document.querySelector('#editing [name=base]').value = 'older'")
    await desk.press("apply")
    await look.page.locator(".diff").wait_for()


async def _undo_shown(look: Look, language: str) -> None:
    await look.open(f"/bindings/undo?language={language}")
    async with look.page.expect_event("load"):
        await look.page.locator("button[value=look-back]").click()
    await look.page.locator(".plan").wait_for()


async def _refused(look: Look, language: str) -> None:
    desk = Desk(look, "F3")
    await desk.open(language)
    await look.ask("document.querySelector('#editing [name=visit]').value = 'forged'")
    await desk.press("apply")
    await look.page.get_by_role("alert").wait_for()


WAYS: Final[Mapping[str, _Way]] = {
    "planned": _planned,
    "faulty": _faulty,
    "changed meanwhile": _changed_meanwhile,
    "undo shown": _undo_shown,
    "refused": _refused,
}


@pytest.mark.parametrize(("scheme", "size"), [("light", DESK), ("dark", DESK), ("light", PHONE), ("dark", PHONE)])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", WAYS)
async def test_an_answer_is_for_everybody(
    shop: Shop, way: str, language: str, scheme: str, size: dict[str, int]
) -> None:
    async with shop.look(color_scheme=scheme, viewport=size) as look:
        await WAYS[way](look, language)
        assert await look.ask("document.documentElement.lang") == language
        assert not look.complaints
        assert not look.strange
        assert not await too_wide(look)
        assert not await barriers(look)


@pytest.mark.parametrize(("scheme", "size"), [("light", DESK), ("dark", PHONE)])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_login_is_for_everybody(guarded: Shop, language: str, scheme: str, size: dict[str, int]) -> None:
    async with guarded.look(f"/login?language={language}", color_scheme=scheme, viewport=size) as look:
        for password in ("", "wrong"):
            if password:
                await look.page.locator("#name").fill(f"nobody-{language}-{scheme}")
                await look.page.locator("#password").fill(password)
                await look.page.locator("main button").click()
                await look.page.get_by_role("alert").wait_for()
            assert await look.ask("document.documentElement.lang") == language
            assert not look.complaints
            assert not look.strange
            assert not await too_wide(look)
            assert not await barriers(look)
