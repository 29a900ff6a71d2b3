"""Who takes what the radio hears, and what was kept from them."""

import structlog

from beacon_gateway.core.model.advertisement import Take


class Handover:
    """Of one radio, over all its scans."""

    def __init__(self, take: Take) -> None:
        self.take = take
        self.phantoms = 0
        """Callbacks without a signal strength: bleak makes them of property changes that are no advertisement."""
        self.faults = 0
        """Advertisements on which our own code raised. Always 0; a number here is a bug."""

    def failed(self) -> None:
        """Count the exception that is being handled: the next advertisement must still be heard.

        dbus-fast would log a traceback for each advertisement; one is enough to find the bug.
        """
        self.faults += 1
        if self.faults == 1:
            structlog.get_logger("radio").exception("radio.receiver_failed")
