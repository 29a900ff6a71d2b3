"""The Raspberry Pi itself: real files in a folder, real programs with a deadline."""

import os
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from beacon_gateway.adapters.machine.hardware import disk
from beacon_gateway.adapters.machine.observing import MAX_OBSERVED_BYTES, SystemTools, observe
from beacon_gateway.adapters.machine.radios import frequency
from beacon_gateway.core.doctor.finding import FindingReason, Unavailable
from beacon_gateway.core.doctor.machine import Disk, StorageWrites, judge_disk, judge_written
from tests.commands.doctor.pi import CONFIG, UART, USB, Pi

EVENTS = "wechat: {appid: wx0123456789abcdef, events: {basis: consent}}\n"
STAT = "4711 (a ) b) S 1 4711 4711 0 -1 4194560 1 0 0 0 5 5 0 0 20 0 4 0 {begun} 1 1\n"
FREQUENCY = "Connected to 00:11:22:33:44:55 (on wlan0)\n\tSSID: store\n\tfreq: {mhz}\n"


def test_a_clock_that_no_service_set_is_a_fault_with_the_command_that_sets_it(pi: Pi) -> None:
    pi.synchronised = False
    report = pi.look()
    assert (report.level("clock"), report.fix("clock")) == ("fail", "sudo timedatectl set-ntp true")
    pi.synchronised = True
    assert pi.look().level("clock") == "ok"


def test_a_clock_that_is_declared_right_is_named_and_no_fault(pi: Pi) -> None:
    pi.synchronised = False
    pi.config(CONFIG + "clock: trusted\n")
    report = pi.look()
    assert report.level("clock") == "ok"
    assert any("clock: trusted" in line for line in report.text)


@pytest.mark.parametrize(("bits", "level"), [("0", "ok"), ("50000", "warn"), ("50005", "fail"), ("20002", "ok")])
def test_under_voltage_now_or_since_the_start_is_told_by_the_firmware(pi: Pi, bits: str, level: str) -> None:
    pi.file("sys/devices/platform/soc/soc:firmware/get_throttled", f"{bits}\n")
    assert pi.look().level("power") == level


def test_where_the_kernel_does_not_show_it_vcgencmd_tells(pi: Pi) -> None:
    assert "not available on this machine" in pi.look()["power"]
    pi.program("vcgencmd", "echo throttled=0x50005")
    assert "too low now" in pi.look()["power"]
    pi.program("vcgencmd", "echo garbage")
    assert pi.look().level("power") == "unseen"


ROOMY = Disk("/var/lib/x", 4_000_000_000, 8_000_000_000, 400_000, 500_000, read_only=False)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (ROOMY, "ok doctor.disk.roomy"),
        (replace(ROOMY, free=400_000_000), "warn doctor.disk.full"),
        (replace(ROOMY, free=99_000_000), "fail doctor.disk.full"),
        (replace(ROOMY, inodes_free=24_000), "warn doctor.disk.no-inodes"),
        (replace(ROOMY, inodes_free=4_000), "fail doctor.disk.no-inodes"),
        (replace(ROOMY, inodes_free=0, inodes=0), "ok doctor.disk.roomy"),  # btrfs and FAT count none
        (replace(ROOMY, read_only=True), "fail doctor.disk.read-only"),
    ],
)
def test_a_disk_is_judged_by_room_by_inodes_and_by_whether_it_takes_anything(found: Disk, says: str) -> None:
    finding = judge_disk(found)
    assert f"{finding.level} {finding.phrase}" == says
    assert bool(finding.fix) is (finding.level != "ok")


def test_the_disk_is_that_of_the_state_folder_or_of_the_nearest_folder_above(tmp_path: Path) -> None:
    here, below = disk(tmp_path), disk(tmp_path / "not" / "yet")
    assert (here.size, here.inodes) == (below.size, below.inodes)
    assert 0 < here.free <= here.size
    assert not here.read_only


def test_swap_on_the_card_matters_where_shakes_are_received(pi: Pi) -> None:
    assert "none on the card" in pi.look()["swap"]
    pi.file("proc/swaps", "Filename Type\n/var/swap file 102396 0 -2\n")
    assert pi.look().level("swap") == "ok"
    pi.config(CONFIG + EVENTS)
    report = pi.look(offline=True)
    assert (report.level("swap"), report.fix("swap")) == ("warn", "sudo swapoff /var/swap")
    pi.file("etc/dphys-swapfile", "")
    assert pi.look(offline=True).fix("swap") == "sudo systemctl disable --now dphys-swapfile"


@pytest.mark.parametrize(("backing", "level"), [("none\n", "ok"), ("/dev/loop0\n", "warn")])
def test_compressed_memory_is_no_swap_on_the_card_unless_it_is_written_back(pi: Pi, backing: str, level: str) -> None:
    pi.config(CONFIG + EVENTS)
    pi.file("proc/swaps", "Filename\n/dev/zram0 partition 1024 0 100\n")
    pi.file("sys/block/zram0/backing_dev", backing)
    assert pi.look(offline=True).level("swap") == level


