"""What the first files say reads back as what was answered, and their comments are true."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from beacon_gateway.adapters.files.check import check
from beacon_gateway.adapters.files.first_words import appid_fault, completed, first_store, gateway_text, name_fault
from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.core.files.installation import SetupAnswers, plain_text, secret_in
from beacon_gateway.core.model.settings import Language, Role, Settings
from beacon_gateway.core.sentences.catalogue import languages
from tests.places import PROJECT

ICON = PROJECT / "config" / "store" / "icons" / "welcome.png"
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,47}", fullmatch=True)
APPIDS = st.one_of(st.just(""), st.from_regex(r"wx[0-9a-f]{16}", fullmatch=True))
ROLES = st.sampled_from([Role.WRITER, Role.READER])
LANGUAGES = st.sampled_from(languages())


def read(content: bytes) -> Settings:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "gateway.yaml"
        path.write_bytes(content)
        settings, _, problems = read_settings(path)
    assert not problems
    assert settings
    return settings


@given(NAMES, NAMES, LANGUAGES, APPIDS, ROLES)
@example("on", "010", Language.CHINESE, "", Role.WRITER)
@example("null", "1e5", Language.ENGLISH, "wx0123456789abcdef", Role.READER)
@example("12", "0x1F", Language.ENGLISH, "", Role.READER)
def test_any_answers_read_back_as_they_were_given(
    gateway: str, floor: str, language: Language, appid: str, role: Role
) -> None:
    assert name_fault(gateway) is None
    assert name_fault(floor) is None
    settings = read(gateway_text(SetupAnswers(gateway, floor, language, appid, role)))
    assert (settings.gateway, settings.floor, settings.language) == (gateway, floor, language)
    assert (settings.wechat.appid if settings.wechat else "") == appid
    assert (settings.wechat.role if settings.wechat else role) is role


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_name_or_a_fault(text: str) -> None:
    fits = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,47}", text) is not None
    assert (name_fault(text) is None) == fits
    assert (appid_fault(text) is None) == (re.fullmatch(r"wx[0-9a-f]{16}", text) is not None)


@given(NAMES, NAMES)
def test_a_file_is_completed_with_the_same_answers(gateway: str, floor: str) -> None:
    added = {"gateway": gateway, "floor": floor, "appid": "wx0123456789abcdef"}
    settings = read(completed(b"language: en", added, Language.ENGLISH))
    assert settings.wechat
    assert (settings.gateway, settings.floor, settings.wechat.appid) == tuple(added.values())


@pytest.mark.parametrize("language", languages())
def test_the_defaults_that_stand_there_as_comments_are_the_defaults(language: Language) -> None:
    content = gateway_text(SetupAnswers("f6-east", "F6", language, "wx0123456789abcdef")).decode()
    active = uncommented(content)
    assert "\n  drift_every" in active
    with TemporaryDirectory() as folder:
        path = Path(folder) / "gateway.yaml"
        path.write_text(content)
        as_written, _, _ = read_settings(path)
        path.write_text(active)
        activated, _, problems = read_settings(path)
    assert not problems
    assert activated == as_written


@pytest.mark.parametrize("language", languages())
def test_the_examples_are_right_once_they_are_active(language: Language, tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").write_bytes(gateway_text(SetupAnswers("f6-east", "F6", language)))
    for name, content in first_store("F6", language).items():
        path = tmp_path / "store" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(uncommented(content.decode()))
    (tmp_path / "store" / "icons").mkdir()
    (tmp_path / "store" / "icons" / "welcome.png").write_bytes(ICON.read_bytes())
    _, settings, store, problems = check(tmp_path / "gateway.yaml")
    assert not problems
    assert settings
    assert (len(store.beacons), len(store.pages), settings.floor) == (1, 2, "F6")


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (b"abc123", "abc123"),
        (b" abc123 \r\n", "abc123"),
        (b"\xef\xbb\xbfabc123", "abc123"),
        ("abc123\r\n".encode("utf-16"), "abc123"),
        (b"", ""),
        (b"two words", ""),
        (b"two\nlines", ""),
        (b"abc\x00", ""),
        ("密钥".encode(), ""),
        (b"a" * 256, "a" * 256),
        (b"a" * 257, ""),
    ],
)
def test_a_secret_is_one_plain_word(content: bytes, secret: str) -> None:
    assert secret_in(content) == secret


def test_what_is_no_text_stays_as_it_is_for_the_reader_to_complain() -> None:
    gbk = "名称".encode("gbk")
    assert plain_text(gbk) == gbk


def uncommented(text: str) -> str:
    """Take the # away from settings; remarks have one space behind it."""
    return re.sub(r"^#(?=\S|  )", "", text, flags=re.MULTILINE)
