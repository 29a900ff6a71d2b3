"""All that is asked for a support bundle, each with its time and its size. Nothing here changes anything."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from beacon_gateway.adapters.bundle.contents import MOST_BYTES, content_of, holds_links, sizes, yaml_files
from beacon_gateway.adapters.bundle.gathering import Source
from beacon_gateway.adapters.bundle.integrity import integrity
from beacon_gateway.adapters.bundle.output import Limits, output_of
from beacon_gateway.adapters.machine.versions import versions
from beacon_gateway.adapters.secrets.secret import CREDENTIAL
from beacon_gateway.adapters.state.status_file import FILE as STATUS
from beacon_gateway.core.support.bundle import Piece

PATIENCE: Final = 150.0
"""Seconds for everything together: doctor listens, asks WeChat, and a Pi takes its time."""
MOST_STATUS_BYTES: Final = 4 << 20
"""Enough for 10,000 beacons."""
DAYS: Final = "7d"
ROWS: Final = "5000"

GATEWAY_UNITS: Final = (
    "beacon-gateway.service",
    "beacon-gateway-bluetooth.path",
    "beacon-gateway-bluetooth.service",
    "beacon-gateway-setup.service",
)
BLUETOOTH_UNIT: Final = "bluetooth.service"
KERNEL_LINES: Final = "bluetooth|brcm|hci|mmc|voltage|throttl|ext4|usb .*disconnect|watchdog|out of memory"
"""In lower case: journalctl then looks for either case."""
PACKAGES: Final = (
    "beacon-gateway",
    "bluez",
    "bluez-firmware",
    "firmware-brcm80211",
    "raspi-firmware",
    "pi-bluetooth",
    "systemd",
)

JOURNAL: Final = Limits(seconds=30.0, most_bytes=768 << 10, newest=True)
KERNEL: Final = Limits(seconds=30.0, most_bytes=192 << 10, newest=True)
ROWS_AS_TEXT: Final = Limits(seconds=30.0, most_bytes=1 << 20, newest=True)
DOCTOR: Final = Limits(seconds=100.0, most_bytes=1 << 20)
SHORT: Final = Limits(seconds=10.0, most_bytes=128 << 10)
QUICK_CHECK_SECONDS: Final = 20.0

QUOTING: Final = frozenset({"check", "doctor"})
QUOTES: Final = ("zh", "en", "text", "details")
"""In what these commands print about a faulty file."""


@dataclass(frozen=True, slots=True)
class Places:
    config: Path
    store: Path
    state: Path
    runtime: Path


def sources(places: Places, environment: Mapping[str, str] = os.environ) -> list[Source]:
    """Name all sources; the first takes longest."""
    search = f"{environment.get('PATH') or '/usr/bin:/bin'}:/usr/sbin:/sbin"  # rfkill is there
    own = {**environment, "PATH": search, "LC_ALL": "C.UTF-8"}
    given = {name: environment[name] for name in ("DBUS_SYSTEM_BUS_ADDRESS",) if name in environment}
    theirs = {**given, "PATH": search, "LC_ALL": "C.UTF-8", "SYSTEMD_COLORS": "0", "SYSTEMD_PAGER": "", "TERM": "dumb"}
    return [
        _of_ours("doctor.json", ("doctor", "--json"), DOCTOR, places, own),
        _file("status.json", places.runtime / STATUS, MOST_STATUS_BYTES, within=places.runtime),
        Source("versions.txt", "versions", partial(_versions, theirs)),
        *_files_of_people(places, own),
        *_state(places, own),
        *_units(theirs),
        *_journals(theirs),
        *_machine(theirs),
    ]


def _files_of_people(places: Places, environment: Mapping[str, str]) -> list[Source]:
    return [
        _file("files/gateway.yaml", places.config),
        Source("files/store", str(places.store), partial(yaml_files, "files/store", places.store)),
        _of_ours("files/check.json", ("check", "--json"), ROWS_AS_TEXT, places, environment),
    ]


def _state(places: Places, environment: Mapping[str, str]) -> list[Source]:
    files = (places.config, places.config.parent / CREDENTIAL)
    newest = ("--since", DAYS, "--limit", ROWS, "--json")
    return [
        _of_ours("state/events.jsonl", ("events", *newest), ROWS_AS_TEXT, places, environment),
        _of_ours("state/audit.jsonl", ("audit", *newest), ROWS_AS_TEXT, places, environment),
        _of_ours("state/stored.json", ("privacy", "report", "--json"), SHORT, places, environment),
        Source(
            "state/integrity.txt",
            "PRAGMA quick_check",
            lambda: [integrity("state/integrity.txt", places.state, QUICK_CHECK_SECONDS)],
        ),
        Source(
            "state/sizes.txt",
            "sizes of state files",
            lambda: [sizes("state/sizes.txt", (places.state, places.runtime, places.store), files)],
        ),
    ]


def _units(environment: Mapping[str, str]) -> list[Source]:
    units = (*GATEWAY_UNITS, BLUETOOTH_UNIT)
    return [
        _of("units/status.txt", ("systemctl", "status", "--no-pager", "--full", "--lines=0", *units), environment),
        _of("units/show.txt", ("systemctl", "show", "--no-pager", *units), environment),
        _of("units/files.txt", ("systemctl", "cat", "--no-pager", *units), environment),
        _of("units/security.txt", ("systemd-analyze", "security", "--no-pager", GATEWAY_UNITS[0]), environment),
    ]


def _journals(environment: Mapping[str, str]) -> list[Source]:
    asked = []
    for name, boot in (("", "0"), (".previous-boot", "-1")):
        about = ("journalctl", "--no-pager", "--no-hostname", "--output=short-iso", f"--boot={boot}", f"--lines={ROWS}")
        ours = tuple(f"--unit={unit}" for unit in GATEWAY_UNITS)
        kernel = (*about[:3], "--output=short-monotonic", *about[4:], "--dmesg", f"--grep={KERNEL_LINES}")
        asked += [
            _of(f"journal/gateway{name}.txt", (*about, *ours), environment, JOURNAL),
            _of(f"journal/bluetooth{name}.txt", (*about, f"--unit={BLUETOOTH_UNIT}"), environment, KERNEL),
            _of(f"journal/kernel{name}.txt", kernel, environment, KERNEL),
        ]
    boots = ("journalctl", "--no-pager", "--list-boots")
    return [*asked, _of("journal/boots.txt", boots, environment, Limits(20.0, 16 << 10, newest=True))]


def _machine(environment: Mapping[str, str]) -> list[Source]:
    commands: Sequence[tuple[str, tuple[str, ...]]] = (
        # Adapters only: the devices that bluetoothd lists are people passing by.
        ("adapters", ("bluetoothctl", "list")),
        ("adapter", ("bluetoothctl", "show")),
        ("rfkill", ("rfkill", "list")),
        ("disks", ("df", "--local", "--print-type", "-k")),
        ("inodes", ("df", "--local", "--inodes")),
        ("memory", ("free", "-k")),
        ("uptime", ("uptime",)),
        ("time", ("timedatectl", "--no-pager")),
        ("throttled", ("vcgencmd", "get_throttled")),
        ("addresses", ("ip", "-brief", "address")),
    )
    files = (
        ("mounts.txt", "/proc/mounts"),
        (
            "boot-config.txt",
            "/boot/firmware/config.txt" if Path("/boot/firmware/config.txt").exists() else "/boot/config.txt",
        ),
        ("bluetooth-main.conf", "/etc/bluetooth/main.conf"),
    )
    return [
        *(_of(f"machine/{name}.txt", words, environment) for name, words in commands),
        *(_file(f"machine/{name}", Path(path)) for name, path in files),
    ]


def _versions(environment: Mapping[str, str]) -> Sequence[Piece]:
    asked = (
        ("BlueZ", ("bluetoothctl", "--version")),
        ("machine", ("uname", "-srvm")),  # without the host's name
        ("packages", ("dpkg-query", "--show", "--showformat=\n  ${Package} ${Version} ${db:Status-Abbrev}", *PACKAGES)),
    )
    lines = [*(f"{what}: {version}" for what, version in versions().items()), f"program: {sys.executable}"]
    model = content_of("", Path("/proc/device-tree/model"), 1 << 10)
    lines.append(f"model: {model.text or model.note}")
    for what, words in asked:
        said = output_of("", words, SHORT, environment)
        lines.append(f"{what}: {said.text.rstrip() or said.note}")
    release = content_of("", Path("/etc/os-release"), 4 << 10)
    lines.append(f"\n{release.text or release.note}")
    return [Piece("versions.txt", "versions of what runs here", "\n".join([*lines, ""]))]


def _of(name: str, words: Sequence[str], environment: Mapping[str, str], limits: Limits = SHORT) -> Source:
    return Source(name, " ".join(words), lambda: [output_of(name, words, limits, environment)])


def _of_ours(name: str, words: Sequence[str], limits: Limits, places: Places, environment: Mapping[str, str]) -> Source:
    """Ask a command of this program, in a process of its own: one that hangs can be stopped."""
    isolated = ("-I",) if sys.flags.isolated else ()
    config = ("--config", str(places.config)) if words[0] != "check" else (str(places.config),)
    typed = (sys.executable, *isolated, "-m", "beacon_gateway", *words, *config)
    shown = " ".join(("beacon-gateway", *words))

    def ask() -> Sequence[Piece]:
        piece = output_of(name, typed, limits, environment, shown)
        return [_without_quotes(piece) if words[0] in QUOTING and holds_links(places.store) else piece]

    return Source(name, shown, ask)


def _without_quotes(piece: Piece) -> Piece:
    """Take out what quotes the store's files: a link among them may lead to a file that only root can read."""
    try:
        said = json.loads(piece.text)
        for found in said if isinstance(said, list) else said["findings"]:
            for part in QUOTES if found.get("check", "files") == "files" else ():
                found.pop(part, None)
    except (ValueError, KeyError, TypeError, AttributeError):
        return replace(piece, text="", note="left out: the store's files hold links")
    note = "; ".join(filter(None, ("without quotes of the store's files: there are links among them", piece.note)))
    return replace(piece, text=json.dumps(said, ensure_ascii=False, indent=1), note=note)


def _file(name: str, path: Path, most_bytes: int = MOST_BYTES, *, within: Path | None = None) -> Source:
    return Source(name, str(path), lambda: [content_of(name, path, most_bytes, within=within)])
