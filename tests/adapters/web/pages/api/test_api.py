"""The JSON below /api: what the commands print, as openapi.json describes it, and a clear answer to all else."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from jsonschema import Draft202012Validator

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.state.gateway_records import FilesToCheck, GatewayRecords
from beacon_gateway.adapters.state.report_material import ReportMaterial
from beacon_gateway.adapters.web.pages.api.api import Api, ApiSources, LoggedRecords
from beacon_gateway.adapters.web.pages.pages_server import API
from beacon_gateway.adapters.web.server.deferred import Deferred
from beacon_gateway.adapters.web.server.frame import HERE, PageFrame
from beacon_gateway.adapters.web.server.guard import Guard
from beacon_gateway.adapters.web.server.visits import Visits
from beacon_gateway.core.bindings.drift import Drift, DriftKind
from beacon_gateway.core.bindings.history.audit import (
    VERIFIED,
    AuditCause,
    AuditLine,
    BindingImage,
    LedgerEntry,
    PageImage,
)
from beacon_gateway.core.bindings.history.last_pass import LastPass
from beacon_gateway.core.bindings.plan import make_plan
from beacon_gateway.core.bindings.target import ExistingPage, NeedsOperator, PageRef, TargetError
from beacon_gateway.core.log.event import Event, EventKind
from beacon_gateway.core.log.log_filter import LogFilter
from beacon_gateway.core.log.logged import LoggedHit
from beacon_gateway.core.model.settings import STORE_ZONE, Language, Settings
from beacon_gateway.core.model.status import Status
from beacon_gateway.core.model.visitor import AT_THIS_MACHINE, Visitor
from tests.adapters.database.days import key
from tests.adapters.web.pages.test_gateway import STAFF, VIEWER, as_visitor
from tests.adapters.web.pages.test_metrics import whole_status
from tests.adapters.web.pages.test_pages_server import Answer, ask, door_at
from tests.core import world
from tests.core.report.test_command import BOOT, FLOOR, PERIOD, Shop

NOON = datetime(2025, 11, 20, 4, tzinfo=UTC)
DAY = "from=2025-11-17&until=2025-11-17"
DOCUMENT: Mapping[str, Any] = json.loads((HERE / "openapi.json").read_bytes())
ADDRESSES = tuple(DOCUMENT["paths"])
SINCE = datetime(2025, 11, 17, 2, 30, tzinfo=UTC)


def strict(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a schema in which an object has no field that is not described: what nobody knows of is not promised."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: strict(value) for name, value in schema.items()}
    return inner | ({"additionalProperties": False} if isinstance(inner.get("properties"), dict) else {})


SCHEMAS = strict(DOCUMENT["components"]["schemas"])


def check(answer: Answer, address: str) -> Any:  # noqa: ANN401 - any JSON
    """Make sure that an answer is one that the document describes; return what it says."""
    described = DOCUMENT["paths"][address]["get"]["responses"][str(answer.code)]
    if "$ref" in described:
        described = DOCUMENT["components"]["responses"][described["$ref"].rpartition("/")[2]]
    schema = strict(described["content"]["application/json"]["schema"])
    assert "content-type: application/json" in answer.head
    assert "cache-control: no-store" in answer.head
    said = json.loads(answer.body)
    whole = {**schema, "components": {"schemas": SCHEMAS}}
    Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(said)
    return said


class Office(Shop):
    """A gateway with a day in its log, events, an audit log, and a last pass."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.status: Status = whole_status()
        self.last: LastPass | TargetError | None = a_pass()
        self.has_account = True
        self.visitor: Visitor = AT_THIS_MACHINE
        self.troubles: list[OSError] = []
        self.records: LoggedRecords = GatewayRecords(folder / "state")

    async def open_for_a_day(self) -> None:
        await super().open_for_a_day()
        async with HitLogFile(self.folder / "state") as log:
            await log.append(EVENTS, [BOOT])
        async with LedgerFile(self.folder / "state") as book:
            await book.record(LedgerEntry(lines=LINES))

    @property
    def settings(self) -> Settings:
        settings, _, _ = read_settings(self.config)
        assert settings
        return settings

    def _handlers(self) -> Any:  # noqa: ANN401 - handlers by name
        settings = self.settings
        frame = PageFrame(lambda: self.status, zone=STORE_ZONE, language=Language.ENGLISH)
        read = StoreFiles(settings.store, settings.timezone).read()[0]
        archives = ApiSources(
            records=self.records,
            files=FilesToCheck(self.config),
            materials=ReportMaterial(settings, lambda: read, trouble=self.troubles.append),
            utc=lambda: NOON,
            store=lambda: read,
            last_pass=(lambda: self.last) if self.has_account else None,
        )
        return Api(frame, archives, patience=0.05).handlers()

    @asynccontextmanager
    async def served(self) -> AsyncIterator[Listener]:
        def runner() -> web.AppRunner:
            app = web.Application(middlewares=[Guard(Visits()).watch, as_visitor(self.visitor)])
            app.add_routes(Deferred(API, self._handlers).routes())
            return web.AppRunner(app, access_log=None)

        async with Listener("127.0.0.1", 0, runner) as door:
            yield door

    async def get(self, path: str, code: int = 200) -> Any:  # noqa: ANN401 - any JSON
        async with self.served() as door:
            answer = await ask(door, path)
        assert answer.code == code, answer.body
        return check(answer, path.partition("?")[0])

    async def printed(self, *words: str) -> Any:  # noqa: ANN401 - any JSON
        """Return what a command prints with --json; a list where it prints lines."""
        out = (await self.run(*words, "--json")).out
        return (
            [json.loads(line) for line in out.splitlines()]
            if words[0] in {"hits", "events", "audit"}
            else json.loads(out)
        )


