"""What happens at a call that a test cannot name beforehand, or just while it arrives."""

from collections.abc import Callable, Mapping

from beacon_gateway.simulator.wechat import InjectedFault
from beacon_gateway.simulator.wechat.faults import FaultQueue


class AtCall(FaultQueue):
    """Lets the calls with these numbers, counted from 0, meet these faults."""

    def __init__(self, faults: Mapping[int, InjectedFault]) -> None:
        super().__init__()
        self._at = faults
        self.calls = 0
        self.met: list[tuple[str, InjectedFault]] = []
        """Path and fault of those that came to pass."""

    def take(self, path: str, body: bytes = b"") -> InjectedFault | None:  # noqa: ARG002 - as the base has it
        fault = self._at.get(self.calls)
        self.calls += 1
        if fault:
            self.met.append((path, fault))
        return fault


class Meanwhile(FaultQueue):
    """Lets `happen` happen as the first call of a path arrives, before it is answered."""

    def __init__(self, path: str, happen: Callable[[], None]) -> None:
        super().__init__()
        self._path, self._happen = path, happen
        self.happened = False

    def take(self, path: str, body: bytes = b"") -> InjectedFault | None:
        if path == self._path and not self.happened:
            self.happened = True
            self._happen()
        return super().take(path, body)
