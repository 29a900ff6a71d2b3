"""The life of one Pi, from `apt install` to `apt purge`: each test goes on where the last one left it."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from beacon_gateway.commands.wechat.emulator import SECRET
from beacon_gateway.simulator.store import APPID
from tests.vm.gateway import BEACONS, wait_for
from tests.vm.pages import SEE_OTHER, Visitor
from tests.vm.pi import ANSWERS, CURRENT, PREVIOUS, STATE, UNIT, Pi
from tests.vm.power_cut import cut_while_hits_come

UNITS: Final = (
    *(UNIT, "beacon-gateway-setup.service"),
    *("beacon-gateway-bluetooth.path", "beacon-gateway-bluetooth.service"),
)
KEPT: Final = "/var/cache/beacon-gateway/previous.deb"
DATABASES: Final = {"hits.db", "ledger.db", "quota.db"}
KNOWN_STATE: Final = {"daemon.json", "earlier", "last-good", "sync.lock", "lost+found"}
MOST_EXPOSED: Final = 2.0
MOST_MEMORY: Final = 64 * 1024
"""kB."""
STOPS: Final = 10.0
HEARS: Final = 120.0
CUTS: Final = 2
FILE_LIST: Final = """
find / -xdev \\( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /opt/guest \\
  -o -path /boot/firmware \\) -prune -o -print | sort
"""
MENTIONS: Final = "grep --recursive --files-with-matches --exclude='*-' beacon-gateway /etc /var/lib/systemd | sort"
NOT_OURS: Final = re.compile(
    r"/var/(lib/(apt|dpkg|systemd|bluetooth|dbus)|cache/(apt|debconf|ldconfig)|log|tmp|backups)(/|$)"
    r"|/etc/(\.updated|(passwd|group|shadow|gshadow|subuid|subgid)-?|ld\.so\.cache)$"
    r"|/usr/lib/python3.*__pycache__|/var/\.updated$"
)
"""What apt, dpkg, systemd and Python write for themselves."""
PLACES: Final = {
    "what systemd knows": (f"systemctl show --all {' '.join(UNITS)}", "LoadCredential"),
    "environments": ("cat /proc/[0-9]*/environ", "CREDENTIALS_DIRECTORY"),
    "command lines": ("cat /proc/[0-9]*/cmdline", "beacon-gateway"),
    "the journal": ("journalctl --no-pager --all --output verbose", "beacon-gateway"),
    "the status": ("cat /run/beacon-gateway/*", "f6-east"),
    "the databases": (f"cat {STATE}/*.db*", "SQLite"),
    "the configuration": ("cat /etc/beacon-gateway/gateway.yaml", "appid"),
}
"""Where people and programs look, and a word that is found there."""
CONFIG: Final = "/etc/beacon-gateway/gateway.yaml"
STORE: Final = "/etc/beacon-gateway/store"
F6: Final = f"{STORE}/floors/F6.yaml"
ACCOUNTS: Final = "/etc/beacon-gateway/web-accounts"
SHOWN: Final = (
    *(
        "/",
        "/floors",
        "/floors/F6",
        "/floors/F6/list",
        "/bindings",
        "/bindings/F6",
        "/bindings/pages",
        "/bindings/undo",
    ),
    *("/heat", "/live", "/gateway", "/gateway/log", "/api/status", "/api/check", "/api/report"),
)
OF_OWNERS: Final = pytest.mark.on("bookworm")
"""Who may write which file is the kernel's to say and ours, and the same on each release."""
IDENTITY: Final = "gateway: f6-east\nfloor: F6\nlanguage: en\n"
OPEN: Final = f"{IDENTITY}web: {{listen: '0.0.0.0:8080'}}\n"
EMULATED: Final = f"{IDENTITY}wechat: {{appid: {APPID}, api_base: 'http://127.0.0.1:8085'}}\n"
"""As `emulator` says that it is reached."""
EMULATORS_SECRET: Final = "/run/emulators-secret"
EXAMPLES: Final = "/usr/share/doc/beacon-gateway/examples/config/store"
MEMBERS: Final = """\
pages:
  members:
    title: Members
    description: Double points
    url: https://h5.example.com/members
    icon: icons/welcome.png
"""
FROM_OUTSIDE: Final = "192.0.2.1"
PASSWORD: Final = "long enough password"
OK: Final = 200
UNAUTHORIZED: Final = 401
NOT_SAVED: Final = 507
NO_TARGET: Final = 503
OPERATOR_EXIT: Final = 4
OPERATOR_NEEDED: Final = "78"
REMEMBER: Final = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
with db:
    db.execute("INSERT INTO run (revision, ended) VALUES ('before the upgrade', 1)")