EVENTS = [
    Event(EventKind.STATE, 36_000.0, BOOT, "f6-east", details={"state": "deaf", "reason": "hci0"}),
    Event(EventKind.ABSENT, 37_000.0, BOOT, "f6-east", key(1), "corner-1", {"minutes": "5"}),
    Event(EventKind.CLOCK, 38_000.0, BOOT, "f6-east", details={"turn": "stepped", "seconds": "40"}),
]
LINES = (
    AuditLine(
        datetime(2025, 11, 17, 2, tzinfo=UTC),
        AuditCause("files"),
        "0123456789ab",
        "r1",
        1,
        "corner-1: 50054",
        VERIFIED,
        BindingImage(key(1), frozenset(), frozenset({PageRef("50054")}), frozenset()),
    ),
    AuditLine(
        datetime(2025, 11, 17, 3, tzinfo=UTC),
        AuditCause("apply", "lihua", "为活动"),
        "ba9876543210",
        "r2",
        2,
        "page winter",
        VERIFIED,
        PageImage("winter", PageRef("7"), None, ExistingPage("冬", "", "https://example.com", "")),
    ),
    AuditLine(datetime(2025, 11, 17, 4, tzinfo=UTC), AuditCause("upkeep"), "", "", 0, "hits deleted", "120"),
)


def a_pass() -> LastPass:
    """Return one in which there is something of each kind."""
    spring, winter, new = world.own("spring"), world.own("winter", title="冬季"), world.own("new", title="上新")
    beacons = [
        world.beacon(1, "spring"),
        world.beacon(2, "winter", protect=True),
        world.beacon(3, "spring"),
        world.beacon(9, "spring"),
    ]
    store = world.store([spring, winter, new], beacons)
    edited = ExistingPage("旧", "", "https://example.com", "")
    existing = world.existing(
        {1: spring, 2: edited, 3: world.own("gone")},
        {1: world.refs(1), 2: world.refs(1), 3: world.refs(2, 8), 4: world.refs(1)},
    )
    ledger = world.ledger({"spring": 1, "winter": 2, "gone": 3}, {2: world.refs(1), 3: world.refs(2), 4: world.refs(1)})
    wanted = {beacon.key: beacon.pages for beacon in beacons if beacon.pages}
    plan = make_plan(store, wanted, existing, ledger, force=False, prune=True, clock_is_right=True)
    assert plan.pages
    assert plan.bindings
    assert plan.withheld
    drift = (
        Drift(DriftKind.REBOUND, world.key(3), was=world.refs(2), now=world.refs(8)),
        Drift(DriftKind.PAGE_EDITED, page="winter"),
    )
    return LastPass(plan, drift, "braked", 0, 0)


