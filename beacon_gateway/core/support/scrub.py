"""Takes secrets and identifiers out of text that is given to others.

A secret becomes `[secret]`. An identifier becomes a name of its kind with a number, `mac-1`, always the same one from
one `Scrubber`, so that a reader can still follow one thing through many texts. Which is which is kept nowhere.

When in doubt it is taken out. All patterns take time in proportion to the text: a log may hold anything.
"""

import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.support.secret_values import MARK, SecretValues

_Match = re.Match[str]
_Rule = tuple[tuple[str, ...], re.Pattern[str], Callable[[_Match], str]]
"""Signs in lower case, of which one is in every text that the pattern matches; the pattern; what to put there."""

PLAIN_NAMES: Final = frozenset(
    [
        *("localhost", "raspberrypi", "raspberry", "pi", "root", "admin", "administrator", "user", "debian", "linux"),
        *("nobody", "systemd", "kernel", "store", "beacon-gateway", "beacon", "gateway", "bluetooth", "bluetoothd"),
        "bluez",
    ]
)
"""Names of hosts and users that say nothing of anybody: a factory default, or a word of our own."""

_HEX: Final = "[0-9A-Fa-f]"
_UUID: Final = rf"{_HEX}{{8}}-(?:{_HEX}{{4}}-){{3}}{_HEX}{{12}}"
_BLUETOOTH_BASE: Final = "00001000800000805f9b34fb"
"""The end of every UUID that the Bluetooth SIG gave out: no identifier of anything."""

# What tells a secret whose value is not known. No pattern asks for \b or \w where a word begins or ends: Chinese
# characters are letters, too, and stand beside everything without a space.

