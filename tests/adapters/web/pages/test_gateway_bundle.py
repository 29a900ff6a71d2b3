"""A support bundle out of the browser: made apart, sent whole, gone afterwards; or told why not."""

import asyncio
import os
import re
import sys
import tarfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from beacon_gateway.adapters.bundle.making import BundleMaker
from beacon_gateway.adapters.listener import Listener
from beacon_gateway.adapters.web.pages.gateway import GatewayPage, PageOffers
from beacon_gateway.adapters.web.pages.gateway_bundle import BundleDownload
from beacon_gateway.adapters.web.pages.gateway_sources import Bundles
from beacon_gateway.adapters.web.server.frame import PageFrame
from beacon_gateway.adapters.web.server.guard import Guard
from beacon_gateway.adapters.web.server.visits import Visits
from beacon_gateway.core.model.settings import STORE_ZONE, Language
from beacon_gateway.core.model.visitor import AT_THIS_MACHINE, Visitor
from tests.adapters.bundle import planted
from tests.adapters.bundle.planted import traces
from tests.adapters.bundle.scene import Machine
from tests.adapters.web.pages.test_gateway import STAFF, VIEWER, as_visitor
from tests.adapters.web.pages.test_metrics import whole_status
from tests.adapters.web.pages.test_pages_server import ask
from tests.patience import HANG_S, until

NAME = "beacon-gateway-support-20261124T100000Z.tar.gz"


class Shelf:
    """A source of one bundle, which knows whether that is still there."""

    def __init__(self, folder: Path, content: bytes = b"packed", trouble: str = "") -> None:
        self.path, self._content, self._trouble = folder / NAME, content, trouble
        self.made_ones = 0
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()
        self.go_on.set()

    @asynccontextmanager
    async def made(self) -> AsyncIterator[Path]:
        self.made_ones += 1
        self.begun.set()
        await self.go_on.wait()
        if self._trouble:
            raise OSError(self._trouble)
        self.path.write_bytes(self._content)
        try:
            yield self.path
        finally:
            self.path.unlink()


