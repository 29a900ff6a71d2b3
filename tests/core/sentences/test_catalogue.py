"""Every sentence is found by its name, in one place."""

from importlib import resources

import pytest

from beacon_gateway.core.sentences.catalogue import SUBJECTS, of_module, text_of

MODULES = sorted(set(SUBJECTS.values()))
APART = {"__init__", "catalogue", "text", "files", "messages"}
"""No sentences, or (of files) problems: those are found by their code."""


@pytest.mark.parametrize("module", MODULES)
def test_what_stands_in_a_module_is_found_there(module: str) -> None:
    phrases = of_module(module)
    assert phrases
    for name, text in phrases.items():
        assert text_of(name) is text


def test_no_module_is_forgotten() -> None:
    folder = resources.files("beacon_gateway.core.sentences")
    files = {entry.name.removesuffix(".py") for entry in folder.iterdir() if entry.name.endswith(".py")}
    assert files - APART == set(MODULES)


@pytest.mark.parametrize("phrase", ["nonsense", "", "page.nonsense", "nonsense.page"])
def test_what_is_not_there_is_a_key_error(phrase: str) -> None:
    with pytest.raises(KeyError):
        text_of(phrase)
