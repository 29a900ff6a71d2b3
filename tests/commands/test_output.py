"""What commands say, whatever it is said to: a terminal, a pipe, a full card, another encoding. Real processes."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from beacon_gateway.commands.shared.canvas import Canvas
from beacon_gateway.simulator.wechat import InjectedFault
from tests.commands.bindings.test_plan import BINDPAGE, Office, office  # noqa: F401 - a fixture
from tests.commands.command import SECRET
from tests.commands.setup.keyboard import at_a_terminal
from tests.patience import HANG_S
from tests.places import PROJECT

CONFIG = PROJECT / "config"

PLACES: Mapping[str, Mapping[str, str]] = {
    "Latin-1": {"PYTHONIOENCODING": "latin-1"},
    "GBK": {"PYTHONIOENCODING": "gbk"},
    "ASCII": {"PYTHONIOENCODING": "ascii:strict"},
    "the C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
REPLACED = "\\u6ca1\\u6709\\u95ee\\u9898"
"""没有问题 in ASCII."""


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "beacon_gateway", *words]


def surroundings(**more: str) -> dict[str, str]:
    without = ("LANG", "LC_ALL", "LC_CTYPE", "PYTHONIOENCODING", "PYTHONUTF8")
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return {**kept, "LC_ALL": "C.UTF-8", **more}


async def run_at(place: str, *words: str, **more: str) -> tuple[int, bytes, bytes]:
    """Run a command; return its exit code, and what it said as it wrote it."""
    process = await asyncio.create_subprocess_exec(
        *command(*words),
        env=surroundings(**{**PLACES[place], **more}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, out, err


# Encodings


@pytest.mark.parametrize("place", PLACES)
async def test_no_encoding_ends_a_command(place: str) -> None:
    code, out, err = await run_at(place, "check", str(CONFIG), "--language", "zh")
    assert (code, err) == (0, b"")
    assert out.startswith("没有问题".encode("gbk") if place == "GBK" else REPLACED.encode())


@pytest.mark.parametrize("place", PLACES)
async def test_help_is_shown_in_every_encoding(place: str) -> None:
    code, out, err = await run_at(place, "emulator", "--help")
    assert (code, err) == (0, b"")
    assert b"--fault" in out


@pytest.mark.parametrize("place", PLACES)
async def test_json_is_the_same_in_every_encoding(tmp_path: Path, place: str) -> None:
    (tmp_path / "pages.yaml").write_text("🎉: 页面\n")
    words = ("check", str(tmp_path), "--json")
    _, out, _ = await run_at(place, *words)
    code, expected, _ = await run_at("GBK", *words, PYTHONIOENCODING="utf-8")
    assert code
    assert json.loads(out.decode("gbk" if place == "GBK" else "latin-1")) == json.loads(expected)
    assert "🎉" in expected.decode()


@pytest.mark.parametrize("place", PLACES)
async def test_an_apply_is_carried_out_and_told_to_its_end_in_every_encoding(
    office: Office,  # noqa: F811 - the fixture
    place: str,
) -> None:
    words = ("apply", "--language", "zh", "--config", str(office.folder / "gateway.yaml"))
    code, out, err = await run_at(place, *words, "--reason", "换季", BEACON_GATEWAY_WECHAT_SECRET=SECRET)
    assert (code, err) == (0, b"")
    assert b"beacon-7" in out
    assert office.emulator.count(BINDPAGE) == 8
    audited = json.loads((await office.run("audit", "--json")).out.splitlines()[0])
    assert audited["why"] == "换季"


async def test_names_of_files_are_utf8_whatever_the_terminal_is(tmp_path: Path) -> None:
    (tmp_path / "floors").mkdir()
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "春.png").write_bytes((CONFIG / "store" / "icons" / "spring.png").read_bytes())
    (tmp_path / "pages.yaml").write_text(
        "pages:\n  spring: {title: 春, description: 春, url: 'https://h5.example.com/', icon: icons/春.png}\n"
    )
    (tmp_path / "floors" / "F6.yaml").write_text(
        "floor: F6\nbeacons:\n  a: {uuid: FDA50693-A4E2-4FB1-AFCF-C6EB07647825, major: 1, minor: 1, pages: [spring]}\n"
    )
    code, out, err = await run_at("the C locale", "check", str(tmp_path), "--language", "en")
    assert (code, out[:11], err) == (0, b"No problems", b"")


# A reader that reads no further, and what cannot be written


@contextmanager
def closed_pipe() -> Iterator[int]:
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        yield theirs
    finally:
        os.close(theirs)


@contextmanager
def full_card() -> Iterator[int]:
    with Path("/dev/full").open("wb") as full:
        yield full.fileno()


def run_into(stdout: int, *words: str, **more: str) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603 - the command itself
        command(*words), env=surroundings(**more), stdout=stdout, stderr=subprocess.PIPE, timeout=HANG_S, check=False
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize(
    "words", [("check", str(CONFIG)), ("--help",), ("--version",), ("check", str(CONFIG), "--json")]
)
def test_a_reader_that_has_gone_ends_a_command_quietly_with_its_own_code(words: tuple[str, ...]) -> None:
    with closed_pipe() as pipe:
        assert run_into(pipe, *words) == (0, "")


def test_a_fault_that_nobody_reads_of_is_a_fault(tmp_path: Path) -> None:
    with closed_pipe() as pipe:
        code, err = run_into(pipe, "check", str(tmp_path))
    assert code not in {0, 1}
    assert err == ""


async def test_an_apply_whose_reader_has_gone_is_carried_out(office: Office) -> None:  # noqa: F811 - the fixture
    words = ("apply", "--config", str(office.folder / "gateway.yaml"))
    with closed_pipe() as pipe:
        done = await asyncio.to_thread(run_into, pipe, *words, BEACON_GATEWAY_WECHAT_SECRET=SECRET)
    assert done == (0, "")
    assert office.emulator.count(BINDPAGE) == 8


async def test_an_apply_that_cannot_say_what_it_did_did_it_and_says_so(office: Office) -> None:  # noqa: F811 - the fixture
    words = ("apply", "--language", "en", "--config", str(office.folder / "gateway.yaml"))
    with full_card() as full:
        code, err = await asyncio.to_thread(run_into, full, *words, BEACON_GATEWAY_WECHAT_SECRET=SECRET)
    assert code == 1
    assert err.startswith("The output could not be written completely (disk full")
    assert office.emulator.count(BINDPAGE) == 8


@pytest.mark.parametrize("words", [("check", str(CONFIG)), ("--help",)])
def test_what_could_not_be_written_is_a_failure(words: tuple[str, ...]) -> None:
    with full_card() as full:
        code, err = run_into(full, *words)
    assert code == 1
    assert "Traceback" not in err


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_nothing(closed: str) -> None:
    line = f"exec {' '.join(command('check', str(CONFIG)))} {closed}"
    done = subprocess.run(  # noqa: S603 - the command itself
        ["/bin/sh", "-c", line], env=surroundings(), capture_output=True, timeout=HANG_S, check=False
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


def test_a_pipe_that_is_full_for_now_gets_everything(tmp_path: Path) -> None:
    """A terminal that another program left in non-blocking mode."""
    (tmp_path / "pages.yaml").write_text("".join(f"x{number}: 1\n" for number in range(3000)))
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    words = command("check", str(tmp_path), "--json")
    with subprocess.Popen(words, env=surroundings(), stdout=theirs) as process:  # noqa: S603 - the command itself
        os.close(theirs)
        with open(ours, "rb") as pipe:  # noqa: PTH123 - a descriptor
            found = json.loads(pipe.read())
        assert process.wait(60)
    assert len(found) > 100


# A terminal

HOSTILE = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202egnp\x00\r"


def test_nothing_of_a_file_is_obeyed_by_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "pages.yaml").write_bytes(b"pages:\n  spring: {title: \x1b[31m\x00\x9b\xc2\x9b, x: y}\n")
    (tmp_path / "gateway.yaml").write_bytes(b'gateway: "\x1b[2J"\nfloor: \x00\n')
    for words in (("check", str(tmp_path)), ("status", "--config", str(tmp_path / "gateway.yaml"))):
        with at_a_terminal(*words) as keyboard:
            assert keyboard.end()
        assert_obedient_to_none(keyboard.shown)


async def test_nothing_that_a_person_types_is_obeyed_by_a_terminal(office: Office) -> None:  # noqa: F811 - the fixture
    config = str(office.folder / "gateway.yaml")
    assert (await office.run("apply", "--reason", HOSTILE.replace("\x00", ""))).code == 0
    for words in (("audit", "--config", config), ("audit", "--json", "--config", config), ("apply", HOSTILE[:-2])):
        with at_a_terminal(*words) as keyboard:
            keyboard.end()
        assert_obedient_to_none(keyboard.shown)
    assert "gnp" in keyboard.shown


async def test_nothing_that_wechat_says_is_obeyed_by_a_terminal(office: Office) -> None:  # noqa: F811 - the fixture
    office.emulator.faults.add("/shakearound/*", InjectedFault.error(9001001, HOSTILE), times=None)
    config = str(office.folder / "gateway.yaml")
    with at_a_terminal("plan", "--config", config, BEACON_GATEWAY_WECHAT_SECRET=SECRET) as keyboard:
        code = await asyncio.to_thread(keyboard.end)
    assert code == 1
    assert "9001001" in keyboard.shown
    assert_obedient_to_none(keyboard.shown)


def assert_obedient_to_none(shown: str) -> None:
    lines = shown.replace("\r\n", "")
    assert lines
    assert not [c for c in lines if c < " " or "\x7f" <= c <= "\x9f" or "\u202a" <= c <= "\u202e"]
    assert "Traceback" not in lines


def test_what_is_drawn_keeps_its_own_codes_and_escapes_all_others() -> None:
    ours, theirs = os.openpty()
    with open(ours, "rb", buffering=0) as terminal, open(theirs, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a terminal
        Canvas(stream).print("[/] [bold]a[/bold] :smile: \x1b[2J", style="bold red")
        stream.flush()
        shown = terminal.read(4096).decode()
    assert "[/] [bold]a[/bold] :smile: \\u001b[2J" in shown
    assert shown.startswith("\x1b[1;31m")
