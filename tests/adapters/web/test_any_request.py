"""Whatever is asked, the pages answer; what is wrong with it is the asker's fault, and no page's.

The whole gateway of the demo stands behind them: real files, a real log, an account.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from beacon_gateway.adapters.secrets.web_accounts_file import WebAccountsFile
from beacon_gateway.adapters.web.pages.pages_server import PagesServer
from beacon_gateway.core.access.web_accounts import with_account
from beacon_gateway.core.model.settings import Address
from beacon_gateway.core.model.visitor import Visitor
from beacon_gateway.demo.stage import Demo
from beacon_gateway.log import EventTail
from beacon_gateway.wiring.gateway import ProcessContext
from beacon_gateway.wiring.pages import pages_of
from tests.adapters.web.any_request import FORM, Asked, Client, requests
from tests.adapters.web.server.access import IT, PASSWORD, VIEWER, account, token_on
from tests.demo.playing import is_heard, playing_demo

pytestmark = pytest.mark.timeout(400)
AT_ONCE = 10
GOOD = "F1"
NO_FAULT = frozenset({501, 503, 507})
"""Not built, not now, and no room: said by pages in a sentence. 501 is not ours at all."""


@asynccontextmanager
async def at_work(process: ProcessContext) -> AsyncIterator[tuple[Demo, PagesServer]]:
    async with (
        playing_demo(process, is_heard) as demo,
        pages_of(demo.gateways[0], Address("127.0.0.1", 0)) as door,
    ):
        yield demo, door


async def entered(port: int, fields: str, page: str = "/login") -> Client:
    """Return a client that came in by the form of that page."""
    client = Client(port)
    said = await client.get(page)
    client.cookie = cookie_in(said)
    token = token_on(said)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    form = Asked("POST /login HTTP/1.1", (("Content-Type", FORM),), f"visit={token}&{fields}")
    writer.write(form.sent(port, client.cookie))
    said = (await reader.read()).decode()
    writer.close()
    assert " 303 " in said.partition("\r\n")[0], said
    client.cookie = cookie_in(said)
    client.token = token_on(await client.get("/bindings"))
    return client


def cookie_in(answer: str) -> str:
    found = re.search(r"^Set-Cookie: ([^=]+=[^;]+)", answer, re.MULTILINE)
    assert found, answer
    return found[1]


async def all_are_answered(client: Client, door: PagesServer, fields: Mapping[str, str], *, each: int = 17) -> None:
    """Make sure that every request gets its answer, or one in so many of them."""
    routes = [(route.method, route.path) for route in door.routes()]
    wrong: list[str] = []

    async def ask(asked: Asked) -> None:
        code = await client.code(asked)
        if code >= 500 and code not in NO_FAULT:
            wrong.append(f"{code}: {asked.line[:200]!r} {asked.headers!r} {asked.body[:200]!r}")

    async def work() -> None:
        for asked in left:
            await ask(asked)

    left = islice(requests(routes, GOOD, client.token, fields), 0, None, each)
    with capture_logs() as log:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(work())
    assert wrong == []
    assert [line for line in log if "exc_info" in line or line["log_level"] in {"error", "critical"}] == []
    assert sum(client.codes.values()) > 300
    assert client.codes[200] > 2
    assert (await client.get("/healthz")).startswith("HTTP/1.1 200")


async def test_of_a_reader_without_accounts(caplog: pytest.LogCaptureFixture) -> None:
    async with at_work(ProcessContext(tail=EventTail())) as (_, door):
        client = Client(door.port)
        client.cookie = cookie_in(await client.get("/"))
        await all_are_answered(client, door, {"deed": "check", "text": "floor: F1", "base": "x"})
    assert "Traceback" not in caplog.text


async def test_of_somebody_who_came_by_a_link(caplog: pytest.LogCaptureFixture) -> None:
    async with at_work(ProcessContext(tail=EventTail())) as (demo, door):
        secret = demo.link.partition("link=")[2]
        client = await entered(door.port, f"link={secret}", f"/login?link={secret}")
        await all_are_answered(client, door, {"deed": "check", "text": "floor: F1", "base": "x"}, each=5)
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("visitor", [IT, VIEWER], ids=["it", "viewer"])
async def test_where_there_are_accounts(visitor: Visitor, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = WebAccountsFile(tmp_path / "gateway.yaml")
    file.change(lambda text: with_account(text, account(visitor)), tmp_path)
    async with at_work(ProcessContext(tail=EventTail(), accounts=file)) as (_, door):
        client = await entered(door.port, f"name={visitor.name}&password={PASSWORD.replace(' ', '+')}")
        each = 7 if visitor.is_it else 17
        await all_are_answered(client, door, {"deed": "plan", "text": "floor: F1", "base": "x"}, each=each)
        await all_are_answered(Client(door.port), door, {"name": "x", "password": "y"})
    assert "Traceback" not in caplog.text