"""
DUMP: Final = """
import sqlite3, sys
print(*sqlite3.connect(sys.argv[1]).iterdump(), sep="\\n")
"""


class Listing:
    """What there is on the disk, and who."""

    def __init__(self, pi: Pi) -> None:
        said = pi.machine.run("sh", "-c", FILE_LIST)
        self.files = {path for path in said.splitlines() if not NOT_OURS.match(path)}
        self.people = pi.machine.run("sh", "-c", "getent passwd; getent group").splitlines()
        self.mentions = pi.machine.run("sh", "-c", MENTIONS)


@pytest.fixture(scope="module")
def untouched(pi: Pi) -> Listing:
    return Listing(pi)


def main_process(pi: Pi) -> int:
    return pi.gateway.process()


def runs(pi: Pi, *, within: float = 120) -> float:
    return wait_for(f"{UNIT} is active", lambda: pi.property("ActiveState") == "active", within=within, every=1)


def scans(pi: Pi, *, within: float = HEARS) -> float:
    return wait_for("the chip scans", lambda: pi.gateway.chip_state()["scanning"], within=within, every=1)


def version(pi: Pi) -> str:
    return pi.machine.run("dpkg-query", "--show", "--showformat", "${Version}", "beacon-gateway")


def databases_are_sound(pi: Pi) -> None:
    """Claim it of a gateway that is stopped."""
    now = pi.look()
    assert set(now.databases) >= DATABASES
    assert set(now.databases.values()) == {"ok"}, now
    assert set(now.state) <= KNOWN_STATE | {f"{name}{end}" for name in DATABASES for end in ("", "-wal", "-shm")}, now


def patience(pi: Pi, watchdog: str | None) -> None:
    """Have systemd lose its patience sooner from the next start on; None: as shipped."""
    drop_in = f"/run/systemd/system/{UNIT}.d/sooner.conf"
    if watchdog:
        pi.machine.write(drop_in, f"[Service]\nWatchdogSec={watchdog}\nRestartSec=1\n")
    else:
        pi.machine.run("rm", drop_in)
    pi.machine.run("systemctl", "daemon-reload")


def memory(pi: Pi) -> int:
    """Return what the gateway takes, in kB."""
    status = pi.machine.read(f"/proc/{main_process(pi)}/status")
    return int(re.findall(r"^VmRSS:\s*(\d+)", status, re.MULTILINE)[0])


def owner(pi: Pi, path: str) -> str:
    return pi.machine.run("stat", "--format", "%U:%G %a", path)


def files_are_fine(pi: Pi) -> None:
    pi.machine.run("beacon-gateway", "check")  # raises


@contextmanager
def configured(pi: Pi, text: str) -> Iterator[Visitor]:
    """Run the gateway with another gateway.yaml."""
    before = pi.machine.read(CONFIG) + "\n"
    pi.machine.write(CONFIG, text)
    pi.machine.run("systemctl", "restart", UNIT)
    visitor = Visitor(pi.machine)
    visitor.waits_for_door()
    try:
        yield visitor
    finally:
        pi.machine.write(CONFIG, before)
        pi.machine.run("systemctl", "restart", UNIT)


@contextmanager
def emulated_account(pi: Pi) -> Iterator[Visitor]:
    """Run the gateway with an account whose WeChat is on this machine."""
    drop_in = f"/run/systemd/system/{UNIT}.d/emulated.conf"
    pi.machine.write(EMULATORS_SECRET, SECRET)
    pi.machine.write(drop_in, f"[Service]\nLoadCredential=\nLoadCredential=wechat-secret:{EMULATORS_SECRET}\n")
    pi.machine.run("systemctl", "daemon-reload")
    pi.machine.run("systemd-run", "--unit=emulator", "beacon-gateway", "emulator", "--devices", "72")
    try:
        wait_for("WeChat is there", lambda: APPID in pi.machine.run("journalctl", "-u", "emulator"), within=60)
        with configured(pi, EMULATED) as visitor:
            yield visitor
    finally:
        pi.machine.run("systemctl", "stop", "emulator")
        pi.machine.run("rm", drop_in, EMULATORS_SECRET)
        pi.machine.run("systemctl", "daemon-reload")
        pi.machine.run("systemctl", "restart", UNIT)


@contextmanager
def gone(pi: Pi, path: str) -> Iterator[None]:
    """Let a file be missing for the length of the block."""
    pi.machine.run("mv", path, f"{path}.away")
    try:
        yield
    finally:
        pi.machine.run("mv", f"{path}.away", path)


def account(pi: Pi) -> tuple[str, str]:
    """Return how the account stands, and the code of its trouble."""
    target = pi.gateway.status().get("targets", {}).get("wechat", {})
    return target.get("state", ""), target.get("code", "")


def is_present(pi: Pi, beacon: str) -> bool:
    return any(row["present"] for row in pi.gateway.status().get("beacons", ()) if row["beacon"] == beacon)


@contextmanager
def small_card(pi: Pi) -> Iterator[None]:
    """Run the gateway, which is stopped, with its state on a file system of a few megabytes."""
    pi.machine.run("mount", "/dev/vdc", STATE)
    pi.machine.run("chown", "beacon-gateway:beacon-gateway", STATE)
    pi.machine.run("systemctl", "start", UNIT)
    try:
        yield
    finally:
        pi.machine.run("systemctl", "stop", UNIT)
        pi.machine.run("umount", STATE)
        pi.machine.run("systemctl", "start", UNIT)


def on_the_ledger(pi: Pi, program: str) -> str:
    """Run it as the ledger's owner."""
    owner = ("setpriv", "--reuid=beacon-gateway", "--regid=beacon-gateway", "--clear-groups")
    return pi.machine.run(*owner, "/usr/bin/python3", "-c", program, f"{STATE}/ledger.db")


