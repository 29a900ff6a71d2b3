"""`support-bundle` as it is typed: what is in the file, and above all what is not."""

import gzip
import json
import os
import re
import stat
import tarfile
from pathlib import Path

import pytest

from tests.adapters.bundle import planted
from tests.adapters.bundle.planted import traces
from tests.adapters.bundle.scene import UUID, Machine, unpacked


@pytest.fixture
async def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    await machine.live()
    return machine


async def test_nothing_that_was_planted_is_in_it(machine: Machine) -> None:
    done = await machine.bundle("--output", "b.tar.gz")

    assert done.code == 0, done.err
    path = machine.folder / "b.tar.gz"
    whole = gzip.decompress(path.read_bytes())
    assert list(traces(path.read_bytes())) == list(traces(whole)) == []
    files = unpacked(path)
    assert list(traces("".join(files.values()).encode())) == []
    assert list(traces((done.out + done.err).encode())) == []
    # It was gathered all the same, from every place.
    for name in ("files/gateway.yaml", "files/store/floors/F6.yaml", "journal/gateway.txt", "units/show.txt"):
        assert "[secret]" in files[name], name
    for name in ("status.json", "state/events.jsonl", "state/audit.jsonl", "doctor.json"):
        assert files[name], name


async def test_one_thing_has_one_name_in_all_files(machine: Machine) -> None:
    await machine.bundle("--output", "b.tar.gz")

    files = unpacked(machine.folder / "b.tar.gz")
    status = json.loads(files["status.json"])
    event = json.loads(files["state/events.jsonl"])
    adapter = status["radio"]["adapter"]
    assert re.fullmatch(r"mac-\d+", adapter)
    assert event["details"]["reason"].startswith(f"{adapter} at ip-")
    assert f"/org/bluez/hci0/dev_{adapter} " in files["journal/gateway.txt"]
    assert f'adapter: "{adapter}"' in files["files/gateway.yaml"]
    openid = re.search(r"openid=(openid-\d+)", files["journal/gateway.txt"])
    assert openid
    assert openid[1] in files["files/store/floors/F6.yaml"]
    assert openid[1] in json.loads(files["state/audit.jsonl"])["why"]
    boot = re.search(r"boot (id-\d+)", files["journal/gateway.txt"])
    assert boot
    assert boot[1] == event["boot"]


async def test_what_finds_a_fault_is_kept(machine: Machine) -> None:
    await machine.bundle("--output", "b.tar.gz")

    files = unpacked(machine.folder / "b.tar.gz")
    assert f"uuid: {UUID}" in files["files/store/floors/F6.yaml"]
    status = json.loads(files["status.json"])
    assert status["beacons"] == [{"uuid": UUID.lower(), "major": 10006, "minor": 1}]
    assert status["store"]["revision"] == json.loads(files["state/audit.jsonl"])["files"] == "0a1b2c3d4e5f"
    assert json.loads(files["state/audit.jsonl"])["plan"] == "0123456789ab"
    assert "127.0.0.1 and 0.0.0.0 are nobody's" in files["journal/gateway.txt"]
    assert "LoadCredential=wechat-secret:/etc/beacon-gateway/wechat-secret" in files["units/show.txt"]
    assert "hits.db: ok (format" in files["state/integrity.txt"]
    assert re.search(r"^bleak: \d", files["versions.txt"], re.MULTILINE)
    assert {item["what"]: item["rows"] for item in json.loads(files["state/stored.json"])["stored"]}["events"] == 1
    assert any("icon" in problem["en"] for problem in json.loads(files["files/check.json"]))
    assert json.loads(files["doctor.json"])["findings"]
    assert not any("shake" in name or "wechat-secret" in name for name in files)


async def test_it_says_where_it_is_what_is_in_it_and_to_look_at_it(machine: Machine) -> None:
    done = await machine.bundle("--output", "b.tar.gz")

    lines = done.out.splitlines()
    assert re.fullmatch(r"Written: b\.tar\.gz \(\d+ KB\)", lines[0])
    assert "  README.txt  " in lines[1]
    assert any(re.fullmatch(r"  journal/  \d files, \d+ KB", line) for line in lines)
    assert lines[-1].startswith("Check it before you send it: tar -tzf b.tar.gz;")
    readme = unpacked(machine.folder / "b.tar.gz")["README.txt"]
    assert "拿掉了什么" in readme
    assert "What was taken out" in readme
    assert "The 3 that can be read" in readme


