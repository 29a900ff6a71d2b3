"""Every error code of WeChat's can be said in Chinese and English: what happened, and what to do."""

import re
from datetime import UTC, datetime
from typing import Final

import pytest

from beacon_gateway.core.bindings.target import NeedsOperator, TryLater, WaitForQuota
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.core.sentences.messages import explain_code, explain_trouble
from tests.core.sentences.test_messages import CHINESE, ENGLISH

GLOBAL: Final = (
    *(-1, 40001, 40002, 40013, 40014, 40033, 40035, 40097, 40125, 40164, 40243, 41001, 41002, 41004, 42001),
    *(43001, 43002, 43003, 44002, 45009, 45011, 45035, 47001, 48001, 48004, 48006, 50002, 50004, 50007),
    *(61003, 61004, 61007, 61024, 89501, 89502, 89503, 89504, 89505, 89506, 89507),
)
OWN: Final = (*range(9001001, 9001011), *range(9001020, 9001080), 9001090, 9001091)
RECALLED: Final = (48001, 9001020)
RID: Final = " rid: 5fab84d2-09424a07-00bd7fe3"
TO_DO: Final = re.compile("请|网关会")
"""Each Chinese sentence asks for something, or says that the gateway does it."""
TO_DO_IN_ENGLISH: Final = re.compile(
    r"\b([Cc]heck|[Aa]dd|[Rr]eset|[Cc]orrect|[Uu]se|[Uu]pload|[Ww]ait|[Mm]ake|[Dd]elete|[Tt]ake|[Tt]alk|[Aa]sk|[Aa]pply"
    r"|[Cc]hoose|[Uu]nbind|[Rr]ead|[Hh]ave|[Ll]ook|[Ss]ee to|report|tries again|goes on|waits|shake again|finds"
    r"|can unfreeze|is in the administrator)\b"
)


@pytest.mark.parametrize("code", [*GLOBAL, *OWN])
def test_every_code_is_said_in_both_languages_with_what_to_do(code: int) -> None:
    zh, en = (explain_code(code, "", language) for language in (Language.CHINESE, Language.ENGLISH))
    assert str(code) not in zh + en, "that is the sentence for unknown codes"
    assert CHINESE.search(zh)
    assert zh.endswith("。")
    assert not ENGLISH.search(zh)
    assert ENGLISH.search(en)
    assert en.endswith(".")
    assert not CHINESE.search(en.replace("汉字", "").replace("认证", ""))
    assert TO_DO.search(zh), zh
    assert TO_DO_IN_ENGLISH.search(en), en
    assert max(len(zh), len(en)) < 300


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("errmsg", "address"),
    [
        ("invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist" + RID, "203.0.113.9"),
        ("invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist hint: [jotvMa0114]", "203.0.113.9"),
        ("invalid ip 203.0.113.9, not in whitelist", "203.0.113.9"),
        ("invalid ip 2001:db8::7, not in whitelist" + RID, "2001:db8::7"),
        ("/cgi-bin/stable_token: 40164 invalid ip 203.0.113.9, not in whitelist" + RID, "203.0.113.9"),
    ],
)
def test_the_address_to_add_is_named(errmsg: str, address: str, language: Language) -> None:
    said = explain_code(40164, errmsg, language)
    assert said.count(address) == 2
    assert "ffff" not in said
    assert "rid" not in said


@pytest.mark.parametrize("errmsg", ["", "invalid ip", "not in whitelist", "无效的 IP"])
def test_an_address_that_is_not_told_is_not_invented(errmsg: str) -> None:
    assert "is not on the account's IP list" in explain_code(40164, errmsg, Language.ENGLISH)


@pytest.mark.parametrize("language", languages())
def test_a_recalled_account_is_one_sentence_whatever_its_number(language: Language) -> None:
    assert len({explain_code(code, "", language) for code in RECALLED}) == 1
    assert "2021" in explain_code(48001, "", language)


@pytest.mark.parametrize("code", [7, 9001011, 9999999, "no number", "9" * 5000, ""])
def test_an_unknown_code_is_told_as_it_came(code: int | str) -> None:
    assert f"an unknown error, {code}." in explain_code(code, "whatever", Language.ENGLISH)
    assert f"未知的错误 {code}。" in explain_code(code, "whatever", Language.CHINESE)


def test_a_trouble_is_said_with_wechats_own_words_after_it() -> None:
    error = NeedsOperator("/cgi-bin/stable_token: 40125 invalid appsecret", "40125")
    said = explain_trouble(error, Language.ENGLISH)
    assert said.startswith("The AppSecret is wrong.")
    assert said.endswith("[/cgi-bin/stable_token: 40125 invalid appsecret]")


@pytest.mark.parametrize("reason", ["/path: HTTP 502", "an answer without a token"])
def test_a_trouble_without_a_code_is_said_in_the_readers_language_with_its_own_words_behind(reason: str) -> None:
    assert explain_trouble(TryLater(reason), Language.CHINESE) == f"这次未完成，请稍后再试。[{reason}]"
    assert explain_trouble(TryLater(reason), Language.ENGLISH) == reason


def test_a_used_up_quota_says_which_and_until_when_in_beijing() -> None:
    until = datetime(2026, 11, 24, 16, tzinfo=UTC)
    error = WaitForQuota("…", "45009", path="/shakearound/page/add", until=until)
    for language in languages():
        said = explain_trouble(error, language)
        assert "/shakearound/page/add" in said
        assert "2026-11-25 00:00" in said
