"""Logging in at the pages, what a session is, and when it ends."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientPayloadError
from structlog.testing import capture_logs

from beacon_gateway.adapters.web.server.login import own_path
from beacon_gateway.core.model.visitor import Rank, Visitor
from tests.adapters.web.server.access import IT, PASSWORD, STAFF, VIEWER, Scene, account, scene, token_on
from tests.patience import HANG_S

PAGES = ("/", "/floors", "/floors/F6", "/heat", "/live", "/gateway", "/nothing-there")
FOR_PROGRAMS = ("/live/events", "/heat.csv", "/metrics", "/api/beacons")


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_leads_to_the_login_and_the_login_back_to_it(here: Scene, path: str) -> None:
    async with here.browser() as browser:
        turned = await browser.get(f"{path}?language=en&a=%E6%A5%BC")
        assert turned.code == 303
        assert turned.place.startswith("/login?next=/")
        page = await browser.get(turned.place)
        fields = {"visit": token_on(page.text), "name": "li.na", "password": PASSWORD}
        entered = await browser.post("/login", {**fields, "next": f"{path}?language=en&a=%E6%A5%BC"})
        assert (entered.code, entered.place) == (303, f"{path}?language=en&a=%E6%A5%BC")
        assert (await browser.get(path)).code in {200, 404, 503}  # the heat map has no log here


@pytest.mark.parametrize("path", FOR_PROGRAMS)
async def test_a_program_is_told_in_a_line_and_asked_for_nothing(here: Scene, path: str) -> None:
    async with here.browser(accept="*/*") as browser:
        said = await browser.get(path)
    assert (said.code, said.text) == (401, "Log in first.\n")
    assert "WWW-Authenticate" not in said.headers


async def test_the_login_page_tells_nothing_but_the_gateways_name(here: Scene) -> None:
    async with here.browser() as browser:
        page = await browser.get("/login")
    assert page.code == 200
    assert "f6-east" in page.text
    assert 'href="/floors"' not in page.text
    assert "http-equiv" not in page.text
    for field in ('autocomplete="username"', 'autocomplete="current-password"', '<label for="password">'):
        assert field in page.text


async def test_the_style_sheet_is_for_all(here: Scene) -> None:
    async with here.browser() as browser:
        assert (await browser.get("/static/pages.css")).code == 200
        assert (await browser.get("/static/nothing.css")).code == 404


async def test_who_is_in_sees_their_name_and_a_way_out(here: Scene) -> None:
    async with here.browser() as browser:
        await browser.log_in("张三")
        page = await browser.get("/gateway")
        assert "张三" in page.text
        left = await browser.post("/logout", {"visit": token_on(page.text)})
        assert (left.code, left.place) == (303, "/login")
        assert (await browser.get("/gateway")).code == 303


async def test_a_session_that_was_left_is_worth_nothing_to_whoever_kept_its_cookie(here: Scene) -> None:
    async with here.browser() as browser, here.browser() as thief:
        await browser.log_in()
        stolen = {"Cookie": f"visit-f6-east={browser.cookie}"}
        assert (await thief.get("/", **stolen)).code == 200
        await browser.post("/logout", {"visit": await browser.token("/gateway")})
        assert (await thief.get("/", **stolen)).code == 303


async def test_a_cookie_that_somebody_else_gave_is_exchanged_at_the_login(here: Scene) -> None:
    planted = "x" * 43
    async with here.browser() as victim, here.browser() as planter:
        cookie = {"Cookie": f"visit-f6-east={planted}"}
        token = token_on((await victim.get("/login", **cookie)).text)
        entered = await victim.post("/login", {"visit": token, "name": "li.na", "password": PASSWORD}, **cookie)
        given = entered.cookies["visit-f6-east"]
        assert entered.code == 303
        assert given.value not in {planted, ""}
        assert (await planter.get("/", **cookie)).code == 303


async def test_the_cookie_is_long_and_hidden_from_scripts_and_from_other_sites_forms(here: Scene) -> None:
    async with here.browser() as browser:
        given = (await browser.log_in()).cookies["visit-f6-east"]
    assert len(given.value) == 43
    assert given["httponly"]
    assert given["samesite"] == "Lax"
    assert not given["max-age"]
    assert not given["domain"]


@pytest.mark.parametrize(
    ("name", "password"), [("li.na", "wrong"), ("nobody", PASSWORD), ("", ""), ("a" * 999, "b" * 999)]
)
async def test_a_wrong_login_says_nothing_about_which_part_was_wrong(here: Scene, name: str, password: str) -> None:
    async with here.browser() as browser:
        page = await browser.log_in(name, password)
        assert page.code == 401
        assert "Name or password is wrong." in page.text
        assert (await browser.get("/")).code == 303


@pytest.mark.parametrize("name", ["li.na", "LI.NA", " Li.Na ", "ｌｉ.ｎａ"])
async def test_a_name_is_known_however_a_phone_writes_it(here: Scene, name: str) -> None:
    async with here.browser() as browser:
        assert (await browser.log_in(name)).code == 303


async def test_what_was_typed_for_a_name_is_written_down_only_if_it_is_one(here: Scene) -> None:
    with capture_logs() as log:
        async with here.browser() as browser:
            await browser.log_in("my secret password", "li.na")
            await browser.log_in("LI.NA", "wrong")
            await browser.log_in("li.na")
    told = [(line["event"], line["account"], line["address"]) for line in log if "login" in line["event"]]
    address = "127.0.0.1"
    assert told == [
        ("web.login_failed", "", address),
        ("web.login_failed", "li.na", address),
        ("web.login", "li.na", address),
    ]
    assert "secret" not in repr(log)


async def test_five_wrong_ones_cost_a_wait_that_grows_and_ends(here: Scene) -> None:
    async with here.browser() as browser:
        for _ in range(5):
            assert (await browser.log_in(password="wrong")).code == 401
        early = await browser.log_in()
        assert (early.code, early.headers["Retry-After"]) == (429, "1")
        assert "Wait 1 second" in early.text
        here.clock.advance(1.1)
        assert (await browser.log_in(password="wrong")).code == 401
        assert (await browser.log_in()).headers["Retry-After"] == "2"
        async with here.browser() as neighbour:
            assert (await neighbour.log_in("tv")).code == 303  # another name, from there
        here.clock.advance(2.1)
        assert (await browser.log_in()).code == 303


async def test_a_proxy_on_this_machine_tells_addresses_apart(here: Scene) -> None:
    async with here.browser() as browser:
        for _ in range(5):
            await browser.log_in(password="wrong", **{"X-Forwarded-For": "1.1.1.1, 10.0.0.7"})
        assert (await browser.log_in(**{"X-Forwarded-For": "10.0.0.7"})).code == 429
        assert (await browser.log_in(**{"X-Forwarded-For": "10.0.0.7, 10.0.0.8"})).code == 303


async def test_a_crowd_at_the_login_is_told_to_come_again(here: Scene) -> None:
    async with here.browser() as browser:
        token = await browser.token()
        fields = {"visit": token, "password": "x"}
        codes = [
            said.code
            for said in await asyncio.gather(
                *(browser.post("/login", {**fields, "name": f"nobody{number}"}) for number in range(12))
            )
        ]
    assert set(codes) == {401, 503}
    assert codes.count(401) >= 6


async def test_a_new_password_ends_the_sessions_of_the_old_one(here: Scene) -> None:
    async with here.browser() as browser, here.browser() as other:
        await browser.log_in()
        await other.log_in("tv")
        here.keep(account(IT, "another password"))
        assert (await browser.get("/")).code == 303
        assert (await browser.log_in()).code == 401
        assert (await browser.log_in(password="another password")).code == 303
        assert (await other.get("/")).code == 200


@pytest.mark.parametrize("change", [Visitor("li.na", Rank.VIEWER), Visitor("li.na", Rank.STAFF, frozenset({"F1"}))])
async def test_another_rank_ends_them_too(here: Scene, change: Visitor) -> None:
    async with here.browser() as browser:
        await browser.log_in()
        here.keep(account(change))
        assert (await browser.get("/")).code == 303


async def test_an_account_that_is_removed_is_out_and_the_door_stays_closed_without_any(here: Scene) -> None:
    async with here.browser() as browser:
        await browser.log_in()
        here.remove("li.na")
        assert (await browser.get("/")).code == 303
        here.file.path.unlink()
        here.clock.advance(5)
        assert (await browser.log_in()).code == 401
        assert (await browser.get("/")).code == 303


async def test_a_line_that_is_spoilt_is_told_and_costs_the_others_nothing(here: Scene) -> None:
    text = here.file.path.read_text()
    with capture_logs() as log:
        here.file.path.write_text(text + "eve it - $scrypt$ln=30,r=8,p=5$c2FsdA$aGFzaA\nmallory\n\x00\xff")
        here.clock.advance(5)
        async with here.browser() as browser:
            assert (await browser.log_in()).code == 303
    assert [line["line"] for line in log if line["event"] == "web.account_faulty"] == [4, 5, 6]
    assert "c2FsdA" not in repr(log)


async def test_a_session_ends_after_two_idle_hours_and_after_twelve_busy_ones(here: Scene) -> None:
    async with here.browser() as idle, here.browser() as busy:
        await idle.log_in("tv")
        await busy.log_in()
        for _ in range(6):
            here.clock.advance(7_100)
            assert (await busy.get("/")).code == 200
        assert (await idle.get("/")).code == 303
        here.clock.advance(1_000)
        assert (await busy.get("/")).code == 303


async def test_the_live_page_ends_with_the_session(tmp_path: Path) -> None:
    async with scene(tmp_path, look_again=0.05) as here, here.browser() as browser:
        await browser.log_in()
        async with browser.session.get(f"{here.base}/live/events") as stream:
            assert stream.status == 200
            await stream.content.readline()
            here.remove("li.na")
            async with asyncio.timeout(HANG_S):
                with pytest.raises((ClientPayloadError, ConnectionError)):
                    await stream.content.readexactly(1 << 24)


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "/ /evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/\r\nSet-Cookie: a=b",
        "/login",
        "/logout?x",
        "/" + "a" * 600,
    ],
)
async def test_after_the_login_nobody_is_sent_elsewhere(here: Scene, evil: str) -> None:
    assert own_path(evil) == "/"
    async with here.browser() as browser:
        entered = await browser.log_in(after=evil)
    assert (entered.code, entered.place) == (303, "/")
    assert "a" not in entered.cookies


@pytest.mark.parametrize("good", ["/", "/floors/F6#beacon-1", "/heat?by=hour&floor=F6", "/楼层"])
def test_a_path_of_ours_is_gone_to(good: str) -> None:
    assert own_path(good) == good


async def test_who_is_in_already_goes_on_from_the_login_page(here: Scene) -> None:
    async with here.browser() as browser:
        await browser.log_in()
        on = await browser.get("/login?next=%2Fheat")
    assert (on.code, on.place) == (303, "/heat")


async def test_the_login_page_speaks_the_other_language_and_keeps_the_way(here: Scene) -> None:
    async with here.browser() as browser:
        page = await browser.get("/login?next=%2Fheat&language=zh")
    assert "密码" in page.text
    assert 'value="/heat"' in page.text
    assert 'href="/login?next=%2Fheat&amp;language=en"' in page.text


async def test_a_visitor_is_who_the_file_says(here: Scene) -> None:
    accounts = await here.file.now()
    assert [known.visitor for known in accounts.by_key.values()] == [IT, STAFF, VIEWER]
    assert STAFF.may_edit("F6")
    assert not STAFF.may_edit("F1")
    assert not VIEWER.may_edit("F6")
