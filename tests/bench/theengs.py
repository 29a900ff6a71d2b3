"""TheengsGateway on the same stream, run by an environment of its own (`make bench-peers`); prints what it published.

Its own wiring, threads and default settings, but for three: the MQTT client's edge drops what it is given, there is no
pause between two scans, and a host is named. As a module with `bus` it scans until SIGTERM; with `direct` and a number,
bleak's callback is called so often without a bus, and CPU seconds for one come out as well.
"""

import signal
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

from bleak.backends.device import BLEDevice
from TheengsGateway import DEFAULT_CONFIG, ble_gateway
from TheengsGateway.discovery import DiscoveryGateway

from tests.bench.stream import APPLE, advertisement, store_in_turn

CONFIGURATION = {**DEFAULT_CONFIG, "host": "localhost", "gateway_id": "02:00:00:00:00:01", "ble_scan_time": 86_400}
WARM = 20  # advertisements before time is taken: no more, since an iBeacon leaves nothing behind there


class NoBroker:
    """What TheengsGateway asks of an MQTT client, connected to nothing."""

    def __init__(self, *_: object, **__: object) -> None:
        self.published = 0

    def publish(self, topic: str, message: str, qos: int = 0, retain: bool = False) -> tuple[int, int]:  # noqa: ARG002 - the real client's words
        self.published += not retain  # what is retained tells of the gateway itself
        return 0, self.published

    def is_connected(self) -> bool:
        return True

    def loop_forever(self) -> None:
        signal.sigwait({signal.SIGTERM})
        raise SystemExit

    def connect(self, *_: object) -> None: ...
    def disconnect(self) -> None: ...
    def username_pw_set(self, *_: object) -> None: ...
    def will_set(self, *_: object, **__: object) -> None: ...


def bus(client: NoBroker) -> None:
    # Before there is a second thread: one that does not block the signal could take it, and the first would wait on.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    # The scan runs in a thread, which may ask for the client before the main thread has set it.
    ble_gateway.Gateway.client = client
    ble_gateway.mqtt_client.Client = lambda *_, **__: client
    ble_gateway.run(CONFIGURATION, Path())


def direct(client: NoBroker, count: int) -> None:
    gateway: Any = DiscoveryGateway(CONFIGURATION)
    gateway.client = client
    heard = [
        (BLEDevice(address, None, None), advertisement({APPLE: frame}, rssi))
        for address, frame, rssi in islice(store_in_turn(), WARM + count)
    ]
    for device, advert in heard[:WARM]:
        gateway.detection_callback(device, advert)
    start = time.process_time()
    for device, advert in heard[WARM:]:
        gateway.detection_callback(device, advert)
    print((time.process_time() - start) / max(count, 1))


def main() -> None:
    client = NoBroker()
    if sys.argv[1] == "bus":
        bus(client)
    else:
        direct(client, int(sys.argv[2]))
    print(client.published, flush=True)


if __name__ == "__main__":
    main()
