"""A door that cannot be made is told, made again later, and keeps nobody from anything."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from beacon_gateway.adapters.web.pages.pages_server import PagesServer
from beacon_gateway.services.server_supervisor import Server, ServerSupervisor
from tests.adapters.web.pages.test_metrics import whole_status
from tests.adapters.web.pages.test_pages_server import ask, door_at
from tests.patience import until


class Leaf:
    """A door of nothing; counts how often it was opened."""

    port = 1

    def __init__(self) -> None:
        self.opened = 0

    async def __aenter__(self) -> Self:
        self.opened += 1
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


async def kept(keeper: ServerSupervisor, is_so: Callable[[], object]) -> list[EventDict]:
    """Let the keeper work until then; return what the logs say."""
    with capture_logs() as said:
        running = asyncio.create_task(keeper.run())
        await until(lambda: is_so() or running.done())
        assert not running.done()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    return said


def makes(*outcomes: Exception | Server) -> Callable[[], Awaitable[Server]]:
    """Return what fails so often in these ways, and then makes the door."""
    left: Iterator[Exception | Server] = iter(outcomes)

    async def make() -> Server:
        outcome = next(left)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return make


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FileNotFoundError(2, "No such file", "pages.css"), "FileNotFoundError: [Errno 2] No such file: 'pages.css'"),
        (ModuleNotFoundError("No module named 'jinja2'"), "ModuleNotFoundError: No module named 'jinja2'"),
        (SyntaxError("source code cannot contain null bytes"), "SyntaxError: source code cannot contain null bytes"),
        (EOFError("EOF read where object expected"), "EOFError: EOF read where object expected"),
        (ValueError("the package was not installed"), "ValueError: the package was not installed"),
    ],
)
async def test_a_broken_installation_is_told_once_and_tried_until_it_is_mended(error: Exception, reason: str) -> None:
    leaf = Leaf()
    keeper = ServerSupervisor(makes(error, error, error, leaf), "web", try_again=0.0)
    said = await kept(keeper, lambda: leaf.opened)
    assert [(line["event"], line.get("reason")) for line in said] == [("web.closed", reason), ("web.open", None)]
    assert keeper.trouble == ""


async def test_why_nobody_can_come_in_is_known_meanwhile() -> None:
    async def make() -> Server:
        raise FileNotFoundError("pages.css")

    keeper = ServerSupervisor(make, "web", try_again=0.0)
    await kept(keeper, lambda: keeper.trouble)
    assert keeper.trouble == "FileNotFoundError: pages.css"


async def test_a_door_that_was_made_is_not_made_again_because_its_port_is_taken() -> None:
    made: list[PagesServer] = []
    first = door_at(0, whole_status())
    async with first:

        async def make() -> PagesServer:
            made.append(door_at(first.port, whole_status()))
            return made[-1]

        keeper = ServerSupervisor(make, "web", try_again=0.0)
        running = asyncio.create_task(keeper.run())
        await until(lambda: "in use" in keeper.trouble)
    await until(lambda: not keeper.trouble)
    assert (await ask(made[0], "/healthz")).code == 200
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert len(made) == 1
