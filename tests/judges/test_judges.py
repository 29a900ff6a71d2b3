"""What linters of other people find nothing wrong with; they are not part of the gateway or of its other tests."""

import re
from pathlib import Path
from typing import Final

import pytest
from build import build
from control import write_control
from tree import HERE as PACKAGE
from versions import version_of

from tests.judges.pages import Answers
from tests.judges.programs import HERE, must_accept, tracked, verdict
from tests.places import PROJECT

ANSIBLE: Final = PROJECT / "deploy" / "raspberry-pi" / "ansible"
MEANT_TO_BE_FAULTY: Final = PROJECT / "tests" / "adapters" / "files" / "faulty"
SHELL: Final = re.compile(rb"#! ?/(usr/)?bin/(env )?(ba|da)?sh\b")


def test_the_description_of_the_api() -> None:
    description = PROJECT / "beacon_gateway" / "adapters" / "web" / "openapi.json"
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    config = str(HERE / "redocly.yaml")
    must_accept("redocly", "lint", str(description), "--config", config, environment=quiet)


def test_every_page(answers: Answers) -> None:
    assert len(list(answers.pages.iterdir())) > 100
    config = str(HERE / "html-validate.json")
    must_accept("html-validate", "--config", config, "--max-warnings=0", str(answers.pages))


def test_the_linter_of_pages_finds_a_fault(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<!DOCTYPE html>\n<html lang="en"><head><title>x</title></head><body><button></button></body></html>\n'
    )
    assert "button" in verdict("html-validate", "--config", str(HERE / "html-validate.json"), str(page))


def test_the_metrics(answers: Answers) -> None:
    must_accept("promtool", "check", "metrics", text=answers.metrics)


def test_the_ansible_role(tmp_path: Path) -> None:
    own = {"ANSIBLE_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    must_accept("ansible-lint", "--offline", "--strict", "--project-dir", ".", folder=ANSIBLE, environment=own)


def test_the_shell_scripts() -> None:
    scripts = [path for path in tracked() if path.is_file() and SHELL.match(path.read_bytes()[:40])]
    assert PROJECT / ".ci" / "run" in scripts
    filled_in = [path for path in scripts if b"@UNITS@" in path.read_bytes()]
    must_accept("shellcheck", *(str(path) for path in scripts if path not in filled_in))


def test_the_scripts_of_the_package_with_its_units_filled_in(tmp_path: Path) -> None:
    write_control(tmp_path, "0.1.0", "arm64")
    scripts = [tmp_path / "DEBIAN" / path.name for path in (PACKAGE / "scripts").iterdir() if path.name != "triggers"]
    must_accept("shellcheck", *map(str, scripts))


def test_the_yaml_files() -> None:
    files = [path for path in tracked("*.yaml", "*.yml") if not path.is_relative_to(MEANT_TO_BE_FAULTY)]
    assert PROJECT / "config" / "gateway.yaml" in files
    must_accept("yamllint", "--strict", "--config-file", str(HERE / "yamllint.yaml"), *map(str, files))


@pytest.mark.timeout(1200)  # the libraries are downloaded first
def test_the_package(tmp_path: Path) -> None:
    package = build("amd64", version_of(PROJECT), tmp_path)
    must_accept("lintian", "--fail-on", "error,warning", str(package))
