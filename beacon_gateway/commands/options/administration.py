"""Options of what store IT types: the first start, who may log in, the search for a fault."""

from pathlib import Path

from beacon_gateway.commands.options.commands import Commands


def add_to(commands: Commands) -> None:
    setup = commands.add(
        "setup", "the first start on a Pi: asks what it must know, writes files, checks, starts; needs root"
    )
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

    password = commands.add(
        "password", "who may log in at the web pages: set a password (typed unseen, or one line of input)"
    )
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

    login = commands.add("login", "a link to change things at the pages of this machine, where there are no accounts")
    login.epilog = (
        "For root and the gateway's own user, while it runs. The link is good once, in one browser, for ten minutes; "
        "that browser may change things for twelve hours at most. A new link makes the one before worthless."
    )

    doctor = commands.add("doctor", "the commonest faults, each with the command that fixes it")
    doctor.add_argument("--offline", action="store_true", help="do not ask WeChat")
    doctor.add_argument("--json", action="store_true", help="one JSON object")

    bundle = commands.add(
        "support-bundle", "all that helps to find a fault, without secrets and identifiers", "support_bundle"
    )
    bundle.add_argument(
        "--output", type=Path, metavar="FILE", help="a new .tar.gz (default: beacon-gateway-support-<time>.tar.gz here)"
    )
    bundle.add_argument(
        "--one-by-one", action="store_true", help="gather one thing at a time: takes longer, and half the memory"
    )