def test_what_the_daemons_process_wrote_is_measured_against_a_days_budget(pi: Pi) -> None:
    hertz = os.sysconf("SC_CLK_TCK")
    pi.unit(MainPID="4711")
    pi.file("proc/4711/io", "rchar: 1\nwrite_bytes: 21000000\ncancelled_write_bytes: 0\n")
    pi.file("proc/4711/stat", STAT.format(begun=(100_000 - 7200) * hertz))
    report = pi.look()
    assert "written 21.0 MB in 2.0 h, more than 20 MB a day" in report["card"]
    assert report.fix("card") == f"sudoedit {pi.gateway_yaml}"
    pi.file("proc/4711/io", "write_bytes: 2000000\n")
    assert "2.0 MB in 2.0 h, within 20 MB a day" in pi.look()["card"]
    pi.file("proc/4711/io", "nothing of the kind\n")
    assert pi.look().level("card") == "unseen"


@pytest.mark.parametrize(
    ("days", "megabytes", "level"), [(0.1, 19, "ok"), (1, 21, "warn"), (9, 170, "ok"), (9, 190, "warn")]
)
def test_after_the_first_day_the_average_counts(days: float, megabytes: int, level: str) -> None:
    assert judge_written(StorageWrites(megabytes * 1_000_000, days * 86_400), "gateway.yaml").level == level


@pytest.mark.parametrize(
    ("device", "mhz", "level"),
    [(UART, "2437", "warn"), (UART, "2437.0", "warn"), (UART, "5180", "ok"), (USB, "2437", "ok")],
)
def test_wifi_on_2_4_ghz_disturbs_the_on_board_radio_only(pi: Pi, device: str, mhz: str, level: str) -> None:
    pi.adapter(device)
    (pi.root / "sys/class/net/wlan0/wireless").mkdir(parents=True)
    pi.program("iw", f"cat <<'END'\n{FREQUENCY.format(mhz=mhz)}END")
    report = pi.look()
    assert report.level("wifi") == level
    assert level == "ok" or "Ethernet, 5 GHz Wi-Fi or a USB Bluetooth dongle" in report["wifi"]


def test_wifi_that_is_not_connected_is_none(pi: Pi) -> None:
    pi.adapter(UART)
    (pi.root / "sys/class/net/wlan0/phy80211").mkdir(parents=True)
    pi.program("iw", "echo 'Not connected.'")
    assert pi.look().level("wifi") == "ok"


@pytest.mark.parametrize(
    ("mantissa", "exponent", "mhz"),
    [(2437, 6, 2437), (241_200_000, 1, 2412), (5_180_000_0, 2, 5180), (6, 0, None), (1, 99, None)],
)
def test_the_kernels_answer_is_a_mantissa_and_an_exponent(mantissa: int, exponent: int, mhz: int | None) -> None:
    assert frequency(struct.pack("=16sihBB8x", b"wlan0", mantissa, exponent, 0, 0)) == mhz


@pytest.mark.parametrize(
    ("soft", "hard", "says"), [("1", "0", "soft"), ("0", "1", "hardware"), ("0", "0", "not blocked")]
)
def test_a_blocked_adapter_is_told_with_the_kind_of_switch(pi: Pi, soft: str, hard: str, says: str) -> None:
    for number, kind in enumerate(("wlan", "bluetooth")):
        folder = f"sys/class/rfkill/rfkill{number}"
        for name, text in {"type": kind, "name": f"hci{number}", "soft": soft, "hard": hard}.items():
            pi.file(f"{folder}/{name}", text + "\n")
    report = pi.look()
    assert says in report["blocked"]
    assert (soft == "1") is ("rfkill unblock bluetooth" in report.fix("blocked"))


def test_controller_mode_le_is_found_where_bluetoothd_reads_it(pi: Pi) -> None:
    assert pi.look().level("controller-mode") == "ok"
    pi.file("etc/bluetooth/main.conf", "[General]\n#ControllerMode = le\n[Policy]\nControllerMode = le\n")
    assert pi.look().level("controller-mode") == "ok"
    pi.file("etc/bluetooth/main.conf", "[General]\nControllerMode=dual\nControllerMode = le\n")
    report = pi.look()
    assert report.level("controller-mode") == "warn"
    assert report.fix("controller-mode").startswith("sudo sed -i")


@pytest.mark.parametrize(
    ("said", "level"), [("5.66", "ok"), ("5.82", "ok"), ("6.1", "ok"), ("5.55", "fail"), ("4.101", "fail")]
)
def test_a_bluetoothd_older_than_bookworms_is_too_old(pi: Pi, said: str, level: str) -> None:
    pi.program("bluetoothd", f"echo {said}", at="usr/libexec/bluetooth")
    report = pi.look()
    assert report.level("bluetoothd-version") == level
    assert said in report["bluetoothd-version"]


def test_without_bluetoothd_in_its_place_bluetoothctl_tells_the_version(pi: Pi) -> None:
    assert "5.66" in pi.look()["bluetoothd-version"]


def test_a_program_that_never_ends_or_never_stops_talking_is_not_waited_for(tmp_path: Path) -> None:
    tools = SystemTools("/usr/bin:/bin", patience=0.1)
    assert tools.ask("sleep", "1000") is None
    assert len(tools.ask("yes") or "") == MAX_OBSERVED_BYTES
    assert tools.ask("no-such-program") is None
    assert tools.ask_file(tmp_path / "nothing") is None


def test_what_nobody_may_see_needs_root_and_what_is_not_there_is_not_told() -> None:
    def refused() -> int:
        raise PermissionError

    assert observe(refused) == Unavailable(FindingReason.NEEDS_ROOT)
    assert observe(lambda: int(Path("/nonexistent").read_text())) == Unavailable(FindingReason.NOT_TOLD)
    assert isinstance(observe(lambda: int("x")), Unavailable)
