"""Where the account's secret is looked for, and what is said when it is not there."""

import os
from pathlib import Path
from typing import Final

import pytest

from beacon_gateway.adapters.secrets.secret import CREDENTIAL, MAX_SECRET_CHARACTERS, VARIABLE, NoSecret, read_secret
from tests.as_nobody import as_nobody

IN_CREDENTIAL, IN_FILE, IN_VARIABLE = "c" * 32, "f" * 32, "v" * 32


@pytest.fixture
def everywhere(tmp_path: Path) -> dict[str, str]:
    """An environment in which each place has a secret of its own."""
    (tmp_path / CREDENTIAL).write_text(IN_CREDENTIAL + "\n")
    (tmp_path / "secret.txt").write_text(IN_FILE + "\n")
    return {
        "CREDENTIALS_DIRECTORY": str(tmp_path),
        VARIABLE + "_FILE": str(tmp_path / "secret.txt"),
        VARIABLE: f" {IN_VARIABLE}\n",
    }


def said(error: BaseException | None) -> str:
    """Return all that an exception and those behind it can be made to say."""
    text = ""
    while error:
        text += f"{error}\n{error!r}\n{error.args!r}\n"
        error = error.__cause__ or error.__context__
    return text


def test_the_credential_comes_before_the_file_and_the_file_before_the_variable(everywhere: dict[str, str]) -> None:
    assert read_secret(everywhere) == IN_CREDENTIAL
    del everywhere["CREDENTIALS_DIRECTORY"]
    assert read_secret(everywhere) == IN_FILE
    del everywhere[VARIABLE + "_FILE"]
    assert read_secret(everywhere) == IN_VARIABLE


def test_a_folder_of_credentials_without_ours_is_passed_over(everywhere: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / CREDENTIAL).unlink()
    assert read_secret(everywhere) == IN_FILE


def test_empty_variables_count_as_missing() -> None:
    assert read_secret({"CREDENTIALS_DIRECTORY": "", VARIABLE + "_FILE": "", VARIABLE: IN_VARIABLE}) == IN_VARIABLE


@pytest.mark.parametrize("environment", [{}, {VARIABLE: ""}, {VARIABLE: " \n"}])
def test_nothing_anywhere_names_every_place(environment: dict[str, str]) -> None:
    with pytest.raises(NoSecret) as caught:
        read_secret(environment)
    for place in (CREDENTIAL, VARIABLE, VARIABLE + "_FILE"):
        assert place in str(caught.value)


@pytest.mark.parametrize("content", ["", "\n", " \t\n"])
@pytest.mark.parametrize("place", [CREDENTIAL, "secret.txt"])
def test_an_empty_file_is_named_and_nothing_else_is_tried(
    everywhere: dict[str, str], tmp_path: Path, place: str, content: str
) -> None:
    (tmp_path / place).write_text(content)
    if place != CREDENTIAL:
        (tmp_path / CREDENTIAL).unlink()
    with pytest.raises(NoSecret, match=place):
        read_secret(everywhere)


def test_a_missing_file_is_named_and_the_variable_not_tried(tmp_path: Path) -> None:
    with pytest.raises(NoSecret, match=r"gone\.txt.*FileNotFoundError"):
        read_secret({VARIABLE + "_FILE": str(tmp_path / "gone.txt"), VARIABLE: IN_VARIABLE})


def test_a_folder_in_place_of_the_file_is_named(everywhere: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / CREDENTIAL).unlink()
    (tmp_path / CREDENTIAL).mkdir()
    with pytest.raises(NoSecret, match=f"{CREDENTIAL} cannot be read"):
        read_secret(everywhere)


def test_a_folder_of_credentials_that_cannot_be_looked_into_is_no_crash() -> None:
    with pytest.raises(NoSecret):
        read_secret({"CREDENTIALS_DIRECTORY": "/" + "x" * 300})


def test_the_longest_secret_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("s" * MAX_SECRET_CHARACTERS + "\n")
    assert read_secret({VARIABLE + "_FILE": str(path)}) == "s" * MAX_SECRET_CHARACTERS


def test_blanks_around_a_secret_do_not_belong_to_it(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_bytes(b"  " + IN_FILE.encode() + b"\r\n\r\n")
    assert read_secret({VARIABLE + "_FILE": str(path)}) == IN_FILE


FAULTY: Final = {
    "too long": IN_FILE.encode() * 9,
    "very long": IN_FILE.encode() * 100_000,
    "with a byte order mark": b"\xef\xbb\xbf" + IN_FILE.encode(),
    "in UTF-16": IN_FILE.encode("utf-16"),
    "with Chinese": IN_FILE.encode() + "密".encode(),
}


@pytest.mark.parametrize("content", FAULTY.values(), ids=FAULTY)
def test_a_faulty_secret_is_refused_and_never_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret.txt"
    path.write_bytes(content)
    with pytest.raises(NoSecret, match=r"secret\.txt") as caught:
        read_secret({VARIABLE + "_FILE": str(path)})
    assert IN_FILE[:8] not in said(caught.value)


def test_a_secret_that_is_too_long_is_refused_from_the_variable_too() -> None:
    with pytest.raises(NoSecret) as caught:
        read_secret({VARIABLE: IN_VARIABLE * 9})
    assert IN_VARIABLE[:8] not in said(caught.value)


def test_a_file_that_may_not_be_read_is_named(open_folder: Path) -> None:
    (open_folder / CREDENTIAL).write_text(IN_CREDENTIAL)
    (open_folder / CREDENTIAL).chmod(0)
    with as_nobody(), pytest.raises(NoSecret, match=f"{CREDENTIAL}.*PermissionError"):
        read_secret({"CREDENTIALS_DIRECTORY": str(open_folder)})


def test_a_closed_folder_of_credentials_is_no_crash(open_folder: Path) -> None:
    (open_folder / CREDENTIAL).write_text(IN_CREDENTIAL)
    open_folder.chmod(0)
    with as_nobody(), pytest.raises(NoSecret):
        read_secret({"CREDENTIALS_DIRECTORY": str(open_folder)})


def test_by_default_the_environment_of_the_process_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CREDENTIALS_DIRECTORY", VARIABLE + "_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(VARIABLE, IN_VARIABLE)
    assert read_secret() == IN_VARIABLE


def test_root_finds_it_beside_gateway_yaml_where_nothing_else_names_a_place(tmp_path: Path) -> None:
    with pytest.raises(NoSecret, match=str(tmp_path / CREDENTIAL)):
        read_secret({}, beside=tmp_path)
    (tmp_path / CREDENTIAL).write_text(IN_CREDENTIAL + "\n")
    assert read_secret({}, beside=tmp_path) == IN_CREDENTIAL
    assert read_secret({VARIABLE: IN_VARIABLE}, beside=tmp_path) == IN_VARIABLE


def test_a_pipe_in_the_place_of_a_secret_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / CREDENTIAL)
    with pytest.raises(NoSecret, match=f"{CREDENTIAL} cannot be read"):
        read_secret({"CREDENTIALS_DIRECTORY": str(tmp_path)})
