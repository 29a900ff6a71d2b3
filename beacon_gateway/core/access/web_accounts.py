"""The accounts of the web pages as their file has them: a line each, beside what people remark."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.access.password import PasswordHash, normal
from beacon_gateway.core.model.visitor import Rank, Visitor
from beacon_gateway.core.text.odd_characters import OddCharacter, first_odd

MAX_ACCOUNTS: Final = 200
MAX_ACCOUNT_NAME_CHARACTERS: Final = 40
_NAME: Final = re.compile(r"\w[\w.@+-]*")
_FLOOR: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,47}")
_NO_FLOORS: Final = "-"
_FIELDS: Final = 4
_BYTE_ORDER_MARK: Final = "\ufeff"
"""Windows' Notepad puts it in front of a file; it does no harm."""


@dataclass(frozen=True, slots=True)
class WebAccount:
    visitor: Visitor
    password: PasswordHash

    def __str__(self) -> str:
        """Return its line."""
        floors = ",".join(sorted(self.visitor.floors)) or _NO_FLOORS
        return f"{self.visitor.name} {self.visitor.rank} {floors} {self.password}"


@dataclass(frozen=True, slots=True)
class FaultyLine:
    """A line that counts as no account."""

    number: int
    """The first is 1; 0 is the file itself."""
    phrase: str
    """Says what is wrong; never with what stands there, which may be half a password."""
    odd: OddCharacter | None = None
    """The character that is wrong, where it cannot be seen."""

    @property
    def phrase_in_full(self) -> str:
        """Return the phrase that also names the character, if there is one; `details` fill it."""
        return f"{self.phrase}-named" if self.odd else self.phrase

    @property
    def details(self) -> dict[str, str]:
        """Return what fills the phrase."""
        return self.odd.details if self.odd else {}


@dataclass(frozen=True, slots=True)
class WebAccounts:
    """What a file holds."""

    by_key: Mapping[str, WebAccount]
    faults: Sequence[FaultyLine] = ()

    def of(self, name: str) -> WebAccount | None:
        """Return the account that goes by this name, however its letters are typed."""
        return self.by_key.get(key_of(name))


NO_ACCOUNTS: Final = WebAccounts({})
"""Of a file that is not there. One that is there and holds none closes the pages: somebody wanted accounts."""


def unusable(phrase: str) -> WebAccounts:
    """Return what a file holds that cannot be used as a whole: nobody comes in."""
    return WebAccounts({}, (FaultyLine(0, phrase),))


def key_of(name: str) -> str:
    """Return what two ways to type one name have in common: phones like to begin with a capital."""
    return normal(name).strip().casefold()


def is_name(text: str) -> bool:
    """True if an account may be called that."""
    return len(text) <= MAX_ACCOUNT_NAME_CHARACTERS and bool(_NAME.fullmatch(text)) and text == normal(text)


def floors_in(text: str) -> frozenset[str]:
    """Read floors with commas between them. Raises ValueError."""
    floors = [] if text == _NO_FLOORS else text.split(",")
    if not all(_FLOOR.fullmatch(floor) for floor in floors):
        raise ValueError("no list of floors")
    return frozenset(floors)


def read_accounts(text: str) -> WebAccounts:
    """Read a file's text: every account, and every line that is none."""
    found: dict[str, WebAccount] = {}
    faults = []
    for number, line in enumerate(_lines(text), 1):
        if _is_remark(line):
            continue
        read = _account(line)
        if isinstance(read, str):
            odd = next(filter(None, (first_odd(field, full_width=False) for field in line.split())), None)
            faults.append(FaultyLine(number, "web-accounts.character", odd) if odd else FaultyLine(number, read))
        elif (key := key_of(read.visitor.name)) in found:
            faults.append(FaultyLine(number, "web-accounts.twice"))
        elif len(found) == MAX_ACCOUNTS:
            faults.append(FaultyLine(number, "web-accounts.too-many"))
        else:
            found[key] = read
    return WebAccounts(found, tuple(faults))


def with_account(text: str, account: WebAccount) -> str:
    """Return the text with this account in the place of the one of its name, or at the end. All else stays."""
    name = key_of(account.visitor.name)
    kept = []
    is_there = False
    for line in _lines(text):
        if _key_on(line) != name:
            kept.append(line)
        elif not is_there:
            kept.append(str(account))
            is_there = True
    return "\n".join([*kept, *([] if is_there else [str(account)])]) + "\n"


def without_account(text: str, name: str) -> str:
    """Return the text without the account of that name. All else stays."""
    kept = [line for line in _lines(text) if _key_on(line) != key_of(name)]
    return "".join(f"{line}\n" for line in kept)


def hashes_in(text: str) -> Iterator[str]:
    """Return what must not be given away of a file's text, faulty lines too."""
    for line in _lines(text):
        if not _is_remark(line):
            yield from (word for word in line.split() if "$" in word)
            yield from (part for part in line.split("$")[-2:] if len(part) > MAX_ACCOUNT_NAME_CHARACTERS)


def _account(line: str) -> WebAccount | str:
    """Read a line; the phrase that says what is wrong, where that cannot be."""
    fields = line.split()
    if len(fields) != _FIELDS:
        return "web-accounts.fields"
    name, rank, floors, password = fields
    if not is_name(name):
        return "web-accounts.name"
    if rank not in set(Rank):
        return "web-accounts.rank"
    try:
        visitor = Visitor(name, Rank(rank), floors_in(floors))
    except ValueError:
        return "web-accounts.floors"
    try:
        return WebAccount(visitor, PasswordHash.read(password))
    except ValueError:
        return "web-accounts.hash"


def _key_on(line: str) -> str | None:
    """Return the key of whose line that is, sound or not; None where it is nobody's."""
    return None if _is_remark(line) else key_of(line.split(maxsplit=1)[0])


def _lines(text: str) -> list[str]:
    text = text.removeprefix(_BYTE_ORDER_MARK)
    return text.removesuffix("\n").split("\n") if text else []


def _is_remark(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")
