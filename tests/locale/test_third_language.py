"""Another language is one file: with its catalogue beside the others, the program speaks it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.locale.catalogues import FILE, LOCALE, compiled

PACKAGE = LOCALE.parent
STORE = PACKAGE.parent / "config"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy of the program that has a German catalogue, in which little is translated."""
    folder = tmp_path_factory.mktemp("program")
    shutil.copytree(PACKAGE, folder / "beacon_gateway", ignore=shutil.ignore_patterns("__pycache__"))
    german = folder / "beacon_gateway" / "locale" / "de" / FILE
    german.parent.mkdir(parents=True)
    german.write_text(
        'msgid ""\n'
        'msgstr ""\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "language.name"\nmsgstr "Deutsch"\n\n'
        'msgid "check.fine"\nmsgstr "Alles gut: {beacons:count.beacon}."\n\n'
        'msgid "count.beacon"\nmsgid_plural "count.beacon"\nmsgstr[0] "{n} Bake"\nmsgstr[1] "{n} Baken"\n',
        encoding="utf-8",
    )
    german.with_suffix(".mo").write_bytes(compiled(german.read_bytes()))
    return folder


def said(program: Path, *words: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "beacon_gateway", *words],
        cwd=program,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_a_command_says_its_sentences_in_it(program: Path) -> None:
    assert "Alles gut: 4 Baken." in said(program, "check", str(STORE), "--language", "de")


def test_the_language_may_stand_before_the_command_too(program: Path) -> None:
    assert "Alles gut: 4 Baken." in said(program, "--language", "de", "check", str(STORE))


def test_the_terminals_language_is_taken(program: Path) -> None:
    assert "Alles gut: 4 Baken." in said(program, "check", str(STORE), LC_ALL="", LANG="de_DE.UTF-8")


def test_what_it_does_not_say_is_english(program: Path) -> None:
    assert "gateway.yaml" in (text := said(program, "status", "--config", "/nowhere/gateway.yaml", "--language", "de"))
    assert "File not found." in text


def test_a_gateway_may_be_configured_for_it(program: Path, tmp_path: Path) -> None:
    shutil.copytree(STORE, tmp_path / "config")
    file = tmp_path / "config" / "gateway.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("language: zh ", "language: de "), encoding="utf-8")
    assert "Alles gut: 4 Baken." in said(program, "check", str(tmp_path / "config"))