def downtime(pi: Pi) -> float:
    """Return the seconds between the end of one process and the readiness of the next, the last time."""
    left, entered = (int(pi.property(f"Active{turn}TimestampMonotonic")) for turn in ("Exit", "Enter"))
    return (entered - left) / 1e6


def test_it_installs_offline_and_waits_to_be_told_what_it_is(pi: Pi, untouched: Listing) -> None:
    assert not any("beacon-gateway" in path for path in untouched.files)
    began = time.monotonic()
    pi.apt("install", PREVIOUS)
    print(f"installed in {time.monotonic() - began:.0f} s")
    assert pi.property("UnitFileState") == "enabled"
    assert pi.property("ActiveState") == "inactive"
    assert pi.property("ConditionResult") == "no"
    assert "--experimental" in pi.property("ExecStart", "bluetooth.service")
    assert pi.machine.run("dpkg", "--audit") == ""


def test_systemd_finds_no_fault_with_the_units(pi: Pi) -> None:
    # Without man pages, which a machine may do without.
    assert pi.machine.run("systemd-analyze", "verify", "--man=no", *UNITS) == ""


def test_what_the_service_may_do_is_little(pi: Pi) -> None:
    said = pi.machine.run("systemd-analyze", "security", "--no-pager", UNIT)
    exposure = float(re.findall(r"Overall exposure level for \S+ ([\d.]+)", said)[0])
    print(f"systemd-analyze security: {exposure}")
    assert exposure <= MOST_EXPOSED


