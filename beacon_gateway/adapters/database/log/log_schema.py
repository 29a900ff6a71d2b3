"""The tables of the log, step by step from the first format to this one.

A row says when by a segment of the clock (table `clock`) and milliseconds of the monotonic one: its time of day is
`clock.offset + monotonic / 1000`. When a clock without a battery is set at last, one number in `clock` changes, and all
rows of the segment are right. Names that are repeated stand in tables of their own: a row takes about 35 bytes, and a
year of 50 beacons with 20 million minutes less than a gigabyte.

No index but the row ids: one that is touched at random costs an SD card more bytes than the rows themselves. What
reports need is added up into small tables, hour by hour.
"""

from typing import Final

from beacon_gateway.adapters.database.log import battery_rows, event_rows, figures_rows, memory_rows

FIRST: Final = """
    CREATE TABLE hit (
        id INTEGER PRIMARY KEY, at REAL NOT NULL, boot TEXT NOT NULL, monotonic REAL NOT NULL, gateway TEXT NOT NULL,
        floor TEXT NOT NULL, beacon TEXT NOT NULL, uuid BLOB NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL,
        kind TEXT NOT NULL, zone TEXT NOT NULL, rssi REAL NOT NULL, distance REAL NOT NULL, dwell REAL, reason TEXT,
        revision TEXT NOT NULL
    ) STRICT
    """

SECOND: Final = f"""
    CREATE TABLE event (
        id INTEGER PRIMARY KEY, at REAL NOT NULL, boot TEXT NOT NULL, monotonic REAL NOT NULL, gateway TEXT NOT NULL,
        kind TEXT NOT NULL, beacon TEXT NOT NULL, uuid BLOB, major INTEGER, minor INTEGER, details TEXT NOT NULL
    ) STRICT;
    CREATE TABLE deaf_minute (id INTEGER PRIMARY KEY, minute INTEGER NOT NULL, seconds REAL NOT NULL) STRICT;
    {memory_rows.TABLE}
    """

TABLES: Final = f"""
    CREATE TABLE clock (            -- the wall clock between two steps
        id INTEGER PRIMARY KEY,
        boot TEXT NOT NULL,
        since INTEGER NOT NULL,     -- milliseconds since that boot
        offset REAL NOT NULL,       -- UTC, Unix seconds, at the boot's first moment
        known INTEGER NOT NULL,     -- 1: a time service had set it, or this was put right since
        untimed INTEGER NOT NULL DEFAULT 0,  -- hits that are in no hour because it never was
        UNIQUE (boot, since)
    ) STRICT;
    CREATE TABLE named (            -- a beacon as the files named it, at one gateway
        id INTEGER PRIMARY KEY,
        uuid BLOB NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL,
        slug TEXT NOT NULL, floor TEXT NOT NULL, gateway TEXT NOT NULL,
        UNIQUE (uuid, major, minor, slug, floor, gateway)
    ) STRICT;
    CREATE TABLE revision (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE hit (
        id INTEGER PRIMARY KEY,
        clock INTEGER NOT NULL, monotonic INTEGER NOT NULL,
        named INTEGER NOT NULL, revision INTEGER NOT NULL,
        kind INTEGER NOT NULL,      -- 0 enter, 1 exit, 2 zone
        zone INTEGER NOT NULL,      -- 0 immediate, 1 near, 2 far
        rssi INTEGER NOT NULL,      -- filtered, tenths of a dBm
        distance INTEGER NOT NULL,  -- centimetres
        dwell INTEGER,              -- milliseconds since `enter`
        reason INTEGER              -- 0 timeout, 1 weak, 2 removed, 3 shutdown
    ) STRICT;
    CREATE TABLE minute (           -- of the gateway itself
        id INTEGER PRIMARY KEY,
        clock INTEGER NOT NULL, monotonic INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        seconds INTEGER NOT NULL,   -- tenths: at work
        deaf INTEGER NOT NULL       -- tenths, without any advertisement; what came out later is in a row of 0 seconds
    ) STRICT;
    CREATE TABLE presence (         -- a beacon that was heard in a minute
        id INTEGER PRIMARY KEY,
        minute INTEGER NOT NULL, named INTEGER NOT NULL,
        samples INTEGER NOT NULL,
        weakest INTEGER NOT NULL, median INTEGER NOT NULL, strongest INTEGER NOT NULL,  -- dBm
        zone INTEGER                -- NULL: too weak to count as here
    ) STRICT;
    CREATE TABLE shake (            -- of somebody's phone, told by WeChat
        id INTEGER PRIMARY KEY,
        clock INTEGER NOT NULL, monotonic INTEGER NOT NULL,  -- when it was told
        created INTEGER NOT NULL,   -- UTC, Unix seconds, by WeChat's clock
        named INTEGER NOT NULL, revision INTEGER NOT NULL,
        person BLOB NOT NULL,       -- tells two people of one day apart; the key is gone
        around INTEGER NOT NULL     -- other beacons that the phone heard
    ) STRICT;
    {event_rows.TABLE};
    CREATE TABLE folded (name TEXT PRIMARY KEY, id INTEGER NOT NULL) STRICT;  -- rows up to here are in the sums below
    CREATE TABLE floor_hour (
        hour INTEGER NOT NULL,      -- UTC, Unix seconds of the beginning of an hour of the store's clock
        floor TEXT NOT NULL,
        enters INTEGER NOT NULL, zones INTEGER NOT NULL, exits INTEGER NOT NULL,
        dwell INTEGER NOT NULL, dwells INTEGER NOT NULL,  -- milliseconds, and of how many departures
        heard INTEGER NOT NULL,     -- tenths of seconds, added up over beacons
        PRIMARY KEY (hour, floor)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE gateway_hour (hour INTEGER PRIMARY KEY, seconds INTEGER NOT NULL, deaf INTEGER NOT NULL) STRICT;
    CREATE TABLE beacon_day (
        day INTEGER NOT NULL,       -- since 1970-01-01, by the store's clock
        named INTEGER NOT NULL, heard INTEGER NOT NULL, enters INTEGER NOT NULL,
        PRIMARY KEY (day, named)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE shake_hour (       -- of shakes that are no rows any more
        start INTEGER NOT NULL, floor TEXT NOT NULL, shakes INTEGER NOT NULL, people INTEGER NOT NULL,
        PRIMARY KEY (start, floor)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE shake_day (        -- the same; a day's start is its midnight, as if the store's clock were UTC
        start INTEGER NOT NULL, floor TEXT NOT NULL, shakes INTEGER NOT NULL, people INTEGER NOT NULL,
        PRIMARY KEY (start, floor)
    ) STRICT, WITHOUT ROWID;
    {figures_rows.TABLES}
    """

