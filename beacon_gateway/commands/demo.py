"""`demo`: the whole gateway on a simulated store."""

import json
import os
import sys
from argparse import Namespace
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from beacon_gateway import log
from beacon_gateway.commands.shared.configuration import language_of
from beacon_gateway.commands.shared.event_loop import run_until_stopped
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.core.sentences.messages import say
from beacon_gateway.demo.stage import DemoSummary, open_demo
from beacon_gateway.wiring.gateway import ProcessContext


def run(arguments: Namespace) -> int:
    live = sys.stdout.isatty() and not arguments.json
    tail = log.EventTail()
    summary = DemoSummary()
    with ExitStack() as stack:
        # Lines would tear the picture; on the pages they can be read all the same.
        elsewhere = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8")) if live else None
        log.configure(stream=elsewhere, tail=tail)
        complete = run_until_stopped(_play(arguments, summary, tail, live=live))
    if arguments.json:
        print(json.dumps(asdict(summary), ensure_ascii=False))
    else:
        hits = ", ".join(f"{floor} {count}" for floor, count in summary.hits.items())
        print(say("demo.summary", language_of(arguments), **{**asdict(summary), "hits": hits}))
    proved = summary.changes_applied == summary.changes_verified
    arrived = summary.reassigned_in_seconds is not None
    return ExitCode.FINE if proved and (arrived or not complete) else ExitCode.FAILED


async def _play(arguments: Namespace, summary: DemoSummary, tail: log.EventTail, *, live: bool) -> bool:
    """Return True, if nobody stops it."""
    async with open_demo(process=ProcessContext(tail=tail)) as demo:
        if not arguments.json:
            print(say("demo.pages", language_of(arguments), url=demo.pages, link=demo.link), flush=True)
        try:
            if live:
                from beacon_gateway.commands.shared.canvas import Canvas  # noqa: PLC0415 - rich, only where it is drawn
                from beacon_gateway.demo.view import show  # noqa: PLC0415 - as above

                await show(demo, arguments.seconds, Canvas(), language_of(arguments))
            else:
                await demo.run(arguments.seconds)
        finally:
            demo.sum_up(summary)
    return True
