"""What the guide for store IT tells them to type exists, and both languages say the same."""

import re
import shlex
from collections.abc import Iterator

import pytest

from beacon_gateway.cli import parser
from tests.places import PROJECT

FOLDER = PROJECT / "deploy" / "raspberry-pi"
GUIDES = ["README.md", "README.zh-CN.md"]


def text_of(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def code_blocks(text: str) -> list[tuple[str, str]]:
    """Return each block's language and text."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def quoted(text: str) -> list[str]:
    """Return what stands in backticks outside of code blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))


def commands(text: str) -> Iterator[list[str]]:
    """Return the words after `beacon-gateway` of each command, in blocks and in sentences."""
    lines = [line for language, block in code_blocks(text) if language == "sh" for line in block.splitlines()]
    for line in [*lines, *quoted(text)]:
        words = re.match(r"(?:sudo )?beacon-gateway (.+)", line)
        if words:
            yield shlex.split(words[1])


def headings(text: str) -> list[str]:
    """Return the level and the number of each heading."""
    return re.findall(r"^(#+ (?:[0-9]+(?:\.[0-9]+)?)?)", text, re.MULTILINE)


def test_both_languages_have_the_same_chapters() -> None:
    english, chinese = (headings(text_of(name)) for name in GUIDES)
    assert english == chinese
    assert [heading for heading in english if re.fullmatch(r"## \d", heading)] == [f"## {n}" for n in range(1, 10)]


def test_both_languages_have_the_same_code() -> None:
    english, chinese = (code_blocks(text_of(name)) for name in GUIDES)
    assert english == chinese


def test_both_languages_name_the_same_things_in_each_row_of_the_tables() -> None:
    english, chinese = (
        [sorted(quoted(row)) for row in re.findall(r"^\|.*", text_of(name), re.MULTILINE)] for name in GUIDES
    )
    assert len(english) > 30
    assert english == chinese


def test_each_language_links_to_the_other() -> None:
    assert "(README.zh-CN.md)" in text_of("README.md")
    assert "(README.md)" in text_of("README.zh-CN.md")


@pytest.mark.parametrize("name", GUIDES)
def test_every_command_can_be_typed(name: str) -> None:
    typed = list(commands(text_of(name)))
    assert {"setup", "doctor", "status", "hits", "report", "support-bundle"} <= {words[0] for words in typed}
    for words in typed:
        if words != ["--version"]:
            parser().parse_args(words)  # ends the test with what argparse says, if it is none


@pytest.mark.parametrize("name", GUIDES)
def test_every_file_it_links_to_exists(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", text_of(name))
    assert len(links) >= 4
    assert [link for link in links if not (FOLDER / link).exists()] == []


@pytest.mark.parametrize("name", GUIDES)
def test_every_place_that_it_links_to_within_itself_exists(name: str) -> None:
    titles = re.findall(r"^#+ (.*)", text_of(name), re.MULTILINE)
    places = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#([^)]+)\)", text_of(name))) <= places


@pytest.mark.parametrize("name", GUIDES)
def test_every_file_of_the_project_that_it_names_exists(name: str) -> None:
    named = [words for words in quoted(text_of(name)) if re.fullmatch(r"(?:deploy|config|docs|tests)/\S+", words)]
    assert named
    assert [path for path in named if not (PROJECT / path).exists()] == []


@pytest.mark.parametrize("name", GUIDES)
def test_every_unit_of_the_gateway_that_it_names_exists(name: str) -> None:
    units = set(re.findall(r"\bbeacon-gateway[\w-]*\.(?:service|path|timer)\b", text_of(name)))
    units |= {f"{unit}.service" for unit in re.findall(r"journalctl -u (beacon-gateway[\w-]*)", text_of(name))}
    assert "beacon-gateway-setup.service" in units
    assert [unit for unit in units if not (FOLDER / "systemd" / unit).exists()] == []


@pytest.mark.parametrize("name", GUIDES)
def test_each_ending_that_is_not_restarted_is_explained(name: str) -> None:
    unit = (FOLDER / "systemd" / "beacon-gateway.service").read_text(encoding="utf-8")
    prevented = re.findall(r"^RestartPreventExitStatus=(.*)$", unit, re.MULTILINE)
    assert prevented
    assert [code for code in prevented[0].split() if f"status={code}" not in text_of(name)] == []


@pytest.mark.parametrize("file", ["beacon-gateway.service", "beacon-gateway.service.d/shake-events.conf.example"])
def test_a_secret_whose_file_is_gone_ends_no_service(file: str) -> None:
    lines = (FOLDER / "systemd" / file).read_text(encoding="utf-8").splitlines()
    loaded = [line.partition("=")[2].partition(":")[0] for line in lines if line.startswith("LoadCredential=")]
    assert loaded
    assert [name for name in loaded if f"SetCredential={name}:\\n" not in lines] == []


@pytest.mark.parametrize("name", GUIDES)
def test_the_watchdog_of_the_board_gets_no_more_than_it_can(name: str) -> None:
    seconds = re.findall(r"RuntimeWatchdogSec=(\d+)", text_of(name))
    assert seconds
    assert all(int(value) <= 15 for value in seconds)


@pytest.mark.parametrize("name", GUIDES)
def test_the_root_that_is_read_only_leaves_the_data_alone(name: str) -> None:
    overlays = re.findall(r'overlayroot="([^"]*)"', text_of(name))
    assert overlays == ["tmpfs:recurse=0"]


@pytest.mark.parametrize("name", GUIDES)
def test_what_is_not_known_of_wechat_and_of_hardware_is_said(name: str) -> None:
    beginning = text_of(name).partition("\n## ")[0]
    assert "2021" in beginning
    assert re.search(r"not tested on real hardware|没有在真机上测试过", beginning)
