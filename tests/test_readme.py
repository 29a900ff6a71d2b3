"""What the README tells a stranger to type exists, and both languages say the same."""

import re
import shlex

import pytest

from beacon_gateway.cli import main
from tests.places import PROJECT

READMES = ["README.md", "README.zh-CN.md"]


def text_of(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def code_blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text_of(name), re.DOTALL)


def typed(block: str) -> list[str]:
    """Return the command lines without their remarks."""
    return [line.partition("  #")[0].rstrip() for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize("name", READMES)
def test_every_make_target_exists(name: str) -> None:
    makefile = text_of("Makefile")
    targets = [
        line.split()[1] for block in code_blocks(name, "sh") for line in typed(block) if line.startswith("make ")
    ]
    assert targets == ["demo", "test", "deb"]
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


@pytest.mark.parametrize("name", READMES)
def test_without_make_the_same_is_installed(name: str) -> None:
    makefile = text_of("Makefile")
    installs = re.findall(r"pip (install .*)", "\n".join(code_blocks(name, "sh")))
    assert installs
    assert all(f"$(PIP) {install}" in makefile for install in installs)


@pytest.mark.parametrize("name", READMES)
def test_every_file_it_names_exists(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", text_of(name))
    copied = re.findall(r"cp (?:-r )?(\S+)", "\n".join(code_blocks(name, "sh")))
    paths = links + [path.rstrip("*") for path in copied]
    assert len(paths) >= 6
    assert all((PROJECT / path).exists() for path in paths)


@pytest.mark.parametrize("name", READMES)
def test_every_command_of_the_table_can_be_typed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    commands = re.findall(r"^\| `beacon-gateway ([^`]+)`", text_of(name), re.MULTILINE)
    assert {shlex.split(command)[0] for command in commands} == {
        "demo",
        "run",
        "check",
        "scan",
        "plan",
        "apply",
        "undo",
        "audit",
        "hits",
        "report",
        "privacy",
        "status",
        "events",
        "import",
        "devices",
        "account",
        "emulator",
        "setup",
        "doctor",
        "support-bundle",
        "login",
        "password",
    }
    for command in commands:
        words = re.findall(r"^[a-z-]+(?: [a-z]+)*", command)[0].split()
        options = re.findall(r"--[a-z-]+", command)
        with pytest.raises(SystemExit) as stopped:
            main([*words, "--help"])
        assert stopped.value.code == 0
        usage = capsys.readouterr().out
        assert all(option in usage for option in options)


def test_both_languages_have_the_same_commands_and_sections() -> None:
    english, chinese = (
        [[typed(block) for block in code_blocks(name, "sh")], len(re.findall(r"^## ", text_of(name), re.MULTILINE))]
        for name in READMES
    )
    assert english == chinese
