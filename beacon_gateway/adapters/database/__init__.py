"""What must survive: the hit log and the ledger, each a SQLite file on this Pi."""