def test_a_boot_with_answers_on_the_boot_partition_is_the_first_start(pi: Pi, secret: str) -> None:
    pi.cut_power()  # right after dpkg said that it was done
    pi.switch_on()
    took = runs(pi)
    print(f"runs {took:.0f} s after the machine was up")
    assert pi.machine.run("dpkg", "--audit") == ""
    assert pi.machine.read(f"{ANSWERS}/wechat-secret") == ""
    assert pi.machine.read("/etc/beacon-gateway/wechat-secret").strip() == secret
    assert pi.machine.run("stat", "--format", "%U %a", "/etc/beacon-gateway/wechat-secret") == "root 600"
    assert pi.machine.run("stat", "--format", "%U %a", STATE) == "beacon-gateway 750"


def test_without_an_adapter_it_is_ready_and_says_why_it_does_not_listen(pi: Pi) -> None:
    assert pi.property("ActiveState") == "active"
    radio = pi.gateway.status()["radio"]
    print(f"state {radio['state']}, cause {radio['cause']}: {radio['reason']}")
    assert radio["cause"]
    said = pi.machine.run("beacon-gateway", "status", check=False)
    print(said)
    assert "adapter" in said


def test_it_is_ready_once_it_scans(pi: Pi) -> None:
    pi.plug_chip()
    took = scans(pi)
    print(f"scans {took:.0f} s after the adapter was plugged in")
    patience(pi, "20s")
    pi.machine.run("systemctl", "stop", UNIT)
    assert not pi.gateway.chip_state()["scanning"]
    before = pi.gateway.chip_state()["scans"]
    began = time.monotonic()
    pi.machine.run("systemctl", "start", UNIT)  # returns when it is ready
    assert pi.gateway.chip_state()["scans"] > before
    print(f"ready {time.monotonic() - began:.1f} s after the start")


def test_a_beacon_is_heard(pi: Pi) -> None:
    pi.gateway.send("resident", interval=0.5)
    pi.gateway.has_logged("enter", "resident", within=60)
    assert pi.gateway.status()["radio"]["monitor"]


def test_its_pages_are_shown(pi: Pi) -> None:
    visitor = Visitor(pi.machine)
    print(f"{memory(pi) / 1024:.1f} MB before anybody asked")
    for path in SHOWN:
        page = visitor.look(path)
        print(f"{path}: {page.seconds:.1f} s, {len(page.text)} characters, then {memory(pi) / 1024:.1f} MB")
        assert page.status == OK, page
    assert visitor.look("/bindings/F6").edited == pi.machine.read(F6) + "\n"


def test_where_wechat_is_out_of_reach_a_page_checks_and_saves_nothing(pi: Pi) -> None:
    visitor, before = Visitor(pi.machine), pi.machine.read(F6)
    page = visitor.look("/bindings/F6")
    checked = visitor.send("/bindings/F6", page, deed="check", text=page.edited, base=page.field("base"))
    assert "No errors" in checked.outcome
    edited = visitor.edit("F6", f"{page.edited}# typed in vain\n")
    print(f"{edited.status}: {edited.outcome}")
    assert edited.status == NO_TARGET
    assert "# typed in vain" in edited.edited
    assert pi.machine.read(F6) == before


def test_a_support_bundle_comes_by_the_page_and_holds_no_secret(pi: Pi) -> None:
    visitor, process = Visitor(pi.machine), main_process(pi)
    bundle = visitor.send("/gateway/bundle", visitor.look("/gateway"))
    assert bundle.status == OK, bundle
    peak = pi.machine.read(f"/sys/fs/cgroup/system.slice/{UNIT}/memory.peak") or "0"
    print(f"made in {bundle.seconds:.0f} s: {bundle.headers['Content-Length']} bytes")
    print(f"the unit took {int(peak) >> 20} MB at most, with the child and what the kernel keeps of files")
    print(visitor.member("sources.txt"))
    assert "gateway: f6-east" in visitor.member("files/gateway.yaml")
    assert int(visitor.archive("grep --text --fixed-strings --count f6-east"))
    assert visitor.archive("grep --text --fixed-strings --count --file=/etc/beacon-gateway/wechat-secret") == "0"
    assert main_process(pi) == process
    assert pi.machine.run("find", "/", "-xdev", "-name", "beacon-gateway-bundle-*") == ""


