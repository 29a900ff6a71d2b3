"""What a command says, within a time and a size."""

import os
import selectors
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from beacon_gateway.core.support.bundle import Piece

CHUNK: Final = 1 << 16
COMPLAINT_BYTES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Limits:
    seconds: float = 10.0
    most_bytes: int = 256 << 10
    newest: bool = False
    """Whether the end is kept where there is too much, and not the beginning."""


def output_of(
    name: str, words: Sequence[str], limits: Limits, environment: Mapping[str, str], shown: str = ""
) -> Piece:
    """Run a command that only looks, and give what it said. Never raises; a command that hangs is killed.

    `shown` is how a person would type it, where that differs.
    """
    source = shown or " ".join(words)
    try:
        process = subprocess.Popen(  # noqa: S603 - fixed words, no shell
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(environment)
        )
    except FileNotFoundError:
        return Piece(name, source, note="this command is not installed")
    except OSError as error:
        return Piece(name, source, note=f"could not be started: {error.strerror}")
    said, complaint, trouble = _listen(process, limits)
    notes = [trouble, f"exit code {process.returncode}" if process.returncode and not trouble else "", complaint]
    return Piece(name, source, said, "; ".join(note for note in notes if note))


def whole_lines(content: bytes, *, newest: bool) -> str:
    """Return what was cut without the line in which it was cut: half a secret is not known as one."""
    kept = content.partition(b"\n")[2] if newest else content[: content.rfind(b"\n") + 1]
    return kept.decode("utf-8", errors="replace")


def _listen(process: "subprocess.Popen[bytes]", limits: Limits) -> tuple[str, str, str]:
    """Return its output, its complaints, and why it was cut short."""
    assert process.stdout  # noqa: S101 - for the type checker: both are pipes
    assert process.stderr  # noqa: S101 - the same
    end = time.monotonic() + limits.seconds
    said, complained, cut, trouble = bytearray(), bytearray(), False, ""
    with selectors.DefaultSelector() as streams, process.stdout, process.stderr:
        streams.register(process.stdout, selectors.EVENT_READ, said)
        streams.register(process.stderr, selectors.EVENT_READ, complained)
        while streams.get_map():
            if not (ready := streams.select(max(0.0, end - time.monotonic()))) or time.monotonic() > end:
                trouble = f"did not end within {limits.seconds:g} s, and was stopped"
                break
            for key, _ in ready:
                chunk = os.read(key.fd, CHUNK)
                if not chunk:
                    streams.unregister(key.fileobj)
                key.data.extend(chunk)
            del complained[COMPLAINT_BYTES:]
            if len(said) > limits.most_bytes and not limits.newest:
                cut = True
                break
            if len(said) > 2 * limits.most_bytes:
                cut = True
                del said[: -limits.most_bytes]
        _end(process, end)
    if len(said) > limits.most_bytes:
        cut = True
        said = said[-limits.most_bytes :] if limits.newest else said[: limits.most_bytes]
    text = whole_lines(bytes(said), newest=limits.newest) if cut else said.decode("utf-8", errors="replace")
    if trouble:
        text = text[: text.rfind("\n") + 1]
    if cut:
        kept = "the last" if limits.newest else "the first"
        trouble = "; ".join(filter(None, (f"too long: only {kept} {limits.most_bytes >> 10} KB are here", trouble)))
    # The last line may be cut as well.
    lines = complained.decode("utf-8", errors="replace").splitlines()
    return text, " | ".join(lines[:-1] if len(complained) >= COMPLAINT_BYTES else lines), trouble


def _end(process: "subprocess.Popen[bytes]", end: float) -> None:
    """Wait for a process that has nothing more to say; kill one that would go on."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=max(0.1, min(1.0, end - time.monotonic())))
        return
    process.kill()
    with suppress(subprocess.TimeoutExpired):  # one that hangs in the kernel is left behind
        process.wait(timeout=1.0)
