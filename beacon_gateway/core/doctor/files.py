"""What people write: gateway.yaml, the store's files, and the secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from shlex import quote

from beacon_gateway.core.doctor.finding import Finding, fail, ok, warn
from beacon_gateway.core.model.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class ConfigEvidence:
    path: str
    problems: Sequence[Problem]
    readable: bool
    """It could be read as a whole, warnings or not."""


@dataclass(frozen=True, slots=True)
class StoreEvidence:
    problems: Sequence[Problem]
    floors: int
    beacons: int
    closed: str = ""
    """What the service may not read, though the caller may; "" for nothing."""
    user: str = ""
    """Whom the service works as."""


@dataclass(frozen=True, slots=True)
class SecretEvidence:
    path: str
    """Where it lies, or should."""
    missing: str
    """Why there is none; "" if there is."""
    open_to_others: str
    """A file with a secret that others on this machine can read; "" for none."""


def judge_config(config: ConfigEvidence) -> Finding:
    if config.readable:
        return ok("config", "sound", path=config.path)
    first = config.problems[0] if config.problems else None
    if first and first.code == "file.missing":
        return fail("config", "missing", "sudo beacon-gateway setup", path=config.path)
    details = {"path": config.path, "count": len(config.problems), "first": first or ""}
    return fail("config", "faulty", "beacon-gateway check", **details)


def judge_store(store: StoreEvidence) -> Finding:
    if store.closed:
        fix = f"sudo chmod o+rX {quote(store.closed)} && sudo systemctl restart beacon-gateway"
        return fail("files", "closed", fix, path=store.closed, user=store.user)
    errors = [problem for problem in store.problems if problem.severity is Severity.ERROR]
    if errors:
        first = errors[0]
        details = {"count": len(errors), "place": str(first.place), "first": first}
        return fail("files", "faulty", "beacon-gateway check", **details)
    if store.problems:
        first = store.problems[0]
        details = {"count": len(store.problems), "place": str(first.place), "first": first}
        return warn("files", "doubtful", "beacon-gateway check", **details)
    return ok("files", "sound", floors=store.floors, beacons=store.beacons)


def judge_secret(secret: SecretEvidence) -> Finding:
    if secret.missing:
        return fail("secret", "missing", give_secret(secret.path), reason=secret.missing)
    if secret.open_to_others:
        fix = f"sudo chmod 600 {quote(secret.open_to_others)}"
        return warn("secret", "open", fix, path=secret.open_to_others)
    return ok("secret", "there")


def give_secret(path: str) -> str:
    """Return the command that takes a new secret from the keyboard, so that it is in no history and no process list."""
    return f"sudo install -m 600 /dev/stdin {quote(path)} && sudo systemctl restart beacon-gateway"
