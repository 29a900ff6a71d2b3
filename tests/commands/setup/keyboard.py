"""Somebody at a terminal: the real command on a pseudo terminal of its own, what it shows, and what is typed."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.patience import HANG_S

END_OF_INPUT = "\x04"
INTERRUPT = "\x03"


class Keyboard:
    """One terminal with `beacon-gateway` in it."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self._process, self._terminal = process, terminal
        self._read_to = 0
        self.shown = ""
        """All that the terminal showed so far."""

    @property
    def words(self) -> str:
        """The process's command line, as every user of the machine can read it."""
        return Path(f"/proc/{self._process.pid}/cmdline").read_text()

    def answer(self, question: str, typed: str) -> None:
        """Wait for a question that was not answered yet, and type."""
        self.until(question)
        os.write(self._terminal, f"{typed}\n".encode())

    def press(self, question: str, key: str) -> int:
        """Wait for a question and press a key until it ends, as people do; return the exit code."""
        self.until(question)
        return self._repeat(lambda: os.write(self._terminal, key.encode()))

    def hang_up(self, question: str) -> int:
        """Wait for a question and close the terminal's window; return the exit code."""
        self.until(question)
        return self._repeat(lambda: self._process.send_signal(signal.SIGHUP))

    def _repeat(self, deed: Callable[[], object]) -> int:
        """Do it until the process ends.

        Python misses a signal that comes after the question is shown and before it begins to read.
        """
        for _ in range(int(HANG_S)):
            deed()
            while select.select([self._terminal], [], [], 1.0)[0]:
                if not self._read_more():
                    return self._process.wait(HANG_S)
        raise AssertionError(f"it does not end: {self.shown}")

    def end(self) -> int:
        """Read what is shown until it ends; return the exit code."""
        while self._read_more():
            pass
        return self._process.wait(HANG_S)

    def until(self, text: str) -> None:
        """Wait until this is shown, after what was waited for before."""
        while text not in self.shown[self._read_to :]:
            assert self._read_more(), f"it ended without {text!r}: {self.shown}"
        self._read_to = self.shown.index(text, self._read_to) + len(text)

    def _read_more(self) -> bool:
        ready, _, _ = select.select([self._terminal], [], [], HANG_S)
        assert ready, f"nothing more is shown: {self.shown}"
        try:
            content = os.read(self._terminal, 4096)
        except OSError:  # it closed its end
            return False
        self.shown += content.decode(errors="replace")
        return bool(content)


@contextmanager
def at_a_terminal(*words: str, script: str = "", **environment: str) -> Iterator[Keyboard]:
    """Run the command, or a script that runs it."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(  # noqa: S603 - the command itself
        ["setsid", "--ctty", sys.executable, *(["-c", script] if script else ["-m", "beacon_gateway"]), *words],  # noqa: S607 - a terminal of its own
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "error", **environment},
    )
    os.close(theirs)
    try:
        yield Keyboard(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
