"""Whatever surrounds it, an identifier goes, always under the same name; and what is none stays."""

import json
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_gateway.core.support.scrub import KnownNames, Scrubber, harmless_numbers
from beacon_gateway.core.support.secret_values import MARK, SecretValues

SECRET: Final = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
KNOWN: Final = KnownNames(
    hosts=("f6-east", "raspberrypi"), users=("wangxm", "pi"), networks=("三楼WiFi",), serials=("10000000e4c7b1f9",)
)
UUID: Final = "FDA50693-A4E2-4FB1-AFCF-C6EB07647825"


def scrubber(*texts: str) -> Scrubber:
    return Scrubber(SecretValues([SECRET]), KNOWN, harmless_numbers(texts))


def scrub(text: str) -> str:
    return scrubber(text).scrub(text)


HEX = "0123456789abcdef"
OCTET = st.integers(0, 255)
MACS = st.builds(
    lambda raw, mark, upper: (
        (mark.join(f"{byte:02x}" for byte in raw)).upper() if upper else mark.join(f"{byte:02x}" for byte in raw)
    ),
    st.binary(min_size=6, max_size=6),
    st.sampled_from(":-_"),
    st.booleans(),
)
PLAIN_MACS = st.binary(min_size=6, max_size=6).map(bytes.hex).filter(lambda mac: not mac.isdecimal())
V4 = st.tuples(st.integers(1, 126), OCTET, OCTET, OCTET).map(lambda parts: ".".join(map(str, parts)))
V6 = st.ip_addresses(v=6).filter(lambda found: int(found) >> 48).map(str)  # none of the first, which may be loopback
APPIDS = st.text(HEX, min_size=16, max_size=16).map("wx{}".format)
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
OPENIDS = st.text(LETTERS, min_size=27, max_size=27).map("o{}".format)
IDS = st.uuids().map(str) | st.uuids().map(lambda found: found.hex)
EMAILS = st.from_regex(r"[a-z0-9._%+-]{1,20}@[a-z0-9]{1,10}\.(com|cn)", fullmatch=True)
NAMES = st.sampled_from(["f6-east", "F6-East", "wangxm", "三楼WiFi", "10000000e4c7b1f9"])
IDENTIFIERS = st.one_of(MACS, PLAIN_MACS, V4, V6, APPIDS, OPENIDS, IDS, EMAILS, NAMES)
BESIDE = st.sampled_from(
    [" ", "\n", "(", ")", ",", '"', "'", "中", "=", "/", "[", "]", ";", "<", ">", "\t", "，", "。"]
)
WORDS = st.sampled_from(
    ["radio", "deaf", "北扶梯口", "12", "2026-11-24", "10:30:05", "Foo::Bar", "std::dec", "-70.5", "v1.2.3"]
)


@given(WORDS, BESIDE, IDENTIFIERS, BESIDE, WORDS)
def test_no_identifier_survives(before: str, left: str, identifier: str, right: str, after: str) -> None:
    found = scrub(f"{before}{left}{identifier}{right}{after}")
    assert identifier.lower() not in found.lower()
    assert found.startswith(before)
    assert found.endswith(after)


@given(IDENTIFIERS, st.lists(WORDS, min_size=1, max_size=5))
def test_it_has_the_same_name_everywhere_and_a_second_time_changes_nothing(identifier: str, words: list[str]) -> None:
    one = scrubber()
    first, second = one.scrub(f"{identifier} {' '.join(words)}"), one.scrub(f"{' '.join(words)} {identifier}")
    assert first.split(" ")[0] == second.split(" ")[-1]
    assert one.scrub(first) == first


@given(st.lists(WORDS | BESIDE | st.text("abcdefgh 汉字.,:\n", max_size=8).filter(lambda text: "::" not in text)))
def test_text_without_identifiers_stays_as_it_is(parts: list[str]) -> None:
    text = "~".join(parts)
    assert scrub(text) == text


