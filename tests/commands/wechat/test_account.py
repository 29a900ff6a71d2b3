"""`import`, `devices` and `account` as store IT types them, against the emulated WeChat."""

import hashlib
import json
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from beacon_gateway.core.bindings.ownership import mark
from beacon_gateway.core.model.store import OwnPage
from beacon_gateway.simulator.sample_account import furnish
from beacon_gateway.simulator.store import draw_icon
from beacon_gateway.simulator.wechat import EmulatedAccount, Emulator, EmulatorSettings, InjectedFault
from tests.commands.command import SECRET, Done, run

APPID = "wx0123456789abcdef"


@dataclass
class Desk:
    """A folder with a gateway.yaml and no store yet, and the account that it names."""

    folder: Path
    emulator: Emulator
    url: str

    @property
    def account(self) -> EmulatedAccount:
        return self.emulator.account

    async def run(self, *words: str) -> Done:
        config = ("--config", str(self.folder / "gateway.yaml"))
        return await run(*words, *config, BEACON_GATEWAY_WECHAT_SECRET=SECRET)

    async def imported(self, *options: str) -> Done:
        return await self.run("import", str(self.folder / "store"), *options)

    def write_config(self, floor: str) -> None:
        (self.folder / "gateway.yaml").write_text(
            f"gateway: pi\nfloor: {floor}\nlanguage: en\nstate: state\n"
            f"wechat: {{appid: {APPID}, api_base: '{self.url}'}}\n"
        )

    def icon(self, hue: int) -> str:
        return self.account.materials.add_icon(draw_icon(hue), time.time())


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    settings = EmulatorSettings(appid=APPID, secret=SECRET, fast_review=1.0)
    emulator = Emulator(settings, clock=time.time, rng=random.Random(1))
    async with emulator.serve() as url:
        emulator.account.materials.home = url
        desk = Desk(tmp_path, emulator, url)
        desk.write_config("major-10001")
        yield desk


async def test_an_import_checks_clean_and_plans_no_change(desk: Desk) -> None:
    furnish(desk.account, 60, time.time())

    done = await desk.imported("--json")
    assert done.code == 0, done.err
    summary = json.loads(done.out)
    assert (summary["beacons"], summary["pages"], summary["icons"], summary["icons_missing"]) == (60, 5, 5, 0)
    assert summary["floors"] == [f"major-{major}" for major in range(10001, 10006)]
    assert (await desk.run("check")).code == 0
    planned = await desk.run("plan")
    assert (planned.code, planned.out.splitlines()[-1]) == (0, "WeChat is in sync with the files. Nothing to do.")
    pages = (desk.folder / "store" / "pages.yaml").read_text(encoding="utf-8")
    assert "# 会员日 · 会员双倍积分\n  # https://mall.example.com/members\n  # icon: icons/page-" in pages
    assert "\n  coffee:\n    wechat_page_id: " in pages


async def test_a_thousand_beacons_of_which_one_shows_thirty_pages(desk: Desk) -> None:
    furnish(desk.account, 1000, time.time())
    pages = [
        desk.account.add_page(
            title="on", description="'\": #", page_url="http://a/b#c", icon_url=desk.icon(0), comment=f"{number}"
        )
        for number in range(30)
    ]
    desk.account.bind(next(iter(desk.account.devices)), pages)

    assert (await desk.imported()).code == 0
    assert (await desk.run("check")).code == 0
    assert (await desk.run("plan")).code == 0


async def test_an_empty_account_gives_a_folder_that_is_sound_too(desk: Desk) -> None:
    assert (await desk.imported()).code == 0
    desk.write_config("F1")
    assert (await desk.run("check")).code == 0
    assert (await desk.run("plan")).code == 0


async def test_a_page_with_a_mark_comes_back_as_our_own(desk: Desk) -> None:
    digest = hashlib.sha256(draw_icon(1)).hexdigest()
    for slug in ("spring", "a-long-slug"):
        page = OwnPage(slug, "春季新品", "全场八折", f"https://h5.example.com/{slug}", "", digest)
        desk.account.add_page(
            title=page.title,
            description=page.description,
            page_url=page.url,
            icon_url=desk.icon(1),
            comment=mark(page),
        )

    assert json.loads((await desk.imported("--json")).out)["own"] == 1
    pages = (desk.folder / "store" / "pages.yaml").read_text(encoding="utf-8")
    assert "  spring:  # wechat_page_id" in pages
    assert "    icon: icons/spring.png\n" in pages
    desk.write_config("F1")
    assert (await desk.run("plan")).code == 0