class Browser:
    """Presses the button that the page shows."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self._session, self._at = session, f"http://localhost:{port}"

    async def form(self) -> dict[str, str]:
        """Return the fields of the form; nothing where there is none."""
        async with self._session.get(f"{self._at}/gateway") as answer:
            button = re.findall('action="/gateway/bundle".*?</form>', await answer.text(), re.DOTALL)
            return dict(re.findall('name="(visit)" value="([0-9a-f]+)"', "".join(button)))

    async def press(self, fields: dict[str, str] | None = None) -> tuple[aiohttp.ClientResponse, bytes]:
        form = await self.form() if fields is None else fields
        async with self._session.post(f"{self._at}/gateway/bundle", data=form) as answer:
            return answer, await answer.read()


@asynccontextmanager
async def opened(bundles: Bundles, visitor: Visitor = AT_THIS_MACHINE) -> AsyncIterator[tuple[Browser, Listener]]:
    frame = PageFrame(whole_status, zone=STORE_ZONE, language=Language.ENGLISH)
    page = GatewayPage(frame, offers=PageOffers(bundle=True))

    def runner() -> web.AppRunner:
        app = web.Application(middlewares=[Guard(Visits()).watch, as_visitor(visitor)])
        app.add_routes([*page.routes(), *BundleDownload(frame, page, bundles).routes()])
        return web.AppRunner(app, access_log=None)

    jar = aiohttp.CookieJar(unsafe=True)
    async with Listener("127.0.0.1", 0, runner) as door, aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Browser(session, door.port), door


async def test_a_bundle_is_sent_whole_under_its_name_and_is_gone_afterwards(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, os.urandom(300_000))
    async with opened(shelf) as (browser, _):
        answer, body = await browser.press()
    assert (answer.status, len(body)) == (200, 300_000)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{NAME}"'
    assert answer.headers["Content-Type"] == "application/gzip"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not shelf.path.exists()


async def test_why_there_is_none_is_told_on_the_page_and_it_can_be_tried_again(tmp_path: Path) -> None:
    async with opened(Shelf(tmp_path, trouble="<b>no room</b>")) as (browser, _):
        for _ in range(2):
            answer, body = await browser.press()
            assert answer.status == 503
            assert "The support bundle could not be created: &lt;b&gt;no room" in body.decode()
            assert 'action="/gateway/bundle"' in body.decode()


async def test_one_is_made_at_a_time(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.go_on.clear()
    async with opened(shelf) as (browser, _):
        fields = await browser.form()
        first = asyncio.create_task(browser.press(fields))
        await shelf.begun.wait()
        answer, body = await browser.press(fields)
        assert answer.status == 409
        assert "one at a time." in body.decode()
        shelf.go_on.set()
        assert (await first)[1] == b"packed"
    assert shelf.made_ones == 1


async def test_whoever_goes_before_it_is_there_leaves_nothing_behind(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, os.urandom(30_000_000))
    shelf.go_on.clear()
    async with opened(shelf) as (browser, _):
        leaving = asyncio.create_task(browser.press())
        await shelf.begun.wait()
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        shelf.go_on.set()
        answer, body = await browser.press()
        while answer.status == 409:  # the first one is being sent to nobody
            answer, body = await browser.press()
        assert len(body) == 30_000_000
    assert not shelf.path.exists()


@pytest.mark.parametrize("visitor", [VIEWER, STAFF])
async def test_bundles_are_for_store_it_only(tmp_path: Path, visitor: Visitor) -> None:
    shelf = Shelf(tmp_path)
    async with opened(shelf) as (it, _):
        assert await it.form()
    async with opened(shelf, visitor) as (browser, door):
        assert await browser.form() == {}
        assert (await ask(door, "/gateway/bundle", method="POST")).code == 403
    assert shelf.made_ones == 0


async def test_a_form_of_another_site_makes_none(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    async with opened(shelf) as (browser, _):
        assert (await browser.press({"visit": "0" * 64}))[0].status == 403
    assert shelf.made_ones == 0


def program(folder: Path, script: str) -> tuple[str, str]:
    """Return what stands in for our own command: a script that gets its arguments."""
    file = folder / "program.py"
    file.write_text(f"import os, subprocess, sys, time\nfrom pathlib import Path\n{script}\n")
    return sys.executable, str(file)


def maker(
    folder: Path, script: str, environment: Mapping[str, str] | None = None, *, seconds: float = HANG_S
) -> BundleMaker:
    return BundleMaker(
        folder / "gateway.yaml",
        program=program(folder, script),
        environment={**os.environ, **(environment or {})},
        most_seconds=seconds,
    )


async def test_the_command_gets_its_words_and_the_environment_without_the_way_to_systemd(tmp_path: Path) -> None:
    script = f"Path(sys.argv[-1], 'x.tar.gz').write_text(' '.join([*sys.argv[1:-1], *map(str, {SEEN})]))"
    environment = {"NOTIFY_SOCKET": "/run/systemd/notify", "BEACON_GATEWAY_WECHAT_SECRET": "of-the-account"}
    async with maker(tmp_path, script, environment).made() as path:
        assert path.read_text() == (
            f"support-bundle --one-by-one --config {tmp_path}/gateway.yaml --output None of-the-account"
        )
        folder = path.parent
    assert not folder.exists()


SEEN = "(os.environ.get('NOTIFY_SOCKET'), os.environ.get('BEACON_GATEWAY_WECHAT_SECRET'))"


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (
            "print('Gathering', file=sys.stderr); sys.exit('it cannot be written: no room')",
            "it cannot be written: no room",
        ),
        ("sys.exit(3)", "exit code 3"),
        ("pass", "support-bundle wrote nothing"),
    ],
)
async def test_why_the_command_made_none_is_an_os_error(tmp_path: Path, script: str, reason: str) -> None:
    with pytest.raises(OSError, match=reason):
        async with maker(tmp_path, script).made():
            pass


async def test_a_command_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = (
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(100)'])\n"
        f"Path({str(pids)!r}).write_text(f'{{os.getpid()}} {{child.pid}}')\ntime.sleep(100)"
    )
    with pytest.raises(OSError, match=r"it was not done after 2 s"):
        async with maker(tmp_path, script, seconds=2.0).made():
            pass
    await gone(*pids.read_text().split())


async def test_a_gateway_that_ends_ends_it_too(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = f"Path({str(pids)!r}).write_text(str(os.getpid()))\ntime.sleep(100)"

    async def make() -> None:
        async with maker(tmp_path, script).made():
            raise AssertionError

    making = asyncio.create_task(make())
    await until(lambda: pids.exists() and pids.read_text(), every_s=0.01)
    making.cancel()
    await asyncio.gather(making, return_exceptions=True)
    await gone(*pids.read_text().split())


async def gone(*pids: str) -> None:
    await until(lambda: all(_has_ended(Path("/proc", pid, "stat")) for pid in pids), every_s=0.01)


def _has_ended(stat: Path) -> bool:
    try:
        return stat.read_text().rpartition(")")[2].split()[0] == "Z"  # nobody's child any more, and not yet buried
    except (FileNotFoundError, ProcessLookupError):
        return True


async def test_the_real_command_gives_a_real_bundle_without_what_was_planted(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    await machine.live()
    environment = {
        "PATH": f"{tmp_path}/commands:/usr/bin:/bin",
        "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent",
        "BEACON_GATEWAY_WECHAT_CALLBACK_TOKEN": planted.TOKEN,
        "BEACON_GATEWAY_WECHAT_CALLBACK_AES_KEY": planted.AES_KEY,
    }
    bundles = BundleMaker(machine.config, environment={**os.environ, **environment})
    async with opened(bundles) as (browser, _):
        answer, body = await browser.press()
    assert answer.status == 200, body.decode()
    with tarfile.open(fileobj=BytesIO(body)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        texts = b"".join(file.read() for member in archive if (file := archive.extractfile(member)))
    assert {"README.txt", "doctor.json", "status.json", "state/audit.jsonl", "files/gateway.yaml"} <= names
    assert not list(traces(texts))
