"""A shop to look at: the demo at work, a browser, and what the browser says while it looks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from beacon_gateway.adapters.secrets.login_link_file import LoginLinkFile
from beacon_gateway.demo.stage import Demo
from beacon_gateway.simulator import store
from beacon_gateway.simulator.wechat import Emulator
from tests.browser.chromium import PATIENCE

PATHS: Final = (
    *("/", "/floors", "/floors/F1", "/floors/F2", "/floors/F1/list", "/floors/F1/inspection"),
    *("/heat", "/live", "/gateway", "/gateway/log", "/no-such-page"),
    *("/bindings", "/bindings/F2", "/bindings/pages", "/bindings/undo"),
)
LANGUAGES: Final = ("zh", "en")
DESK: Final = {"width": 1280, "height": 900}
PHONE: Final = {"width": 360, "height": 740}
BAD: Final = 400


@dataclass
class Look:
    """One tab, and everything that was fetched and complained about in it."""

    page: Page
    url: str
    fetched: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("request", lambda request: self.fetched.append(request.url))
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    async def open(self, path: str) -> Response:
        """Load a page of the gateway, with all that belongs to it."""
        answer = await self.page.goto(f"{self.url}{path}", wait_until="load")
        assert answer
        return answer

    @property
    def strange(self) -> list[str]:
        """Return what was fetched from elsewhere."""
        return [url for url in self.fetched if not url.startswith((f"{self.url}/", "data:"))]

    async def ask(self, script: str, argument: object = None) -> Any:  # noqa: ANN401 - whatever the script gives
        return await self.page.evaluate(script, argument)

    def _said(self, message: ConsoleMessage) -> None:
        # That a resource was not there is told by its answer, with its address.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # A stream ends when its page is left.
        if not request.url.endswith("/live/events"):
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= BAD and response.request.resource_type != "document":
            self.complaints.append(f"{response.status}: {response.url}")


@dataclass
class Shop:
    """The demo, and ways to look at it. What others changed before stays changed: a test claims nothing about that."""

    demo: Demo
    browser: Browser

    @property
    def url(self) -> str:
        """Return where the pages are, without a slash at the end."""
        return self.demo.pages.rstrip("/")

    @property
    def folder(self) -> Path:
        """Return where the store's files and the gateways' are."""
        return self.demo.folder

    @property
    def emulator(self) -> Emulator:
        """Return the WeChat that the gateways talk to."""
        return self.demo.emulator

    def file(self, floor: str) -> Path:
        return self.folder / "store" / "floors" / f"{floor}.yaml"

    def shown(self, floor: str, slug: str) -> list[str]:
        """Return the titles of what WeChat has a beacon show."""
        number = [name for name, _ in store.FLOORS].index(floor)
        key = next(key for key, name in store.beacons_of(number) if name == slug)
        account = self.emulator.account
        device = next(
            device for device in account.devices.values() if (device.major, device.minor) == (key.major, key.minor)
        )
        return [account.pages[page].title for page in account.bindings(device.device_id)]

    @property
    def has_accounts(self) -> bool:
        return self.demo.gateways[0].process.accounts is not None

    async def enter(self, look: Look) -> None:
        """Come by a link that is made now."""
        secret = LoginLinkFile(self.demo.gateways[0].settings.runtime).make()
        await look.page.goto(f"{self.url}/login?link={secret}")
        await look.page.locator("form.login button").click()
        await look.page.wait_for_url(f"{self.url}/")

    @asynccontextmanager
    async def context(self, **options: Any) -> AsyncIterator[BrowserContext]:  # noqa: ANN401 - Playwright's own
        """Open a browser that knows nothing from before."""
        context = await self.browser.new_context(**{"viewport": DESK, "locale": "zh-CN", **options})
        context.set_default_timeout(PATIENCE)
        try:
            yield context
        finally:
            await context.close()

    @asynccontextmanager
    async def look(self, path: str = "", **options: Any) -> AsyncIterator[Look]:  # noqa: ANN401 - Playwright's own
        """Open a page in a browser of its own, which came by a link where there are no accounts."""
        async with self.context(**options) as context:
            look = Look(await context.new_page(), self.url)
            if not self.has_accounts:
                await self.enter(look)
            look.listen()
            if path:
                await look.open(path)
            yield look