async def test_a_missing_icon_leaves_a_comment(desk: Desk) -> None:
    for address in (f"{desk.url}/nothing-here", "ftp://a/b", "http://127.0.0.1:1/x"):
        desk.account.add_page(title="会员日", description="双倍", page_url="https://a/b", icon_url=address)

    assert json.loads((await desk.imported("--json")).out)["icons_missing"] == 3
    pages = (desk.folder / "store" / "pages.yaml").read_text(encoding="utf-8")
    assert pages.count("# icon: could not be fetched (") == 3


async def test_what_is_there_is_not_overwritten(desk: Desk) -> None:
    (desk.folder / "store").mkdir()
    (desk.folder / "store" / "notes.txt").touch()

    done = await desk.imported()
    assert done.code == 64
    assert "store" in done.err
    assert not desk.emulator.calls


async def test_half_an_account_is_not_kept(desk: Desk) -> None:
    furnish(desk.account, 20, time.time())
    desk.emulator.faults.add("/shakearound/relation/search", InjectedFault.error(9001001))

    assert (await desk.imported()).code == 1
    assert [path.name for path in desk.folder.iterdir()] == ["gateway.yaml"]


@pytest.mark.parametrize("words", [("import", "x"), ("devices", "list"), ("account",)])
async def test_a_recalled_account_gives_4(desk: Desk, words: tuple[str, ...]) -> None:
    desk.emulator.faults.add("/shakearound/*", InjectedFault.error(48001), times=None)

    assert (await desk.run(*words)).code == 4


async def test_the_account_is_told_in_a_sentence(desk: Desk) -> None:
    furnish(desk.account, 7, time.time())

    assert "with 7 beacons and 5 pages" in (await desk.run("account")).out


async def test_devices_are_listed_with_the_pages_they_show(desk: Desk) -> None:
    furnish(desk.account, 7, time.time())

    rows = json.loads((await desk.run("devices", "list", "--json")).out)
    assert [row["pages"] for row in rows] == [1, 1, 1, 1, 1, 1, 0]
    lines = (await desk.run("devices", "list", "--csv")).out.splitlines()
    assert lines[0] == "\ufeffdevice_id,uuid,major,minor,comment,activated,last_active,pages"
    assert len(lines) == 8
    assert "1F 东门" in (await desk.run("devices", "list")).out


async def test_new_beacons_come_as_a_csv_that_excel_opens(desk: Desk) -> None:
    output = desk.folder / "burn.csv"
    done = await desk.run("devices", "request", "3", "--reason", "新店", "--output", str(output))

    assert done.code == 0, done.err
    content = output.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfuuid,major,minor,device_id\r\n")
    assert len(content.splitlines()) == 4


@pytest.mark.parametrize("fault", [InjectedFault.lose_answer(), InjectedFault.truncate()])
async def test_a_lost_answer_never_makes_a_second_batch(desk: Desk, fault: InjectedFault) -> None:
    desk.emulator.faults.add("/shakearound/device/applyid", fault)

    done = await desk.run("devices", "request", "3", "--reason", "x", "--json")
    assert done.code == 0, done.err
    assert len(json.loads(done.out)["devices"]) == 3
    assert len(desk.account.devices) == 3


async def test_a_large_application_waits_for_people(desk: Desk) -> None:
    words = ("devices", "request", "501", "--reason", "x")
    assert (await desk.run(*words)).code == 64
    assert not desk.emulator.calls

    done = await desk.run(*words, "--yes", "--json")
    assert done.code == 2
    number = json.loads(done.out)["apply_id"]
    assert f"devices status {number}" in done.err
    assert "nothing new was requested" in (await desk.run(*words, "--yes")).err
    desk.account.review(number, approve=True)
    granted = await desk.run("devices", "status", str(number))
    assert granted.code == 0
    assert len(granted.out.splitlines()) == 502
