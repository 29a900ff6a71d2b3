"""The finished file is searched before it gets its name."""

import base64
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from beacon_gateway.adapters.bundle.archive import Archive, SecretFound
from beacon_gateway.core.support.bundle import HIDDEN, Piece, name_of, scrubbed
from beacon_gateway.core.support.scrub import KnownNames, Scrubber
from beacon_gateway.core.support.secret_values import SecretValues
from tests.adapters.bundle.planted import SECRET, TOKEN

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
SECRETS = SecretValues([SECRET, TOKEN, "tok5"])
WRAPPED = f"{SECRET[:20]}\n  {SECRET[20:]}"


def write(path: Path, members: dict[str, str]) -> int:
    with Archive(path) as archive:
        archive.write(name_of(AT), members, AT)
        return archive.put_in_place(SECRETS)


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"x{SECRET.upper()}y",
        quote(TOKEN, safe=""),
        base64.b64encode(f"a{SECRET}".encode()).decode(),
        base64.urlsafe_b64encode(f"ab{TOKEN}".encode()).decode(),
        TOKEN.encode().hex(),
        WRAPPED,
        "a tok5 of few letters",
    ],
)
def test_a_bundle_with_a_secret_in_any_form_is_thrown_away(tmp_path: Path, text: str) -> None:
    with pytest.raises(SecretFound) as caught:
        write(tmp_path / "b.tar.gz", {"good.txt": "well", "journal/bad.txt": f"before {text} after"})
    assert str(caught.value).endswith("/journal/bad.txt")
    assert list(tmp_path.iterdir()) == []


def test_a_secret_in_a_name_is_not_told_either(tmp_path: Path) -> None:
    with pytest.raises(SecretFound) as caught:
        write(tmp_path / "b.tar.gz", {f"{SECRET}.txt": "well"})
    assert SECRET not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_short_token_is_no_part_of_other_words(tmp_path: Path) -> None:
    assert write(tmp_path / "b.tar.gz", {"good.txt": "xtok5 tok55"}) > 0


def test_a_file_that_came_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "b.tar.gz"
    with Archive(path) as archive:
        archive.write(name_of(AT), {"good.txt": "well"}, AT)
        path.write_text("theirs")
        with pytest.raises(FileExistsError):
            archive.put_in_place(SECRETS)
    assert path.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_a_piece_out_of_which_a_secret_cannot_be_taken_is_left_out() -> None:
    scrubber = Scrubber(SECRETS, KnownNames())
    wrapped, good = scrubbed([Piece("a.txt", "cat", WRAPPED), Piece("b.txt", "cat", "well")], scrubber, SECRETS)
    assert (wrapped.text, wrapped.note) == ("", HIDDEN)
    assert good.text == "well"


def test_two_names_that_become_the_same_stay_two_files() -> None:
    scrubber = Scrubber(SECRETS, KnownNames())
    names = ["floors/a b.yaml", "floors/a:b.yaml", "README.txt"]
    clean = scrubbed([Piece(name, "cat", "x") for name in names], scrubber, SECRETS)
    assert [piece.name for piece in clean] == ["floors/a_b.yaml", "floors/a_b-2.yaml", "README-2.txt"]
