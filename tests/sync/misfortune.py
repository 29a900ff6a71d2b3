"""Faults by the number of the call, whatever its path."""

from collections.abc import Mapping

from beacon_gateway.simulator.wechat import Fault
from beacon_gateway.simulator.wechat.faults import Faults


class AtCall(Faults):
    """Lets the calls with these numbers, counted from 0, meet these faults."""

    def __init__(self, faults: Mapping[int, Fault]) -> None:
        super().__init__()
        self._at = faults
        self.calls = 0
        self.met: list[tuple[str, Fault]] = []
        """Path and fault of those that came to pass."""

    def take(self, path: str) -> Fault | None:
        fault = self._at.get(self.calls)
        self.calls += 1
        if fault:
            self.met.append((path, fault))
        return fault
