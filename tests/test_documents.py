"""The documents name what exists, and each decision says what would change it."""

import re
from pathlib import Path

import pytest

from tests.places import PROJECT

DECISIONS = sorted(path for path in (PROJECT / "docs" / "decisions").glob("*.md") if path.name != "README.md")
DOCUMENTS = [PROJECT / "ARCHITECTURE.md", *sorted((PROJECT / "docs").rglob("*.md"))]
MAX_LINES_OF_A_DECISION = 30
MAX_LINES_OF_THE_ARCHITECTURE = 250


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_module_and_test_that_is_named_exists(path: Path) -> None:
    rooms = "adapters|commands|core|demo|presentation|services|simulator|wiring"
    named = re.findall(rf"`((?:{rooms}|tests)/[\w/.]*)`", path.read_text(encoding="utf-8"))
    missing = []
    for name in named:
        place = (PROJECT if name.startswith("tests/") else PROJECT / "beacon_gateway") / name
        if not place.exists() and not place.with_suffix(".py").exists():
            missing.append(name)
    assert missing == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_short_and_says_what_would_change_it(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    headings = [line for line in lines if line.startswith("#")]
    assert headings[0].startswith("# ")
    assert headings[1:] == ["## Context", "## Decision", "## What would change it"]
    assert len(lines) <= MAX_LINES_OF_A_DECISION


def test_every_decision_is_in_the_index() -> None:
    index = (PROJECT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^- \[.+\]\((.+)\): ", index, re.MULTILINE)) == [path.name for path in DECISIONS]


def test_the_architecture_is_read_in_one_sitting() -> None:
    lines = (PROJECT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MAX_LINES_OF_THE_ARCHITECTURE
