"""Characters that mislead people who type or read: unseen ones, blanks that are none, full-width marks.

Texts for people keep what they need: emoji with joiners and variation selectors, flags, keycaps, and the joiners of
scripts that cannot be written without them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_UNSEEN: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Zero-width and bidirectional characters, soft hyphens, variation selectors, tags, fillers: nothing shows them."""
_NO_CHARACTER: Final = "\ue000-\uf8ff\ufdd0-\ufdef\ufffc-\uffff\U000f0000-\U0010ffff" + "".join(
    f"{chr((plane << 16) + 0xFFFE)}{chr((plane << 16) + 0xFFFF)}" for plane in range(1, 15)
)
"""For private use, for no use, or in the place of what was lost on the way: phones show a box, or nothing."""
_BLANKS: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Look like a blank, and are none for a machine."""
LINE_BREAKS: Final = "\x85\u2028\u2029"
"""End a line for YAML, and for no editor."""
_CONTROL: Final = "\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff"
_MAY_BE_NEWER: Final = re.compile("[\u20a0-\u20cf\U0001f000-\U0001faff\U00020000-\U0003ffff]")
"""Signs of money, emoji, Han characters: what was added after this Python was made is no fault."""

UNSEEN_OR_BLANK: Final = f"[{_UNSEEN}{_BLANKS}]"
UNSEEN: Final = re.compile(f"[{_UNSEEN}{_NO_CHARACTER}]")
CONTROL: Final = re.compile(f"[{_CONTROL}]")
ODD: Final = re.compile(f"[{_UNSEEN}{_NO_CHARACTER}{_BLANKS}{_CONTROL}]")
_NONE: Final = re.compile(f"[{_NO_CHARACTER}]")

_EMOJI: Final = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_JOINED_SCRIPTS: Final = "\u0600-\u0dff\u0f00-\u109f\u1780-\u18af"
"""From Arabic, which Uyghur is written in, to Sinhala; Tibetan, Burmese, Khmer, Mongolian."""
_NEEDED: Final = re.compile(
    f"(?<=[{_EMOJI}0-9#*])[\ufe0e\ufe0f]"
    f"|(?<=[{_EMOJI}\ufe0e\ufe0f])\u200d(?=[{_EMOJI}])"
    "|(?<=[\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007f]"  # the flags of Scotland, England, Wales
    f"|(?<=[{_HAN}])[\ufe00-\ufe02\U000e0100-\U000e01ef]"  # another form of the same Han character
    f"|(?<=[{_JOINED_SCRIPTS}])[\u200c\u200d\u180b-\u180f]"
)

ASCII_FOR: Final = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys("“”„«»『』「」", '"'),
    **dict.fromkeys("‘’‚", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "、": ",",
    "。": ".",
    "【": "[",
    "】": "]",
    "〔": "[",
    "〕": "]",
    "·": ".",
}
"""What a Chinese input method types, and a word processor makes, of characters that a machine wants in ASCII."""
_FULL_WIDTH_MARK: Final = re.compile(f"[{''.join(mark for mark in ASCII_FOR if not mark.isalnum())}]")
_TO_ASCII: Final = str.maketrans(ASCII_FOR)
_OF_AN_ADDRESS: Final = frozenset("：／．。？＃＆＝％＠")
"""Marks that mean something in an address, had they been typed in ASCII."""
IN_NO_ADDRESS: Final = "！-～" + "".join(
    mark for mark in ASCII_FOR if not "！" <= mark <= "～" and mark not in "·‐‑‒–—―−"
)
"""Nobody names a folder on the web with these. A dot between names and a dash may stand in one."""
_NOT_IN_ADDRESS: Final = re.compile(f"[{IN_NO_ADDRESS}]")
_TYPED_OTHERWISE: Final = re.compile(rf"(?![0-9])\d|[{''.join(ASCII_FOR)}]")
_OTHER_DIGIT: Final = re.compile(r"(?![0-9])\d")

_CHINESE_NAMES: Final = {
    "\t": "制表符",
    "\r": "回车符",
    "\x85": "换行符 NEL",
    "\xa0": "不间断空格",
    "\xad": "软连字符",
    "\u200b": "零宽空格",
    "\u200c": "零宽不连字",
    "\u200d": "零宽连字",
    "\u200e": "从左到右标记",
    "\u200f": "从右到左标记",
    "\u2028": "行分隔符",
    "\u2029": "段落分隔符",
    "\u202a": "从左到右嵌入",
    "\u202b": "从右到左嵌入",
    "\u202c": "方向格式结束",
    "\u202d": "从左到右覆盖",
    "\u202e": "从右到左覆盖",
    "\u202f": "窄不间断空格",
    "\u2060": "零宽连接符",
    "\u2066": "从左到右隔离",
    "\u2067": "从右到左隔离",
    "\u2068": "方向隔离",
    "\u2069": "方向隔离结束",
    "\u2800": "盲文空格",
    "\u3000": "全角空格",
    "\u3164": "韩文填充符",
    "\ufe0e": "变体选择符 15",
    "\ufe0f": "变体选择符 16",
    "\ufeff": "零宽不间断空格，即文件头标记 BOM",
}
_CONTROL_NAMES: Final = {
    0x00: "NULL",
    0x07: "BELL",
    0x08: "BACKSPACE",
    0x09: "TABULATION",
    0x0A: "LINE FEED",
    0x0D: "CARRIAGE RETURN",
    0x1B: "ESCAPE",
    0x7F: "DELETE",
    0x85: "NEXT LINE",
}
"""Unicode gives control characters no names, only these aliases."""


class OddKind(StrEnum):
    """What is wrong with a character; each is the code of a problem."""

    UNSEEN = "character.unseen"
    BLANK = "character.blank"
    LINE = "character.line"
    CONTROL = "character.control"
    FULL_WIDTH = "character.full-width"
    DIGIT = "character.digit"
    """Of another script: `int` reads it, and people do not."""
    NONE = "character.none"
    IN_ADDRESS = "character.in-address"
    """Typed in full width in an address, where it means nothing."""
    HOST = "character.host"
    """In the name of a host, where it cannot stand or passes for another."""


@dataclass(frozen=True, slots=True)
class OddCharacter:
    """One of them, and where it stands in its text."""

    at: int
    character: str
    why: OddKind

    @property
    def details(self) -> dict[str, str]:
        """Return what fills the sentence."""
        named = {
            "code": f"U+{ord(self.character):04X}",
            "name": unicode_name(self.character),
            "chinese": chinese_name(self.character),
        }
        if self.why in {OddKind.FULL_WIDTH, OddKind.DIGIT}:
            return {**named, "found": self.character, "near": as_ascii(self.character)}
        if self.why is OddKind.IN_ADDRESS:
            encoded = "".join(f"%{byte:02X}" for byte in self.character.encode())
            return {**named, "found": self.character, "near": as_ascii(self.character), "encoded": encoded}
        return {**named, "found": self.character} if self.why is OddKind.HOST else named


def first_unseen(text: str) -> OddCharacter | None:
    """Return the first character that a text for people must not hold; None if there is none."""
    for found in UNSEEN.finditer(text):
        if not _NEEDED.match(text, found.start()):
            return OddCharacter(found.start(), found[0], _unseen_kind(found[0]))
    unassigned = [] if text.isprintable() else (at for at, character in enumerate(text) if _is_unassigned(character))
    return next((OddCharacter(at, text[at], OddKind.NONE) for at in unassigned), None)


def without_unseen(text: str) -> str:
    """Return a text without the characters that `first_unseen` finds."""
    if not text.isprintable():
        text = "".join(character for character in text if not _is_unassigned(character))

    def kept(found: re.Match[str]) -> str:
        return found[0] if _NEEDED.match(found.string, found.start()) else ""

    while (shorter := UNSEEN.sub(kept, text)) != text:  # what stood beside one that went may have needed it
        text = shorter
    return text


def first_odd(text: str, *, full_width: bool = True) -> OddCharacter | None:
    """Return the first character that a word for machines must not hold; None if that is not what is wrong with it."""
    odd = ODD.search(text)
    mark = first_full_width(text) if full_width else None
    if odd and (mark is None or odd.start() < mark.at):
        return _odd(odd.start(), odd[0])
    return mark


def first_odd_in_address(text: str) -> OddCharacter | None:
    """Return the first character that no address on the web may hold as it is; None if there is none."""
    if text.isascii() and text.isprintable():
        return None
    mark = _NOT_IN_ADDRESS.search(text)
    if odd := ODD.search(text[: mark.start()] if mark else text):
        return _odd(odd.start(), odd[0])
    if mark is None:
        return None
    return OddCharacter(mark.start(), mark[0], OddKind.FULL_WIDTH if mark[0] in _OF_AN_ADDRESS else OddKind.IN_ADDRESS)


def first_full_width(text: str) -> OddCharacter | None:
    """Return the first mark that was typed in full width, or by a word processor; None if there is none."""
    mark = _FULL_WIDTH_MARK.search(text)
    return OddCharacter(mark.start(), mark[0], OddKind.FULL_WIDTH) if mark else None


def first_typed_otherwise(text: str) -> OddCharacter | None:
    """Return the first character that `as_ascii` replaces; None if there is none."""
    found = _TYPED_OTHERWISE.search(text)
    return found and OddCharacter(
        found.start(), found[0], OddKind.FULL_WIDTH if found[0] in ASCII_FOR else OddKind.DIGIT
    )


def as_ascii(text: str) -> str:
    """Return a text with ASCII characters for the full-width ones, as it would be had the keyboard been in English.

    Digits of other scripts become those that they stand for.
    """
    return _OTHER_DIGIT.sub(lambda found: str(int(found[0])), text.translate(_TO_ASCII))


def visible(text: str) -> str:
    """Return a text in which each character that cannot be seen, or is taken for another blank, shows as ‹U+200B›."""

    def shown(found: re.Match[str]) -> str:
        if found[0] in "\t\n":
            return " "
        return found[0] if _NEEDED.match(text, found.start()) else f"‹U+{ord(found[0]):04X}›"

    seen = ODD.sub(shown, text)
    if seen.isprintable():
        return seen
    return "".join(f"‹U+{ord(one):04X}›" if _is_unassigned(one) else one for one in seen)


def without_odd(text: str) -> str:
    """Return a text without what cannot be seen."""
    return ODD.sub("", text)


def alike(text: str, other: str) -> OddCharacter | None:
    """Return the character in which a text differs from an ASCII one that looks the same; None if it looks otherwise.

    A Cyrillic "а" in place of a Latin one, say.
    """
    if len(text) != len(other) or not other.isascii():
        return None
    different = [at for at, (one, two) in enumerate(zip(text, other, strict=True)) if one != two]
    if not different or not all(_may_pass_for(text[at], other[at]) for at in different):
        return None
    return OddCharacter(different[0], text[different[0]], OddKind.UNSEEN)


def _may_pass_for(character: str, other: str) -> bool:
    alien = not character.isascii() and character.isalpha() and not "\u2e80" <= character <= "\uffff"
    return alien or ASCII_FOR.get(character) == other


def unicode_name(character: str) -> str:
    """Return the name that Unicode has for a character."""
    from unicodedata import name  # noqa: PLC0415 - a megabyte, and sound files need none of it

    if character == "\ufeff":
        return "ZERO WIDTH NO-BREAK SPACE (BYTE ORDER MARK)"
    nameless = "PRIVATE OR UNASSIGNED CHARACTER" if _is_no_character(character) else "CONTROL CHARACTER"
    return name(character, "") or _CONTROL_NAMES.get(ord(character), nameless)


def chinese_name(character: str) -> str:
    """Return what a character is, in Chinese: its name, or else its kind."""
    kinds = (
        (CONTROL.match(character), "控制字符"),
        (_is_no_character(character), "没有定义的字符"),
        (character.isascii(), "半角符号"),
        (character in ASCII_FOR, "全角字符"),
        (character.isdecimal(), "其他文字的数字"),
        (character.isspace(), "不是普通空格"),
        (UNSEEN.match(character), "格式字符"),
    )
    kind = next((kind for is_one, kind in kinds if is_one), "其他文字的字母")
    return _CHINESE_NAMES.get(character, kind)


def _odd(at: int, character: str) -> OddCharacter:
    if character in LINE_BREAKS or character == "\r":
        return OddCharacter(at, character, OddKind.LINE)
    if CONTROL.match(character):
        return OddCharacter(at, character, OddKind.CONTROL)
    return OddCharacter(at, character, _unseen_kind(character) if UNSEEN.match(character) else OddKind.BLANK)


def _unseen_kind(character: str) -> OddKind:
    return OddKind.NONE if _NONE.match(character) else OddKind.UNSEEN


def _is_no_character(character: str) -> bool:
    return bool(_NONE.match(character)) or _is_unassigned(character)


def _is_unassigned(character: str) -> bool:
    """True if Unicode, as this Python knows it, has nothing there, or half of a character."""
    return not (character.isprintable() or ODD.match(character) or _MAY_BE_NEWER.match(character))
