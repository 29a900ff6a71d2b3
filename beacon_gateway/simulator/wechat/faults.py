"""Misfortune on demand: what a network and a busy service do to a call."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from beacon_gateway.simulator.wechat.errors import EmulatedError

Kind = Literal["error", "http", "hang", "drop", "delay", "truncate", "content_type", "lose_answer", "garble"]


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """One misfortune. Made by the methods below; `number` and `text` are their arguments."""

    kind: Kind
    number: float = 0
    text: str = ""

    @classmethod
    def error(cls, errcode: int, errmsg: str = "") -> "InjectedFault":
        """Refuse before acting, with HTTP 200 as WeChat does."""
        return cls("error", errcode, errmsg)

    @classmethod
    def http(cls, status: int) -> "InjectedFault":
        """Answer with this HTTP status and a page of HTML, before acting."""
        return cls("http", status)

    @classmethod
    def hang(cls) -> "InjectedFault":
        """Never answer and never act; ends when the server is closed."""
        return cls("hang")

    @classmethod
    def drop(cls) -> "InjectedFault":
        """Cut the connection before acting."""
        return cls("drop")

    @classmethod
    def delay(cls, seconds: float) -> "InjectedFault":
        """Act and answer, later."""
        return cls("delay", seconds)

    @classmethod
    def truncate(cls) -> "InjectedFault":
        """Act, then answer with half of the JSON in a well-formed HTTP answer."""
        return cls("truncate")

    @classmethod
    def garble(cls) -> "InjectedFault":
        """Act, then answer with a raw control character and a cut character at the end of each text for people."""
        return cls("garble")

    @classmethod
    def content_type(cls, value: str) -> "InjectedFault":
        """Act, then answer the same bytes under another Content-Type."""
        return cls("content_type", text=value)

    @classmethod
    def lose_answer(cls) -> "InjectedFault":
        """Act, then cut the connection: the caller cannot know whether anything happened."""
        return cls("lose_answer")

    def as_error(self) -> EmulatedError:
        return EmulatedError(int(self.number), self.text)


@dataclass(slots=True)
class FaultRule:
    """A fault waiting for calls: how many are left, None for no end."""

    glob: str
    fault: InjectedFault
    left: int | None
    only: bytes = b""
    """What the body of a call must hold; of an uploaded file nothing is known."""


class FaultQueue:
    """The faults to come. The oldest rule that matches a path wins, and one call meets one fault."""

    def __init__(self) -> None:
        self._rules: list[FaultRule] = []

    def add(self, glob: str, fault: InjectedFault, times: int | None = 1, *, only: str = "") -> FaultRule:
        """Let the next `times` calls of the paths that `glob` matches meet `fault`; None: until removed.

        With `only`, just those whose body holds this text: those of one device, or one page.
        """
        rule = FaultRule(glob, fault, times, only.encode())
        self._rules.append(rule)
        return rule

    def remove(self, rule: FaultRule) -> None:
        """Take one rule back; nothing happens if it has been used up."""
        self._rules = [other for other in self._rules if other is not rule]

    def clear(self) -> None:
        self._rules.clear()

    def waiting(self) -> list[FaultRule]:
        """The rules that are not used up, oldest first."""
        return list(self._rules)

    def take(self, path: str, body: bytes = b"") -> InjectedFault | None:
        """The fault that the call of `path` meets, if any; it is used up by this."""
        rules = (rule for rule in self._rules if fnmatchcase(path, rule.glob) and rule.only in body)
        rule = next(rules, None)
        if rule is None:
            return None
        if rule.left is not None:
            rule.left -= 1
            if rule.left <= 0:
                self.remove(rule)
        return rule.fault