def test_its_memory_is_as_promised(pi: Pi) -> None:
    print(f"{memory(pi) / 1024:.1f} MB resident, {len(BEACONS)} beacons, sync on, every page was asked for")
    assert memory(pi) < MOST_MEMORY


def test_the_secret_is_nowhere_to_be_seen(pi: Pi, secret: str) -> None:
    assert pi.machine.read("/etc/beacon-gateway/wechat-secret").strip() == secret
    for place, (command, word) in PLACES.items():
        # In there, where a file has it: were it searched for by a command that names it, it would be found.
        count = "grep --text --fixed-strings --count"
        said = pi.machine.run(
            *("sh", "-c"),
            f"{command} >/run/said 2>/dev/null; {count} '{word}' /run/said; "
            f"{count} --file=/etc/beacon-gateway/wechat-secret /run/said",
            check=False,
        )
        words, secrets = map(int, said.split())
        assert words, place
        assert not secrets, place


def test_without_the_file_of_its_secret_it_starts_logs_and_says_what_is_missing(pi: Pi) -> None:
    with emulated_account(pi):
        wait_for("the account is as the files say", lambda: account(pi) == ("in-sync", ""), within=HEARS)
        with gone(pi, EMULATORS_SECRET):
            pi.machine.run("systemctl", "restart", UNIT)  # returns when it is ready
            took = wait_for("it says so", lambda: account(pi) == ("operator", "no-secret"), within=HEARS)
            said = pi.machine.run("sh", "-c", "beacon-gateway status; echo exit code $?")
            print(f"{took:.0f} s after it was ready:\n{said}")
            assert f"exit code {OPERATOR_EXIT}" in said
            assert "AppSecret" in said
            pi.gateway.hears("newcomer-58", within=HEARS)
            assert pi.property("NRestarts") == "0"
        assert pi.property("ActiveState") == "active"
        pi.machine.run("systemctl", "restart", UNIT)
        took = wait_for("the account is as the files say", lambda: account(pi) == ("in-sync", ""), within=HEARS)
        print(f"well {took:.0f} s after the file was back")


def test_what_is_saved_on_a_page_lies_on_the_card_and_is_bound(pi: Pi) -> None:
    with emulated_account(pi) as visitor:
        pi.machine.run("cp", "-r", f"{EXAMPLES}/icons", STORE)
        pages = visitor.edit("pages", MEMBERS)
        print(pages.outcome)
        assert pi.machine.read(f"{STORE}/pages.yaml") + "\n" == MEMBERS
        text = visitor.look("/bindings/F6").edited.replace("minor: 1}", "minor: 1, pages: [members]}")
        floor = visitor.edit("F6", text)
        print(f"{floor.outcome} {memory(pi) / 1024:.1f} MB")
        assert floor.outcome.startswith("Done: ")
        assert floor.edited == text
        assert pi.machine.read(F6) + "\n" == text
        assert owner(pi, F6) == "beacon-gateway:beacon-gateway 644"
        assert owner(pi, STORE) == owner(pi, f"{STORE}/floors") == "root:beacon-gateway 2775"
        assert owner(pi, f"{STATE}/earlier/F6") == "beacon-gateway:beacon-gateway 700"
        files_are_fine(pi)
        assert "to members: verified" in pi.machine.run("beacon-gateway", "audit", "--since", "1h")


@OF_OWNERS
def test_root_and_the_page_edit_the_same_file_in_turn(pi: Pi) -> None:
    with configured(pi, IDENTITY) as visitor:
        stale = visitor.look("/bindings/F6")
        # As some editors do: another file in its place, which is root's.
        pi.machine.run("sh", "-c", f"(cat {F6}; echo '# root was here') >{F6}~ && mv {F6}~ {F6}")
        assert owner(pi, F6) == "root:beacon-gateway 644"
        late = visitor.send("/bindings/F6", stale, deed="apply", text=stale.edited, base=stale.field("base"))
        assert "was changed while you edited it" in late.outcome
        text = f"{visitor.look('/bindings/F6').edited}# and so was somebody else\n"
        assert visitor.edit("F6", text).outcome == "Saved."
        assert pi.machine.read(F6).splitlines()[-2:] == ["# root was here", "# and so was somebody else"]
        files_are_fine(pi)


