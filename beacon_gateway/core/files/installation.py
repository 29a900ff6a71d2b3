"""The first start of a gateway: what must be known, and which of it can be guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.model.settings import Language, Role

MAX_ANSWER_TRIES: Final = 3
"""How often a question is asked before nobody seems to know the answer."""
MAX_TYPED_SECRET_CHARACTERS: Final = 256
SECRET_CHARACTERS: Final = 32
"""Characters of every AppSecret that WeChat has given out; others are taken, with a remark."""
SAYS_NOTHING: Final = frozenset({"localhost", "raspberrypi"})
"""Host names that a machine comes with: several in one store would have the same."""


@dataclass(frozen=True, slots=True)
class SetupAnswers:
    """What is known of a new gateway, each checked already."""

    gateway: str
    floor: str
    language: Language
    appid: str = ""
    """Empty: it only listens and logs."""
    role: Role = Role.WRITER


def suggested_name(host: str) -> str:
    """Return a name for the gateway from the machine's; "" if that says nothing."""
    first = host.partition(".")[0]
    return "" if first.lower() in SAYS_NOTHING else first


def plain_text(content: bytes) -> bytes:
    """Return a file as if it had been written here: UTF-8 without a mark in front, lines that end as lines end here.

    What Windows' Notepad calls Unicode is read too. Anything else stays as it is, for the reader to complain about.
    """
    try:
        coding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        text = content.decode(coding)
    except UnicodeDecodeError:
        return content
    return text.replace("\r\n", "\n").encode("utf-8")


def secret_in(content: bytes) -> str:
    """Return the secret that a file or somebody at the keyboard gave; "" if that is none."""
    try:
        text = plain_text(content).decode("ascii").strip()
    except UnicodeDecodeError:
        return ""
    fits = len(text) <= MAX_TYPED_SECRET_CHARACTERS and text.isprintable() and " " not in text
    return text if fits else ""


def contradictions(typed: Mapping[str, str | None], stated: Mapping[str, str]) -> list[str]:
    """Name what was typed in one way and stands in the file in another."""
    return [name for name, value in typed.items() if value is not None and stated.get(name, value) != value]
