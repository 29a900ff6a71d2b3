"""`make bench-card`: bytes that reach the card for a hit, ours beside SQLite with a commit a row. Needs root.

Every writer has a card of its own, and all run at the same time. Counted are the bytes at the block device, with the
file system's journal, after a sync at the end, while the files are still open.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.power.card import Card, new_card

RATES = (1, 10, 100)
TARGETS = {1: 10, 10: 80, 100: 400}
MARGIN = 10
"""Seconds for which the writers run before and after what is counted, together."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=300)
    seconds = parser.parse_args().seconds
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cases = [(way, rate) for way in ("plain", "ours") for rate in RATES]
        cards = {case: stack.enter_context(new_card(folder, f"{case[0]}-{case[1]}")) for case in cases}
        idle = stack.enter_context(new_card(folder, "idle"))
        writers = {case: _start(*case, seconds + MARGIN, card) for case, card in cards.items()}
        quiet = _start("ours", 0, seconds + MARGIN, idle)
        time.sleep(MARGIN / 2)  # making the file is done once, and not counted
        for card in (*cards.values(), idle):
            card.settle()
        before = {case: card.written() for case, card in cards.items()}
        flushes = {case: card.flushes() for case, card in cards.items()}
        before_idle = idle.written()
        time.sleep(seconds)  # the writers go on a little, so that none has closed its file
        for card in cards.values():
            card.settle()
        written = {case: cards[case].written() - before[case] for case in cases}
        flushed = {case: cards[case].flushes() - flushes[case] for case in cases}
        idle.settle()
        first = idle.written() - before_idle
        cpu = {case: _cpu(writer, cards[case]) for case, writer in writers.items()}
        quiet.wait()
    for rate in RATES:
        hits = rate * seconds
        ratio = written["plain", rate] / written["ours", rate]
        print(
            f"{rate:4}/s: {written['plain', rate] / hits:8.0f} and {written['ours', rate] / hits:6.0f} bytes a hit: "
            f"1/{ratio:.0f} (target 1/{TARGETS[rate]}); flushes a minute {flushed['ours', rate] * 60 / seconds:.0f}; "
            f"CPU {cpu['ours', rate] / hits * 1e6:.0f} us a hit with start and pacing"
        )
    print(f"idle: {first} bytes in {seconds} s")


def _start(way: str, rate: int, seconds: int, card: Card) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.power.writer", way, str(rate), str(seconds), str(card.folder)]
    with (card.image.with_suffix(".told")).open("w", encoding="ascii") as told:
        return subprocess.Popen(command, stdout=told, text=True)


def _cpu(writer: subprocess.Popen[str], card: Card) -> float:
    writer.wait()
    return float(card.image.with_suffix(".told").read_text(encoding="ascii").split()[-1])


if __name__ == "__main__":
    main()