@OF_OWNERS
def test_folders_that_root_put_in_their_place_are_saved_to_after_a_restart(pi: Pi) -> None:
    with configured(pi, IDENTITY) as visitor:
        text = visitor.look("/bindings/F6").edited
        for folder in (STORE, f"{STORE}/floors"):
            other, old = f"{folder}.other", f"{folder}.old"
            pi.machine.run(
                "sh", "-c", f"cp -r {folder} {other} && mv {folder} {old} && mv {other} {folder} && rm -r {old}"
            )
            print(f"{folder}: {owner(pi, folder)}")
            text = f"{text}# in the place of {folder}\n"
            refused = visitor.edit("F6", text)
            print(refused.outcome)
            assert refused.status == NOT_SAVED
            assert "a restart of the service lets it" in refused.outcome
            pi.machine.run("systemctl", "restart", UNIT)
            visitor.waits_for_door()
            assert visitor.edit("F6", text).outcome == "Saved."
            assert owner(pi, folder) == "root:beacon-gateway 2775"


@OF_OWNERS
def test_a_folder_of_another_group_is_written_by_who_is_in_it(pi: Pi) -> None:
    pi.machine.run("groupadd", "store-staff")
    pi.machine.run("chgrp", "-R", "store-staff", STORE)
    pi.machine.run("chmod", "-R", "g+rwX,o+rX", STORE)
    with configured(pi, IDENTITY) as visitor:
        text = f"{visitor.look('/bindings/F6').edited}# of the group\n"
        refused = visitor.edit("F6", text)
        print(refused.outcome)
        assert refused.status == NOT_SAVED
        assert refused.edited == text
        pi.machine.run("usermod", "--append", "--groups", "store-staff", "beacon-gateway")
        pi.machine.run("systemctl", "restart", UNIT)
        visitor.waits_for_door()
        assert visitor.edit("F6", text).outcome == "Saved."
        assert owner(pi, F6) == "beacon-gateway:store-staff 664"
        assert owner(pi, f"{STORE}/floors") == "root:store-staff 2775"
        files_are_fine(pi)
        pi.machine.run("gpasswd", "--delete", "beacon-gateway", "store-staff")
        pi.machine.run("chgrp", "-R", "root", STORE)
        pi.machine.run("groupdel", "store-staff")


@OF_OWNERS
def test_a_store_whose_files_come_from_elsewhere_is_not_written(pi: Pi) -> None:
    pi.machine.write("/etc/beacon-gateway/store.managed", "")
    with configured(pi, IDENTITY) as visitor:
        before = pi.machine.read(F6)
        refused = visitor.edit("F6", f"{before}\n# in vain\n")
        assert refused.status == NOT_SAVED
        assert "store.managed" in refused.outcome
        assert pi.machine.read(F6) == before
        pi.machine.run("rm", "/etc/beacon-gateway/store.managed")


def test_open_to_all_without_an_account_it_ends_and_is_not_started_anew(pi: Pi) -> None:
    before = pi.machine.read(CONFIG)
    pi.machine.write(CONFIG, OPEN)
    pi.machine.run("systemctl", "restart", UNIT, check=False)
    assert pi.property("ExecMainStatus") == OPERATOR_NEEDED
    assert pi.property("SubState") == "failed"
    assert pi.property("NRestarts") == "0"
    said = pi.machine.run("journalctl", "--no-pager", "--unit", UNIT, "--lines", "20")
    assert "the gateway does not start like this. Create one: sudo beacon-gateway password" in said
    pi.machine.write(CONFIG, f"{before}\n")