# What the first two formats hold is taken over. Their times were believed; a minute without reception had no boot.
_STAMPS: Final = "(SELECT boot, at, monotonic FROM old_hit UNION ALL SELECT boot, at, monotonic FROM old_event)"
THIRD: Final = f"""
    ALTER TABLE hit RENAME TO old_hit;
    ALTER TABLE event RENAME TO old_event;
    {TABLES};
    INSERT INTO clock (boot, since, offset, known)
        SELECT boot, CAST(MIN(monotonic) * 1000 AS INTEGER) + ROW_NUMBER() OVER (ORDER BY boot, ROUND(at - monotonic)),
            AVG(at - monotonic), 1 FROM {_STAMPS} GROUP BY boot, ROUND(at - monotonic);
    INSERT INTO clock (boot, since, offset, known) SELECT '', 0, 0, 1 WHERE EXISTS (SELECT 1 FROM deaf_minute);
    INSERT OR IGNORE INTO revision (text) SELECT revision FROM old_hit;
    INSERT OR IGNORE INTO revision (text) VALUES ('');
    INSERT OR IGNORE INTO named (uuid, major, minor, slug, floor, gateway)
        SELECT uuid, major, minor, beacon, floor, gateway FROM old_hit ORDER BY id;
    INSERT INTO hit
        SELECT old.id, clock.id, CAST(ROUND(old.monotonic * 1000) AS INTEGER), named.id, revision.id,
            CASE old.kind WHEN 'enter' THEN 0 WHEN 'exit' THEN 1 ELSE 2 END,
            CASE old.zone WHEN 'immediate' THEN 0 WHEN 'near' THEN 1 ELSE 2 END,
            CAST(ROUND(old.rssi * 10) AS INTEGER), CAST(ROUND(old.distance * 100) AS INTEGER),
            CAST(ROUND(old.dwell * 1000) AS INTEGER),
            CASE old.reason WHEN 'timeout' THEN 0 WHEN 'weak' THEN 1 WHEN 'removed' THEN 2 WHEN 'shutdown' THEN 3 END
        FROM old_hit AS old
        JOIN clock ON clock.boot = old.boot AND ROUND(clock.offset) = ROUND(old.at - old.monotonic)
        JOIN named ON (named.uuid, named.major, named.minor) = (old.uuid, old.major, old.minor)
            AND (named.slug, named.floor, named.gateway) = (old.beacon, old.floor, old.gateway)
        JOIN revision ON revision.text = old.revision;
    INSERT INTO event
        SELECT old.id, clock.id, CAST(ROUND(old.monotonic * 1000) AS INTEGER), old.gateway, old.kind, old.beacon,
            old.uuid, old.major, old.minor, old.details
        FROM old_event AS old
        JOIN clock ON clock.boot = old.boot AND ROUND(clock.offset) = ROUND(old.at - old.monotonic);
    INSERT INTO minute (clock, monotonic, revision, seconds, deaf)
        SELECT clock.id, old.minute * 1000, revision.id, 0, CAST(ROUND(old.seconds * 10) AS INTEGER)
        FROM deaf_minute AS old, clock, revision WHERE clock.boot = '' AND revision.text = '' ORDER BY old.id;
    DROP TABLE old_hit;
    DROP TABLE old_event;
    DROP TABLE deaf_minute
    """

MIGRATIONS: Final = (FIRST, SECOND, THIRD, battery_rows.TABLE)