async def test_only_its_owner_can_read_it_and_it_tells_of_nobody(machine: Machine) -> None:
    await machine.bundle()

    (path,) = machine.folder.glob("beacon-gateway-support-*.tar.gz")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with tarfile.open(path) as archive:
        (moment,) = {member.mtime for member in archive}
        (folder,) = {member.name.partition("/")[0] for member in archive}
    assert f"{folder}.tar.gz" == path.name
    packed = path.read_bytes()
    assert int.from_bytes(packed[4:8], "little") == moment
    assert packed[3] == 0  # no name in the header of gzip
    assert {file.name for file in machine.folder.iterdir()} == {"commands", "etc", path.name}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
async def test_it_belongs_to_whoever_typed_sudo(machine: Machine) -> None:
    await machine.bundle("--output", "b.tar.gz", SUDO_UID="65534", SUDO_GID="65534")
    found = (machine.folder / "b.tar.gz").stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (65534, 65534, 0o600)


@pytest.mark.parametrize("there", ["file", "link"])
async def test_it_writes_over_nothing(machine: Machine, there: str) -> None:
    path = machine.folder / "b.tar.gz"
    if there == "file":
        path.write_text("mine")
    else:
        path.symlink_to(machine.folder / "elsewhere")

    done = await machine.bundle("--output", "b.tar.gz")

    assert (done.code, done.out) == (1, "")
    assert "already exists and is not overwritten." in done.err
    assert path.is_symlink() or path.read_text() == "mine"
    assert {file.name for file in machine.folder.iterdir()} == {"commands", "etc", "b.tar.gz"}


async def test_where_it_cannot_be_written_it_says_so_at_once(machine: Machine) -> None:
    done = await machine.bundle("--output", "none/b.tar.gz")
    assert (done.code, done.out) == (1, "")
    assert "cannot be written: no such file or folder" in done.err
    assert "Collecting" not in done.err


async def test_a_folder_is_a_place_for_it(machine: Machine) -> None:
    (machine.folder / "stick").mkdir()
    done = await machine.bundle("--output", "stick")
    assert done.code == 0
    assert len(list((machine.folder / "stick").glob("beacon-gateway-support-*.tar.gz"))) == 1


async def test_what_fails_is_told_and_costs_nothing_else(machine: Machine) -> None:
    machine.let("rfkill", f"echo no permission for {planted.PERSON}@{planted.IPV4} >&2; exit 3")
    machine.config.write_text("gateway: [\n")

    done = await machine.bundle("--output", "b.tar.gz")

    assert done.code == 0
    assert "Not collected" in done.err
    files = unpacked(machine.folder / "b.tar.gz")
    assert "machine/rfkill.txt" not in files
    assert "machine/rfkill.txt: nothing, from: rfkill list\n    exit code 3; no permission for " in files["sources.txt"]
    assert "this command is not installed" in files["sources.txt"]
    assert files["files/gateway.yaml"] == "gateway: [\n"
    assert json.loads(files["files/check.json"])
    assert "journal/gateway.txt" in files
    assert not list(traces(files["sources.txt"].encode()))


async def test_a_huge_journal_gives_a_small_bundle_with_its_end(machine: Machine) -> None:
    line = f"2026-11-24T09:00:01+0800 beacon-gateway[412]: {planted.MAC} was here"
    machine.let("journalctl", f"yes '{line}' | head -c 100000000; echo; echo the last line")

    done = await machine.bundle("--output", "b.tar.gz")

    assert done.code == 0
    path = machine.folder / "b.tar.gz"
    assert path.stat().st_size < 200_000
    files = unpacked(path)
    assert len(files["journal/gateway.txt"]) <= 768 << 10
    assert files["journal/gateway.txt"].endswith("the last line\n")
    assert "too long: only the last 768 KB are here" in files["sources.txt"]
    assert not list(traces(gzip.decompress(path.read_bytes())))


async def test_a_link_in_the_store_gives_nobody_what_only_root_may_read(machine: Machine) -> None:
    private = machine.folder / "shadow.yaml"
    private.write_text("root:x:hash")
    (machine.config.parent / "store" / "floors" / "F7.yaml").symlink_to(private)
    (machine.config.parent / "run" / "status.json").unlink()
    (machine.config.parent / "run" / "status.json").symlink_to(private)

    await machine.bundle("--output", "b.tar.gz")

    files = unpacked(machine.folder / "b.tar.gz")
    assert "files/store/floors/F7.yaml" not in files
    assert "status.json" not in files
    assert "root:x:hash" not in "".join(files.values())
    assert "floors/F7.yaml" in {problem["file"].partition("/")[2] for problem in json.loads(files["files/check.json"])}
    assert json.loads(files["doctor.json"])["findings"]
