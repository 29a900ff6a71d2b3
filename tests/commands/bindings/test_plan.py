"""`plan`, `apply` and `hits` as store IT types them, against the emulated WeChat."""

import json
import random
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from beacon_gateway.simulator.wechat import Emulator, EmulatorSettings, InjectedFault
from tests.commands.command import SECRET, Done, run

APPID = "wx0123456789abcdef"
BINDPAGE = "/shakearound/device/bindpage"


@dataclass
class Office:
    """A folder with a gateway's files, and the account that they speak of."""

    folder: Path
    emulator: Emulator

    async def run(self, *words: str, secret: str = SECRET) -> Done:
        return await run(*words, "--config", str(self.folder / "gateway.yaml"), BEACON_GATEWAY_WECHAT_SECRET=secret)

    def write_floor(self, pages: str, *, beacons: int = 8) -> None:
        lines = ["floor: F6", "uuid: FDA50693-A4E2-4FB1-AFCF-C6EB07647825", "beacons:"]
        for minor in range(beacons):
            lines += [f"  beacon-{minor}:", "    major: 10006", f"    minor: {minor}", f"    pages: [{pages}]"]
        (self.folder / "store" / "floors" / "F6.yaml").write_text("\n".join(lines) + "\n")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    emulator = Emulator(EmulatorSettings(appid=APPID, secret=SECRET), clock=time.time, rng=random.Random(1))
    for minor in range(8):
        emulator.account.add_device(major=10006, minor=minor)
    spring = emulator.account.add_page(title="春季新品", description="八折", page_url="https://h5.example.com/1")
    winter = emulator.account.add_page(title="冬季", description="九折", page_url="https://h5.example.com/2")
    (tmp_path / "store" / "floors").mkdir(parents=True)
    (tmp_path / "store" / "pages.yaml").write_text(
        f"pages:\n  spring: {{wechat_page_id: {spring}}}\n  winter: {{wechat_page_id: {winter}}}\n"
    )
    async with emulator.serve() as api_base:
        (tmp_path / "gateway.yaml").write_text(
            f"gateway: pi\nfloor: F6\nlanguage: en\nstate: state\nwechat: {{appid: {APPID}, api_base: '{api_base}'}}\n"
        )
        office = Office(tmp_path, emulator)
        office.write_floor("spring")
        yield office


async def test_a_plan_is_shown_applied_and_then_there_is_nothing_to_do(office: Office) -> None:
    planned = await office.run("plan")
    assert planned.code == 2
    assert "+ beacon-0: nothing → spring" in planned.out
    assert office.emulator.count(BINDPAGE) == 0

    applied = await office.run("apply")
    assert applied.code == 0
    assert "8 changes applied, 8 read back." in applied.out
    assert office.emulator.count(BINDPAGE) == 8

    again = await office.run("apply")
    assert again.code == 0
    assert "Nothing to do" in again.out
    assert office.emulator.count(BINDPAGE) == 8


async def test_the_brake_refuses_a_mass_change_and_names_the_way_out(office: Office) -> None:
    await office.run("apply")
    office.write_floor("winter")

    refused = await office.run("apply")
    assert refused.code == 3
    assert "Stopped by the brake: 8 beacons" in refused.out
    assert "apply --force --reason" in refused.out
    assert office.emulator.count(BINDPAGE) == 8

    assert (await office.run("apply", "--force")).code == 64
    assert (await office.run("apply", "--force", "--reason", "winter begins")).code == 0
    assert office.emulator.count(BINDPAGE) == 16


async def test_a_stale_plan_is_refused_and_the_new_one_carried_out(office: Office) -> None:
    agreed = json.loads((await office.run("plan", "--json")).out)["digest"]
    office.write_floor("winter")
    stale = await office.run("apply", "--plan-hash", agreed)
    assert stale.code == 2
    assert f"not {agreed}" in stale.out
    assert office.emulator.count(BINDPAGE) == 0
    now = json.loads((await office.run("plan", "--json")).out)["digest"]
    assert (await office.run("apply", "--plan-hash", now)).code == 0


async def test_an_apply_is_undone_told_and_done_again(office: Office) -> None:
    await office.run("apply")
    office.write_floor("winter", beacons=5)
    await office.run("apply", "--reason", "winter begins", "--force")
    undone = await office.run("undo", "--reason", "too early", "--force")
    assert undone.code == 0
    assert "still say otherwise" in undone.out
    planned = await office.run("plan")
    assert planned.code == 2
    assert "(too early)" in planned.out

    told = await office.run("audit", "--json", "--since", "1h")
    lines = [json.loads(line) for line in told.out.splitlines()]
    assert [line["why"] for line in lines if line["cause"] == "undo"] == ["too early"] * 16
    assert "undo" in (await office.run("audit")).out

    again = await office.run("undo", "--reason", "not too early", "--force")
    assert again.code == 0
    assert "done again" in again.out
    assert (await office.run("plan")).code == 0


async def test_an_undo_that_the_brake_stops_names_its_own_command(office: Office) -> None:
    await office.run("apply")
    stopped = await office.run("undo")
    assert stopped.code == 3
    assert "undo --force --reason" in stopped.out
    assert "apply --force" not in stopped.out


async def test_undo_of_nothing_says_so(office: Office) -> None:
    nothing = await office.run("undo")
    assert nothing.code == 0
    assert "nothing to undo" in nothing.out
    assert (await office.run("audit")).code == 0


