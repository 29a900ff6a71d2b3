"""The form of the files as JSON Schema (draft 2020-12), for editors that complete and check while one types."""

import json
from pathlib import Path
from typing import Any, Final

from beacon_gateway.adapters.files.gateway_file import GATEWAY_FILE
from beacon_gateway.adapters.files.store_files import FLOOR_FILE, PAGES_SHAPE
from beacon_gateway.adapters.files.yaml.shapes import Record

SCHEMAS: Final[dict[str, Record[Any]]] = {"gateway": GATEWAY_FILE, "pages": PAGES_SHAPE, "floor": FLOOR_FILE}


def schema(name: str) -> dict[str, Any]:
    """Return the schema of gateway.yaml, pages.yaml or a floor file."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"beacon-gateway: {name}"}
    return head | SCHEMAS[name].schema()


def write_schemas(folder: Path) -> None:
    """Write one file a schema. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        text = json.dumps(schema(name), ensure_ascii=False, indent=2)
        (folder / f"{name}.schema.json").write_text(text + "\n", encoding="utf-8")
