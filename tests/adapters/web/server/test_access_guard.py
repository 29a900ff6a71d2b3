"""By which names the pages may be asked, and which forms are taken."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.server.guard import Guard
from beacon_gateway.adapters.web.server.host_names import HostNames
from beacon_gateway.adapters.web.server.visits import Visits
from tests.adapters.web.pages.test_metrics import whole_status
from tests.adapters.web.pages.test_pages_server import Answer, ask, opened
from tests.adapters.web.server.access import Browser, Scene, scene, token_on
from tests.patience import HANG_S

OWN_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene(tmp_path, names=("Gateway.store.lan",)) as opened_scene:
        yield opened_scene


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "gateway.store.lan", "GATEWAY.STORE.LAN.:80", "127.9.9.9"])
async def test_it_answers_to_its_names_however_they_are_written(here: Scene, host: str) -> None:
    async with here.browser() as browser:
        assert (await browser.get("/login", Host=host)).code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "gateway.store.lan.evil.example",
        "evil-gateway.store.lan",
        "10.0.0.1",
        "localhost@evil.example",
        "localhost, evil.example",
        "[::ffff:10.0.0.1]",
        "127.0.0.1:8080:8080",
        "0x7f.1",
        "0.0.0.0",  # noqa: S104 - a name, not an address to listen on
    ],
)
async def test_a_name_that_was_made_to_lead_here_gets_nothing(here: Scene, host: str) -> None:
    async with here.browser() as browser:
        said = await browser.get("/login", Host=host)
    assert said.code in {400, 421}
    assert "f6-east" not in said.text
    assert "Set-Cookie" not in said.headers


def test_this_machine_has_a_name_and_one_for_the_local_network() -> None:
    names = HostNames(("store.example",), machine="Pi-F6.lan")
    assert names._names == {"localhost", "pi-f6.lan", "pi-f6", "pi-f6.local", "store.example"}


async def test_where_there_are_no_accounts_a_proxy_is_turned_away_and_told_why() -> None:
    async with opened(whole_status()) as door:
        for header in ("Forwarded: for=1.2.3.4", "X-Forwarded-For: 1.2.3.4", "Via: 1.1 proxy", "X-Real-IP: 1.2.3.4"):
            said = await _ask_with(door.port, header)
            assert said.code == 403
            assert "beacon-gateway password" in said.body
        assert (await ask(door, "/")).code == 200


async def test_a_proxy_is_fine_where_people_log_in(here: Scene) -> None:
    async with here.browser() as browser:
        assert (await browser.log_in(**{"X-Forwarded-For": "10.0.0.7", "Via": "1.1 nginx"})).code == 303


async def test_a_form_without_a_token_or_with_another_sessions_is_not_taken(here: Scene) -> None:
    async with here.browser() as browser, here.browser() as other:
        before = await browser.token()
        await browser.log_in()
        await other.log_in("tv")
        foreign = await other.token("/gateway")
        assert foreign
        for token in ({}, {"visit": ""}, {"visit": "0" * 64}, {"visit": foreign}, {"visit": before}, {"visit": "词"}):
            said = await browser.post("/logout", token)
            assert said.code == 403
            assert "too old" in said.text
            assert "<h1>" in said.text
        assert (await browser.get("/")).code == 200


async def test_the_login_itself_needs_its_token(here: Scene) -> None:
    async with here.browser() as browser:
        await browser.get("/login")
        assert (await browser.post("/login", {"name": "li.na", "password": "correct horse"})).code == 403


@pytest.mark.parametrize(
    "header",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_sites_form_is_not_taken_whatever_it_carries(here: Scene, header: dict[str, str]) -> None:
    async with here.browser() as browser:
        await browser.log_in()
        said = await browser.post("/logout", {"visit": await browser.token("/gateway")}, **header)
        assert said.code == 403
        assert "another site" in said.text
        assert (await browser.get("/")).code == 200


async def test_our_own_pages_form_is_taken_as_browsers_send_it(here: Scene) -> None:
    async with here.browser() as browser:
        await browser.log_in()
        own = {"Origin": here.base, "Sec-Fetch-Site": "same-origin"}
        assert (await browser.post("/logout", {"visit": await browser.token("/gateway")}, **own)).code == 303


async def test_no_page_asks_the_browser_to_hide_where_a_form_comes_from(here: Scene) -> None:
    async with here.browser() as browser:
        page = await browser.get("/login")
    assert 'name="referrer"' not in page.text  # with no-referrer, browsers send `Origin: null`
    assert page.headers["Referrer-Policy"] == "same-origin"


async def test_a_stranger_sends_four_kilobytes_at_most(here: Scene) -> None:
    async with here.browser() as browser:
        token = await browser.token()
        said = await browser.post("/login", {"visit": token, "name": "x" * 4_096})
        assert said.code == 413
        assert "too large" in said.text


@pytest.mark.filterwarnings("ignore:Sending a large body")
async def test_one_who_is_in_sends_a_megabyte_at_most(here: Scene) -> None:
    async with here.browser() as browser:
        await browser.log_in()
        token = token_on((await browser.get("/gateway")).text)
        assert (await browser.post("/logout", {"visit": token, "x": "x" * 1_100_000})).code == 413
        assert (await browser.post("/logout", {"visit": token, "x": "x" * 1_000_000})).code == 303


@pytest.mark.parametrize("path", ["/", "/logout", "/floors/F6", "/nothing", "/api/x"])
async def test_nothing_else_is_taken_from_a_stranger(here: Scene, path: str) -> None:
    async with here.browser() as browser:
        token = await browser.token()
        assert (await browser.post(path, {"visit": token})).code in {401, 405}


PART = b'--x\r\nContent-Disposition: form-data; name="visit"\r\n%s\r\n\r\nx\r\n--x--\r\n'
CHARSET = b'--x\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\n%s\r\n' + PART.replace(b"%s", b"X: y")
NESTED = b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--"


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("application/json", b"{}", 415),
        ("text/plain", b"visit=x", 415),
        ("application/x-www-form-urlencoded; charset=nonsense", b"visit=x", 415),
        ("application/x-www-form-urlencoded; charset=utf-16", b"v", 415),
        ("application/x-www-form-urlencoded; charset=unicode_escape", rb"visit=\N{DOG}", 415),
        ("application/x-www-form-urlencoded; charset=punycode", b"visit=" + b"a" * 4_000 + b"-9", 415),
        ("application/x-www-form-urlencoded; charset=UTF-8", b"visit=%ff", 400),
        ("application/x-www-form-urlencoded", b"visit=%ed%a0%80", 400),
        ('multipart/form-data; boundary="x"; charset=utf-7', b"--x--", 415),
        ("multipart/form-data; boundary=x", PART % b"Content-Type: text/plain; charset=unicode_escape", 415),
        ("multipart/form-data; boundary=x", PART % b"Content-Transfer-Encoding: uuencode", 415),
        ("multipart/form-data; boundary=x", PART % b"Content-Transfer-Encoding: base64", 415),
        ("multipart/form-data; boundary=x", CHARSET % b"punycode", 415),
        ("multipart/form-data; boundary=x", CHARSET % (b"x" * 40), 415),
        ("multipart/form-data; boundary=x", NESTED, 400),
        ("multipart/form-data; boundary=x", b"no boundary here", 400),
        ("multipart/form-data", b"x", 400),
        ("application/x-www-form-urlencoded", b"&" * 4_000, 413),
    ],
)
async def test_what_is_no_form_is_refused_and_the_next_one_is_taken(
    here: Scene, kind: str, body: bytes, code: int
) -> None:
    async with here.browser() as browser:
        await browser.get("/login")
        headers = {"Content-Type": kind}
        async with browser.session.post(f"{here.base}/login", data=body, headers=headers) as answer:
            assert answer.status == code
        assert (await browser.log_in()).code == 303


async def test_a_stranger_who_does_not_say_how_long_it_is_is_not_listened_to(here: Scene) -> None:
    head = f"POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: {_KIND}\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", here.door.port)
    writer.write(head.encode() + b"5\r\nvisit\r\n")
    async with asyncio.timeout(HANG_S):
        assert b" 411 " in await reader.readline()
    writer.close()


async def test_a_body_that_does_not_come_is_given_up(tmp_path: Path) -> None:
    async with scene(tmp_path, patience=0.05) as here:
        head = f"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nContent-Type: {_KIND}\r\n\r\nvisit="
        reader, writer = await asyncio.open_connection("127.0.0.1", here.door.port)
        writer.write(head.encode())
        async with asyncio.timeout(HANG_S):
            said = await reader.read()
        writer.close()
        assert b" 408 " in said
        assert b"too slow" in said


async def test_a_browser_gets_a_page_and_a_program_a_line(here: Scene) -> None:
    async with here.browser() as browser:
        await browser.log_in()
        page = await browser.post("/gateway", {"visit": await browser.token("/gateway")})
        line = await _as_program(browser)
    assert (page.code, "<h1>That did not work</h1>" in page.text) == (405, True)
    assert page.headers["Allow"] == "GET,HEAD"
    assert line == "This address cannot be used like that.\n"


_KIND = "application/x-www-form-urlencoded"


async def _as_program(browser: Browser) -> str:
    token = await browser.token("/gateway")
    return (await browser.post("/gateway", {"visit": token}, Accept="application/json")).text


async def _ask_with(port: int, header: str) -> Answer:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET / HTTP/1.1\r\nHost: localhost\r\n{header}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode("utf-8", "surrogateescape"))
    said = await reader.read()
    writer.close()
    return Answer(said.decode())


async def test_a_cookie_of_another_server_here_keeps_nobody_out(here: Scene) -> None:
    async with here.browser() as browser:
        await browser.log_in()
        foreign = "session=\xb5\xc8\xa5".encode("latin-1").decode("utf-8", "surrogateescape")
        said = await _ask_with(here.door.port, f"Cookie: {foreign}; visit-f6-east={browser.cookie}")
    assert said.code == 200


async def test_a_page_that_fails_is_said_and_logged_once_and_the_others_go_on() -> None:
    async def fail(_: web.Request) -> web.Response:
        raise TimeoutError("boom")

    async def work(_: web.Request) -> web.Response:
        return web.Response(text="fine")

    def runner() -> web.AppRunner:
        app = web.Application(middlewares=[Guard(Visits()).watch])
        app.add_routes([web.get("/fails", fail), web.get("/works", work)])
        return web.AppRunner(app, access_log=None)

    with capture_logs() as log:
        async with Listener("127.0.0.1", 0, runner) as door:
            for _ in range(3):
                said = await ask(door, "/fails")
                assert (said.code, "boom" in said.body) == (500, False)
                assert (await ask(door, "/works")).body == "fine"
    assert [(line["event"], line["path"], line["failures"]) for line in log] == [("web.failed", "/fails", 1)]
