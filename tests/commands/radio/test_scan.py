"""`scan` as store IT types it, on a real bus; and what it records."""

import asyncio
import json
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from beacon_gateway.adapters.recording.recorder import Recorder
from beacon_gateway.commands.radio.scan import ScanSession
from beacon_gateway.commands.radio.scan_display import PlainTable
from beacon_gateway.commands.radio.scan_view import LiveTable
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.core.model.advertisement import Take
from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.model.store import NOTHING, Beacon, Floor, Store
from beacon_gateway.core.radio.adapters import AdapterChoice
from beacon_gateway.core.radio.trouble import RadioCause
from beacon_gateway.core.tracking.survey import Survey
from tests.adapters.bluez.bluetoothd.conftest import bluez, bus  # noqa: F401 - fixtures
from tests.adapters.bluez.bluetoothd.fake_adapter import FakeAdapter
from tests.adapters.bluez.bluetoothd.fake_bluez import FakeBluez
from tests.adapters.bluez.bluetoothd.private_bus import PrivateBus
from tests.adapters.recording.air import AIR, HEADER, played
from tests.commands.command import Done, run, start, start_on, start_service
from tests.commands.test_run import FLOOR, KEY, write_files
from tests.patience import HANG_S, until

STRANGER = BeaconKey(KEY.uuid, 10_006, 77)
OTHER = bytes.fromhex("0215b9407f30f5f8466eaff925556b57fe6ded4e8931b6")
PHONE = {0x0075: bytes.fromhex("42040180aa102030405060")}
NO_BUS = "unix:path=/nonexistent/bus"


async def fill_the_air(bluez: FakeBluez, times: int = 3) -> None:  # noqa: F811 - the fixture
    """Let a beacon of the files, an unknown one, somebody else's and a phone each advertise so often."""
    await bluez.until(lambda: bluez.discovering)
    for _ in range(times):
        for number, data in enumerate(
            (
                {APPLE_COMPANY_ID: Frame(KEY, -59).payload()},
                {APPLE_COMPANY_ID: Frame(STRANGER, -59).payload()},
                {APPLE_COMPANY_ID: OTHER},
                PHONE,
            )
        ):
            await bluez.advertise(f"C0:00:00:00:00:{number:02X}", manufacturer_data=data, rssi=-65 - number)
    await bluez.delivered()


async def ended(process: asyncio.subprocess.Process, number: signal.Signals = signal.SIGINT) -> Done:
    process.send_signal(number)
    out, err = await process.communicate()
    return Done(process.returncode or 0, out.decode(), err.decode())