@given(st.text())
def test_any_text_can_be_scrubbed(text: str) -> None:
    assert isinstance(scrub(text + SECRET + text), str)
    assert SECRET not in scrub(text + SECRET + text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/org/bluez/hci0/dev_DC_A6_32_0B_7E_41", "/org/bluez/hci0/dev_mac-1"),
        ("enxdca6320b7e41 dc:a6:32:0b:7e:41 dca6.320b.7e41", "enxmac-1 mac-1 mac-1"),
        ("00:11:22:33:44:55 001122334455 and 123456789012 us", "mac-1 mac-1 and 123456789012 us"),
        ("2001:db8:10:20:30:40:50:60 is one", "ip-1 is one"),
        ("::ffff:10.0.0.1 10.0.0.1 [fe80::1%wlan0]:80", "ip-1 ip-1 [ip-2%wlan0]:80"),
        ("127.0.0.1 127.0.1.1 0.0.0.0 ::1 [::]:8080", "127.0.0.1 127.0.1.1 0.0.0.0 ::1 [::]:8080"),
        ("00001800-0000-1000-8000-00805f9b34fb", "00001800-0000-1000-8000-00805f9b34fb"),
        (f"uuid: {UUID}, again {UUID.lower()}", f"uuid: {UUID}, again {UUID.lower()}"),
        (f"{UUID} 10006/1 absent", f"{UUID} 10006/1 absent"),
        (f"root=PARTUUID={UUID}", "root=PARTUUID=id-1"),
        ('"revision": "0a1b2c3d4e5f"', '"revision": "0a1b2c3d4e5f"'),
        ("raspberrypi f6-east f6-east-2.local pi", "raspberrypi host-1 host-1-2.local pi"),
        ("/home/wangxm/a /home/li.si/b /home/pi/c", "/home/user-1/a /home/user-2/b /home/pi/c"),
        ('"who": "lisi", user=beacon-gateway', '"who": "user-1", user=beacon-gateway'),
        ("username=bob,vers=3", "username=user-1,vers=3"),
        ('ESSID:"Shop 5" ssid=abc', 'ESSID:"ssid-1" ssid=ssid-2'),
        ("SerialNumber: 00E04C360001", "SerialNumber: serial-1"),
        ("getty@tty1.service a.b@c.cn", "getty@tty1.service email-1"),
        ("https://h.cn/a?x=1&y 再 /a?x=1&y", "https://h.cn/a?query-1 再 /a?query-1"),
        ("http://u:p@h.cn/", "http://[secret]@h.cn/"),
        ("access_token=abc&next=1", "access_token=[secret]&next=1"),
        ("  app_secret: correct horse battery", "  app_secret: [secret]"),
        ("secret: |\n  abc\n  def\nfloor: F6", "secret: [secret]\nfloor: F6"),
        (
            '{"password": 123456, "tokens": 5, "token": "a\\"b"}',
            '{"password": "[secret]", "tokens": 5, "token": "[secret]"}',
        ),
        ("the token: expired yesterday", "the token: expired yesterday"),
        ("wechat-secret:/etc/beacon-gateway/wechat-secret", "wechat-secret:/etc/beacon-gateway/wechat-secret"),
        ("SetCredential=wechat-secret:a b c", "SetCredential=wechat-secret:[secret]"),
        ("Authorization: Basic d3g6c2VjcmV0", "Authorization: [secret]"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nx", "[secret]\nx"),
    ],
)
def test_this_becomes_that(text: str, expected: str) -> None:
    assert scrub(text) == expected


def test_an_appsecret_that_nobody_knows_is_gone_wherever_it_stands() -> None:
    unknown = "00112233445566778899aabbccddeeff"
    assert scrub(f"appsecret={unknown}") == f"appsecret={MARK}"
    assert unknown not in scrub(f"it is {unknown}, I think")


def test_json_stays_json() -> None:
    said = {
        "secret": SECRET,
        "url": "https://a.cn/?q=1",
        "n": 12,
        "list": ["DC:A6:32:0B:7E:41", "10.0.0.1"],
        "token": None,
    }
    assert json.loads(scrub(json.dumps(said)))["list"] == ["mac-1", "ip-1"]
    assert json.loads(scrub(json.dumps(said, indent=1)))["n"] == 12


HOSTILE = [
    ":",
    "0",
    "wx",
    "/",
    "?a=",
    "@",
    "a@b.",
    "aa:",
    "secret",
    "secret=",
    "://",
    "o",
    "::",
    "1.",
    "-",
    "_",
    "\\",
    "a:",
]


@pytest.mark.parametrize(
    "piece", [*HOSTILE, '"', "\n secret: |\n a", "SetCredential=a:\\\n", "bearer ", "/home/", "ssid=", "serial: 1"]
)
@pytest.mark.timeout(120)
def test_no_text_takes_for_ever(piece: str) -> None:
    """A pattern that tries every way to divide a text would take years over this one, not seconds."""
    text = piece * (100_000 // len(piece))
    assert len(scrub(text)) <= 100 * len(text)
