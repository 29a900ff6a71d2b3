"""Looks at the Raspberry Pi itself, for `doctor`: the kernel's files, systemd, a few tools. Changes nothing.

Each look takes the root of the file system, so that a test can build a small one; gives `Unavailable` where there is
nothing to see or nobody may look; and is bounded in time and size.
"""
