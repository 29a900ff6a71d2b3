import json
from pathlib import Path

import pytest

from beacon_gateway.cli import main
from tests.commands.command import run
from tests.places import PROJECT

FAULTY = PROJECT / "tests" / "adapters" / "files" / "faulty" / "ten-at-once"
EXAMPLE = PROJECT / "config"


async def test_ten_faults_are_all_told_at_once_with_their_lines() -> None:
    done = await run("check", str(FAULTY), "--json")

    found = [
        f"{problem['file']}:{problem['line']}:{problem['column']} {problem['code']}" for problem in json.loads(done.out)
    ]
    assert found == (FAULTY / "expected.txt").read_text(encoding="utf-8").split("\n")[: len(found)]
    assert len(found) >= 10
    assert done.code == 2
    assert all(problem["zh"] and problem["en"] for problem in json.loads(done.out))


async def test_a_fault_is_shown_with_its_line_and_a_mark_below_it() -> None:
    done = await run("check", str(FAULTY), "--language", "en")

    lines = done.out.splitlines()
    place = next(number for number, line in enumerate(lines) if "Did you mean" in line)
    assert lines[place + 2].strip() == "^"
    assert done.code == 2


async def test_the_example_files_are_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(EXAMPLE), "--language", "en"]) == 0
    assert capsys.readouterr().out.startswith("No problems: 2 floors, 4 beacons, 3 pages.")


async def test_the_language_is_the_configured_one_unless_another_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["check", str(EXAMPLE)])
    assert "没有问题" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["gateway", "pages", "floor"])
def test_the_published_schema_is_what_the_reader_reads(name: str, tmp_path: Path) -> None:
    assert main(["check", "--write-schema", str(tmp_path)]) == 0
    published = EXAMPLE / "schema" / f"{name}.schema.json"
    assert (tmp_path / published.name).read_text(encoding="utf-8") == published.read_text(encoding="utf-8"), (
        "run: make schema"
    )


@pytest.mark.parametrize("words", [["chekc"], [], ["hits", "--limit", "0"], ["demo", "--seconds", "x"]])
def test_wrong_words_give_64(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 64


async def test_a_missing_configuration_gives_78_and_names_the_file(tmp_path: Path) -> None:
    done = await run("run", "--config", str(tmp_path / "gateway.yaml"))

    assert done.code == 78
    assert "gateway.yaml:1:1" in done.err
    assert "File not found" in done.err
