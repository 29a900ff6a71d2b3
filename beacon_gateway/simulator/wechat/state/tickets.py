"""The tickets that WeChat appends to a page when a customer opens it."""

from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.state.records import ShakeResult

TICKET_LIFETIME_S = 30 * 60  # "Getting device and user information" page


class Tickets:
    """Which shake a ticket stands for; forgotten after 30 minutes. Times are unix seconds."""

    def __init__(self) -> None:
        self._shakes: dict[str, ShakeResult] = {}

    def add(self, shake: ShakeResult) -> None:
        self._forget_old(shake.when)
        self._shakes[shake.ticket] = shake

    def find(self, ticket: str, now: float) -> ShakeResult:
        """The shake; a ticket may be used again while it lives. Raises 9001003."""
        self._forget_old(now)
        if ticket not in self._shakes:
            raise EmulatedError(9001003)
        return self._shakes[ticket]

    def _forget_old(self, now: float) -> None:
        while self._shakes:
            oldest = next(iter(self._shakes.values()))
            if now < oldest.when + TICKET_LIFETIME_S:
                break
            del self._shakes[oldest.ticket]


def with_ticket(url: str, ticket: str) -> str:
    """The address that is opened. Only the parameter's name is documented; before a fragment, it reaches the server."""
    address, hash_sign, fragment = url.partition("#")
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}ticket={ticket}{hash_sign}{fragment}"
