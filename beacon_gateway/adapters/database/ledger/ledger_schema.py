"""The tables of ledger.db, as they came one version after another."""

from typing import Final

MIGRATIONS: Final = (
    """
    CREATE TABLE page (slug TEXT PRIMARY KEY, ref TEXT NOT NULL) STRICT;
    CREATE TABLE binding (
        uuid BLOB NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL, ref TEXT NOT NULL,
        PRIMARY KEY (uuid, major, minor, ref)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, cause TEXT NOT NULL, plan TEXT NOT NULL,
        change TEXT NOT NULL, outcome TEXT NOT NULL
    ) STRICT
    """,
    """
    ALTER TABLE audit ADD COLUMN who TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN why TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN revision TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN run INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE audit ADD COLUMN image TEXT;
    CREATE TRIGGER audit_stays_as_written BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    CREATE TRIGGER audit_keeps_its_lines BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    CREATE TABLE run (id INTEGER PRIMARY KEY, revision TEXT NOT NULL, ended INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE verified_page (ref TEXT PRIMARY KEY, page TEXT NOT NULL) STRICT;
    CREATE TABLE verified_binding (
        uuid BLOB NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL, refs TEXT NOT NULL,
        PRIMARY KEY (uuid, major, minor)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE hold (
        id INTEGER PRIMARY KEY CHECK (id = 1), revision TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL,
        why TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE declared (
        uuid BLOB NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL,
        floor TEXT NOT NULL, slug TEXT NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (uuid, major, minor)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE hold ADD COLUMN things TEXT NOT NULL DEFAULT '{}'
    """,
    """
    CREATE TABLE account (
        id INTEGER PRIMARY KEY CHECK (id = 1), appid TEXT NOT NULL, api_base TEXT NOT NULL
    ) STRICT;
    CREATE TABLE sent_page (ref TEXT PRIMARY KEY, page TEXT NOT NULL) STRICT;
    CREATE TABLE sent_binding (
        uuid BLOB NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL, refs TEXT NOT NULL,
        PRIMARY KEY (uuid, major, minor)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE setback (
        sent TEXT PRIMARY KEY, at TEXT NOT NULL, change TEXT NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL,
        times INTEGER NOT NULL, kept TEXT NOT NULL
    ) STRICT;
    CREATE TABLE due (what TEXT PRIMARY KEY) STRICT;
    CREATE TABLE application (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, quantity INTEGER NOT NULL, reason TEXT NOT NULL,
        comment TEXT NOT NULL, newest INTEGER NOT NULL, number INTEGER, outcome TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    """
    CREATE TABLE vanished (
        uuid BLOB NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL, PRIMARY KEY (uuid, major, minor)
    ) STRICT, WITHOUT ROWID
    """,
)
