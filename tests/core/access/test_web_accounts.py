"""The accounts' file as text: what is an account, what is none, and what a change leaves as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.access.password import PasswordHash, fault_of
from beacon_gateway.core.access.web_accounts import (
    MAX_ACCOUNTS,
    WebAccount,
    hashes_in,
    is_name,
    read_accounts,
    with_account,
    without_account,
)
from beacon_gateway.core.model.visitor import Rank, Visitor
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.core.sentences.messages import say

HASH = PasswordHash(b"s" * 16, b"d" * 32)
ANNA = WebAccount(Visitor("anna", Rank.STAFF, frozenset({"F7", "F6"})), HASH)


def test_an_account_is_read_as_it_was_written() -> None:
    assert str(ANNA).startswith("anna staff F6,F7 $scrypt$ln=14,r=8,p=5$")
    assert read_accounts(f"{ANNA}\n").of("Anna") == ANNA


def test_a_password_is_known_by_its_hash_and_by_nothing_else() -> None:
    kept = PasswordHash.of("正确的马 battery", b"0123456789abcdef")
    assert PasswordHash.read(str(kept)) == kept
    assert kept.is_of("正确的马 battery")
    assert kept.is_of("正确的马　ｂattery")  # as an input method for Chinese may write it
    assert not kept.is_of("正确的马 Battery")
    assert "digest" not in repr(kept)


def test_the_hash_is_that_of_rfc_7914() -> None:
    vector = PasswordHash(b"NaCl", bytes(64), log_n=10, r=8, p=16)
    assert (
        vector.digest_of("password")
        .hex()
        .startswith("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162")
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "$scrypt$ln=14,r=8,p=5$c2FsdHNhbHRzYWx0$",
        "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo",
        "$scrypt$ln=30,r=8,p=5$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g",
        "$scrypt$ln=16,r=16,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g",
        "$scrypt$ln=14,r=8,p=99$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g",
        "$scrypt$ln=1,r=8,p=5$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g",
        "$scrypt$ln=14,r=8,p=5$c2FsdHNhbHRzYWx0$" + "A" * 500,
    ],
)
def test_a_hash_that_asks_too_much_or_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hash"):
        PasswordHash.read(text)


def test_remarks_and_other_lines_stay_when_one_is_changed() -> None:
    text = f"# 门店账号\n\n{ANNA}\nspoilt line\n# end"
    changed = WebAccount(Visitor("Anna", Rank.IT), HASH)
    assert with_account(text, changed).splitlines() == ["# 门店账号", "", str(changed), "spoilt line", "# end"]
    assert without_account(text, "ANNA").splitlines() == ["# 门店账号", "", "spoilt line", "# end"]
    assert with_account("", ANNA) == f"{ANNA}\n"
    assert without_account("", "anna") == ""


def test_faulty_lines_are_told_by_number_and_cost_the_others_nothing() -> None:
    lines = [
        "# a remark",
        "anna",
        f"a:b it - {HASH}",
        f"bob boss - {HASH}",
        f"bob staff F6,, {HASH}",
        "bob it - $2y$10$abc",
        f"bob it - {HASH}",
        f"BOB it - {HASH}",
    ]
    found = read_accounts("\r\n".join(lines))
    assert list(found.by_key) == ["bob"]
    assert [(fault.number, fault.phrase.partition(".")[2]) for fault in found.faults] == [
        (2, "fields"),
        (3, "name"),
        (4, "rank"),
        (5, "floors"),
        (6, "hash"),
        (8, "twice"),
    ]


def test_a_byte_order_mark_and_ends_of_lines_as_windows_writes_them_cost_nothing() -> None:
    text = f"\ufeff{ANNA}\r\nbob it - {HASH}\r\n"
    assert list(read_accounts(text).by_key) == ["anna", "bob"]
    assert not read_accounts(text).faults
    changed = with_account(text, WebAccount(Visitor("Anna", Rank.IT), HASH))
    assert [account.visitor.rank for account in read_accounts(changed).by_key.values()] == [Rank.IT, Rank.IT]


@pytest.mark.parametrize(
    ("line", "code"), [(f"an\u200bna it - {HASH}", "U+200B"), (f"anna it - {HASH}\0\0", "U+0000"), ("\ufeff", "U+FEFF")]
)
def test_a_character_that_nobody_sees_in_a_line_is_named(line: str, code: str) -> None:
    (fault,) = read_accounts(f"bob it - {HASH}\n{line}\n").faults
    assert (fault.number, fault.phrase, fault.details["code"]) == (2, "web-accounts.character", code)
    for language in languages():
        assert code in say(fault.phrase_in_full, language, **fault.details)
        assert say(fault.phrase, language)


def test_there_are_two_hundred_at_most() -> None:
    found = read_accounts("".join(f"a{number} it - {HASH}\n" for number in range(MAX_ACCOUNTS + 1)))
    assert (len(found.by_key), [fault.number for fault in found.faults]) == (MAX_ACCOUNTS, [MAX_ACCOUNTS + 1])


def test_what_must_not_be_given_away_is_known_of_faulty_lines_too() -> None:
    salt, digest = str(HASH).split("$")[-2:]
    assert {str(HASH), digest} <= set(hashes_in(f"# x\n{ANNA}\nbob {HASH}"))
    assert salt not in hashes_in(f"{ANNA}")  # it is a part of the first


@given(st.text(max_size=400))
def test_any_text_can_be_read_and_changed(text: str) -> None:
    read_accounts(text)
    changed = with_account(text, ANNA)
    assert read_accounts(changed).of("anna") == ANNA
    assert read_accounts(without_account(changed, "anna")).of("anna") is None


@pytest.mark.parametrize("name", ["anna", "张三", "li.na", "a@b", "A" * 40])
def test_what_people_are_called_is_a_name(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "a b", "a:b", "#a", "-a", "a\n", "a" * 41, "ａnna", "a$"])
def test_what_a_line_or_a_header_cannot_hold_is_none(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("correct horse", ""),
        ("正确的马和电池订书钉", ""),
        ("123456789", "short"),
        ("x" * 201, "long"),
        ("aaaaaaaaaa", "easy"),
        ("ANNA.MARIA.X", "easy"),
        ("tab\tulator\t", "control"),
    ],
)
def test_a_password_is_long_and_not_the_name(password: str, fault: str) -> None:
    assert fault_of(password, "anna.maria.x").removeprefix("password.") == fault