async def test_a_plan_as_json_is_one_object(office: Office) -> None:
    done = await office.run("plan", "--json")

    plan = json.loads(done.out)
    assert plan["changes"] == 8
    assert plan["bindings"][0]["beacon"]["major"] == 10006
    assert plan["bindings"][0]["pages"] == ["spring"]


async def test_a_wrong_secret_gives_4_and_is_never_repeated_to_the_screen(office: Office) -> None:
    done = await office.run("plan", secret="wrong" * 6)

    assert done.code == 4
    assert "The account needs attention" in done.err
    assert "wrongwrong" not in done.err + done.out


async def test_a_recalled_account_gives_4(office: Office) -> None:
    office.emulator.faults.add("/shakearound/*", InjectedFault.error(48001), times=None)

    done = await office.run("apply")
    assert done.code == 4
    assert "Tencent took the service back in 2021" in done.err


async def test_an_address_off_the_list_gives_4_and_is_named(office: Office) -> None:
    refusal = InjectedFault.error(40164, "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist")
    office.emulator.faults.add("/cgi-bin/stable_token", refusal, times=None)

    done = await office.run("plan")
    assert done.code == 4
    assert "Add 203.0.113.9 in the account's console" in done.err


async def test_a_used_up_quota_is_remembered_by_the_next_command(office: Office) -> None:
    office.emulator.faults.add("/shakearound/page/search", InjectedFault.error(45009))

    for _ in range(2):
        done = await office.run("plan")
        assert done.code == 1
        assert "Today's calls of /shakearound/page/search are used up" in done.err
    assert office.emulator.count("/shakearound/page/search") == 1


async def test_a_quota_used_up_on_the_way_tells_what_is_left_and_apply_goes_on_from_there(office: Office) -> None:
    office.emulator.faults.add(BINDPAGE, InjectedFault.content_type("application/json"), times=3)
    office.emulator.faults.add(BINDPAGE, InjectedFault.error(45009))
    done = await office.run("apply")
    assert done.code == 2
    assert "3 changes applied, 3 read back.\n5 changes left." in done.out
    assert f"Today's calls of {BINDPAGE} are used up" in done.out
    assert [f"+ beacon-{n}:" in done.out.partition("Not done yet")[2] for n in range(8)] == [False] * 3 + [True] * 5

    for file in (office.folder / "state").glob("quota.db*"):  # what a new day does
        file.unlink()
    done = await office.run("apply")
    assert done.code == 0
    assert "5 changes applied, 5 read back." in done.out


async def test_without_a_secret_it_says_where_one_is_looked_for(office: Office) -> None:
    done = await office.run("plan", secret="")

    assert done.code == 4
    assert "BEACON_GATEWAY_WECHAT_SECRET_FILE" in done.err


async def test_faulty_files_are_told_and_nothing_is_asked_of_wechat(office: Office) -> None:
    office.write_floor("sprnig")

    done = await office.run("apply")
    assert done.code == 78
    assert "Did you mean “spring”?" in done.err
    assert not office.emulator.calls


async def test_hits_of_a_gateway_that_never_ran_are_none(office: Office) -> None:
    done = await office.run("hits", "--floor", "F6", "--since", "12h")

    assert (done.code, done.out) == (0, "")
    assert not (office.folder / "state").exists()


async def test_what_one_beacon_could_not_is_named_and_the_rest_is_done(office: Office) -> None:
    device = next(iter(office.emulator.account.devices))
    office.emulator.faults.add(BINDPAGE, InjectedFault.error(-1), times=None, only=f'"device_id": {device}}}')
    done = await office.run("apply")
    assert done.code == 2
    _, _, left = done.out.partition("! Not done yet; it will be retried. WeChat is busy.")
    assert "+ beacon-0: nothing → spring\n7 changes applied, 7 read back.\n1 change left." in left
    told = json.loads((await office.run("apply", "--json")).out)
    ((step, code, beacon),) = [(item["step"], item["code"], item["beacon"]["name"]) for item in told["left"]]
    assert (step, code, beacon) == ("postponed", "-1", "beacon-0")


async def test_what_wechat_keeps_otherwise_is_said_and_not_written_for_ever(office: Office) -> None:
    office.emulator.faults.add(BINDPAGE, InjectedFault.error(9001032), times=None)
    done = await office.run("apply")
    assert done.code == 1
    assert "! Rejected. " in done.out
    shown = await office.run("plan")
    assert shown.code == 2
    assert (
        "! Rejected before, and not retried for now: it is retried when the files change it, or by apply." in shown.out
    )


async def test_a_gateway_with_the_ledger_of_another_account_changes_nothing_there(office: Office) -> None:
    await office.run("apply")
    config = office.folder / "gateway.yaml"
    theirs = Emulator(EmulatorSettings(appid=APPID[:-1] + "0", secret=SECRET), clock=time.time, rng=random.Random(2))
    theirs.account.add_device(major=10006, minor=0)
    async with theirs.serve() as api_base:
        ours = config.read_text()
        config.write_text(
            re.sub("wechat: .*", f"wechat: {{appid: {theirs.settings.appid}, api_base: '{api_base}'}}", ours)
        )
        for command in (["plan"], ["apply"], ["apply", "--force", "--reason", "x"], ["undo", "--reason", "x"]):
            done = await office.run(*command)
            assert done.code == 4, done.err
            assert "The ledger in the state folder (ledger.db) belongs to another account" in done.err
            assert f"{APPID} at " in done.err
        assert theirs.count(BINDPAGE) == 0
    config.write_text(ours)
    assert "Nothing to do" in (await office.run("apply")).out
