"""Options of `import`, `devices`, `account`, `emulator`: the account itself."""

from pathlib import Path

from beacon_gateway.commands.options.commands import Commands
from beacon_gateway.commands.shared import argument_types


def add_to(commands: Commands) -> None:
    importing = commands.add(
        "import", "an account's beacons, pages and icons as the files of a new store", "import_account"
    )
    importing.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path("store-import"),
        metavar="DIR",
        help="a new or empty folder (default: store-import)",
    )
    importing.add_argument("--json", action="store_true", help="the summary as one JSON object")

    devices = commands.group("devices", "the beacons that the account has, and asking for more")
    listing = devices.add("list", "every beacon of the account: in use, bound pages, comment", "devices")
    form = listing.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="for a spreadsheet")
    form.add_argument("--json", action="store_true", help="a JSON list")
    request = devices.add("request", "ask for new beacon ids; prints uuid, major, minor to burn", "devices")
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
    status = devices.add("status", "how an application is; prints the list once it is granted", "devices")
    status.add_argument("number", type=argument_types.count, metavar="ID", help="the number that `request` printed")
    for applying in (request, status):
        applying.add_argument("--follow", action="store_true", help="wait until it is decided, however long that takes")
        applying.add_argument("--output", type=Path, metavar="FILE", help="the CSV goes there; a new file")
        applying.add_argument("--json", action="store_true", help="the outcome as one JSON object")

    commands.add("account", "what the account can still do").add_argument(
        "--json", action="store_true", help="one JSON object"
    )

    emulator = commands.add(
        "emulator", "an emulated WeChat on this machine, with a sample account, for trying things out"
    )
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
