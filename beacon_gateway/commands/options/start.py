"""Options of `demo`, `run`, `check`: the gateway, played, at work, or only its files."""

from pathlib import Path

from beacon_gateway.commands.options.commands import Commands
from beacon_gateway.commands.shared import argument_types


def add_to(commands: Commands) -> None:
    demo = commands.add("demo", "the whole gateway on a simulated store; needs no hardware, account or network")
    demo.add_argument(
        "--seconds", type=argument_types.seconds, default=60.0, metavar="N", help="how long (default: 60)"
    )
    demo.add_argument("--json", action="store_true", help="no live view; one JSON object as the last line")

    daemon = commands.add("run", "the daemon")
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

    check = commands.add("check", "validate the files: all faults at once")
    check.epilog = "Exit codes: 0 no errors, 2 errors, 1 the folder has not answered for a minute."
    check.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="folder with gateway.yaml or pages.yaml")
    check.add_argument("--json", action="store_true", help="the problems as a JSON list")
    check.add_argument("--write-schema", type=Path, metavar="DIR", help="write the files' JSON Schemas there instead")