@pytest.fixture
async def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    await office.open_for_a_day()
    return office


def test_the_description_is_one_of_openapi_and_describes_every_address_and_nothing_else() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    served = {path for _, path, _ in API if "{" not in path}
    assert served == set(ADDRESSES)
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)
    named = set(re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps(DOCUMENT)))
    named |= {("securitySchemes", name) for one in DOCUMENT["security"] for name in one}
    assert named == {(kind, name) for kind, parts in DOCUMENT["components"].items() for name in parts}


@pytest.mark.parametrize("words", [("hits",), ("hits", "--floor", "F6", "--kind", "enter"), ("events",), ("audit",)])
async def test_rows_are_those_that_the_command_prints(office: Office, words: tuple[str, ...]) -> None:
    query = "&".join(f"{name[2:]}={value}" for name, value in zip(words[1::2], words[2::2], strict=True))
    rows = await office.get(f"/api/{words[0]}?{query}")
    assert rows == await office.printed(*words)
    assert len(rows) > 1


async def test_a_report_is_the_one_that_the_command_prints(office: Office) -> None:
    told, printed = await office.get(f"/api/report?{DAY}"), await office.printed("report", *PERIOD)
    assert told.pop("at") == NOON.isoformat()
    printed.pop("at")
    assert told == printed
    assert told["rows"][0]["values"][9:12] == [None, 1, 1]


@pytest.mark.parametrize(
    "query",
    [
        "by=day&show=minutes",
        "by=weekday",
        "beacon=corner-1",
        "floor=F6&show=people",
        "campaign-from=2025-11-17&campaign-until=2025-11-19",
        "",
    ],
)
async def test_every_kind_of_report_is_described(office: Office, query: str) -> None:
    await office.get(f"/api/report?{query}&{DAY}")


async def test_the_status_is_the_one_of_the_status_file(office: Office) -> None:
    told = await office.get("/api/status")
    assert (told["gateway"], told["radio"]["state"], len(told["beacons"])) == ("f6-east", "listening", 2)


async def test_a_status_without_what_may_be_missing_is_described_too(office: Office) -> None:
    bare = replace(whole_status(), shakes=None, figures=None, account=None, process=None, beacons=())
    office.status = replace(bare, store=replace(bare.store, revision=None, sync=None))
    assert (await office.get("/api/status"))["account"] is None


async def test_faults_of_the_files_are_told_as_they_are_now(office: Office) -> None:
    assert await office.get("/api/check") == []
    office.floor.write_text(FLOOR.replace("major: 10006", "major: 70000"), encoding="utf-8")
    problems = await office.get("/api/check")
    assert problems == await office.printed("check")
    assert {problem["file"] for problem in problems} == {"store/floors/F6.yaml"}


async def test_the_last_plan_is_told_with_drift_and_what_became_of_it(office: Office) -> None:
    plan = await office.get("/api/plan")
    assert (plan["state"], plan["applied"]) == ("braked", 0)
    assert [item["kind"] for item in plan["drift"]] == ["rebound", "page-edited"]
    assert {item["change"] for item in plan["pages"]} == {"make", "edit"}
    assert plan["withheld"]


async def test_where_there_is_no_plan_the_reason_is_told(office: Office) -> None:
    office.last = None
    assert "There is no plan yet" in (await office.get("/api/plan", 503))["error"]
    office.last = NeedsOperator("AppSecret is wrong")
    assert "AppSecret is wrong" in (await office.get("/api/plan", 503))["error"]
    office.has_account = False
    assert "This gateway does not manage an account" in (await office.get("/api/plan", 404))["error"]


