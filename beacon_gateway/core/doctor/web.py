"""The pages: who can reach them, and whether they must log in."""

from dataclasses import dataclass
from shlex import quote

from beacon_gateway.core.access.web_accounts import NO_ACCOUNTS, WebAccounts
from beacon_gateway.core.doctor.daemon import DaemonReport
from beacon_gateway.core.doctor.finding import Finding, Phrase, Unavailable, fail, ok, warn
from beacon_gateway.core.doctor.judged import fix_of_port, who_has
from beacon_gateway.core.model.settings import Address
from beacon_gateway.core.model.status import ServerTrouble
from beacon_gateway.core.monitoring.judgement import Trouble

_OF_FILE = {
    "web-accounts.not-regular": "sudo mv {path} {path}.aside",
    "web-accounts.dangling": "sudo rm {path}",
    "web-accounts.loop": "sudo rm {path}",
    "web-accounts.permission": "sudo chgrp beacon-gateway {path} && sudo chmod 640 {path}",
}
"""The command for what is wrong with the file as a whole; others look at it first."""
MAKE_ONE = "sudo beacon-gateway password NAME --rank it"


@dataclass(frozen=True, slots=True)
class PagesEvidence:
    listen: Address | None
    path: str
    """Where the accounts are, or would be."""
    accounts: WebAccounts
    open_to_others: bool = False
    """Other users of this machine can read the hashes."""
    closed_to_service: bool = False
    port_is_taken: bool = False
    """Another program listens where the pages would, while the gateway does not run."""


def judge_pages(pages: PagesEvidence, reported: DaemonReport | Unavailable) -> Finding:
    """`reported` is the word of a daemon that runs now."""
    if pages.listen is None:
        return ok("pages", "off")
    trouble = reported.about("pages") if isinstance(reported, DaemonReport) else None
    return _of_port(pages.listen, trouble, taken=pages.port_is_taken) or (
        _of_file(pages) or _of_place(pages.listen, pages.accounts)
    )


def _of_port(address: Address, trouble: Trouble | None, *, taken: bool) -> Finding | None:
    if taken or (trouble and trouble.name.endswith(f":{ServerTrouble.TAKEN}")):
        return fail("pages", "taken", who_has(address.port), place=str(address))
    return fail("pages", "closed", fix_of_port(trouble), said=trouble) if trouble else None


def _of_file(pages: PagesEvidence) -> Finding | None:
    """Say what is wrong with the file, where something is."""
    if pages.closed_to_service:
        fix = f"sudo chgrp beacon-gateway {quote(pages.path)} && sudo chmod 640 {quote(pages.path)}"
        return fail("pages", "closed-to-service", fix, path=pages.path)
    path, accounts = quote(pages.path), pages.accounts
    if accounts.faults and accounts.faults[0].number == 0:
        fault = accounts.faults[0].phrase
        return fail(
            "pages",
            "unusable",
            _OF_FILE.get(fault, "ls -l {path}").format(path=path),
            path=pages.path,
            fault=Phrase(fault),
        )
    if not accounts.by_key and not accounts.faults and accounts is not NO_ACCOUNTS:
        return fail("pages", "nobody", MAKE_ONE, path=pages.path)
    if accounts.faults:
        first = accounts.faults[0]
        details = {"path": pages.path, "line": first.number, "fault": Phrase(first.phrase)}
        return (warn if accounts.by_key else fail)("pages", "faulty", MAKE_ONE, **details)
    if pages.open_to_others:
        return warn("pages", "open", f"sudo chmod 640 {quote(pages.path)}", path=pages.path)
    return None


def _of_place(address: Address, accounts: WebAccounts) -> Finding:
    place, count = str(address), len(accounts.by_key)
    if address.is_of_this_machine:
        return (
            ok("pages", "with-login", place=place, count=count) if count else ok("pages", "this-machine", place=place)
        )
    if not count:
        return fail("pages", "no-accounts", MAKE_ONE, place=place)
    return warn("pages", "in-clear", place=place, count=count)