def test_with_an_account_it_listens_and_people_log_in(pi: Pi) -> None:
    make = f"printf '%s\\n' '{PASSWORD}' | beacon-gateway password li.na --rank it"
    print(pi.machine.run("sh", "-c", make))
    assert owner(pi, ACCOUNTS) == "root:beacon-gateway 640"
    assert PASSWORD not in pi.machine.read(ACCOUNTS)
    pi.machine.run("busybox", "ip", "address", "add", f"{FROM_OUTSIDE}/32", "dev", "lo")
    with configured(pi, OPEN):
        visitor = Visitor(pi.machine, FROM_OUTSIDE)
        visitor.forget()
        assert visitor.look("/healthz").status in {OK, NO_TARGET}
        asked = visitor.look("/bindings/F6")
        assert (asked.status, asked.leads_to) == (SEE_OTHER, "/login?next=/bindings/F6")
        login = visitor.look(asked.leads_to)
        wrong = visitor.send("/login", login, name="li.na", password="not the password", next=login.field("next"))
        assert wrong.status == UNAUTHORIZED
        right = visitor.send("/login", wrong, name="li.na", password=PASSWORD, next=login.field("next"))
        print(f"logged in in {right.seconds:.1f} s, {memory(pi) / 1024:.1f} MB")
        assert (right.status, right.leads_to) == (SEE_OTHER, "/bindings/F6")
        text = f"{visitor.look('/bindings/F6').edited}# by one who logged in\n"
        assert visitor.edit("F6", text).outcome == "Saved."
        visitor.forget()
        assert visitor.look("/gateway").leads_to == "/login?next=/gateway"
    assert PASSWORD not in pi.machine.run("journalctl", "--no-pager", "--all", "--unit", UNIT)


def test_a_frozen_process_is_ended_and_another_takes_its_place(pi: Pi) -> None:
    frozen, before = main_process(pi), int(pi.property("NRestarts"))
    pi.machine.run("sh", "-c", f"kill -STOP {frozen}")
    began = time.monotonic()
    wait_for("it was started anew", lambda: int(pi.property("NRestarts")) > before, within=120, every=1)
    print(f"ended {time.monotonic() - began:.0f} s after it froze, with WatchdogSec=20s")
    runs(pi)
    assert main_process(pi) not in {0, frozen}
    pi.gateway.hears("newcomer-1", within=HEARS)
    patience(pi, None)


@pytest.mark.on("trixie")
def test_bluetoothd_started_anew_underneath(pi: Pi) -> None:
    before = main_process(pi)
    pi.machine.run("systemctl", "restart", "bluetooth")
    took = pi.gateway.hears("newcomer-2", within=HEARS)
    print(f"heard a newcomer {took:.0f} s after")
    assert main_process(pi) == before


def test_told_to_stop_it_stops_in_ten_seconds_and_loses_nothing(pi: Pi) -> None:
    pi.gateway.hears("newcomer-3", within=HEARS)
    pi.gateway.send("newcomer-4", interval=0.2)
    wait_for("it is there", lambda: is_present(pi, "newcomer-4"), within=60, every=0.5)
    began = time.monotonic()
    pi.machine.run("systemctl", "stop", UNIT)
    took = time.monotonic() - began
    print(f"stopped in {took:.1f} s")
    assert took < STOPS
    assert pi.property("Result") == "success"
    files = pi.machine.run("ls", STATE).split()
    assert not [name for name in files if name.endswith(("-wal", "-shm"))], files
    databases_are_sound(pi)
    hits = pi.gateway.hits()
    for beacon in ("resident", "newcomer-3", "newcomer-4"):
        assert ("enter", beacon) in hits
        assert hits[::-1].index(("exit", beacon)) < hits[::-1].index(("enter", beacon))


