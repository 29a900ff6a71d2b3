"""The standard streams: all that a command says goes through them, and saying it never breaks what the command does.

What is written is shown by a terminal and never obeyed (`core/text/terminal_text`), whatever it was taken from. A
stream that takes nothing any more (`| head`, a full card, a terminal that is gone) takes nothing from the command: the
rest is dropped, and the exit code says so in the end.
"""

import errno
import getpass
import io
import locale
import os
import select
import sys
from threading import Lock
from typing import Final

from beacon_gateway.core.text.terminal_text import Styled, escaped

BUFFERED_BYTES: Final = 1 << 16
"""So much waits for the next write where nobody looks at each line."""
TERMINAL_OPTION: Final = "terminal"
STANDARD_OUTPUT: Final = 1
STANDARD_ERROR: Final = 2


def terminal_encoding() -> str:
    """Return the encoding of the terminal, if it is not what Python takes for it (see `__main__`)."""
    return str(sys._xoptions.get(TERMINAL_OPTION, ""))  # noqa: SLF001 - documented with the option -X


class OutputStream(io.TextIOBase):
    """Writes to a descriptor. Never raises for what becomes of it there."""

    def __init__(self, descriptor: int, encoding: str, *, is_by_line: bool) -> None:
        """With `is_by_line` each line is written when it ends, else when 64 kB are there."""
        self._descriptor, self.is_by_line = descriptor, is_by_line
        self._encoding = encoding
        self._alone = Lock()
        self._waiting = bytearray()
        self.lost: OSError | None = None
        """Why nothing more is written."""

    @property
    def encoding(self) -> str:  # type: ignore[override]  # an attribute there, and read-only here
        return self._encoding

    @property
    def errors(self) -> str:  # type: ignore[override]  # an attribute there, and read-only here
        return "backslashreplace"

    @property
    def is_left(self) -> bool:
        """True if its reader has gone: the rest is discarded."""
        return self.lost is not None and self.lost.errno == errno.EPIPE

    def write(self, text: str) -> int:
        safe = text if isinstance(text, Styled) else escaped(text, self._encoding)
        with self._alone:
            self._waiting += safe.encode(self._encoding, self.errors)
            if len(self._waiting) >= BUFFERED_BYTES or (self.is_by_line and "\n" in safe):
                self._write()
        return len(text)

    def flush(self) -> None:
        with self._alone:
            self._write()

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        try:
            return os.isatty(self._descriptor)
        except OSError:
            return False

    def writable(self) -> bool:
        return True

    def _write(self) -> None:
        while self._waiting and self.lost is None:
            try:
                del self._waiting[: os.write(self._descriptor, self._waiting)]
            except BlockingIOError:
                select.select([], [self._descriptor], [])
            except OSError as error:
                self.lost = error
        if self.lost:
            self._waiting.clear()


def install() -> None:
    """Put such streams in the place of Python's own, for the length of the process."""
    sys.stdout = _stream(STANDARD_OUTPUT, sys.stdout.encoding, is_by_line=os.isatty(STANDARD_OUTPUT))
    sys.stderr = _stream(STANDARD_ERROR, sys.stderr.encoding, is_by_line=True)


def finished(code: int) -> int:
    """Write what waits, and return the exit code: a command whose answer was lost on the way has failed."""
    lost = not was_taken()
    sys.stderr.flush()
    return code or int(lost)


def was_taken() -> bool:
    """Write what waits; False if something could not be written. A reader that stops (`| head`) took all."""
    sys.stdout.flush()
    return not (isinstance(sys.stdout, OutputStream) and sys.stdout.lost and not sys.stdout.is_left)


def is_left() -> bool:
    """True if the reader of standard output has gone."""
    return isinstance(sys.stdout, OutputStream) and sys.stdout.is_left


def write_each_line() -> None:
    """Write lines of standard output as they end from now on, wherever they go."""
    if isinstance(sys.stdout, OutputStream):
        sys.stdout.is_by_line = True


def ask(prompt: str) -> str:
    """Return a line that a person types. Raises EOFError, and UnicodeDecodeError for keys of another encoding."""
    return input(escaped(prompt, sys.stdout.encoding))


def ask_hidden(prompt: str) -> str:
    """Return a line that a person types without seeing it. Raises as `ask`."""
    return getpass.getpass(escaped(prompt, locale.getpreferredencoding(do_setlocale=False)))


def _stream(descriptor: int, encoding: str, *, is_by_line: bool) -> OutputStream:
    encoding = terminal_encoding() or encoding
    is_utf8 = encoding.lower().replace("-", "").replace("_", "") == "utf8"
    return OutputStream(descriptor, "utf-8" if is_utf8 else encoding, is_by_line=is_by_line)
