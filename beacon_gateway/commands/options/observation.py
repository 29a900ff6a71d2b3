"""Options of `scan`, `status`: what goes on now."""

from pathlib import Path

from beacon_gateway.commands.options.commands import Commands
from beacon_gateway.commands.shared import argument_types


def add_to(commands: Commands) -> None:
    scan = commands.add("scan", "the beacons in the air: yours, unknown ones under your UUIDs, a count of the rest")
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

    status = commands.add("status", "a few lines from the running daemon, and one for each thing that is wrong")
    status.epilog = (
        "Exit codes: the first that holds of 1 it does not receive, its log cannot be written, or it does not run; 4 "
        "the account needs a person; 3 a change was stopped by the brake or is held back after an undo; 2 changes or "
        "faults wait; 0 fine."
    )
    status.add_argument("--beacons", action="store_true", help="also each beacon, with what to do about it")
    status.add_argument("--json", action="store_true", help="all that the daemon tells")
