"""Beacons of an account as lists: for burning into hardware, and for seeing what there is."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import Any

from beacon_gateway.core.files.inventory import Inventory, ListedBeacon
from beacon_gateway.presentation.keys import key_json
from beacon_gateway.presentation.report.spreadsheet import comma_separated, spreadsheet
from beacon_gateway.presentation.terminal import visible


def burning_csv(beacons: Iterable[ListedBeacon]) -> str:
    rows = [(str(beacon.key.uuid).upper(), beacon.key.major, beacon.key.minor, beacon.number) for beacon in beacons]
    return comma_separated([("uuid", "major", "minor", "device_id"), *rows])


def burning_json(beacon: ListedBeacon) -> dict[str, Any]:
    return {"device_id": beacon.number, **key_json(beacon.key)}


def inventory_json(inventory: Inventory) -> list[dict[str, Any]]:
    return [
        {
            **burning_json(beacon),
            "comment": beacon.comment,
            "activated": beacon.activated,
            "last_active": beacon.last_active.isoformat() if beacon.last_active else None,
            "pages": len(inventory.bindings[beacon.key]),
        }
        for beacon in inventory.beacons
    ]


def inventory_csv(inventory: Inventory) -> str:
    rows = [{**row, "activated": int(row["activated"])} for row in inventory_json(inventory)]
    names = ("device_id", "uuid", "major", "minor", "comment", "activated", "last_active", "pages")
    return spreadsheet([names, *([row[name] for name in names] for row in rows)])


def inventory_lines(inventory: Inventory, zone: tzinfo, headings: tuple[str, str, str, str, str]) -> Iterator[str]:
    """Return a table: number, key, in use, pages, comment."""
    rows = [headings]
    for beacon in inventory.beacons:
        used = f"{beacon.last_active.astimezone(zone):%Y-%m-%d}" if beacon.last_active else "✓✗"[not beacon.activated]
        pages = str(len(inventory.bindings[beacon.key]))
        rows.append((str(beacon.number), str(beacon.key), used, pages, visible(beacon.comment)))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)]
        yield "  ".join([*cells, row[4]]).rstrip()
