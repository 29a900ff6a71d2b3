"""The power goes, or the process is killed, two hundred times in a row: never a damaged file, never more than the
commit's interval lost, and nothing in between.

A cut is a copy of the card at one moment, taken while the writer is stopped and the kernel wrote nothing meanwhile; the
copy is then mounted, which replays its journal as a boot does. What a card loses that it said it had written, no copy
shows.
"""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import pytest

from beacon_gateway.adapters.database.log.hit_log import FILE
from tests.power.card import Card, new_card, put_in

TIMES: Final = 200
RATE: Final = 100
COMMIT_EVERY: Final = 5.0
LATE: Final = 0.5
"""Seconds that a busy machine may be late."""
AT_ONCE: Final = 8


@contextmanager
def writer(folder: Path, told: Path, *, commit_every: float = COMMIT_EVERY) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.power.writer", "ours", str(RATE), "3600", str(folder), str(commit_every)]
    with told.open("wb") as out, subprocess.Popen(command, stdout=out) as process:
        try:
            yield process
        finally:
            process.kill()


def recorded(told: Path) -> int:
    """Return how many hits the writer said it recorded; a line that was cut off does not count."""
    return told.read_bytes().count(b"\n")


def kept(folder: Path) -> int:
    """Return how many hits the file holds, all there from the first on. Fails if it is damaged or has a gap."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if db.execute("PRAGMA user_version").fetchone() == (0,):
            return 0
        count, last = db.execute("SELECT COUNT(*), COALESCE(MAX(dwell) + 1, 0) FROM hit").fetchone()
    assert count == last
    return int(count)


def until(seconds: float) -> None:
    time.sleep(max(0.0, seconds - time.monotonic()))  # the writer is another process: real time is what is tested


def snapshot(card: Card, process: subprocess.Popen[bytes], copy: Path) -> None:
    """Copy the card as it is at one moment."""
    while True:
        process.send_signal(signal.SIGSTOP)
        before = card.written()
        shutil.copyfile(card.image, copy)
        if card.written() == before:
            return
        process.send_signal(signal.SIGCONT)


@contextmanager
def card_or_skip(folder: Path) -> Iterator[Card]:
    with ExitStack() as stack:
        try:
            card = stack.enter_context(new_card(folder, "card", megabytes=48))
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("needs root and a loop device")
        yield card


@pytest.mark.timeout(900)
def test_two_hundred_power_cuts(tmp_path: Path) -> None:
    rng = random.Random(1)
    losses = []
    with card_or_skip(tmp_path) as card, writer(card.folder, tmp_path / "told") as process:
        until(time.monotonic() + COMMIT_EVERY + 2)
        for _ in range(TIMES):
            until(time.monotonic() + rng.uniform(0, 0.6))
            snapshot(card, process, tmp_path / "copy.img")
            said = recorded(tmp_path / "told")
            process.send_signal(signal.SIGCONT)
            with put_in(tmp_path / "copy.img", tmp_path / "after") as after:
                losses.append(said - kept(after.folder))
    assert len(losses) == TIMES
    assert max(losses) <= (COMMIT_EVERY + LATE) * RATE
    print(f"\n{TIMES} power cuts at {RATE} hits/s: at most {max(losses) / RATE:.1f} s of hits lost, no file damaged")


def killed(folder: Path, after: float, commit_every: float) -> int:
    """Return how many hits are lost when the writer is killed so many seconds after its first one."""
    folder.mkdir()
    told = folder / "told"
    with writer(folder, told, commit_every=commit_every) as process:
        while not recorded(told):
            until(time.monotonic() + 0.02)
        until(time.monotonic() + after)
        process.kill()
    return recorded(told) - kept(folder)


@pytest.mark.timeout(900)
def test_two_hundred_kills(tmp_path: Path) -> None:
    """With a tenth of the interval, for patience: what is lost is an interval's hits, whatever it is."""
    rng, commit_every = random.Random(2), COMMIT_EVERY / 10
    with ThreadPoolExecutor(AT_ONCE) as pool:
        losses = list(pool.map(lambda n: killed(tmp_path / str(n), rng.uniform(0, 1.5), commit_every), range(TIMES)))
    assert max(losses) <= (commit_every + LATE) * RATE
    print(f"\n{TIMES} kills at {RATE} hits/s: at most {max(losses) / RATE:.1f} s of hits lost, no file damaged")
