"""What is drawn on a terminal: rich's codes as they are, and nothing else that a terminal would obey."""

import io
import sys
from collections.abc import Iterable
from typing import TextIO, cast

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from beacon_gateway.core.text.terminal_text import Styled, escaped


class Canvas(Console):
    """A console for names and texts of any origin: no markup is read in them, and none of their codes is obeyed."""

    def __init__(self, stream: TextIO | None = None) -> None:
        stream = stream or sys.stdout
        super().__init__(file=cast("TextIO", _StyledStream(stream)), markup=False, emoji=False, highlight=False)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            text, style, control = segment
            yield segment if control else Segment(escaped(text, self.encoding), style)


class _StyledStream(io.TextIOBase):
    """Tells the stream behind it that escape codes in the text are wanted."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]  # an attribute there, and read-only here
        return self._stream.encoding

    def write(self, text: str) -> int:
        return self._stream.write(Styled(text))

    def flush(self) -> None:
        self._stream.flush()

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()