async def test_the_description_is_served(office: Office) -> None:
    assert await office.get("/api/openapi.json") == DOCUMENT


async def test_since_is_a_moment_of_the_store_or_so_long_ago(office: Office) -> None:
    assert len(await office.get("/api/events?since=2025-11-17T10:15")) == 2
    assert len(await office.get("/api/events?since=2025-11-17T02:15Z")) == 2
    assert len(await office.get("/api/events?since=90m")) == 0
    assert len(await office.get("/api/events?limit=1")) == 1
    assert len(await office.get("/api/hits?until=2025-11-16")) == 1  # of a clock that was never set
    assert len(await office.get("/api/hits?until=2025-11-17")) == 4


async def test_the_audit_log_is_narrowed_by_the_stores_clock_too(office: Office) -> None:
    """Its lines are written in UTC, whatever zone a moment is typed in."""
    assert [line["change"] for line in await office.get("/api/audit?since=2025-11-17T10:30")] == [
        "page winter",
        "hits deleted",
    ]
    assert len(await office.printed("audit", "--since", "2025-11-17T10:30")) == 2


WRONG = [
    ("/api/hits?limit=0", "limit"),
    ("/api/hits?limit=1001", "limit"),
    ("/api/hits?limit=-1", "limit"),
    ("/api/hits?limit=1e3", "limit"),
    ("/api/hits?limit=%D9%A1", "limit"),
    ("/api/hits?limit=", "limit"),
    (f"/api/hits?limit={'9' * 5000}", "limit"),
    ("/api/hits?limit=5&limit=6", "limit"),
    ("/api/hits?limits=5", "limits"),
    ("/api/hits?kind=came", "kind"),
    (f"/api/hits?floor={'F' * 65}", "floor"),
    (f"/api/hits?beacon={'b' * 65}", "beacon"),
    ("/api/hits?until=soon", "until"),
    ("/api/events?since=yesterday", "since"),
    ("/api/events?since=", "since"),
    ("/api/events?since=0001-01-01", "since"),
    ("/api/events?since=9999-12-31T23:59", "since"),
    ("/api/hits?until=9999-12-31", "until"),
    ("/api/events?since=99999999999999d", "since"),
    ("/api/events?since=999999999d", "since"),
    ("/api/events?since=%00", "since"),
    ("/api/events?floor=F6", "floor"),
    ("/api/audit?limit=many", "limit"),
    ("/api/audit?since=12", "since"),
    ("/api/status?beacons=1", "beacons"),
    ("/api/status?language=fr", "language"),
    ("/api/check?folder=/etc", "folder"),
    ("/api/plan?force=1", "force"),
    ("/api/openapi.json?a=b", "a"),
    ("/api/report?from=yesterday", "from"),
    ("/api/report?from=1999-01-01", "from"),
    ("/api/report?until=2025-02-30", "until"),
    ("/api/report?from=2025-11-18&until=2025-11-17", "from"),
    ("/api/report?from=2025-01-01&until=2025-11-17", "from"),
    ("/api/report?by=dated-hour", "by"),
    ("/api/report?show=visitors", "show"),
    ("/api/report?floor=F99", "floor"),
    ("/api/report?beacon=nobody", "beacon"),
    ("/api/report?beacon=corner-1&by=hour", "beacon"),
    ("/api/report?campaign-from=2025-11-17", "campaign-until"),
    ("/api/report?campaign-until=2025-11-17", "campaign-from"),
    ("/api/report?campaign-from=2025-11-17&campaign-until=2025-11-16", "campaign-from"),
]


@pytest.mark.parametrize(("path", "parameter"), WRONG)
async def test_what_is_asked_wrongly_is_refused_by_the_parameters_name(
    office: Office, path: str, parameter: str
) -> None:
    said = await office.get(path, 400)
    assert said["parameter"] == parameter
    assert said["error"]


