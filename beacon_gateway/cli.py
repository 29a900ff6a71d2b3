"""Runs the command that the words of the command line name."""

import argparse
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import NoReturn

from beacon_gateway import __version__, output
from beacon_gateway.commands.options import administration, bindings, log, observation, start, wechat
from beacon_gateway.commands.options.commands import Commands
from beacon_gateway.commands.shared import argument_types
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import FolderTimeout
from beacon_gateway.left_out import left_out

# argparse imports shutil, which imports the libraries of its archives: half a megabyte, and none is packed with it.
with left_out("bz2", "lzma"):
    import_module("shutil")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(ExitCode.USAGE, f"{self.prog}: {message}\n")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = parser().parse_args(words)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # `nohup` has SIGHUP ignored
            signal.signal(number, _as_if_interrupted)
    try:
        command = import_module(f"beacon_gateway.commands.{arguments.module}")
        code = int(command.run(arguments))
    except KeyboardInterrupt:
        return ExitCode.FAILED
    except FolderTimeout as error:
        code = ExitCode.FAILED
        _say(arguments, "trouble.folder-slow", folder=error.folder, seconds=f"{error.seconds:.0f}")
    if output.was_taken():
        return code
    _say(arguments, "trouble.output")
    return code or ExitCode.FAILED


def _say(arguments: argparse.Namespace, phrase: str, **details: object) -> None:
    from beacon_gateway.commands.shared.configuration import complain, language_of  # noqa: PLC0415 - half of the program

    complain(phrase, language_of(arguments), **details)


def _as_if_interrupted(_number: int, frame: FrameType | None) -> None:
    """End as Ctrl-C ends it, in order: an ssh connection that is cut leaves no half of a file behind."""
    interrupt = signal.getsignal(signal.SIGINT)
    if not callable(interrupt):  # a shell's background jobs have it ignored
        raise KeyboardInterrupt
    interrupt(signal.SIGINT, frame)


def parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="beacon-gateway",
        description="Listens to a store's iBeacons, keeps WeChat Shake Nearby bound as the store's files say, "
        "logs proximity hits per floor.",
        epilog="Exit codes: 0 fine or in sync, 1 failed, 2 changes or faults pending, 3 refused by the brake, "
        "4 the account or its credentials, 64 wrong usage, 78 wrong configuration.",
    )
    parser.add_argument("--version", action="version", version=f"beacon-gateway {__version__}")
    languages = argument_types.languages()
    parser.add_argument("--language", choices=languages, help="of messages; also after the command")
    commands = Commands(parser.add_subparsers(required=True, metavar="COMMAND"), languages)
    for group in (start, bindings, wechat, observation, log, administration):
        group.add_to(commands)
    return parser
