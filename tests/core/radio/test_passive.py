"""What a passive scan does not hear, by bluetoothd's version and its configuration."""

import pytest

from beacon_gateway.core.doctor.bluetooth import AdapterEvidence, BluezEvidence, judge_passive, judge_version
from beacon_gateway.core.doctor.finding import Finding, FindingLevel, FindingReason, Unavailable
from beacon_gateway.core.model.settings import RadioSettings, ScanMode
from beacon_gateway.core.radio.passive import listening_share, monitor_fault, value_in, version_in

PASSIVE = RadioSettings(mode=ScanMode.PASSIVE)
WHOLE = "[LE]\nScanIntervalAdvMonitor=96\nScanWindowAdvMonitor=96\n"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("5.66", None),
        ("5.68", None),
        ("5.69", "blind"),
        ("5.70", "blind"),
        ("5.71", "ended"),
        ("5.82", "ended"),
        ("5.83", None),
        ("5.100", None),
        ("6.0", None),
    ],
)
def test_each_version_has_the_fault_that_its_source_has(said: str, fault: str | None) -> None:
    version = version_in(f"bluetoothctl: {said}\n")
    assert version
    assert monitor_fault(version) == fault


@pytest.mark.parametrize(
    ("main_conf", "share"),
    [
        ("", 0.5),
        ("[LE]\n#ScanIntervalAdvMonitor=96\n#ScanWindowAdvMonitor=96\n", 0.5),
        (WHOLE, 1.0),
        (WHOLE.replace("[LE]", "[General]"), 0.5),
        ("[LE]\nMinConnectionInterval=\n[GATT]\nCache=always\n" + WHOLE, 1.0),  # a group that comes twice counts as one
        (WHOLE + "[LE]\nScanWindowAdvMonitor = 24\n", 0.25),
        ("[LE]\nScanWindowAdvMonitor=0x60\n", 1.0),
        ("[LE]\nScanWindowAdvMonitor=3\n", 0.5),  # bluetoothd leaves out what is out of range
        ("[LE]\nScanWindowAdvMonitor=much\n", 0.5),
        ("[LE]\nScanWindowAdvMonitor=16384\n", 1.0),
    ],
)
def test_the_share_of_the_time_is_the_kernels_half_unless_bluetoothd_reads_otherwise(
    main_conf: str, share: float
) -> None:
    assert listening_share(main_conf) == share


def test_a_value_is_the_last_one_of_its_section() -> None:
    text = "a=1\n[S]\na = 2\n#a=3\n[T]\na=4\n[S]\na=5\nab=6\na\n"
    assert (value_in(text, "S", "a"), value_in(text, "T", "a"), value_in(text, "S", "b")) == ("5", "4", "")


def test_an_active_scan_has_none_of_these_limits() -> None:
    assert judge_passive("", RadioSettings()).level is FindingLevel.OK
    for said in ("5.69", "5.82"):
        found = judge_version(said, RadioSettings(), Unavailable(FindingReason.NO_BLUETOOTH))
        assert isinstance(found, Finding)
        assert found.level is FindingLevel.OK


def test_half_of_the_time_is_a_warning_with_the_two_lines_that_make_it_whole() -> None:
    half = judge_passive("", PASSIVE)
    assert (half.level, half.details["percent"]) == (FindingLevel.WARN, 50)
    for line in WHOLE.split():
        assert line in half.fix
    assert "sudo tee -a /etc/bluetooth/main.conf" in half.fix
    assert judge_passive(WHOLE, PASSIVE).level is FindingLevel.OK


def seen(*, extended: bool) -> BluezEvidence:
    return BluezEvidence(running=True, adapter=AdapterEvidence("hci0", "F0:00:00:00:00:01", True, True, extended))


@pytest.mark.parametrize(
    ("said", "bluez", "level"),
    [
        ("5.82", seen(extended=True), FindingLevel.WARN),
        ("5.82", seen(extended=False), FindingLevel.OK),
        ("5.82", Unavailable(FindingReason.NO_ANSWER), FindingLevel.WARN),
        ("5.83", seen(extended=True), FindingLevel.OK),
        ("5.66", seen(extended=True), FindingLevel.OK),
        ("5.70", seen(extended=False), FindingLevel.FAIL),
    ],
)
def test_a_version_that_ends_or_hears_nothing_is_told_for_the_adapter_that_is_used(
    said: str, bluez: BluezEvidence | Unavailable, level: FindingLevel
) -> None:
    found = judge_version(said, PASSIVE, bluez)
    assert isinstance(found, Finding)
    assert found.level is level
