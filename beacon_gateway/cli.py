"""The words of the command line: what can be typed, and which command it is."""

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

from beacon_gateway import __version__, output
from beacon_gateway.commands.shared import argument_types
from beacon_gateway.commands.shared.exits import ExitCode
from beacon_gateway.commands.shared.in_time import FolderTimeout
from beacon_gateway.left_out import left_out

# argparse imports shutil, which imports the libraries of its archives: half a megabyte, and none is packed with it.
with left_out("bz2", "lzma"):
    import_module("shutil")


MODULES: Final = {
    "demo": "demo",
    "run": "run",
    "check": "check",
    "plan": "bindings.plan",
    "undo": "bindings.undo",
    "import_account": "wechat.import_account",
    "devices": "wechat.devices",
    "account": "wechat.account",
    "emulator": "wechat.emulator",
    "scan": "radio.scan",
    "status": "status",
    "setup": "setup.setup",
    "password": "password",
    "login": "login",
    "doctor": "doctor.doctor",
    "support_bundle": "support_bundle",
    "hits": "log.hits",
    "events": "log.events",
    "audit": "bindings.audit",
    "report": "log.report",
    "privacy": "log.privacy",
}
"""Where each command is, below `commands`; loaded only when it is typed."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(ExitCode.USAGE, f"{self.prog}: {message}\n")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
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
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, about: str, command: str = "", *, to: Any = commands) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse has no public name for its type
        added: argparse.ArgumentParser = to.add_parser(name, help=about, description=about)
        added.set_defaults(command=command or name, module=MODULES[command or name])
        added.add_argument(
            "--config",
            type=Path,
            metavar="PATH",
            help="gateway.yaml (default: $BEACON_GATEWAY_CONFIG, then /etc/beacon-gateway/gateway.yaml)",
        )
        added.add_argument("--language", choices=languages, default=argparse.SUPPRESS, help="of messages")
        return added

    demo = add("demo", "the whole gateway on a simulated store; needs no hardware, account or network")
    demo.add_argument(
        "--seconds", type=argument_types.seconds, default=60.0, metavar="N", help="how long (default: 60)"
    )
    demo.add_argument("--json", action="store_true", help="no live view; one JSON object as the last line")

    daemon = add("run", "the daemon")
    daemon.add_argument(
        "--replay",
        type=Path,
        metavar="FILE",
        help="play a recording of `scan --record` instead: prints its hits, "
        "with the store files as they are now; binds nothing and logs nothing",
    )
    daemon.add_argument(
        "--json", action="store_true", help="with --replay: one JSON object a hit, and a last one with a `summary`"
    )

    check = add("check", "validate the files: all faults at once")
    check.epilog = "Exit codes: 0 no errors, 2 errors, 1 the folder has not answered for a minute."
    check.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="folder with gateway.yaml or pages.yaml")
    check.add_argument("--json", action="store_true", help="the problems as a JSON list")
    check.add_argument("--write-schema", type=Path, metavar="DIR", help="write the files' JSON Schemas there instead")

    plan = add("plan", "show what would change at the target; writes nothing")
    plan.add_argument("--json", action="store_true", help="the plan as JSON")
    plan.add_argument("--prune", action="store_true", help="delete own pages that no file names and nothing shows")
    plan.set_defaults(write=False, force=False, reason=None, plan_hash="")

    apply = add("apply", "carry out what `plan` shows, and read it back", command="plan")
    apply.add_argument("--force", action="store_true", help="past the brake and protected beacons; needs --reason")
    apply.add_argument("--reason", type=argument_types.line, metavar="TEXT", help="for the audit log")
    apply.add_argument("--plan-hash", default="", metavar="H", help="only if the plan is still this one")
    apply.add_argument("--prune", action="store_true", help="delete own pages that no file names and nothing shows")
    apply.add_argument("--json", action="store_true", help="plan and outcome as JSON")
    apply.set_defaults(write=True)

    undo = add("undo", "put the account back to what it was before the last apply; the files stay as they are")
    undo.add_argument("--force", action="store_true", help="past the brake and protected beacons; needs --reason")
    undo.add_argument("--reason", type=argument_types.line, metavar="TEXT", help="for the audit log")
    undo.add_argument("--json", action="store_true", help="plan and outcome as JSON")

    _add_account_commands(commands, add)

    scan = add("scan", "the beacons in the air: yours, unknown ones under your UUIDs, a count of the rest")
    scan.add_argument("--seconds", type=argument_types.seconds, metavar="N", help="how long (default: until Ctrl-C)")
    scan.add_argument("--json", action="store_true", help="JSON lines for scripts, see below")
    scan.add_argument("--record", type=Path, metavar="FILE", help="write what is heard, for `run --replay`; a new file")
    scan.add_argument(
        "--record-limit",
        type=argument_types.megabytes,
        default=100_000_000,
        metavar="MB",
        help="most megabytes to record (default: 100, about a day of a busy store)",
    )
    scan.epilog = (
        "With --json, each second one object for each beacon that was heard in it: at (UTC, when it was heard last), "
        "floor and beacon (null if it is not in the store's files), uuid, major, minor, rssi (dBm, filtered), zone, "
        "adverts (since the start) and rate (a second). Last, one object with a `summary`. On a terminal a live table "
        "is shown; elsewhere, without --json, one table at the end."
    )

    status = add("status", "a few lines from the running daemon, and one for each thing that is wrong")
    status.epilog = (
        "Exit codes: the first that holds of 1 it does not receive, its log cannot be written, or it does not run; 4 "
        "the account needs a person; 3 a change was stopped by the brake or is held back after an undo; 2 changes or "
        "faults wait; 0 fine."
    )
    status.add_argument("--beacons", action="store_true", help="also each beacon, with what to do about it")
    status.add_argument("--json", action="store_true", help="all that the daemon tells")

    _add_log_commands(commands, add)
    _add_care_commands(add)
    return parser


def _add_care_commands(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add what store IT types: the first start, and the search for a fault."""
    setup = add("setup", "the first start on a Pi: asks what it must know, writes files, checks, starts; needs root")
    setup.add_argument("--gateway", metavar="NAME", help="this Pi's name, unique in the store")
    setup.add_argument("--floor", help="the floor on which it hangs, F6 for example")
    setup.add_argument("--appid", help="of the WeChat account; none: it only listens and logs")
    setup.add_argument(
        "--role",
        choices=["writer", "reader"],
        help="of this Pi: the one that keeps the account as the files say, or one that only compares (default: writer)",
    )
    setup.add_argument(
        "--secret-file", metavar="FILE", help="the account's secret is in there; - reads it from standard input"
    )
    setup.add_argument(
        "--answers",
        type=Path,
        metavar="DIR",
        help="a folder with gateway.yaml, wechat-secret and store/, as far as they are there "
        "(default: beacon-gateway/ on the boot partition)",
    )
    setup.add_argument("--unattended", action="store_true", help="ask nothing: what is not given is a fault")
    setup.add_argument("--replace", action="store_true", help="write anew what is there already, and keep a copy")
    setup.add_argument("--no-start", action="store_true", help="write and check only")

    password = add("password", "who may log in at the web pages: set a password (typed unseen, or one line of input)")
    password.add_argument("name", nargs="?", metavar="NAME", help="of the account")
    password.add_argument(
        "--rank",
        choices=["viewer", "staff", "it"],
        help="what it may do: look; also change the pages of its floors; everything (needed for a new account)",
    )
    password.add_argument("--floors", metavar="F6,F7", help="of a staff account")
    what = password.add_mutually_exclusive_group()
    what.add_argument("--remove", action="store_true", help="the account")
    what.add_argument("--list", action="store_true", help="all accounts; no passwords")

    login = add("login", "a link to change things at the pages of this machine, where there are no accounts")
    login.epilog = (
        "For root and the gateway's own user, while it runs. The link is good once, in one browser, for ten minutes; "
        "that browser may change things for twelve hours at most. A new link makes the one before worthless."
    )

    doctor = add("doctor", "the commonest faults, each with the command that fixes it")
    doctor.add_argument("--offline", action="store_true", help="do not ask WeChat")
    doctor.add_argument("--json", action="store_true", help="one JSON object")

    bundle = add("support-bundle", "all that helps to find a fault, without secrets and identifiers", "support_bundle")
    bundle.add_argument(
        "--output", type=Path, metavar="FILE", help="a new .tar.gz (default: beacon-gateway-support-<time>.tar.gz here)"
    )
    bundle.add_argument(
        "--one-by-one", action="store_true", help="gather one thing at a time: takes longer, and half the memory"
    )


