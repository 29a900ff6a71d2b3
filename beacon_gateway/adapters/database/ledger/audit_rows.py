"""Audit lines and setbacks as rows of ledger.db, and what was there before and after as JSON in them."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from beacon_gateway.core.bindings.history.audit import AuditCause, AuditLine, BindingImage, Image, PageImage
from beacon_gateway.core.bindings.setback import Setback
from beacon_gateway.core.bindings.target import Declared, ExistingPage, PageRef
from beacon_gateway.core.model.ibeacon import BeaconKey

COLUMNS: Final = "at, cause, who, why, plan, revision, run, change, outcome, image"

SETBACK: Final = "at, change, code, reason, times, kept"

Row = tuple[Any, ...]


def to_row(line: AuditLine) -> Row:
    cause = line.cause
    image = None if line.image is None else json.dumps(_image_json(line.image), ensure_ascii=False)
    when = line.at.isoformat()
    return when, cause.what, cause.who, cause.why, line.plan, line.revision, line.run, line.change, line.outcome, image


def from_row(row: Row) -> AuditLine:
    at, what, who, why, plan, revision, run, change, outcome, image = row
    return AuditLine(
        at=datetime.fromisoformat(at),
        cause=AuditCause(what, who, why),
        plan=plan,
        revision=revision,
        run=run,
        change=change,
        outcome=outcome,
        image=None if image is None else _image(json.loads(image)),
    )


def setback_row(setback: Setback) -> Row:
    when = setback.at.isoformat()
    return when, setback.change, setback.code, setback.reason, setback.times, setback.kept


def setback_of(row: Row) -> Setback:
    return Setback(datetime.fromisoformat(row[0]), *row[1:])


def page_text(page: ExistingPage) -> str:
    return json.dumps(asdict(page), ensure_ascii=False)


def page_of(text: str) -> ExistingPage:
    return ExistingPage(**json.loads(text))


def refs_text(refs: Iterable[PageRef]) -> str:
    return json.dumps(sorted(refs))


def refs_of(text: str) -> frozenset[PageRef]:
    return _refs(json.loads(text))


def _image_json(image: Image) -> dict[str, object]:
    match image:
        case BindingImage(key, before, after, ours_before, place):
            return {
                "uuid": str(key.uuid),
                "major": key.major,
                "minor": key.minor,
                "before": sorted(before),
                "after": sorted(after),
                "ours_before": sorted(ours_before),
                **({"place": asdict(place)} if place else {}),
            }
        case PageImage(slug, ref, page_before, page_after):
            return {
                "slug": slug,
                "ref": ref,
                "before": page_before and asdict(page_before),
                "after": page_after and asdict(page_after),
            }


def _image(found: dict[str, Any]) -> Image:
    if "uuid" in found:
        key = BeaconKey(UUID(found["uuid"]), found["major"], found["minor"])
        place = Declared(**found["place"]) if "place" in found else None
        return BindingImage(key, _refs(found["before"]), _refs(found["after"]), _refs(found["ours_before"]), place)
    before, after = found["before"], found["after"]
    return PageImage(
        found["slug"],
        PageRef(found["ref"]),
        ExistingPage(**before) if before else None,
        ExistingPage(**after) if after else None,
    )


def _refs(found: Iterable[str]) -> frozenset[PageRef]:
    return frozenset(PageRef(ref) for ref in found)