async def test_json_lines_name_what_is_heard_and_end_with_a_summary(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path, FLOOR + f"  desk: {{uuid: {KEY.uuid}, major: 1, minor: 1}}\n")
    scan = await start("scan", "--config", config, "--json", DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    await fill_the_air(bluez)
    assert scan.stdout
    first = json.loads(await scan.stdout.readline())  # comes while it scans
    done = await ended(scan)

    assert (done.code, done.err) == (0, "")
    *lines, last = [first, *(json.loads(line) for line in done.out.splitlines())]
    assert {(line["beacon"], line["minor"]) for line in lines} == {("escalator", 1), (None, 77)}
    escalator = [line for line in lines if line["beacon"]][-1]  # all of it, should a second end in the middle
    assert escalator.pop("at").endswith("+00:00")
    assert 0 < escalator.pop("rate") <= 3
    assert escalator == {
        "floor": "F6",
        "beacon": "escalator",
        "uuid": str(KEY.uuid).upper(),
        "major": 10006,
        "minor": 1,
        "rssi": -65.0,
        "zone": "near",
        "adverts": 3,
    }
    assert last == {
        "summary": {
            "adverts": 12,
            "heard": 1,
            "never_heard": [{"floor": "F6", "beacon": "desk"}],
            "unknown": 1,
            "unknown_forgotten": 0,
            "other_ibeacon_adverts": 3,
            "other_adverts": 3,
        }
    }


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_without_a_terminal_a_plain_table_comes_at_the_end(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
    number: signal.Signals,
) -> None:
    config = write_files(tmp_path, FLOOR.replace("{uuid", "{name: 北扶梯口, uuid"))
    scan = await start("scan", "--config", config, DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    await fill_the_air(bluez)
    done = await ended(scan, number)

    assert (done.code, done.err) == (0, "")
    yours, beacon, unknown, stranger, rest = done.out.splitlines()
    assert yours == "Declared beacons: 1 of 1 heard"
    assert beacon.split()[:5] == ["F6", "北扶梯口", "near", "-65", "dBm"]
    assert unknown == "Undeclared iBeacons under the store's UUIDs: 1"
    assert stranger.split()[:4] == [str(KEY.uuid).upper(), "10006/77", "-66", "dBm"]
    assert rest == "Others: 3 advertisements of other iBeacons, 3 of other devices."


async def test_a_beacon_that_was_set_up_wrongly_gets_the_advice_to_burn_it_anew(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config = write_files(tmp_path, FLOOR.replace("{uuid", "{name: 北扶梯口, uuid"))
    for words in ((), ("--json",)):
        scan = await start("scan", "--config", config, *words, DBUS_SYSTEM_BUS_ADDRESS=bus.address)
        await bluez.until(lambda: bluez.discovering)
        await bluez.advertise("C0:00:00:00:00:01", manufacturer_data={0x0059: Frame(KEY, -59).payload()}, rssi=-60)
        await bluez.delivered()
        done = await ended(scan)
        if not words:
            advice = done.out.splitlines()[-2]
            assert "the company id is 0x0059 and should be 0x004C: phones do not recognise it" in advice
            assert f"It seems to be 北扶梯口; reprogram it: {KEY}" in advice
        else:
            found = json.loads(done.out.splitlines()[-2])["look_alike"]
            assert (found["mistakes"], found["company"], found["meant"]["minor"]) == (["company"], "0x0059", 1)


@pytest.mark.parametrize("floor", [FLOOR.replace("10006", "70000"), ""])
async def test_with_faulty_files_it_scans_and_everything_is_unknown(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
    floor: str,
) -> None:
    config = write_files(tmp_path, floor)
    scan = await start("scan", "--config", config, DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    await fill_the_air(bluez)
    done = await ended(scan)

    assert done.code == 0
    assert "F6.yaml:" in done.err
    assert "so all iBeacons below are shown as undeclared." in done.err
    assert "Nearby iBeacons: 3" in done.out
    assert "10006/1 " in done.out


async def test_it_ends_after_its_seconds_by_itself(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    done = await run("scan", "--config", write_files(tmp_path), "--seconds", "2", DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    assert done.code == 0
    assert "Not heard yet on F6: escalator" in done.out
    assert bluez.calls["StopDiscovery"] == 1


# The radio


async def test_where_there_are_several_adapters_all_are_listed(
    bus: PrivateBus,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    adapters = [FakeAdapter("hci0", "F0:00:00:00:00:01"), FakeAdapter("hci9", "F0:00:00:00:00:09", powered=False)]
    async with FakeBluez.on(bus.address, adapters=adapters):
        words = ["scan", "--config", write_files(tmp_path), "--seconds", "1", "--language", "en"]
        done = await run(*words, DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    assert done.code == 0
    said = "Adapters: hci0 (F0:00:00:00:00:01) in use; also here: hci9 (F0:00:00:00:00:09, off)"
    assert done.err.splitlines() == [said]


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "The radio cannot be used: "), ("zh", "蓝牙无法使用")], ids=["en", "zh"]
)
async def test_without_a_bus_it_says_in_one_sentence_why(tmp_path: Path, language: str, sentence: str) -> None:
    config, recording = write_files(tmp_path), tmp_path / "air"
    words = ["scan", "--config", config, "--seconds", "2", "--language", language, "--record", str(recording)]
    done = await run(*words, DBUS_SYSTEM_BUS_ADDRESS=NO_BUS)
    assert (done.code, done.out) == (1, "")
    [line] = done.err.splitlines()
    assert line.startswith(sentence)
    assert {"en": "no such file or folder", "zh": "文件或文件夹不存在"}[language] in line
    assert not recording.exists()  # so that the same words can be typed again


async def test_an_adapter_without_power_is_named_in_the_sentence(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    await bluez.power("hci0", on=False)
    words = ["scan", "--config", write_files(tmp_path), "--seconds", "2", "--json"]
    done = await run(*words, DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    assert (done.code, done.out) == (1, "")
    assert "the adapter hci0 is powered off" in done.err


class FakeScan:
    async def lost(self, within: float) -> RadioCause | None:
        await asyncio.sleep(within)
        return None


async def test_a_bluetoothd_that_does_not_answer_is_named_in_the_sentence(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    bluez.hang("StartDiscovery")
    words = ["scan", "--config", write_files(tmp_path), "--seconds", "2"]
    done = await run(*words, DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("The radio cannot be used: bluetoothd does not respond.")


class FakeRadio:
    """Hands over what it was given, then is silent."""

    def __init__(self, *heard: tuple[Mapping[int, bytes], int]) -> None:
        self.adapters = AdapterChoice()
        self.broken = False
        self._heard = heard
        self.silent = asyncio.Event()

    @asynccontextmanager
    async def scanning(self, take: Take) -> AsyncIterator[FakeScan]:
        if self.broken:
            await asyncio.Event().wait()
        for manufacturer_data, rssi in self._heard:
            take(manufacturer_data, rssi)
        self.silent.set()
        yield FakeScan()


def scan_with(radio: FakeRadio, **options: Any) -> ScanSession:  # noqa: ANN401 - fields of Scan
    display = PlainTable(NOTHING, "F6", Language.ENGLISH)
    survey = Survey([], time.monotonic())
    wanted = {"recorder": None, "seconds": None} | options
    return ScanSession(radio=radio, survey=survey, display=display, language=Language.ENGLISH, **wanted)


async def test_a_radio_that_does_not_begin_is_given_up_without_a_time_being_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    radio = FakeRadio()
    radio.broken = True
    scan = scan_with(radio, begin_within=0.01)
    await scan.work()
    assert scan.conclude() == ExitCode.FAILED
    assert capsys.readouterr().err.startswith("The radio cannot be used: bluetoothd does not respond")


async def test_a_radio_that_has_begun_may_hear_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    scan = scan_with(FakeRadio(), seconds=0.01)
    await scan.work()
    assert scan.conclude() == ExitCode.FINE
    assert "0 of 0 heard" in capsys.readouterr().out


async def test_a_scan_that_nobody_reads_any_more_ends_quietly(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    """`scan --json | head -1`, without an end of its own."""
    ours, theirs = os.pipe()
    words = ("scan", "--json", "--config", write_files(tmp_path))
    scan = await start_on(theirs, *words, DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    os.close(theirs)
    await fill_the_air(bluez)
    assert json.loads((await asyncio.to_thread(os.read, ours, 65536)).splitlines()[0])
    os.close(ours)
    ending = asyncio.ensure_future(scan.wait())
    while not ending.done():
        if bluez.discovering:  # something to say
            await bluez.advertise(
                "C0:00:00:00:00:00", manufacturer_data={APPLE_COMPANY_ID: Frame(KEY, -59).payload()}, rssi=-65
            )
        await asyncio.wait({ending}, timeout=0.5)
    assert scan.stderr
    assert (scan.returncode, await scan.stderr.read()) == (0, b"")


# Recording


async def test_what_is_recorded_is_played_back_to_the_hits_that_the_daemon_logged(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config, recording = write_files(tmp_path), tmp_path / "air"
    daemon = await start_service(config, bus)
    scan = await start("scan", "--config", config, "--record", str(recording), DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    await bluez.until(lambda: bluez.calls["StartDiscovery"] == 2)  # beside each other
    await fill_the_air(bluez, times=5)
    scanned = await ended(scan)
    assert (await ended(daemon)).code == 0

    assert scanned.code == 0
    assert f"20 advertisements (0.0 MB) recorded to {recording}." in scanned.err
    log_before = (tmp_path / "state" / "hits.db").read_bytes()
    replayed = await run("run", "--config", config, "--replay", str(recording), "--json")
    assert (replayed.code, replayed.err) == (0, "")
    *hits, last = [json.loads(line) for line in replayed.out.splitlines()]
    logged = [json.loads(line) for line in (await run("hits", "--config", config, "--json")).out.splitlines()]
    while_it_ran = [hit for hit in logged if hit["reason"] != "shutdown"]
    names = ("gateway", "floor", "beacon", "uuid", "major", "minor", "kind", "zone", "boot", "revision")
    assert [[hit[name] for name in names] for hit in hits] == [[hit[name] for name in names] for hit in while_it_ran]
    assert len(hits) == 1
    assert hits[0]["monotonic"] == pytest.approx(while_it_ran[0]["monotonic"], abs=1)
    assert last["summary"]["adverts"] == 20
    assert last["summary"]["hits"] == {"F6": 1}
    assert last["summary"]["cut_off"] is False
    assert (tmp_path / "state" / "hits.db").read_bytes() == log_before
    content = recording.read_bytes()
    assert KEY.identity() in content
    assert PHONE[0x0075][:4] not in content
    assert bytes.fromhex("c000000000") not in content


async def test_a_scan_that_was_killed_leaves_a_recording_up_to_there(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    config, recording = write_files(tmp_path), tmp_path / "air"
    words = ["scan", "--config", config, "--json", "--record", str(recording)]
    scan = await start(*words, DBUS_SYSTEM_BUS_ADDRESS=bus.address)
    await fill_the_air(bluez)
    await until(lambda: recording.stat().st_size and played(recording)[0], every_s=0.01)
    await ended(scan, signal.SIGKILL)

    done = await run("run", "--config", config, "--replay", str(recording))
    assert done.code == 0
    assert "The recording has no end" in done.err
    assert "12 advertisements; hits: F6 1; never heard: nothing" in done.out


async def test_an_existing_file_is_not_recorded_to(tmp_path: Path) -> None:
    (tmp_path / "air").write_text("mine")
    words = ["scan", "--config", write_files(tmp_path), "--seconds", "1", "--record", str(tmp_path / "air")]
    done = await run(*words, DBUS_SYSTEM_BUS_ADDRESS=NO_BUS)
    assert done.code == 1
    assert (
        done.err
        == f"{tmp_path / 'air'} already exists and is not overwritten. Choose another file, or remove it first.\n"
    )
    assert (tmp_path / "air").read_text() == "mine"


async def test_a_place_where_nothing_can_be_written_is_named(tmp_path: Path) -> None:
    words = ["scan", "--config", write_files(tmp_path), "--seconds", "1", "--record", str(tmp_path / "no" / "air")]
    done = await run(*words, DBUS_SYSTEM_BUS_ADDRESS=NO_BUS)
    assert done.code == 1
    assert done.err == f"Cannot record to {tmp_path / 'no' / 'air'}: no such file or folder\n"


async def test_a_recording_that_is_full_is_told_once_and_the_scan_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = Recorder(tmp_path / "air", HEADER, limit=1)
    radio = FakeRadio(*((heard.manufacturer_data, heard.rssi) for heard in AIR))
    scan = scan_with(radio, recorder=recorder)
    working = asyncio.create_task(scan.work())
    await radio.silent.wait()
    working.cancel()
    await asyncio.wait({working})
    assert scan.conclude() == ExitCode.FINE
    captured = capsys.readouterr()
    assert captured.err.count("has reached its limit") == 1
    assert f"{sum(0x0075 in heard.manufacturer_data for heard in AIR)} of other devices" in captured.out


# On a terminal


async def test_on_a_terminal_the_table_is_drawn_while_it_scans(
    bus: PrivateBus,  # noqa: F811 - the fixture
    bluez: FakeBluez,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    ours, theirs = os.openpty()
    words = ["scan", "--config", write_files(tmp_path), "--seconds", "60"]
    scan = await start_on(theirs, *words, DBUS_SYSTEM_BUS_ADDRESS=bus.address, TERM="xterm", COLUMNS="100", LINES="30")
    os.close(theirs)
    await fill_the_air(bluez)
    drawn = b""
    async with asyncio.timeout(HANG_S):
        while b"escalator" not in drawn or b"10006/77" not in drawn:
            drawn += await asyncio.to_thread(os.read, ours, 65536)
    scan.send_signal(signal.SIGINT)
    _, err = await scan.communicate()
    os.close(ours)
    assert (scan.returncode, err) == (0, b"")


def crowded_store(count: int) -> tuple[Store, Survey]:
    """Return a store of so many beacons, all of them heard, as are as many unknown ones."""
    keys = [BeaconKey(KEY.uuid, 1, minor) for minor in range(count)]
    beacons = {key: Beacon(key, f"b{key.minor}", f"信标{key.minor:03}", "F6") for key in keys}
    survey = Survey(keys, 0.0)
    for minor in range(count):
        for major in (1, 2):
            survey.hear(
                {APPLE_COMPANY_ID: Frame(BeaconKey(KEY.uuid, major, minor), -59).payload()}, -60 - minor % 30, 1.0
            )
    return Store({"F6": Floor("F6", "六楼")}, beacons, {}), survey


@pytest.mark.parametrize("height", [12, 24, 60])
@pytest.mark.parametrize("count", [0, 1, 5, 300])
def test_the_table_fits_the_terminal_and_says_how_many_it_leaves_out(height: int, count: int) -> None:
    store, survey = crowded_store(count)
    console = Console(file=StringIO(), force_terminal=True, width=100, height=height)
    view = LiveTable(store, "F6", Language.CHINESE, console)
    with console.capture() as captured:
        console.print(view._draw(survey.overview(2.0), "正在录制", height))
    lines = captured.get().splitlines()
    assert len(lines) <= max(height, 14)
    shown = sum("dBm" in line for line in lines)
    left_out = sum(int(count) for line in lines for count in re.findall(r"还有 (\d+) 个", line))
    assert shown + left_out == 2 * count