def _add_log_commands(commands: Any, add: Callable[..., argparse.ArgumentParser]) -> None:  # noqa: ANN401 - as above
    """Add what looks into what was logged."""
    hits = add("hits", "the log of proximity hits, oldest first")
    hits.add_argument("--floor", help="only this floor")
    hits.add_argument("--beacon", metavar="SLUG", help="only this beacon")
    hits.add_argument("--kind", choices=["enter", "zone", "exit"], help="only these")
    hits.add_argument("--until", type=argument_types.end_or_ago, metavar="WHEN", help="as --since; a day is included")
    events = add("events", "what happened to the radio, the clock and the beacons, oldest first")
    audit = add("audit", "what was changed at the target or deleted here, by whom or what, oldest first")
    for log in (hits, events, audit):
        log.add_argument(
            "--since",
            type=argument_types.moment_or_ago,
            metavar="WHEN",
            help="2026-11-24, 2026-11-24T10:00, or 90m, 12h, 7d ago",
        )
        log.add_argument(
            "--limit", type=argument_types.count, default=1000, metavar="N", help="the newest so many (default: 1000)"
        )
        log.add_argument("--json", action="store_true", help="one JSON object a line")

    _add_report(add)

    privacy = commands.add_parser("privacy", help="what is stored of whom")
    actions = privacy.add_subparsers(required=True, metavar="ACTION")
    report = add("report", "what is stored, since when, for how long", "privacy", to=actions)
    report.add_argument("--json", action="store_true", help="one JSON object")


