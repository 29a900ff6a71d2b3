"""Whether the databases are sound, asked without writing to them and within a time."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from beacon_gateway.core.support.bundle import Piece

FILES: Final = ("hits.db", "ledger.db", "quota.db")
INSTRUCTIONS: Final = 20_000
"""Of SQLite, between two looks at the clock."""


def integrity(name: str, state: Path, seconds: float) -> Piece:
    """Check each file, for so long at most together. Never raises."""
    end = time.monotonic() + seconds
    lines = [f"{file}: {_check(state / file, end)}" for file in FILES]
    return Piece(name, f"PRAGMA quick_check in {state}", "\n".join([*lines, ""]))


def _check(path: Path, end: float) -> str:
    try:
        if not path.exists():
            return "there is none"
        if not path.is_file():  # a pipe would be waited for
            return "cannot be looked at: no regular file"
        size = path.stat().st_size
        began = time.monotonic()
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=2.0)) as db:
            db.set_progress_handler(lambda: time.monotonic() > end, INSTRUCTIONS)
            version = db.execute("PRAGMA user_version").fetchone()[0]
            found = [str(row[0]) for row in db.execute("PRAGMA quick_check(20)")]
        took = time.monotonic() - began
        return f"{', '.join(found)} (format {version}, {size} bytes, {took:.1f} s)"
    except sqlite3.OperationalError as error:
        return "not finished in time" if "interrupted" in str(error) else f"cannot be looked at: {error}"
    except sqlite3.Error as error:
        return f"DAMAGED: {error}"
    except OSError as error:
        return f"cannot be looked at: {error.strerror}"
