"""Addresses: what no browser opens is found at its place, and the form that is published agrees."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.text.odd_characters import OddCharacter, OddKind
from beacon_gateway.core.text.web_address import HOST_AND_PORT_FORM, WEB_ADDRESS_FORM, AddressFault, fault_in_address

FORM = re.compile(WEB_ADDRESS_FORM)


@pytest.mark.parametrize(
    "text",
    [
        "https://h5.example.com",
        "http://h5.example.com:8080/a?b=c#d",
        "https://h5.example.com./",
        "https://h5_x.example.com/{id}?x=<id>",
        "https://商场.cn/春季",
        "https://пример.рф/",
        "https://münchen.example.com/",
        "https://xn--fiqs8s.example.com:65535/",
        "https://192.0.2.7/",
        "https://[2001:db8::7]:8443/",
        "https://localhost?a=\\b",
        "https://user@h5.example.com/",
    ],
)
def test_a_sound_address_is_let_through(text: str) -> None:
    assert fault_in_address(text) is None
    assert FORM.fullmatch(text)


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("https://h5.example.com:/", "value.url-port", 22),
        ("https://h5.example.com:65536/", "value.url-port", 22),
        ("https://h5.example.com:٨٠/", "value.url-port", 22),
        ("https://[2001:db8::7]:0", "value.url-port", 21),
        ("https://[2001:db8::7/", "value.url-host", 8),
        ("https://[192.0.2.7]/", "value.url-host", 8),
        ("https://.example.com/", "value.url-host", 8),
        ("https://192.0.2/", "value.url-host", 8),
        (f"https://{'a' * 64}.example.com/", "value.url-host", 8),
        ("https://HTTP://h5.example.com/", "value.url-twice", 0),
    ],
)
def test_what_no_browser_opens_is_found_at_its_place(text: str, code: str, at: int) -> None:
    found = fault_in_address(text)
    assert isinstance(found, AddressFault)
    assert (found.code, found.at) == (code, at)


@pytest.mark.parametrize("character", "\\\"<>|{}^`%,;()!$&'*+~–αаՏᏟ𝐚")
def test_a_character_that_no_host_has_is_named(character: str) -> None:
    found = fault_in_address(f"https://h5.exa{character}mple.com/")
    assert found == OddCharacter(14, character, OddKind.HOST)
    assert all(found.details.values())


@given(st.text(alphabet="htps:/.[]@\\?#0159aZ-_春а", max_size=40).map("https://".__add__))
def test_what_has_a_fault_by_its_form_alone_does_not_fit_the_form_that_is_published(text: str) -> None:
    found = fault_in_address(text)
    if FORM.fullmatch(text) and found:  # a regular expression does not reckon with addresses and alphabets
        assert found.code == "value.url-host" if isinstance(found, AddressFault) else found.character == "а"
    if found is None and re.fullmatch(HOST_AND_PORT_FORM, text.removeprefix("https://")):
        assert FORM.fullmatch(text)


@pytest.mark.parametrize("filler", ["a.", "@", ":0", "[", "..", "a@", "https://", "春", "-"])
def test_a_long_address_is_judged_at_once(filler: str) -> None:
    text = "https://" + filler * 20_000
    found = fault_in_address(text)
    assert found is None or 0 <= found.at < len(text)
    FORM.fullmatch(text)
