"""When troubles of single things are no longer their own: the same one again and again, and nothing in between."""

from typing import Final

from beacon_gateway.core.bindings.target import TargetError, Unreachable

MAX_UNREACHABLE_IN_A_ROW: Final = 3
"""Each may have waited for a time-out."""
MAX_ALIKE_IN_A_ROW: Final = 5


class CircuitBreaker:
    """Counts the troubles that different things met one after another."""

    def __init__(self) -> None:
        self._last: tuple[type[TargetError], str] | None = None
        self._in_a_row = 0

    def answered(self) -> None:
        """Note that the target works: it did something, or refused that one thing."""
        self._last, self._in_a_row = None, 0

    def met(self, error: TargetError) -> None:
        """Count a trouble. Raises it where it is everybody's: at once if it says so, else after some alike in a row."""
        kind = (Unreachable, "") if isinstance(error, Unreachable) else (type(error), error.code)
        self._in_a_row = self._in_a_row + 1 if kind == self._last else 1
        self._last = kind
        limit = MAX_UNREACHABLE_IN_A_ROW if isinstance(error, Unreachable) else MAX_ALIKE_IN_A_ROW
        if error.concerns_all or self._in_a_row >= limit:
            raise error
