"""`demo`: the whole gateway on a simulated store."""

import asyncio
import json
import logging
import sys
from argparse import Namespace
from typing import Any

from beacon_gateway import log
from beacon_gateway.commands.exits import Exit
from beacon_gateway.commands.shared import language_of, until_stopped
from beacon_gateway.core.messages import say
from beacon_gateway.demo.stage import open_demo


def run(arguments: Namespace) -> int:
    live = sys.stdout.isatty() and not arguments.json
    log.configure(level=logging.CRITICAL if live else logging.INFO)
    summary, interrupted = asyncio.run(_play(arguments, live=live))
    if arguments.json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        counts = {key: summary[f"changes_{key}"] for key in ("applied", "verified")}
        hits = ", ".join(f"{floor} {count}" for floor, count in summary["hits"].items())
        figures = {"adverts": summary["adverts"], "sightings": summary["sightings"]}
        print(say("demo.summary", language_of(arguments), hits=hits, **figures, **counts))
    proved = summary["changes_applied"] == summary["changes_verified"]
    complete = interrupted or summary["reassigned_in_seconds"] is not None
    return Exit.FINE if proved and complete else Exit.FAILED


async def _play(arguments: Namespace, *, live: bool) -> tuple[dict[str, Any], bool]:
    async with open_demo() as demo:
        if live:
            from rich.console import Console  # noqa: PLC0415 - only where it is drawn

            from beacon_gateway.demo.view import show  # noqa: PLC0415

            playing = asyncio.create_task(show(demo, arguments.seconds, Console(), language_of(arguments)))
        else:
            playing = asyncio.create_task(demo.run(arguments.seconds))
        await until_stopped(playing)
        return demo.summary(), playing.cancelled()
