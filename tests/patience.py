"""How long a test waits for what must come."""

from typing import Final

HANG_S: Final = 300.0
"""Beyond what anything takes on a machine that does fifteen things at once, so that what is not there by then hangs."""
