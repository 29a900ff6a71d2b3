"""Names from a disk that are no UTF-8, or hold control characters: every command lists such folders. Real processes."""

import json
import os
import shutil
import tarfile
from pathlib import Path

import pytest

from tests.commands.command import run
from tests.places import PROJECT

CONFIG = PROJECT / "config"
FLOOR_IN_GBK = "一层".encode("gbk")
"""As an old share, or a zip made on a Chinese Windows, leaves it."""
ENDINGS = (b".yaml", b".png", b".db", b"", b"\n\x1b[31m.yaml")
FOLDERS = ("", "store", "store/floors", "store/icons", "state", "state/texts", "run")

COMMANDS = (
    ("check",),
    ("check", "--json"),
    ("doctor",),
    ("doctor", "--json"),
    ("status",),
    ("plan",),
    ("hits",),
    ("report",),
    ("privacy", "report", "--json"),
)


def fill(folder: Path) -> Path:
    """Write a gateway's files with such names beside each of them; return its configuration."""
    shutil.copytree(CONFIG / "store", folder / "store")
    for name in FOLDERS:
        here = folder / name
        here.mkdir(parents=True, exist_ok=True)
        for ending in ENDINGS:
            Path(os.fsdecode(os.fsencode(here) + b"/" + FLOOR_IN_GBK + ending)).write_bytes(b"floor: F9\n")
        Path(os.fsdecode(os.fsencode(here) + b"/" + FLOOR_IN_GBK + b".d")).mkdir()
    config = folder / "gateway.yaml"
    config.write_text("gateway: g\nfloor: F6\nlanguage: en\nstate: state\nruntime: run\n")
    return config


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("is_everywhere", [False, True], ids=["in the folders", "of the folders too"])
async def test_no_name_ends_a_command(tmp_path: Path, words: tuple[str, ...], *, is_everywhere: bool) -> None:
    folder = tmp_path / os.fsdecode(FLOOR_IN_GBK) if is_everywhere else tmp_path
    folder.mkdir(exist_ok=True)
    done = await run(*words, "--config", str(fill(folder)))
    assert "Traceback" not in done.err
    assert "\x1b" not in done.out + done.err
    if "--json" in words:
        json.dumps(json.loads(done.out), ensure_ascii=False).encode()


@pytest.mark.parametrize("is_everywhere", [False, True], ids=["in the folders", "of the folders too"])
async def test_a_bundle_names_them_with_replacement_characters(tmp_path: Path, *, is_everywhere: bool) -> None:
    folder = tmp_path / os.fsdecode(FLOOR_IN_GBK) if is_everywhere else tmp_path
    folder.mkdir(exist_ok=True)
    bundle = folder / "bundle.tar.gz"
    done = await run("support-bundle", "--config", str(fill(folder)), "--output", str(bundle))
    assert done.code == 0, done.err
    with tarfile.open(bundle) as archive:
        texts = [file.read().decode() for member in archive if (file := archive.extractfile(member))]
    assert any(FLOOR_IN_GBK.decode(errors="replace") in text for text in texts)


async def test_icons_of_such_names_are_brought(tmp_path: Path) -> None:
    fill(tmp_path / "boot").unlink()
    answers = str(tmp_path / "boot" / "store")
    words = ("setup", "--no-start", "--unattended", "--answers", answers, "--gateway", "g", "--floor", "F6")
    done = await run(*words, "--config", str(tmp_path / "etc" / "gateway.yaml"))
    assert "Traceback" not in done.err
