"""Whether a gateway does its work now, in one word for monitors."""

from datetime import datetime

from beacon_gateway.core.model.status import Status
from beacon_gateway.core.monitoring.judgement import GatewayState, judge


def unfit(status: Status, now: datetime) -> tuple[str, ...]:
    """Return what keeps it from its work; nothing while it hears and its log can be written.

    Faulty files and a binding target that cannot be reached are no part of it: the last good files are in force, and
    beacons and log go on. They stand in the status for those who look.
    """
    late = ("heartbeat",) if now > status.expires else ()
    return late + judge(status).named(GatewayState.FAILED)


def listening_share(status: Status) -> str:
    """Return how much of the time since the start it could hear, in %; rounded down, so that 100 % is all of it."""
    whole = max(1.0, (status.written - status.started).total_seconds())
    return f"{int(1000 * max(0.0, 1 - status.radio.deaf_seconds / whole)) / 10:g} %"
