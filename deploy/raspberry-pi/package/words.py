"""What a shell, `man` and Debian's tools read of the program."""

import argparse
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

import shtab

MAINTAINER: Final = "beacon-gateway developers <root@localhost>"
"""There is no mailing list, and dpkg wants an address. root@localhost is the administrator of this Pi."""
_EVERYWHERE: Final = {"--help", "--config", "--language"}
"""Options of nearly every command: described once."""
_COMPLETED_AS: Final = {"PATH": shtab.FILE, "FILE": shtab.FILE, "DIR": shtab.DIRECTORY}
"""By the word that stands for the value in the help."""
_FILES: Final = {
    "/etc/beacon-gateway/gateway.yaml": "what this gateway is; beside it, in store/, what the store's staff write.",
    "/etc/beacon-gateway/wechat-secret": "the account's secret, readable by root only.",
    "/etc/beacon-gateway/web-accounts": "who may log in at the web pages; beacon-gateway password writes it.",
    "/var/lib/beacon-gateway/": "the log of hits, the ledger of what was bound, the last good files.",
    "/run/beacon-gateway/status.json": "what `beacon-gateway status` shows.",
    "/run/beacon-gateway/login-link": "what the link of `beacon-gateway login` is known by; a digest, and no link.",
    "/var/cache/beacon-gateway/previous.deb": "the package that the last upgrade replaced.",
    "/usr/share/doc/beacon-gateway/": "the guide for store IT, in English and Chinese, and examples.",
}
_VARIABLES: Final = {
    "BEACON_GATEWAY_CONFIG": "gateway.yaml, where --config does not name it.",
    "BEACON_GATEWAY_WECHAT_SECRET_FILE": "a file with the account's secret; the credential wechat-secret comes first.",
    "BEACON_GATEWAY_WECHAT_SECRET": "the secret itself, where it is in no file.",
    "HTTPS_PROXY, HTTP_PROXY, NO_PROXY": "the proxy by which WeChat is asked, and what is asked without it.",
}
_SIGNALS: Final = {
    "SIGHUP": "the daemon of systemd reads the store's files at once (systemctl reload); any other ends.",
    "SIGTERM, SIGINT": "it writes what it has, and ends.",
}


def completion(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return the script that completes words in bash or zsh. Notes in the parser how its values are completed."""
    for _, command in _commands(parser):
        for action in command._actions:  # noqa: SLF001 - argparse has no public way to look at a parser
            if isinstance(action.metavar, str) and action.metavar in _COMPLETED_AS:
                action.complete = _COMPLETED_AS[action.metavar]  # type: ignore[attr-defined]  # where shtab looks
    return str(shtab.complete(parser, shell=shell)) + "\n"


def changelog(version: str, epoch: int) -> str:
    """Return the changelog in the form that Debian's tools read. `version` is Debian's."""
    at = format_datetime(datetime.fromtimestamp(epoch, UTC))
    return (
        f"beacon-gateway ({version}) stable; urgency=medium\n\n"
        f"  * The changes stand in CHANGELOG.md.gz beside this file.\n\n"
        f" -- {MAINTAINER}  {at}\n"
    )


def manual(parser: argparse.ArgumentParser, version: str, epoch: int) -> str:
    """Return the man page, in roff.

    argparse-manpage repeats the options of every command for each of them and is published as source only; these few
    lines do without both.
    """
    day = datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d")
    lines = [
        f'.TH BEACON-GATEWAY 1 "{day}" "beacon-gateway {_plain(version)}" "User Commands"',
        *(".SH NAME", r"beacon-gateway \- listens to a store's iBeacons and keeps their pages bound"),
        *(".SH SYNOPSIS", r".B beacon\-gateway", r"[\-\-version] \fICOMMAND\fR ..."),
        *(".SH DESCRIPTION", _text(parser.description or "")),
        *(".SH OPTIONS", "Of nearly every command:"),
    ]
    commands = [(name, command) for name, command in _commands(parser) if command is not parser]
    for action in commands[0][1]._actions:  # noqa: SLF001 - as above
        if _EVERYWHERE.intersection(action.option_strings):
            lines += _option(action)
    lines.append(".SH COMMANDS")
    for name, command in commands:
        if _choices(command) is None:
            lines += _command(name, command)
    lines += [".SH EXIT STATUS", _text((parser.epilog or "").removeprefix("Exit codes: "))]
    for title, listed in (("ENVIRONMENT", _VARIABLES), ("SIGNALS", _SIGNALS), ("FILES", _FILES)):
        lines.append(f".SH {title}")
        for name, about in listed.items():
            lines += [".TP", f".I {_plain(name)}", _text(about)]
    lines += [".SH SEE ALSO", r".BR systemctl (1),", r".BR journalctl (1),", r".BR bluetoothd (8)"]
    return "\n".join(lines) + "\n"


def _command(name: str, command: argparse.ArgumentParser) -> Iterator[str]:
    shown = [action for action in command._actions if not _EVERYWHERE.intersection(action.option_strings)]  # noqa: SLF001 - as above
    yield f".SS {_plain(name)} {' '.join(_value(action) for action in shown if not action.option_strings)}".rstrip()
    about = command.description or ""
    yield _text(f"{about[:1].upper()}{about[1:]}.")
    for action in shown:
        yield from _option(action)
    if command.epilog:
        yield from (".PP", _text(command.epilog))


def _option(action: argparse.Action) -> Iterator[str]:
    names = ", ".join(rf"\fB{_plain(name)}\fR" for name in action.option_strings)
    value = "" if action.nargs == 0 and action.option_strings else _value(action)
    yield ".TP"
    yield f"{names} {value}".strip()
    yield _text(action.help or "") or r"\&"


def _value(action: argparse.Action) -> str:
    """Return what stands for the value: its choices, or the word that the help uses."""
    if action.choices is not None:
        return rf"{{{','.join(_plain(str(choice)) for choice in action.choices)}}}"
    word = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    return rf"[\fI{_plain(word)}\fR]" if action.nargs == "?" else rf"\fI{_plain(word)}\fR"


def _commands(parser: argparse.ArgumentParser, path: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Return each parser with the words that lead to it, itself first."""
    yield path, parser
    for name, command in (_choices(parser) or {}).items():
        yield from _commands(command, f"{path} {name}".strip())


def _choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser] | None:
    for action in parser._actions:  # noqa: SLF001 - as above
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            return dict(action.choices)
    return None


def _text(text: str) -> str:
    """Return it as lines of roff, none of which roff takes for a request."""
    return re.sub(r"^(?=[.'])", r"\&", _plain(text), flags=re.MULTILINE)


def _plain(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-").replace("%%", "%")