def test_a_full_disk_stops_nothing_and_is_told(pi: Pi) -> None:
    with small_card(pi):
        process = main_process(pi)
        pi.gateway.has_logged("enter", "resident", within=HEARS)
        pi.machine.run("sh", "-c", f"cat /dev/zero >{STATE}/filler", check=False)
        pi.gateway.send("newcomer-5", interval=0.2)
        for number in range(6, 30):  # what the log's file has room for goes in first
            pi.gateway.send(f"newcomer-{number}", interval=0.5, adverts=10)
            if pi.gateway.status().get("log_trouble"):
                break
            time.sleep(2)
        trouble = pi.gateway.status()["log_trouble"]
        print(f"told: {trouble}")
        assert "full" in trouble
        said = pi.machine.run("beacon-gateway", "status", check=False)
        print(said)
        assert "full" in said
        assert pi.property("ActiveState") == "active"
        pi.machine.run("rm", f"{STATE}/filler")
        took = pi.gateway.has_logged("enter", "newcomer-5", within=120)
        print(f"written {took:.0f} s after there was room again")
        wait_for("it tells that all is well", lambda: not pi.gateway.status()["log_trouble"], within=60)
        assert main_process(pi) == process
        pi.machine.run("systemctl", "stop", UNIT)
        databases_are_sound(pi)


def test_an_upgrade_keeps_hits_ledger_and_files(pi: Pi) -> None:
    scans(pi)
    on_the_ledger(pi, REMEMBER)
    old, process, ledger = version(pi), main_process(pi), on_the_ledger(pi, DUMP)
    hits, configuration = pi.gateway.hits(), pi.look().configuration
    began = time.monotonic()
    pi.apt("install", CURRENT)
    print(f"upgraded in {time.monotonic() - began:.0f} s, of which it was down {downtime(pi):.1f} s")
    runs(pi)
    assert version(pi) != old
    assert main_process(pi) not in {0, process}
    assert pi.gateway.hits()[: len(hits)] == hits
    assert on_the_ledger(pi, DUMP) == ledger
    assert "before the upgrade" in ledger
    assert pi.look().configuration == configuration
    assert owner(pi, ACCOUNTS) == "root:beacon-gateway 640"
    assert pi.machine.run("dpkg-deb", "--field", KEPT, "Version") == old
    assert pi.machine.run("dpkg", "--verify", "beacon-gateway") == ""
    status = json.loads(pi.machine.run("beacon-gateway", "status", "--json", check=False))
    assert status["version"] in version(pi)
    scans(pi)
    pi.gateway.hears("newcomer-31", within=HEARS)


def test_the_power_goes_while_hits_come(pi: Pi) -> None:
    for number in range(1, CUTS + 1):
        outcome = cut_while_hits_come(pi, after=4.0 + 5 * number)
        print(outcome)
        outcome.claim()


def test_one_command_brings_the_previous_version_back(pi: Pi) -> None:
    new, hits, configuration = version(pi), pi.gateway.hits(), pi.look().configuration
    began = time.monotonic()
    pi.apt("install", "--allow-downgrades", KEPT)
    print(f"rolled back in {time.monotonic() - began:.0f} s, of which it was down {downtime(pi):.1f} s")
    runs(pi)
    assert version(pi) != new
    assert pi.gateway.hits()[: len(hits)] == hits
    assert pi.look().configuration == configuration
    assert pi.machine.run("dpkg", "--verify", "beacon-gateway") == ""


def test_a_removal_keeps_what_people_wrote_and_what_was_logged(pi: Pi) -> None:
    configuration = pi.look().configuration
    pi.apt("remove", "beacon-gateway")
    assert pi.property("ActiveState") == "inactive"
    assert pi.property("LoadState") == "not-found"
    assert pi.machine.run("find", "/proc", "-maxdepth", "1", "-user", "beacon-gateway") == ""
    assert pi.machine.run("ls", "/opt").split() == ["air", "guest", "wheels"]
    databases_are_sound(pi)
    assert pi.look().configuration == configuration


def test_a_purge_leaves_nothing_behind(pi: Pi, untouched: Listing) -> None:
    pi.apt("purge", "beacon-gateway")
    now = Listing(pi)
    assert now.files - untouched.files == set()
    assert untouched.files - now.files == set()
    assert now.people == untouched.people
    assert now.mentions == untouched.mentions