def _add_report(add: Callable[..., argparse.ArgumentParser]) -> None:
    report = add("report", "what the log and WeChat's statistics add up to, by floor and time")
    report.add_argument(
        "--by", choices=["hour", "day", "weekday"], help="what a column is (default: hour; day for one beacon)"
    )
    report.add_argument("--show", choices=["enters", "minutes", "shakes", "people"], default="enters", help="of what")
    report.add_argument("--floor", help="only this floor")
    report.add_argument("--beacon", metavar="SLUG", help="only this beacon")
    report.add_argument(
        "--from",
        type=argument_types.day,
        metavar="DATE",
        dest="first",
        help="a day of the store (default: six before --until)",
    )
    report.add_argument(
        "--until", type=argument_types.day, metavar="DATE", dest="last", help="included (default: today)"
    )
    report.add_argument(
        "--campaign",
        type=argument_types.days,
        metavar="DATE..DATE",
        help="compare these days with the four weeks before them",
    )
    form = report.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="for a spreadsheet: a row a floor and hour, day or weekday")
    form.add_argument("--json", action="store_true", help="all of it as one JSON object")


def _add_account_commands(commands: Any, add: Callable[..., argparse.ArgumentParser]) -> None:  # noqa: ANN401 - as above
    """Add what looks at the account itself, and the emulated one."""
    importing = add("import", "an account's beacons, pages and icons as the files of a new store", "import_account")
    importing.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path("store-import"),
        metavar="DIR",
        help="a new or empty folder (default: store-import)",
    )
    importing.add_argument("--json", action="store_true", help="the summary as one JSON object")

    devices = commands.add_parser("devices", help="the beacons that the account has, and asking for more")
    actions = devices.add_subparsers(required=True, metavar="ACTION", dest="action")
    listing = add("list", "every beacon of the account: in use, bound pages, comment", "devices", to=actions)
    form = listing.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="for a spreadsheet")
    form.add_argument("--json", action="store_true", help="a JSON list")
    request = add("request", "ask for new beacon ids; prints uuid, major, minor to burn", "devices", to=actions)
    request.add_argument("quantity", type=argument_types.quantity, metavar="N", help="how many")
    request.add_argument(
        "--reason",
        type=argument_types.line,
        required=True,
        metavar="TEXT",
        help="what they are for; WeChat's reviewers read it",
    )
    request.add_argument("--comment", type=argument_types.line, default="", metavar="TEXT", help="of each new device")
    request.add_argument("--yes", action="store_true", help="more than 500: reviewed by people, up to 3 working days")
    status = add("status", "how an application is; prints the list once it is granted", "devices", to=actions)
    status.add_argument("number", type=argument_types.count, metavar="ID", help="the number that `request` printed")
    for applying in (request, status):
        applying.add_argument("--follow", action="store_true", help="wait until it is decided, however long that takes")
        applying.add_argument("--output", type=Path, metavar="FILE", help="the CSV goes there; a new file")
        applying.add_argument("--json", action="store_true", help="the outcome as one JSON object")

    add("account", "what the account can still do").add_argument("--json", action="store_true", help="one JSON object")

    emulator = add("emulator", "an emulated WeChat on this machine, with a sample account, for trying things out")
    emulator.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="default: 127.0.0.1")
    emulator.add_argument(
        "--port", type=argument_types.port, default=8085, metavar="N", help="default: 8085; 0 takes a free one"
    )
    emulator.add_argument(
        "--devices", type=argument_types.devices, default=34, metavar="N", help="of the sample account (default: 34)"
    )
    emulator.add_argument("--recalled", action="store_true", help="as since 2021: every call answers 48001")
    emulator.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="PATH=FAULT[*TIMES]",
        help="let calls fail: /shakearound/*=45009*2, ...=http:502, delay:2, hang, drop, truncate, garble, lose",
    )
