"""Audit lines."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from beacon_gateway.core.bindings.history.audit import AuditLine, BindingImage


def audit_line(line: AuditLine, zone: tzinfo) -> str:
    cause = line.cause
    who = " ".join(part for part in (cause.what, cause.who, f"({cause.why})" if cause.why else "") if part)
    return f"{line.at.astimezone(zone):%Y-%m-%d %H:%M:%S} {line.plan} {who}: {line.change}: {line.outcome}"


def audit_json(line: AuditLine) -> Mapping[str, Any]:
    image = line.image
    shown: dict[str, Any] = {}
    if isinstance(image, BindingImage):
        shown = {"before": sorted(image.before), "after": sorted(image.after)}
    elif image:
        shown = {"before": image.before and image.before.title, "after": image.after and image.after.title}
    return {
        "at": line.at.isoformat(),
        "cause": line.cause.what,
        "who": line.cause.who or None,
        "why": line.cause.why or None,
        "plan": line.plan,
        "files": line.revision,
        "run": line.run,
        "change": line.change,
        "outcome": line.outcome,
        **shown,
    }
