"""Chinese sentences are Chinese: names aside, no English word, and no error of the system as Python writes it."""

import re
from typing import Final

import pytest

from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.core.sentences.system_errors import reason_of
from tests.locale.catalogues import entries

CHINESE: Final = entries("zh_CN")
_NAMES: Final = (
    "AltBeacon AppID AppSecret BlueZ CR CSV ControllerMode DNS EncodingAESKey GBK GET GHz GPS HTTPS ID IP IT JSON KB "
    "LE LF MAC MB Mac NTP POST Python RSSI RTC SD Service TLS Tab Token UDP USB UTC UUID Unicode YAML "
    "bluetooth bluetoothd bookworm dB dBm gif iBeacon inode jpeg jpg openid pi png raspberrypi rfkill root "
    "sudo systemd ticket token uuid doctor check"
)
NAMES: Final = frozenset(_NAMES.split())
"""Of things, formats and programs."""
_WRITTEN: Final = (
    "active adapter appid auto base begin day enters false floor hci it le major mine minor minutes no off pages "
    "passive radio reader role runtime staff state store true trusted viewer wechat weekday writer wx abcdef yes"
)
WRITTEN: Final = frozenset(_WRITTEN.split())
"""What people write just so: keys and values of the files, and of commands."""
AS_TYPED: Final = re.compile(
    r"\{[^}]*\}|(?:sudo |curl |ssh |tar )[^，。；：（）“”、]*"
    r"|(?:beacon-gateway|apply|journalctl|systemctl|bluetoothctl|timedatectl|chmod|ip addr|ls -ld|df -h)"
    r"(?: [a-z-]+| --?[a-z-]+|@[a-z]+)*|https?://\S*|[A-Za-z0-9_~-]*[./_=:+-][A-Za-z0-9_./:=*+-]*|#.*"
)
"""Commands, addresses, paths and options."""
FILES: Final = ("setup.file.", "emulator.ready")
"""Here whole files are given, of which the comments alone are sentences."""


def english_words(sentence: str) -> set[str]:
    return set(re.findall("[A-Za-z]{2,}", AS_TYPED.sub(" ", sentence))) - NAMES - WRITTEN


def test_a_chinese_sentence_has_no_english_word() -> None:
    said = {name: forms[0] for name, forms in CHINESE.items() if not name.startswith(FILES)}
    assert {name: words for name, text in said.items() if (words := english_words(text))} == {}


def test_an_english_sentence_has_no_chinese_but_the_words_of_wechat_and_of_its_units() -> None:
    chinese = {
        name: set(re.findall("[\u4e00-\u9fff]+|[\u3000-\u303f\uff00-\uffef]", "".join(entries("en")[name])))
        for name in entries("en")
    }
    assert set().union(*chinese.values()) == {"汉字", "认证"}


def test_an_english_word_is_found() -> None:
    assert english_words("网关 failed，请执行：sudo systemctl restart beacon-gateway") == {"failed"}


@pytest.mark.parametrize(
    ("error", "chinese", "english"),
    [
        (PermissionError(13, "Permission denied", "/etc/x"), "没有权限", "permission denied"),
        (FileNotFoundError(2, "No such file or directory"), "文件或文件夹不存在", "no such file or folder"),
        (OSError(39, "Directory not empty"), "文件夹不是空的", "folder not empty"),
        (OSError(95, "Operation not supported"), "系统错误 95", "system error 95"),
    ],
)
def test_an_error_of_the_system_is_said_in_the_language_of_its_sentence(
    error: OSError, chinese: str, english: str
) -> None:
    reason = reason_of(error)
    assert say("import.unwritable", Language.CHINESE, folder="/srv", reason=reason) == f"无法写入 /srv：{chinese}"
    assert (
        say("import.unwritable", Language.ENGLISH, folder="/srv", reason=reason) == f"/srv cannot be written: {english}"
    )


@pytest.mark.parametrize("language", languages())
def test_an_error_with_its_file_keeps_the_file(language: Language) -> None:
    said = say("trouble.state", language, reason=OSError(28, "No space left on device", "/var/lib/x"))
    assert "[Errno" not in said
    assert "No space left on device" not in said
    assert "'/var/lib/x'" in said
