"""Which beacons were given other pages when, from the audit log: what a difference may come from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from beacon_gateway.core.bindings.history.audit import VERIFIED, AuditLine, BindingImage
from beacon_gateway.core.report.directory import Directory, NamedBeacon
from beacon_gateway.core.report.report_request import ReportRequest
from beacon_gateway.core.report.span import Span


@dataclass(frozen=True, slots=True)
class PagesChange:
    """One beacon's pages, changed and read back."""

    at: datetime
    """Aware UTC."""
    beacon: NamedBeacon
    before: tuple[str, ...]
    """Titles."""
    after: tuple[str, ...]


def binding_changes(
    lines: Iterable[AuditLine], span: Span, asked: ReportRequest, directory: Directory
) -> tuple[PagesChange, ...]:
    """Return the changes in a span to the beacons that are asked for, oldest first. `lines` are in order."""
    lines = list(lines)
    verified = {(line.run, line.change) for line in lines if line.outcome == VERIFIED}
    found = []
    for line in lines:
        image = line.image
        if not isinstance(image, BindingImage) or image.before == image.after:
            continue
        beacon = directory.beacon(image.key)
        wanted = span.begin <= line.at < span.end and asked.wants(beacon.floor, beacon.slug)
        if wanted and (line.run, line.change) in verified:
            before, after = (tuple(sorted(map(directory.page, refs))) for refs in (image.before, image.after))
            found.append(PagesChange(line.at, beacon, before, after))
    return tuple(found)
