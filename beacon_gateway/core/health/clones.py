"""Two senders with one beacon's identity in two places, found from the addresses that BlueZ knows at one moment."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import combinations
from typing import Final, NamedTuple

from beacon_gateway.core.model.ibeacon import BeaconKey

MIN_REPORTS_APART: Final = 3
"""In so many looks running, the same two must be there ..."""
MIN_GAP_DB: Final = 10.0
"""... the same one of them stronger by so many dB each time ..."""
MIN_SUM_OF_GAPS_DB: Final = 100.0
"""... and by so many in sum. With 6 dB of noise on each, three looks alone would accuse a beacon that sends under two
addresses from one place, six times a day; with this, not once in a year, and 20 dB take six minutes."""
MAX_SENDERS_OF_A_CLONE: Final = 6
"""More addresses than this for one beacon are no copies: it changes its address all the time."""


class SenderReport(NamedTuple):
    """One radio address and the iBeacon that it sends, heard since the look before."""

    sender: str
    """Opaque; compared, never kept longer than it is seen."""
    key: BeaconKey
    rssi: int
    trailing: bytes = b""
    """What stands behind the iBeacon frame."""
    eddystone: bytes = b""
    """Service data of Eddystone that came since the look before."""


class _Pair(NamedTuple):
    looks: int
    apart: float
    """Sum of the differences in dB, with the sign of each."""


class Clones:
    """Remembers of the last look which senders stand apart."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[BeaconKey, str, str], _Pair] = {}

    def look(self, looks: Iterable[SenderReport], declared: Collection[BeaconKey]) -> list[BeaconKey]:
        """Return the declared beacons that are in two places; call it about once a minute."""
        senders: defaultdict[BeaconKey, dict[str, int]] = defaultdict(dict)
        for look in looks:
            if look.key in declared:
                senders[look.key][look.sender] = look.rssi
        pairs: dict[tuple[BeaconKey, str, str], _Pair] = {}
        for key, levels in senders.items():
            if len(levels) > MAX_SENDERS_OF_A_CLONE:
                continue
            for one, other in combinations(sorted(levels), 2):
                difference = levels[one] - levels[other]
                if abs(difference) < MIN_GAP_DB:
                    continue
                so_far = self._pairs.get((key, one, other), _Pair(0, 0.0))
                if so_far.apart * difference < 0:
                    so_far = _Pair(0, 0.0)
                pairs[key, one, other] = _Pair(so_far.looks + 1, so_far.apart + difference)
        self._pairs = pairs
        proven = (
            key
            for (key, *_), pair in pairs.items()
            if pair.looks >= MIN_REPORTS_APART and abs(pair.apart) >= MIN_SUM_OF_GAPS_DB
        )
        return list(dict.fromkeys(proven))