_PRIVATE_KEY: Final = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?"
)
_AUTHORIZATION: Final = re.compile(r"(authorization[\"']?[ \t]*[:=][ \t]*[\"']?)[^\"'\n]+", re.IGNORECASE)
_BEARER: Final = re.compile(r"((?<![A-Za-z0-9])bearer[ \t]+)[\w.~+/=-]{8,}", re.IGNORECASE)
_JWT: Final = re.compile(r"(?<![A-Za-z0-9])eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?")
_SET_CREDENTIAL: Final = re.compile(r"(SetCredential(?:Encrypted)?=[^:\n]{0,200}:)(?:[^\n]*\\\n)*[^\n]+")
_KEY: Final = (
    r"(?:secret|passwor[dt]|passwd|passphrase|pwd|psk|token|api[_-]?key|aes[_-]?key|private[_-]?key|session[_-]?key|"
    r"cookie|ticket)[\w-]{0,40}"
)
_KEY_SIGNS: Final = ("secret", "passw", "passphrase", "pwd", "psk", "token", "key", "cookie", "ticket")
_KEYED: Final = re.compile(
    rf"(?P<key>{_KEY})(?P<quote>[\"']?)(?P<between>[ \t]{{0,8}}[:=：][ \t]{{0,8}})"
    r"(?P<value>\"(?:[^\"\\\n]|\\.)*\"?|'[^'\n]*'?|(?![|>][-+\d]{0,2}[ \t]*\n)[^\s\"',;&}\])]+)"
    r"(?=(?P<sentence>[ \t]+\w)?)",
    re.IGNORECASE,
)
_KEYED_LINE: Final = re.compile(
    rf"^(?P<head>[ \t]*(?:- )?[\w-]{{0,40}}?{_KEY}[ \t]*[:=][ \t]*)"
    r"(?P<value>[|>][^\n]*(?:\n[ \t]+[^\n]*)+|[^\s\"'{\[][^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_HARMLESS: Final = re.compile(r"[\"']?(?:-?\d{1,6}|true|false|null|none|yes|no|)[\"']?,?", re.IGNORECASE)
_PATH: Final = re.compile(r"[\"']?(?:/(?:boot|etc|home|media|mnt|opt|proc|root|run|srv|sys|tmp|usr|var)/|%d/)")
_WORD: Final = re.compile("[a-z]+")
_LONG_TOKEN: Final = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{43,}+")
_AES_KEY: Final = re.compile(r"[A-Za-z0-9+/]{43}")
_ACCESS_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{80,}")

# What tells an identifier.

_USER_IN_URL: Final = re.compile(r"://[^/@\s\"'<>]+@")
_QUERY_OF_URL: Final = re.compile(r"(://[^\s\"'<>?]{1,1500})\?(?!query-\d)([^\s\"'<>]+)")
_QUERY: Final = re.compile(r"\?(?=[\w%.\[\]-]{1,100}=)([^\s\"'<>]+)")
_EMAIL: Final = re.compile(
    r"(?:(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++|[^\W\x00-\x7f]{1,32})"
    r"@(?:[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+|[\w-]{1,63}(?:\.[\w-]{1,63})+)"
)
_UNIT: Final = re.compile(r"\.(?:service|socket|mount|target|slice|path|timer|device|scope|swap|automount)$")
_HOME: Final = re.compile(r"(/home/)([^/\s:;,\"'<>()\[\]]+)")
_USER_KEY: Final = re.compile(
    r"((?<![A-Za-z0-9])(?:who|user|username|login|logname|sudo_user)[\"']?[ \t]?[:=][ \t]?[\"']?)"
    r"(?!user-\d)([^\s\"',;:={}\[\]()]+)",
    re.IGNORECASE,
)
_NO_NAME: Final = frozenset({"null", "none", "true", "false", "n/a", "root", "beacon-gateway"})
_SSID_KEY: Final = re.compile(
    r"((?<![A-Za-z0-9])[eb]?ssid[\"']?[ \t]{0,4}[:=][ \t]{0,4})(?!ssid-\d)(\"[^\"\n]*\"?|'[^'\n]*'?|[^\s,;}][^\n,;}]*)",
    re.IGNORECASE,
)
_SERIAL_KEY: Final = re.compile(
    r"((?<![A-Za-z0-9])i?serial[ _-]?(?:number|no|short)?[\"']?[ \t]*[:=][ \t]*[\"']?)"
    r"(?!serial-\d)(?=[\w.-]*\d)([\w.-]{4,})",
    re.IGNORECASE,
)
_OPENID: Final = re.compile(r"(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{27,28}(?![A-Za-z0-9_-])")
_APPID: Final = re.compile(r"wx[0-9a-f]{16}", re.IGNORECASE)
_ACCOUNT: Final = re.compile(r"gh_[0-9a-f]{12}", re.IGNORECASE)
_GROUP: Final = rf"{_HEX}{{1,4}}"
_V4: Final = r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|0?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|0?\d?\d)"
_RUN: Final = re.compile(r"[0-9A-Fa-f:][0-9A-Fa-f:._-]{2,}+")
"""In which the numbers below can be; nearly all of a text is passed over with it."""
_NUMBERS: Final = re.compile(
    rf"(?P<uuid>(?<!{_HEX}){_UUID}(?!{_HEX}))"
    rf"|(?P<mac>(?<!{_HEX}){_HEX}{{2}}([:_-]){_HEX}{{2}}(?:\3{_HEX}{{2}}){{4,}}(?!{_HEX}))"
    rf"|(?P<dotted>(?<![0-9A-Za-z.]){_HEX}{{4}}\.{_HEX}{{4}}\.{_HEX}{{4}}(?![0-9A-Za-z]))"
    rf"|(?P<v6>(?<![0-9A-Za-z])(?:(?:{_GROUP}:){{7}}{_GROUP}|(?:{_GROUP}(?::{_GROUP}){{0,6}})?::"
    rf"(?:(?:{_GROUP}:){{0,6}}(?:{_V4}|{_GROUP}))?)(?![0-9A-Za-z]))"
    rf"|(?P<v4>(?<!\d)(?<!\d\.){_V4}(?!\d|\.\d))"
    rf"|(?P<id>(?<![0-9A-Za-z]){_HEX}{{32}}(?![0-9A-Za-z]))"
    rf"|(?P<plain>(?:(?<![0-9A-Za-z])|(?<=enx)|(?<=wlx)){_HEX}{{12}}(?![0-9A-Za-z]))"
)

