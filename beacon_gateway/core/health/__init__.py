"""Judges beacons by what is heard of them, at sweeps: no work is done for an advertisement."""