async def test_a_parameter_that_nobody_knows_is_not_repeated_at_length(office: Office) -> None:
    assert len((await office.get(f"/api/status?{'x' * 3000}=1", 400))["error"]) < 200


async def test_a_refusal_is_told_in_the_readers_language(office: Office) -> None:
    said = await office.get("/api/hits?limit=0&language=zh", 400)
    assert said["error"] == "“limit”要是 1 到 1000 的整数。"


async def test_an_address_that_is_not_there_says_where_those_stand_that_are(office: Office) -> None:
    async with office.served() as door:
        for path in ("/api/", "/api/secrets", "/api/status/", "/api/../etc"):
            answer = await ask(door, path)
            assert answer.code == 404
        answer = await ask(door, "/api/secrets")
    assert "/api/openapi.json" in json.loads(answer.body)["error"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("address", ADDRESSES)
async def test_nothing_can_be_written(office: Office, address: str, method: str) -> None:
    async with office.served() as door:
        assert (await ask(door, address, method=method, body="{}")).code in {403, 405}


async def test_names_of_colleagues_are_not_for_viewers(office: Office) -> None:
    office.visitor = VIEWER
    said = await office.get("/api/audit", 403)
    assert "lihua" not in json.dumps(said)
    for address in set(ADDRESSES) - {"/api/audit"}:
        await office.get(address)
    office.visitor = STAFF
    assert "lihua" in json.dumps(await office.get("/api/audit"))


async def test_what_was_never_written_is_empty(tmp_path: Path) -> None:
    new = Office(tmp_path)
    assert [await new.get(f"/api/{what}") for what in ("hits", "events", "audit")] == [[], [], []]
    assert (await new.get("/api/report"))["listened"]["begins"] is None


class Broken:
    """Records on a card that is gone."""

    async def hits(self, wanted: LogFilter) -> list[LoggedHit]:
        raise OSError(f"hits.db: disk I/O error after {wanted.limit}")

    async def events(self, wanted: LogFilter) -> list[Event]:
        raise OSError(f"hits.db: disk I/O error after {wanted.limit}")

    async def audit(self, since: datetime | None, limit: int) -> list[AuditLine]:
        raise OSError(f"ledger.db: disk I/O error after {limit} {since}")


@pytest.mark.parametrize("what", ["hits", "events", "audit"])
async def test_a_card_that_cannot_be_read_is_told_and_everything_else_goes_on(office: Office, what: str) -> None:
    office.records = Broken()
    async with office.served() as door:
        answer = await ask(door, f"/api/{what}")
        assert "disk I/O error" in check(answer, f"/api/{what}")["error"]
        assert "retry-after: 10" in answer.head
        assert (await ask(door, "/api/status")).code == 200


class Slow(GatewayRecords):
    """Records on a card that is busy until it is let."""

    def __init__(self, state: Path) -> None:
        super().__init__(state)
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def hits(self, wanted: LogFilter) -> list[LoggedHit]:
        self.begun.set()
        await self.go_on.wait()
        return await super().hits(wanted)


async def test_one_answer_is_put_together_at_a_time_and_the_next_is_not_kept_waiting_for_ever(office: Office) -> None:
    slow = office.records = Slow(office.folder / "state")
    async with office.served() as door:
        first = asyncio.create_task(ask(door, "/api/hits"))
        await slow.begun.wait()
        busy = await ask(door, "/api/events")
        assert (busy.code, "Another request" in busy.body) == (503, True)
        assert (await ask(door, "/api/status")).code == 200
        slow.go_on.set()
        assert (await first).code == 200
        assert (await ask(door, "/api/events")).code == 200


async def test_a_door_without_it_has_no_such_addresses() -> None:
    async with door_at(0, whole_status()) as door:
        assert (await ask(door, "/api/status")).code == 404
        assert "/api/openapi.json" not in (await ask(door, "/gateway")).body