_BEACON_UUID: Final = re.compile(
    rf"(?:(?<![\w-])uuid[\"']?[ \t]*:[ \t]*[\"']?({_UUID}|{_HEX}{{32}})|({_UUID}) \d{{1,5}}/\d{{1,5}})(?![0-9A-Za-z])"
)
_REVISION: Final = re.compile(r"[\"']?\b(?:revision|files|plan)[\"']?[ \t]*[:=][ \t]*[\"']?([0-9a-f]{12})\b")


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What is called how on this machine: names that no pattern tells from other words."""

    hosts: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    """SSIDs."""
    serials: tuple[str, ...] = ()


def harmless_numbers(texts: Iterable[str]) -> frozenset[str]:
    """Return what looks like an identifier and is none: the UUIDs of beacons, versions of files, digests of plans.

    A beacon tells its UUID to everybody who passes by, and without it no fault is found. Dashes are taken out.
    """
    found: set[str] = set()
    for text in texts:
        found.update(_bare(match[1] or match[2]) for match in _BEACON_UUID.finditer(text))
        found.update(match[1] for match in _REVISION.finditer(text))
    return frozenset(found)


class Scrubber:
    """Remembers which pseudonym it gave to what; use one for everything that belongs together."""

    def __init__(self, secrets: SecretValues, known: KnownNames, keep: frozenset[str] = frozenset()) -> None:
        """`keep` is what `harmless_numbers` gave for all the texts."""
        self._secrets, self._keep = secrets, keep
        self._numbers: dict[tuple[str, str], int] = {}
        self._kinds: Counter[str] = Counter()
        self._known = [
            (kind, [name.lower() for name in names], pattern)
            for kind, names, any_case in (
                ("serial", known.serials, True),
                ("ssid", known.networks, False),
                ("host", known.hosts, True),
                ("user", known.users, False),
            )
            if (pattern := _pattern_of(names, any_case=any_case))
        ]
        self._rules: tuple[_Rule, ...] = (
            (("/home/",), _HOME, lambda match: match[1] + self._user(match[2])),
            (("who", "user", "login", "logname"), _USER_KEY, lambda match: match[1] + self._user(match[2])),
            (("ssid",), _SSID_KEY, self._ssid),
            (("serial",), _SERIAL_KEY, lambda match: match[1] + self._name("serial", match[2].lower())),
            (("wx",), _APPID, lambda match: self._name("appid", match[0].lower())),
            (("gh_",), _ACCOUNT, lambda match: self._name("account", match[0].lower())),
        )

    @property
    def replaced(self) -> Mapping[str, int]:
        """How many different identifiers of each kind there were."""
        return dict(self._kinds)

    def scrub(self, text: str) -> str:
        """Return the text without secrets and identifiers. Never raises, whatever the text is."""
        text = self._without_secrets(text)
        if "?" in text:
            text = _QUERY_OF_URL.sub(lambda match: f"{match[1]}?{self._name('query', match[2])}", text)
            text = _QUERY.sub(lambda match: f"?{self._name('query', match[1])}", text)
        if "@" in text:
            text = _USER_IN_URL.sub(f"://{MARK}@", text)
            text = _EMAIL.sub(self._email, text)
        folded = text.lower()
        for kind, names, pattern in self._known:
            if any(name in folded for name in names):
                text = pattern.sub(self._named(kind), text)
        for signs, pattern, replace in self._rules:
            if any(sign in folded for sign in signs):
                text = pattern.sub(replace, text)
        text = _OPENID.sub(lambda match: self._name("openid", match[0]), text)
        return _RUN.sub(self._run, text)

    def _without_secrets(self, text: str) -> str:
        text = self._secrets.remove(text)
        folded = text.lower()
        for signs, pattern, replace in _SECRETS:
            if any(sign in folded for sign in signs):
                text = pattern.sub(replace, text)
        return _LONG_TOKEN.sub(_token, text)

    def _run(self, match: _Match) -> str:
        run = match[0]
        if len(run) < 12 and "." not in run and "::" not in run:  # noqa: PLR2004 - the shortest of the others
            return run
        # In place, so that what stands beside it is seen.
        pieces, at = [], match.start()
        for found in _NUMBERS.finditer(match.string, match.start(), match.end() + 1):
            pieces += [match.string[at : found.start()], self._number(found)]
            at = found.end()
        return "".join(pieces) + match.string[at : match.end()] if pieces else run

    def _name(self, kind: str, what: str) -> str:
        number = self._numbers.get((kind, what))
        if number is None:
            self._kinds[kind] += 1
            number = self._numbers[kind, what] = self._kinds[kind]
        return f"{kind}-{number}"

    def _named(self, kind: str) -> Callable[[_Match], str]:
        return lambda match: self._name(kind, match[0] if kind in {"ssid", "user"} else match[0].lower())

    def _user(self, name: str) -> str:
        if name in PLAIN_NAMES or name.lower() in _NO_NAME or _is_pseudonym("user", name) or name.isdigit():
            return name
        return self._name("user", name)

    def _email(self, match: _Match) -> str:
        return match[0] if _UNIT.search(match[0]) else self._name("email", match[0].lower())

    def _ssid(self, match: _Match) -> str:
        said = match[2]
        quoted = said[0] if said[0] in "\"'" else ""
        name = said.strip(quoted).strip()
        if not name or _is_pseudonym("ssid", name) or name == MARK or _is_address(name):
            return match[0]
        return match[1] + quoted + self._name("ssid", name) + (quoted if said.endswith(quoted) else "")

    def _number(self, match: _Match) -> str:
        said = match[0]
        match match.lastgroup:
            case "uuid" | "id":
                bare = _bare(said)
                kept = bare in self._keep or bare.endswith(_BLUETOOTH_BASE)
                return said if kept else self._name("id", bare)
            case "v4" | "v6":
                address = _address(said)
                kept = address is not None and (address.is_loopback or address.is_unspecified)
                return said if kept else self._name("ip", str(address or said.lower()))
            case "plain":
                bare = said.lower()
                # Twelve digits are far more often microseconds or bytes; an address of digits is known by its colons.
                kept = bare in self._keep or (bare.isdecimal() and ("mac", bare) not in self._numbers)
                return said if kept else self._name("mac", bare)
            case _:
                return self._name("mac", re.sub("[^0-9a-f]", "", said.lower()))


def _marked(match: _Match) -> str:
    """Keep what says that a secret follows."""
    return f"{match[1]}{MARK}"


def _keyed(match: _Match) -> str:
    """Take out what stands after a key that says "secret"."""
    value = match["value"]
    if value.startswith(MARK[:-1]) or _PATH.match(value) or _is_harmless(match["key"], value):
        return match[0]
    if match["sentence"] and "=" not in match["between"] and _WORD.fullmatch(value):
        return match[0]  # a sentence: "the token: expired yesterday"
    quoted = value[0] if value[0] in "\"'" else ""
    if not quoted and match["quote"] == '"':
        quoted = '"'  # a number in JSON
    return f"{match['key']}{match['quote']}{match['between']}{quoted}{MARK}{quoted}"


def _keyed_line(match: _Match) -> str:
    """The same where such a key begins a line, as in YAML: all that follows is the value."""
    value = match["value"].rstrip()
    bare = value.partition(" #")[0].rstrip()
    if value.startswith(MARK) or _PATH.match(value) or _is_harmless(match["head"].strip(" :=-\t"), bare):
        return match[0]
    return match["head"] + MARK


def _token(match: _Match) -> str:
    """Take out what looks like an EncodingAESKey or an access token: its length, letters of both cases, digits."""
    said = match[0]
    looks = _AES_KEY.fullmatch(said) or _ACCESS_TOKEN.fullmatch(said)
    mixed = any(c.isdigit() for c in said) and any(c.isupper() for c in said) and any(c.islower() for c in said)
    return MARK if looks and mixed else said


_SECRETS: Final[tuple[_Rule, ...]] = (
    (("private key",), _PRIVATE_KEY, lambda _: MARK),
    (("setcredential",), _SET_CREDENTIAL, _marked),
    (("authorization",), _AUTHORIZATION, _marked),
    (("bearer",), _BEARER, _marked),
    (("eyj",), _JWT, lambda _: MARK),
    (_KEY_SIGNS, _KEYED, _keyed),
    (_KEY_SIGNS, _KEYED_LINE, _keyed_line),
)


def _is_harmless(key: str, value: str) -> bool:
    """True if it is a count or a yes or no; a password may be a number."""
    word = key.lower()
    return _HARMLESS.fullmatch(value) is not None and not (
        any(part in word for part in ("pass", "pwd", "psk")) and any(letter.isdigit() for letter in value)
    )


def _is_pseudonym(kind: str, value: str) -> bool:
    return re.fullmatch(rf"{kind}-\d+", value) is not None


def _is_address(name: str) -> bool:
    """True if it is a BSSID, which is replaced as what it is."""
    return re.fullmatch(rf"{_HEX}{{2}}(?::{_HEX}{{2}}){{5}}|mac-\d+", name) is not None


def _address(said: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read an address; None if it is none after all."""
    try:
        found = ipaddress.ip_address(re.sub(r"\b0+(?=\d)", "", said) if ":" not in said else said)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _bare(uuid: str) -> str:
    return uuid.replace("-", "").lower()


def _pattern_of(names: Iterable[str], *, any_case: bool) -> re.Pattern[str] | None:
    """Match any of the names, the longest first; short ones only where they stand alone."""
    usable = sorted(
        {name for name in names if len(name) > 1 and name.lower() not in PLAIN_NAMES}, key=len, reverse=True
    )
    if not usable:
        return None
    alternatives = []
    for name in usable:
        beside = "A-Za-z0-9" if len(name) > 4 else "A-Za-z0-9_-"  # noqa: PLR2004 - a longer one is known inside of a longer name
        alternatives.append(f"(?<![{beside}]){re.escape(name)}(?![{beside}])")
    return re.compile("|".join(alternatives), re.IGNORECASE if any_case else 0)
