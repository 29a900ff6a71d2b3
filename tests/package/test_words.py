"""The manual and the completions know all that can be typed."""

import argparse
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from words import completion, manual

from beacon_gateway.adapters.files.gateway_file import RUNTIME_FOLDER
from beacon_gateway.adapters.secrets.login_link_file import FILE as LOGIN_LINK
from beacon_gateway.adapters.secrets.secret import VARIABLE
from beacon_gateway.cli import parser
from beacon_gateway.commands.shared.configuration import CONFIG_VARIABLE

NOON = 1_764_000_000


def commands(command: argparse.ArgumentParser, path: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Return each command that can be typed, with its words."""
    inner = [action for action in command._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield path, command
    for action in inner:
        for name, deeper in action.choices.items():
            yield from commands(deeper, f"{path} {name}".strip())


def completed(script: Path, *words: str) -> list[str]:
    """Ask bash what it would offer after these words, the last of which is being typed."""
    asked = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _shtab_beacon_gateway 2>/dev/null; '
    told = 'printf "%s\\n" "${COMPREPLY[@]}"'
    command = ["bash", "-c", asked + told, "bash", str(script), "beacon-gateway", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=script.parent)
    return done.stdout.split()


@pytest.fixture
def for_bash(tmp_path: Path) -> Path:
    path = tmp_path / "completion"
    path.write_text(completion(parser(), "bash"), encoding="utf-8")
    return path


def test_the_manual_describes_every_command_and_option() -> None:
    page = manual(parser(), "0.1.0", NOON).replace(r"\-", "-")
    for path, command in commands(parser()):
        assert f"\n.SS {path}" in page
        for option in (option for action in command._actions for option in action.option_strings):
            assert rf"\fB{option}\fR" in page, f"{path} {option}"


def test_the_manual_gives_every_exit_code_and_file() -> None:
    page = manual(parser(), "0.1.0", NOON).replace(r"\-", "-")
    for code in ("0 fine", "3 refused by the brake", "78 wrong configuration"):
        assert code in page
    assert "/etc/beacon-gateway/gateway.yaml" in page
    assert "/var/cache/beacon-gateway/previous.deb" in page
    assert f"{RUNTIME_FOLDER}/{LOGIN_LINK}" in page


def test_the_manual_names_what_is_read_from_the_environment_and_every_signal() -> None:
    page = manual(parser(), "0.1.0", NOON).replace(r"\-", "-")
    for name in (CONFIG_VARIABLE, VARIABLE, f"{VARIABLE}_FILE", "HTTPS_PROXY", "NO_PROXY", "SIGHUP", "SIGTERM"):
        assert name in page


def test_no_line_of_the_manual_is_an_unknown_request() -> None:
    known = {".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".BR", ".I"}
    page = manual(parser(), "0.1.0", NOON)
    assert {line.split()[0] for line in page.splitlines() if line.startswith((".", "'"))} <= known


@pytest.mark.skipif(not shutil.which("man"), reason="there is no `man` here")
def test_man_shows_the_manual_without_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "beacon-gateway.1"
    path.write_text(manual(parser(), "0.1.0", NOON), encoding="utf-8")
    done = subprocess.run(
        ["man", "--warnings", "--local-file", path],
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C.UTF-8"},
    )
    assert done.stderr == ""
    assert "sudo" not in done.stdout
    assert "support-bundle" in done.stdout


def test_bash_completes_every_command(for_bash: Path) -> None:
    offered = completed(for_bash, "")
    assert set(offered) == {path.split()[0] for path, _ in commands(parser())}
    assert set(completed(for_bash, "devices", "")) == {"list", "request", "status"}


def test_bash_completes_options_and_their_choices(for_bash: Path) -> None:
    assert completed(for_bash, "setup", "--un") == ["--unattended"]
    assert set(completed(for_bash, "hits", "--kind", "")) == {"enter", "zone", "exit"}


def test_bash_completes_folders_where_a_folder_is_meant(for_bash: Path) -> None:
    (for_bash.parent / "floors").mkdir()
    (for_bash.parent / "floors.txt").touch()
    assert completed(for_bash, "check", "flo") == ["floors"]
    assert set(completed(for_bash, "check", "--config", "flo")) == {"floors", "floors.txt"}


def test_zsh_knows_every_command() -> None:
    script = completion(parser(), "zsh")
    assert script.startswith("#compdef beacon-gateway")
    for path, _ in commands(parser()):
        assert f"\n    {path.split()[-1]}:" in script
