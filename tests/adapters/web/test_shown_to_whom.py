"""Page × rank × what is shown: whose names, reasons and texts reach whom, on every route that is served.

What was done is planted in the demo's gateway: an edit with a reason, the text that it replaced, an undo that holds
it, and a text that somebody typed and did not save. Each answer must show exactly what the table says.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from aiohttp import ClientSession, CookieJar

from beacon_gateway.adapters.secrets.web_accounts_file import WebAccountsFile
from beacon_gateway.core.access.web_accounts import with_account
from beacon_gateway.core.files.editing import EditAction, EditOutcome, EditRequest, JobState
from beacon_gateway.core.model.visitor import Rank, Visitor
from beacon_gateway.demo.stage import Demo
from beacon_gateway.log import EventTail
from beacon_gateway.wiring.gateway import ProcessContext
from tests.adapters.web.any_request import filled
from tests.adapters.web.server.access import Browser, account
from tests.adapters.web.test_any_request import at_work

pytestmark = pytest.mark.timeout(400)

FLOOR: Final = "F1"
IT: Final = Visitor("li.na", Rank.IT)
OWN: Final = Visitor("张三", Rank.STAFF, frozenset({FLOOR}))
OTHER: Final = Visitor("wu.yan", Rank.STAFF, frozenset({"F3"}))
VIEWER: Final = Visitor("tv", Rank.VIEWER)
NOBODY: Final = Visitor("", Rank.VIEWER)
"""Has not logged in, or, where there are no accounts, looks only."""
RANKS: Final = (NOBODY, VIEWER, OTHER, OWN, IT)
COLLEAGUE: Final = Visitor("zhao.min", Rank.IT)
"""Did it, and looks at nothing here."""

OK: Final = 200

PLANTED: Final = {
    "name": COLLEAGUE.name,
    "reason": "because-of-the-autumn-fair",
    "earlier": "was-here-before",
    "typed": "typed-and-not-saved",
}
"""What may be found in an answer, and of whom or what."""
DONE: Final = frozenset({"name", "reason"})
"""What the audit log holds."""
NONE: Final = frozenset[str]()


@dataclass(frozen=True)
class Row:
    """What one route answers to each of RANKS: the code, and what of PLANTED is in it."""

    codes: tuple[int, ...]
    shows: tuple[frozenset[str], ...] = (NONE,) * 5
    fields: Mapping[str, str] = field(default_factory=dict)
    """Of a form."""


OPEN: Final = Row((200, 200, 200, 200, 200))
LOGGED_IN: Final = Row((303, 200, 200, 200, 200))
PROGRAMS: Final = Row((401, 200, 200, 200, 200))
MISSING: Final = Row((401, 404, 404, 404, 404))
ONLY_IT: Final = Row((303, 403, 403, 403, 200))
FOR_COLLEAGUES: Final = Row((303, 200, 200, 200, 200), (NONE, NONE, DONE, DONE, DONE))
FORM: Final = {"deed": "check", "text": f"floor: {FLOOR}\n", "base": "", "plan": "", "reason": ""}

SHOWN: Final[Mapping[tuple[str, str], Row]] = {
    ("GET", "/healthz"): OPEN,
    ("GET", "/metrics"): PROGRAMS,
    ("GET", "/"): LOGGED_IN,
    ("GET", "/floors"): LOGGED_IN,
    ("GET", "/floors/{floor}"): LOGGED_IN,
    ("GET", "/floors/{floor}/list"): LOGGED_IN,
    ("GET", "/floors/{floor}/inspection"): LOGGED_IN,
    ("GET", "/bindings"): FOR_COLLEAGUES,
    ("GET", "/bindings/{file}"): FOR_COLLEAGUES,
    ("GET", "/bindings/undo"): FOR_COLLEAGUES,
    ("POST", "/bindings/{file}"): Row((401, 403, 403, 200, 200), (NONE, NONE, NONE, DONE, DONE), FORM),
    ("POST", "/bindings/undo"): Row((401, 403, 200, 200, 200), (NONE, NONE, DONE, DONE, DONE), {"deed": "look-back"}),
    ("GET", "/heat"): LOGGED_IN,
    ("GET", "/heat.csv"): LOGGED_IN,
    ("GET", "/live"): LOGGED_IN,
    ("GET", "/live/events"): LOGGED_IN,
    ("GET", "/gateway"): LOGGED_IN,
    ("GET", "/gateway/log"): ONLY_IT,
    ("POST", "/gateway/bundle"): Row((401, 403, 403, 403, 200)),
    ("GET", "/login"): Row((200, 303, 303, 303, 303)),
    ("POST", "/login"): Row((401, 401, 401, 401, 401), fields={"name": "x", "password": "y"}),
    ("POST", "/logout"): Row((401, 303, 303, 303, 303)),
    ("GET", "/api/status"): PROGRAMS,
    ("GET", "/api/check"): PROGRAMS,
    ("GET", "/api/plan"): PROGRAMS,
    ("GET", "/api/hits"): PROGRAMS,
    ("GET", "/api/events"): PROGRAMS,
    ("GET", "/api/audit"): Row((401, 403, 200, 200, 200), (NONE, NONE, DONE, DONE, DONE)),
    ("GET", "/api/report"): PROGRAMS,
    ("GET", "/api/openapi.json"): PROGRAMS,
    ("GET", "/api/{anything:.*}"): MISSING,
    ("GET", "/static/pages.css"): OPEN,
    ("GET", "/static/pages.js"): OPEN,
    ("GET", "/static/live.js"): OPEN,
    ("GET", "/static/editor.js"): OPEN,
}

ASKED_FOR: Final[Mapping[str, Row]] = {
    f"/bindings/{FLOOR}?job={{job}}": Row(
        (303, 200, 200, 200, 200), (NONE, NONE, DONE, DONE | {"typed"}, DONE | {"typed"})
    ),
    f"/bindings/{FLOOR}?earlier={{earlier}}": Row(
        (303, 200, 200, 200, 200), (NONE, NONE, DONE, DONE | {"earlier"}, DONE | {"earlier"})
    ),
    "/bindings/F3?job={job}": FOR_COLLEAGUES,
    "/bindings/F3?earlier={earlier}": FOR_COLLEAGUES,
    "/bindings/undo?job={job}": FOR_COLLEAGUES,
    "/bindings/undo?job={undo}": FOR_COLLEAGUES,
    f"/bindings/{FLOOR}?job={{undo}}": FOR_COLLEAGUES,
    f"/bindings/{FLOOR}?job={{saved}}": FOR_COLLEAGUES,
}
"""Addresses that name what somebody did."""


@dataclass(frozen=True)
class Idents:
    job: str
    """Of a plan for a text that was not saved."""
    saved: str
    undo: str
    earlier: str

    def put_in(self, address: str) -> str:
        return address.format(job=self.job, saved=self.saved, undo=self.undo, earlier=self.earlier)


async def planted(demo: Demo) -> Idents:
    """Do what leaves traces: a colleague's edit, and its undo; a text of the floor's staff that is not saved."""
    edited, reason = demo.gateways[0].edited_files, PLANTED["reason"]
    first = edited.find(FLOOR)
    assert first
    await done(
        demo, EditRequest(EditAction.APPLY, COLLEAGUE, FLOOR, f"{first.text}# {PLANTED['earlier']}\n", reason=reason)
    )
    changed = first.text.replace("[coffee-coupon]", "[welcome]")
    saved = await done(demo, EditRequest(EditAction.APPLY, COLLEAGUE, FLOOR, changed, reason=reason))
    undo = await done(demo, EditRequest(EditAction.UNDO, COLLEAGUE, reason=reason))
    job = await ended(demo, EditRequest(EditAction.PLAN, OWN, FLOOR, f"{changed}# {PLANTED['typed']}\n"))
    earlier = next(item for item in edited.earlier(FLOOR) if PLANTED["earlier"] in text_of(demo, item.ident))
    return Idents(job.ident, saved.ident, undo.ident, earlier.ident)


def text_of(demo: Demo, ident: str) -> str:
    found = demo.gateways[0].edited_files.earlier_text(FLOOR, ident)
    return found.text if found else ""


async def done(demo: Demo, order: EditRequest) -> JobState:
    """Look at the plan and carry it out, again where WeChat or the files were changed meanwhile."""
    for _ in range(10):
        looks = EditAction.LOOK_BACK if order.action is EditAction.UNDO else EditAction.PLAN
        now = demo.gateways[0].edited_files.find(order.file)
        base = now.digest if now else ""
        seen = await ended(demo, replace(order, action=looks))
        agreed = seen.preview.plan.digest if seen.preview else ""
        work = await ended(demo, replace(order, base=base, agreed=agreed))
        if work.outcome is EditOutcome.DONE:
            return work
    raise AssertionError(work)


async def ended(demo: Demo, order: EditRequest) -> JobState:
    editing = demo.gateways[0].edit_queue
    begun = editing.begin(order)
    assert begun
    work = await editing.wait(begun.ident, 60)
    assert work
    assert work.outcome.is_over
    return work


async def asked(browser: Browser, method: str, path: str, fields: Mapping[str, str]) -> tuple[int, str]:
    """Return code and text; of a stream, what comes first."""
    sent = {**fields, "visit": await browser.token("/bindings") or await browser.token()} if method == "POST" else None
    async with browser.session.request(method, browser.base + path, data=sent, allow_redirects=False) as answer:
        if answer.content_type == "text/event-stream":
            return answer.status, (await answer.content.readany()).decode()
        return answer.status, (await answer.read()).decode("utf-8", "replace")


async def differences(
    browser: Browser, rank: int, routes: Iterable[tuple[str, str]], idents: Idents
) -> AsyncIterator[str]:
    """Yield each answer that is not as the table has it."""
    # A logout ends the session: last.
    rows = [(*route, SHOWN[route]) for route in sorted(routes, key=lambda route: (route[1] == "/logout", route[1]))]
    for method, path, row in [*(("GET", path, row) for path, row in ASKED_FOR.items()), *rows]:
        if (path == "/gateway/bundle" and row.codes[rank] == OK) or not row.codes[rank]:
            continue  # its making has tests of its own
        address = idents.put_in(path) if path in ASKED_FOR else filled(path, FLOOR)
        code, text = await asked(browser, method, f"{address}{'&' if '?' in address else '?'}language=en", row.fields)
        shown = frozenset(what for what, word in PLANTED.items() if word in text)
        if (code, shown) != (row.codes[rank], row.shows[rank]):
            yield f"{method} {path}: {code} {sorted(shown)}, not {row.codes[rank]} {sorted(row.shows[rank])}"


async def test_each_rank_is_shown_what_the_table_says_where_there_are_accounts(tmp_path: Path) -> None:
    file = WebAccountsFile(tmp_path / "gateway.yaml")
    for visitor in RANKS[1:]:
        file.change(partial(with_account, account=account(visitor)), tmp_path)
    async with at_work(ProcessContext(tail=EventTail(), accounts=file)) as (demo, door):
        routes = {(route.method, route.path) for route in door.routes()}
        assert routes == SHOWN.keys()
        idents = await planted(demo)
        wrong = []
        for rank, visitor in enumerate(RANKS):
            async with browser_at(door.port) as browser:
                if visitor.name:
                    assert (await browser.log_in(visitor.name)).code == 303
                wrong += [f"{visitor}: {line}" async for line in differences(browser, rank, routes, idents)]
        assert "\n".join(wrong) == ""


async def test_who_looks_without_an_account_is_shown_what_a_viewer_is() -> None:
    async with at_work(ProcessContext(tail=EventTail())) as (demo, door):
        routes = {(route.method, route.path) for route in door.routes()}
        assert routes == SHOWN.keys()
        idents = await planted(demo)
        forms = {route for route in routes if route[0] == "POST"}
        async with browser_at(door.port) as browser:
            looks = routes - forms - {("GET", "/login")}
            assert [line async for line in differences(browser, RANKS.index(VIEWER), looks, idents)] == []
            for _, path in forms - {("POST", "/login"), ("POST", "/logout")}:
                code, text = await asked(browser, "POST", filled(path, FLOOR), SHOWN["POST", path].fields)
                assert code == 403
                assert not any(word in text for word in PLANTED.values())


@asynccontextmanager
async def browser_at(port: int) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True), headers={"Accept": "text/html,*/*"}) as session:
        yield Browser(session, f"http://127.0.0.1:{port}")
