"""The gateway's state folder: whether the service can use each file that lies there, and what was put aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from shlex import quote
from typing import Final

from beacon_gateway.core.doctor.finding import Finding, fail, ok, warn

ASIDE: Final = "aside"
"""A folder in the state folder, for what is moved there by hand."""
MAX_FILES_NAMED: Final = 5
"""Files in one sentence."""
_STOP, _START = "sudo systemctl stop beacon-gateway", "sudo systemctl start beacon-gateway"


class FileFlaw(StrEnum):
    """What is wrong with a file, the worst first."""

    WRONG_TYPE = "wrong-type"
    """A folder where a file belongs, or the reverse; a pipe, a socket or a device."""
    DAMAGED = "damaged"
    NEWER = "newer"
    """Written by a newer version of this program."""
    CLOSED = "closed"
    """The service may not read and write it."""


@dataclass(frozen=True, slots=True)
class FlawedFile:
    path: str
    flaw: FileFlaw


@dataclass(frozen=True, slots=True)
class StateFolder:
    path: str
    user: str
    """Whom the service works as."""
    files: int
    """How many were looked at."""
    flawed: Sequence[FlawedFile]
    put_aside: Sequence[str]
    """Damaged files that the gateway renamed, to begin new ones."""
    newer_aside: Sequence[str] = ()
    """Files of a newer version that it renamed, to begin new ones."""


def judge_state(folder: StateFolder) -> Finding:
    """Return the worst flaw, with all files that have it."""
    for flaw in FileFlaw:
        if paths := [file.path for file in folder.flawed if file.flaw is flaw]:
            return fail("state", flaw, _fix(flaw, paths, folder), names=_named(paths), user=folder.user)
    if folder.newer_aside:
        fix = _fix(FileFlaw.NEWER, folder.newer_aside, folder)
        return warn("state", "newer-aside", fix, names=_named(folder.newer_aside), count=len(folder.newer_aside))
    if folder.put_aside:
        fix = f"ls -l {' '.join(map(quote, folder.put_aside))}"
        return warn("state", "put-aside", fix, names=_named(folder.put_aside), count=len(folder.put_aside))
    return ok("state", "sound", path=folder.path, count=folder.files)


def _fix(flaw: FileFlaw, paths: Sequence[str], folder: StateFolder) -> str:
    match flaw:
        case FileFlaw.WRONG_TYPE | FileFlaw.DAMAGED:
            aside = quote(f"{folder.path}/{ASIDE}")
            moves = [_move(PurePosixPath(path), aside) for path in paths[:MAX_FILES_NAMED]]
            return " && ".join([_STOP, f"sudo mkdir -p {aside}", *moves, _START])
        case FileFlaw.NEWER:
            return "apt list --installed beacon-gateway"
        case FileFlaw.CLOSED:
            owner, place = quote(f"{folder.user}:"), quote(folder.path)
            return (
                f"sudo chown -R {owner} {place} && sudo chmod -R u+rwX {place} && sudo systemctl restart beacon-gateway"
            )


def _move(path: PurePosixPath, aside: str) -> str:
    """Return the command that moves a file, and what belongs to it: a log left behind would get into the new file."""
    return f"sudo find {quote(str(path.parent))} -maxdepth 1 -name {quote(path.name + '*')} -exec mv -t {aside} {{}} +"


def _named(paths: Sequence[str]) -> str:
    return ", ".join(paths[:MAX_FILES_NAMED]) + (" …" if len(paths) > MAX_FILES_NAMED else "")
