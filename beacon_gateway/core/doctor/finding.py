"""What one check says: how bad it is, in which sentence, and the command that mends it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FindingLevel(StrEnum):
    OK = "ok"
    UNSEEN = "unseen"
    """Not looked at; the sentence says why. Neither good nor bad."""
    WARN = "warn"
    """The gateway works, and something will trouble it."""
    FAIL = "fail"
    """The gateway does not do all of its work."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the catalogue that stands inside another one."""

    name: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """`phrase` names a sentence of the catalogue, `details` fills it.

    A detail may itself be a `Phrase`, a `Problem`, a `Trouble` or a `TargetError`, which are said in the
    reader's language.
    """

    check: str
    level: FindingLevel
    phrase: str
    details: Mapping[str, object]
    fix: str
    """The command that mends it, or shows more of it; "" where there is none."""


class FindingReason(StrEnum):
    """Why a thing was not looked at."""

    NEEDS_ROOT = "needs-root"
    NOT_TOLD = "not-told"
    """This machine has no such thing, or does not say."""
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    OFFLINE = "offline"
    NO_CONFIG = "no-config"
    NO_ACCOUNT = "no-account"
    NO_SECRET = "no-secret"  # noqa: S105 - a word, not a password
    ACCOUNT_CLOSED = "account-closed"
    FAULTY_FILES = "faulty-files"
    NO_DAEMON = "no-daemon"
    NO_BLUETOOTH = "no-bluetooth"
    """D-Bus, bluetoothd or the adapter is missing, which another check says."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Stands where something could not be seen."""

    why: FindingReason
    reason: str = ""
    """The refusal's own words."""


def ok(check: str, says: str, **details: object) -> Finding:
    return Finding(check, FindingLevel.OK, f"doctor.{check}.{says}", details, "")


def warn(check: str, says: str, fix: str = "", **details: object) -> Finding:
    return Finding(check, FindingLevel.WARN, f"doctor.{check}.{says}", details, fix)


def fail(check: str, says: str, fix: str = "", **details: object) -> Finding:
    return Finding(check, FindingLevel.FAIL, f"doctor.{check}.{says}", details, fix)


def not_looked_at(check: str, unseen: Unavailable) -> Finding:
    details = {
        "what": Phrase(f"doctor.what.{check}"),
        "why": Phrase(f"doctor.why.{unseen.why}", {"reason": unseen.reason}),
    }
    fix = "sudo beacon-gateway doctor" if unseen.why is FindingReason.NEEDS_ROOT else ""
    return Finding(check, FindingLevel.UNSEEN, "doctor.unseen", details, fix)


def worst(findings: Iterable[Finding]) -> FindingLevel:
    """Return the worst level; what was not looked at counts for nothing."""
    levels = {finding.level for finding in findings}
    return next((level for level in (FindingLevel.FAIL, FindingLevel.WARN) if level in levels), FindingLevel.OK)
