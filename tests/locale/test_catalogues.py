"""Each catalogue is whole, says the same as the others, and is compiled."""

import re
from typing import Final

import pytest

from tests.locale.catalogues import FILE, FOLDERS, LOCALE, Forms, compiled, entries, nouns, placeholders, read

MAX_BYTES: Final = 500_000
ENGLISH: Final = entries("en")
ENGLISH_REASONS: Final = {"yaml.syntax"}
"""Here {reason} is English, by PyYAML: other languages may leave it out."""
HEAD: Final = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=n!=1;\\n"\n'
)


def problems(catalogue: dict[str, Forms], english: dict[str, Forms]) -> list[str]:
    """Return what is wrong with a catalogue beside the English one."""
    found = [f"missing: {name}" for name in english.keys() - catalogue.keys()]
    found += [f"surplus: {name}" for name in catalogue.keys() - english.keys()]
    for name in catalogue.keys() & english.keys():
        expected = placeholders(english[name][-1])
        allowed = [expected, expected - {("reason", "")}] if name in ENGLISH_REASONS else [expected]
        found += [f"placeholders: {name}: {text}" for text in catalogue[name] if placeholders(text) not in allowed]
        unknown = {noun for text in catalogue[name] for noun in nouns(text)} - english.keys()
        found += [f"no such noun: {name}: {noun}" for noun in unknown]
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_catalogue_has_each_message_of_the_english_one_with_its_placeholders_and_no_other(folder: str) -> None:
    assert problems(entries(folder), ENGLISH) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_compiled_file_is_what_the_catalogue_says(folder: str) -> None:
    path = LOCALE / folder / FILE
    assert path.with_suffix(".mo").read_bytes() == compiled(path.read_bytes()), "compile it: make messages"


def test_the_catalogues_are_small() -> None:
    assert sum((LOCALE / folder / FILE).with_suffix(".mo").stat().st_size for folder in ("en", "zh_CN")) < MAX_BYTES


def test_each_language_has_as_many_forms_of_a_number_as_its_header_says() -> None:
    for folder in FOLDERS:
        head = (LOCALE / folder / FILE).read_text(encoding="utf-8").partition("\n\n")[0]
        said = re.search(r"nplurals=(\d+)", head)
        assert said
        for name, forms in entries(folder).items():
            assert len(forms) == (int(said[1]) if name.startswith("count.") else 1), name


@pytest.mark.parametrize(
    ("catalogue", "problem"),
    [
        ({"a.b": ("{x} is there",)}, "missing: a.c"),
        ({"a.b": ("{x} is there",), "a.c": ("c",), "a.d": ("d",)}, "surplus: a.d"),
        ({"a.b": ("{y} is there",), "a.c": ("c",)}, "placeholders: a.b: {y} is there"),
        ({"a.b": ("it is there",), "a.c": ("c",)}, "placeholders: a.b: it is there"),
        ({"a.b": ("{x:.1f} is there",), "a.c": ("c",)}, "placeholders: a.b: {x:.1f} is there"),
        ({"a.b": ("{x:count.d} there",), "a.c": ("c",)}, "no such noun: a.b: count.d"),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_found(catalogue: dict[str, Forms], problem: str) -> None:
    assert problems(catalogue, {"a.b": ("{x} is there",), "a.c": ("c",)}) == [problem]


@pytest.mark.parametrize(
    "entry",
    [
        'msgid "a.b"\nmsgstr ""\n',
        '#, fuzzy\nmsgid "a.b"\nmsgstr "b"\n',
        'msgid "a.b"\nmsgstr "b"\n\nmsgid "a.b"\nmsgstr "c"\n',
    ],
    ids=["empty", "fuzzy", "twice"],
)
def test_an_entry_that_is_not_ready_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match=re.escape("a.b")):
        read(f"{HEAD}\n{entry}".encode())
