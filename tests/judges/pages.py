"""Fetches every page of the gateway as readers, writers and people with accounts see it, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import aiohttp

from beacon_gateway.adapters.secrets.login_link_file import LoginLinkFile
from beacon_gateway.adapters.secrets.web_accounts_file import WebAccountsFile
from beacon_gateway.log import EventTail
from beacon_gateway.wiring.gateway import ProcessContext
from tests.adapters.web.server.access import PASSWORD
from tests.browser.people import EVERYBODY, IT
from tests.browser.shop import LANGUAGES, PATHS
from tests.demo.playing import playing_demo

EDITOR: Final = "/bindings/F2"
ANSWERS: Final[Mapping[str, Mapping[str, str | None]]] = {
    "checked": {"deed": "check"},
    "planned": {"deed": "plan"},
    "faulty": {"deed": "check", "text": "floor: F2\nbeacons:\n  a: {minor: 70000, pages: [spring-sal]}\n"},
    "changed": {"deed": "plan", "text": None},
}
"""What is sent to the editor, by the name of the page that comes back; without a text it is sent as it came."""


@dataclass(frozen=True, slots=True)
class Answers:
    pages: Path
    """A folder: one file of HTML for each page, rank and language."""
    metrics: str


async def fetch(folder: Path) -> Answers:
    """Fetch all there is into the folder."""
    pages = folder / "pages"
    pages.mkdir()
    async with playing_demo(ProcessContext(tail=EventTail())) as demo:
        url = demo.pages.rstrip("/")
        async with _browser() as reader:
            await _save_all(reader, url, pages, "reader")
            async with reader.get(f"{url}/metrics") as answer:
                metrics = await answer.text()
        async with _browser() as writer:
            secret = LoginLinkFile(demo.gateways[0].settings.runtime).make()
            await _save(writer, f"{url}/login?link={secret}", pages / "writer-link.html")
            await _send(writer, f"{url}/login?link={secret}", {}, pages / "writer-home.html")
            await _save_all(writer, url, pages, "writer")
            for name, fields in ANSWERS.items():
                await _send(writer, f"{url}{EDITOR}", fields, pages / f"writer-{name}.html")
            await _send(writer, f"{url}/bindings/undo", {"deed": "look-back"}, pages / "writer-undo.html")
    accounts = WebAccountsFile(folder / "gateway.yaml")
    for one in EVERYBODY:
        accounts.change(one.entered, folder)
    async with playing_demo(ProcessContext(tail=EventTail(), accounts=accounts)) as demo, _browser() as member:
        url = demo.pages.rstrip("/")
        await _send(member, f"{url}/login", {"name": "li.na", "password": "wrong"}, pages / "member-wrong.html")
        await _send(member, f"{url}/login", {"name": IT.visitor.name, "password": PASSWORD}, pages / "member.html")
        await _save_all(member, url, pages, "member")
    return Answers(pages, metrics)


def _browser() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Accept": "text/html"})


async def _save_all(browser: aiohttp.ClientSession, url: str, pages: Path, who: str) -> None:
    for language in LANGUAGES:
        for path in (*PATHS, "/login", "/heat?from=never"):
            name = "".join(sign if sign.isalnum() else "-" for sign in path)
            mark = "&" if "?" in path else "?"
            await _save(browser, f"{url}{path}{mark}language={language}", pages / f"{who}{name}-{language}.html")


async def _save(browser: aiohttp.ClientSession, url: str, file: Path) -> str:
    async with browser.get(url) as answer:
        assert answer.content_type == "text/html", f"{url}: {answer.status} {answer.content_type}"
        file.write_bytes(await answer.read())
    return file.read_text(encoding="utf-8")


async def _send(browser: aiohttp.ClientSession, url: str, fields: Mapping[str, str | None], file: Path) -> None:
    """Fill in the page's form and send it as a browser does."""
    form = _Form(await _save(browser, url, file))
    sent = {**form.fields, **{name: text for name, text in fields.items() if text is not None}}
    if "text" in fields and fields["text"] is None:
        sent["text"] = sent["text"].replace("pages: [", "pages: [console, ", 1)
    body: aiohttp.FormData | dict[str, str] = sent
    if form.is_multipart:
        body = aiohttp.FormData(default_to_multipart=True)
        for name, text in sent.items():
            body.add_field(name, text)
    async with browser.post(url.partition("?")[0], data=body) as answer:
        assert answer.content_type == "text/html", f"{url}: {answer.status} {await answer.text()}"
        file.write_bytes(await answer.read())


class _Form(HTMLParser):
    """The fields of a page's last form: those of the frame come first."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.is_multipart = False
        self._in_text = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.fields, self.is_multipart = {}, named.get("enctype") == "multipart/form-data"
        elif tag == "input" and "name" in named and named.get("type") not in {"checkbox", "radio"}:
            self.fields[named["name"]] = named.get("value", "")
        elif tag == "textarea":
            self._in_text, self.fields["text"] = True, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._in_text, self.fields["text"] = False, self.fields["text"].removeprefix("\n")

    def handle_data(self, data: str) -> None:
        if self._in_text:
            self.fields["text"] += data
