"""Small files and short programs: read within bounds, and never longer waited for than is worth it."""

import os
import select
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from beacon_gateway.adapters.deadline import within
from beacon_gateway.core.doctor.finding import FindingReason, Unavailable

T = TypeVar("T")

MAX_OBSERVED_BYTES: Final = 1 << 16
TOOL_TIMEOUT_S: Final = 2.0
"""Seconds for a program that only prints what it knows."""
OBSERVATION_TIMEOUT_S: Final = 10.0
"""For one look: a share may hang, and a card take its time."""
TOOLS: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where a Raspberry Pi has them; a user's own PATH may lack the sbin."""


def read_text(path: Path) -> str:
    """Return the beginning of a file. Raises OSError."""
    with path.open("rb") as file:
        return file.read(MAX_OBSERVED_BYTES).decode("utf-8", "replace")


def observe(look: Callable[[], T | Unavailable], *, timeout_s: float = OBSERVATION_TIMEOUT_S) -> T | Unavailable:
    """Return what a look sees, or why it does not."""
    try:
        return within(timeout_s, look)
    except TimeoutError:
        return Unavailable(FindingReason.NO_ANSWER)
    except PermissionError:
        return Unavailable(FindingReason.NEEDS_ROOT)
    except FileNotFoundError:
        return Unavailable(FindingReason.NOT_TOLD)
    except (OSError, ValueError, LookupError) as error:  # a kernel's file of a form that we do not know
        return Unavailable(FindingReason.FAILED, str(error) or type(error).__name__)


@dataclass(frozen=True, slots=True)
class SystemTools:
    """Programs of the system, looked for in these folders only."""

    folders: str = TOOLS
    patience: float = TOOL_TIMEOUT_S

    def ask(self, name: str, *words: str) -> str | None:
        """Return what a program prints; None if there is no such program, or it does not end in time."""
        program = shutil.which(name, path=self.folders)
        return None if program is None else self.ask_file(Path(program), *words)

    def ask_file(self, program: Path, *words: str) -> str | None:
        """Return what this very program prints; as `ask`."""
        try:
            process = subprocess.Popen(  # noqa: S603 - a program of the system, with words of ours
                [program, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PATH": self.folders, "LC_ALL": "C"},
            )
        except OSError:
            return None
        with process:
            try:
                return self._printed(process)
            finally:
                process.kill()

    def _printed(self, process: subprocess.Popen[bytes]) -> str | None:
        if process.stdout is None:
            return None
        file, until, printed = process.stdout.fileno(), time.monotonic() + self.patience, b""
        while len(printed) < MAX_OBSERVED_BYTES:
            ready, _, _ = select.select([file], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                return None
            if not (part := os.read(file, MAX_OBSERVED_BYTES)):
                break
            printed += part
        return printed[:MAX_OBSERVED_BYTES].decode("utf-8", "replace")
