"""systemd, by its own command. Never waits longer than it was told."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

START_TIMEOUT_S: Final = 120.0
"""Seconds that a start may take: systemctl waits until a Type=notify service is ready or has failed."""
_MAX_ERROR_CHARACTERS: Final = 300


class SystemctlError(Exception):
    """It could not be done; the text is systemctl's own first line."""


class SystemctlTimeout(SystemctlError):  # noqa: N818 - what happened, reported to the operator
    """systemd is still at it."""


@dataclass(frozen=True, slots=True)
class UnitState:
    """What systemd knows of a unit."""

    active: str
    """active, activating, failed, inactive …"""
    result: str
    """success, exit-code, timeout, watchdog …"""
    status: int | None
    """The exit code of its last process."""
    condition_met: bool


class Systemctl:
    """The command, as it is found in the PATH unless a file is named."""

    def __init__(self, longest: float = START_TIMEOUT_S, *, program: str | None = None) -> None:
        self._program = program or shutil.which("systemctl")
        self._longest = longest

    def is_in_charge(self) -> bool:
        """True if this machine was started by systemd. In a container the command may be there all the same."""
        try:
            return self._run("is-system-running") not in {"", "offline", "unknown"}
        except SystemctlError:
            return False

    def enable(self, unit: str) -> None:
        """Have the unit started at each boot. Raises SystemctlError."""
        self._run("enable", unit, must_succeed=True)

    def restart(self, unit: str) -> None:
        """Start the unit, anew if it runs, and wait until it is ready. Raises SystemctlError, TookTooLong."""
        self._run("restart", unit, must_succeed=True)

    def state(self, unit: str) -> UnitState:
        """Raises SystemctlError."""
        properties = "ActiveState,Result,ExecMainStatus,ConditionResult"
        said = self._run("show", f"--property={properties}", unit, must_succeed=True)
        values = dict(line.partition("=")[::2] for line in said.splitlines())
        status = values.get("ExecMainStatus", "")
        return UnitState(
            active=values.get("ActiveState", ""),
            result=values.get("Result", ""),
            status=int(status) if status.isascii() and status.isdigit() else None,
            condition_met=values.get("ConditionResult", "yes") == "yes",
        )

    def _run(self, *words: str, must_succeed: bool = False) -> str:
        """Run it and give what it prints. Raises SystemctlError."""
        if self._program is None:
            raise SystemctlError("systemctl is not installed")
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program with fixed words, and no shell
                [self._program, "--no-pager", "--no-ask-password", *words],
                capture_output=True,
                check=False,
                env=_environment(os.environ),
                stdin=subprocess.DEVNULL,
                timeout=self._longest,
            )
        except subprocess.TimeoutExpired:
            raise SystemctlTimeout(words[0]) from None
        except OSError as error:
            raise SystemctlError(error.strerror or str(error)) from error
        if must_succeed and done.returncode:
            lines = done.stderr.decode(errors="replace").splitlines() or [f"systemctl {words[0]}: {done.returncode}"]
            raise SystemctlError(lines[0][:_MAX_ERROR_CHARACTERS].rstrip(" ."))
        return done.stdout.decode(errors="replace").strip()


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    return {**given, "LC_ALL": "C.UTF-8", "SYSTEMD_COLORS": "0"}
