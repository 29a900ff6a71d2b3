"""A row of one of the target's lists that cannot be read, by what is known of it."""

from dataclasses import dataclass
from enum import StrEnum


class RowKind(StrEnum):
    """What a row is of, in the word of the target's console."""

    DEVICE = "device"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """Data, of which `core.sentences.messages.say_row` makes a name for people; its text is for logs and JSON."""

    kind: RowKind
    number: str
    """The target's own for it; "" where that cannot be read either."""
    place: int = 0
    """In the list, from 1, where there is no number."""

    def __str__(self) -> str:
        return f"{self.kind} {self.number}" if self.number else f"{self.kind} (no. {self.place} of the list)"
