"""A message is found by its id, in the language that is asked for."""

import pytest

from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.catalogue import language_name, languages, text_for_number, text_of


def test_there_are_chinese_and_english_under_their_own_names() -> None:
    assert languages()[:2] == (Language.CHINESE, Language.ENGLISH)
    assert [language_name(language) for language in languages()[:2]] == ["中文", "English"]


def test_a_message_is_found_in_both_languages() -> None:
    assert text_of("page.menu", Language.CHINESE) == "菜单"
    assert text_of("page.menu", Language.ENGLISH) == "Menu"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("phrase", ["nonsense", "", "page.nonsense", "nonsense.page"])
def test_what_is_not_there_is_a_key_error(phrase: str, language: Language) -> None:
    with pytest.raises(KeyError):
        text_of(phrase, language)


def test_a_number_has_the_form_that_its_language_gives_it() -> None:
    assert [text_for_number("count.page", n, Language.ENGLISH) for n in (0, 1, 2)] == [
        "{n} pages",
        "{n} page",
        "{n} pages",
    ]
    assert {text_for_number("count.page", n, Language.CHINESE) for n in (0, 1, 2)} == {"{n} 个页面"}
    with pytest.raises(KeyError):
        text_for_number("count.nonsense", 1, Language.CHINESE)


def test_a_language_without_a_catalogue_is_english() -> None:
    assert text_of("page.menu", Language("xx")) == "Menu"
    assert text_for_number("count.page", 1, Language("xx")) == "{n} page"
