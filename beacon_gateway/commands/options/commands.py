"""Adds a command to the command line, with the options that every command has."""

import argparse
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

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


class Commands:
    """The commands of the program, or the actions of one of them."""

    def __init__(self, subparsers: Any, languages: Collection[str]) -> None:  # noqa: ANN401 - argparse has no public name for its type
        self._subparsers, self._languages = subparsers, languages

    def add(self, name: str, about: str, command: str = "") -> argparse.ArgumentParser:
        """Return the parser of a new command; `command` names its module where its name does not."""
        added: argparse.ArgumentParser = self._subparsers.add_parser(name, help=about, description=about)
        added.set_defaults(command=command or name, module=MODULES[command or name])
        added.add_argument(
            "--config",
            type=Path,
            metavar="PATH",
            help="gateway.yaml (default: $BEACON_GATEWAY_CONFIG, then /etc/beacon-gateway/gateway.yaml)",
        )
        added.add_argument("--language", choices=self._languages, default=argparse.SUPPRESS, help="of messages")
        return added

    def group(self, name: str, about: str) -> "Commands":
        """Return the actions of a new command; which one is typed is its `action`."""
        added = self._subparsers.add_parser(name, help=about)
        return Commands(added.add_subparsers(required=True, metavar="ACTION", dest="action"), self._languages)
