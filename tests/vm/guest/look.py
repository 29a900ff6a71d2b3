"""Looks at what a loss of power left, before the gateway may mend it: at each boot; writes down what it finds."""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

FOUND: Final = Path("/run/found.json")
_STATE: Final = Path("/var/lib/beacon-gateway")
_COPY: Final = Path("/run/found")
"""Opening a database brings its write-ahead log into it, so only a copy is opened."""
_CONFIGURATION: Final = Path("/etc/beacon-gateway")


def configuration() -> dict[str, str]:
    """Return each file's digest."""
    files = (path for path in sorted(_CONFIGURATION.rglob("*")) if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def databases() -> dict[str, str]:
    """Return what SQLite says of each; "ok" of one that is sound."""
    if _STATE.exists():
        shutil.copytree(_STATE, _COPY)
    return {path.name: _check(path) for path in sorted(_COPY.glob("*.db"))}


def _check(path: Path) -> str:
    try:
        with closing(sqlite3.connect(path)) as database:
            return "\n".join(row[0] for row in database.execute("PRAGMA integrity_check"))
    except sqlite3.Error as error:
        return str(error)


if __name__ == "__main__":
    state = sorted(path.name for path in _STATE.iterdir()) if _STATE.exists() else []
    FOUND.write_text(json.dumps({"configuration": configuration(), "databases": databases(), "state": state}))
