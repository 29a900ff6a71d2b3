"""A bluetoothd for tests, as far as bleak uses it to scan.

It runs in the test's own event loop on its own bus connection. The test plays the air and the trouble:

    async with FakeBluez.on(bus.address, adapters=[FakeAdapter("hci0")]) as bluez:
        ...                                             # a BleakScanner starts
        await bluez.advertise("C0:00:00:00:00:01", manufacturer_data={0x004C: frame}, rssi=-60)
        await bluez.delivered()                         # its callbacks have run
"""

import asyncio
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import Literal, Self

from dbus_fast import DBusError, Message, MessageType, NameFlag
from dbus_fast.aio import MessageBus

from tests.adapters.bluez.bluetoothd.bluez_objects import MONITOR, BluezObjects
from tests.adapters.bluez.bluetoothd.fake_adapter import FakeAdapter
from tests.adapters.bluez.bluetoothd.fake_device import Report
from tests.adapters.bluez.bluetoothd.outbox import Outbox
from tests.patience import HANG_S

_PUMP = 256  # reports on their way at a time in advertise_many

_WATCHED = (
    "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'",
    "type='signal',interface='org.freedesktop.DBus.ObjectManager',member='InterfacesAdded'",
)

# The first is how bluetoothd scans with an RSSI filter set, the second what it does by default: see FakeDevice.hear.
Rules = Literal["every", "threshold"]


class FakeBluez:
    def __init__(
        self,
        address: str,
        adapters: Iterable[FakeAdapter],
        experimental: bool,
        rules: Rules,
        clock: Callable[[], float],
    ) -> None:
        self.calls: Counter[str] = Counter()  # by method; the setting of a property counts by the property's name
        self._address = address
        self._rules = rules
        self._clock = clock
        self._objects = BluezObjects(adapters, experimental=experimental, say=self._say)
        self._failures: defaultdict[str, deque[DBusError]] = defaultdict(deque)
        self._hanging: set[str] = set()
        self._clients: set[str] = set()
        self._asking: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._outbox: Outbox | None = None

    @classmethod
    @asynccontextmanager
    async def on(
        cls,
        address: str,
        *,
        adapters: Iterable[FakeAdapter],
        experimental: bool = False,
        rules: Rules = "every",
        clock: Callable[[], float] = time.monotonic,
    ) -> AsyncIterator[Self]:
        """Run on the bus at `address`; `clock` is monotonic and serves FakeAdapter.drops_duplicates only."""
        bluez = cls(address, adapters, experimental, rules, clock)
        try:
            await bluez.start()
            yield bluez
        finally:
            await bluez.stop()

    # Life

    async def start(self) -> None:
        """Come up as after a (re)start: no device known, no client served. Returns once org.bluez is owned."""
        await self.stop()
        bus = await MessageBus(bus_address=self._address).connect()
        self._outbox = Outbox(bus)
        bus.add_message_handler(self._on_message)
        for rule in _WATCHED:
            await bus.call(
                Message("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "AddMatch", signature="s", body=[rule])
            )
        # The daemon may not have noticed yet that the connection before this one is gone.
        await bus.request_name("org.bluez", NameFlag.ALLOW_REPLACEMENT | NameFlag.REPLACE_EXISTING)
        for adapter in self.adapters.values():
            self._objects.announce(adapter)
        await self._handed_over()

    def crash(self) -> None:
        """Drop name and connection at once and unannounced, as kill -9 does; come back with start()."""
        if self._outbox is not None:
            self._outbox.drop()
            self._outbox.bus.disconnect()
        for adapter in self.adapters.values():
            adapter.forget_all()
        self._clients.clear()
        self._notify()

    async def stop(self) -> None:
        self.crash()
        if self._outbox is not None:
            with suppress(EOFError, OSError):
                await self._outbox.bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # dbus-fast forgot
        self._outbox = None

    @property
    def running(self) -> bool:
        return self._outbox is not None and self._outbox.bus.connected

    # The air

    async def advertise(
        self,
        address: str,
        *,
        manufacturer_data: dict[int, bytes] | None = None,
        service_data: dict[str, bytes] | None = None,
        rssi: int = -60,
        name: str | None = None,
        adapter: str = "hci0",
    ) -> bool:
        """Put one report on the air; return, once its signal is on the bus, whether the adapter let it through."""
        heard = self._hear(Report(address, manufacturer_data or {}, rssi, name, service_data or {}), adapter)
        await self._handed_over()
        return heard

    async def advertise_many(self, reports: Iterable[Report], *, adapter: str = "hci0") -> int:
        """Put all reports on the air, as fast as the clients take them; return how many the adapter let through."""
        heard = 0
        for number, report in enumerate(reports, 1):
            heard += self._hear(report, adapter)
            if number % _PUMP == 0:
                await self.delivered()
        await self.delivered()
        return heard

    async def delivered(self) -> None:
        """Return once every client has taken, and its callbacks have seen, what was said so far."""
        self._notify()
        if self._outbox is not None:
            async with asyncio.timeout(HANG_S):
                await self._outbox.taken_by(self._clients)

    # Trouble; what is awaited here, the clients know when it returns

    def invalidate_rssi(self, address: str) -> None:
        """Take a device's RSSI away, as bluetoothd does for its own reasons; bleak makes a phantom advert of it."""
        for adapter in self.adapters.values():
            if address in adapter.devices:
                self._objects.invalidate_rssi(adapter.devices[address])
        self._notify()

    async def forget(self, address: str) -> None:
        """Remove a device, as bluetoothd does 30 s after its last report."""
        for adapter in self.adapters.values():
            if address in adapter.devices:
                self._objects.remove_device(adapter, adapter.devices[address])
        await self.delivered()

    async def power(self, adapter: str, on: bool) -> None:
        with self._objects.changing(self.adapters[adapter]):
            self.adapters[adapter].power(on)
        await self.delivered()

    @contextmanager
    def changing(self, adapter: str) -> Iterator[FakeAdapter]:
        """Announce what the block does to an adapter."""
        with self._objects.changing(self.adapters[adapter]):
            yield self.adapters[adapter]
        self._notify()

    async def unplug(self, adapter: str) -> None:
        self._objects.remove_adapter(adapter)
        await self.delivered()

    async def plug(self, adapter: FakeAdapter) -> None:
        self._objects.add_adapter(adapter)
        await self.delivered()

    def fail(self, call: str, error: str, *, times: int = 1, text: str = "made to fail") -> None:
        """Answer the next `times` calls of a method (or settings of a property) with a D-Bus error."""
        self._failures[call].extend(DBusError(error, text) for _ in range(times))

    def hang(self, call: str) -> None:
        """Never answer a method (or the setting of a property), nor act on it, until unhang()."""
        self._hanging.add(call)

    def unhang(self, call: str) -> None:
        """Answer again from now on. Calls made meanwhile stay unanswered."""
        self._hanging.discard(call)

    # What a test can ask

    @property
    def adapters(self) -> dict[str, FakeAdapter]:
        return self._objects.adapters

    @property
    def discovering(self) -> bool:
        return any(adapter.discovering for adapter in self.adapters.values())

    @property
    def monitoring(self) -> bool:
        """Whether a monitor is active; a passive BleakScanner has started a moment before its monitor is."""
        return any(m.path is not None for adapter in self.adapters.values() for m in adapter.monitors.values())

    async def until(self, claim: Callable[[], object], *, within: float = HANG_S) -> None:
        """Return once `claim` about this object is true; it is asked again after each change here."""
        try:
            async with asyncio.timeout(within):
                while not claim():
                    await self._changed.wait()
        except TimeoutError:
            raise TimeoutError(f"not true within {within} s; calls so far: {dict(self.calls)}") from None

    # The bus

    def _on_message(self, message: Message) -> Message | bool | None:
        """Answer dbus-fast: a reply, True for handled without one, None for not ours."""
        try:
            match message.message_type:
                case MessageType.METHOD_CALL:
                    return self._on_call(message)
                case MessageType.SIGNAL:
                    self._on_signal(message)
        finally:
            self._notify()
        return None

    def _on_call(self, call: Message) -> Message | bool | None:
        assert call.sender is not None
        assert call.member is not None
        self._clients.add(call.sender)
        name = call.body[1] if call.member == "Set" else call.member
        self.calls[name] += 1
        if name in self._hanging:
            return True
        if self._failures[name]:
            raise self._failures[name].popleft()
        answer = self._objects.answer(call)
        if call.member == "RegisterMonitor":
            self._asking.add(asking := asyncio.create_task(self._ask_for_monitors(call.sender, call.body[0])))
            asking.add_done_callback(self._asking.discard)
        return answer

    async def _ask_for_monitors(self, client: str, root: str) -> None:
        """Look at what the client shows already; what it shows later, its root has to announce."""
        if self._outbox is None:
            return
        reply = await self._outbox.bus.call(
            Message(client, root, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")
        )
        if reply.message_type is MessageType.METHOD_RETURN:
            for path, interfaces in reply.body[0].items():
                if MONITOR in interfaces:
                    self._objects.monitor_shown(client, root, path, interfaces[MONITOR])
            self._notify()

    def _on_signal(self, signal: Message) -> None:
        match signal.member, signal.body:
            case "NameOwnerChanged", [name, _, ""]:
                self._clients.discard(name)
                self._objects.client_left(name)
            case "InterfacesAdded", [path, {"org.bluez.AdvertisementMonitor1": properties}] if signal.sender:
                # bluetoothd listens to the registered root only: not to what objects below it say of themselves.
                self._objects.monitor_shown(signal.sender, signal.path or "", path, properties)

    def _hear(self, report: Report, adapter_name: str) -> bool:
        adapter = self.adapters.get(adapter_name)
        if not self.running or adapter is None:
            return False
        if not adapter.measures:
            report = replace(report, rssi=adapter.unmeasured)
        if not adapter.lets_through(report, self._clock()):
            return False
        self._objects.hear(adapter, report, rssi_step=0 if self._rules == "every" else adapter.rssi_step)
        self._notify()
        return True

    def _say(self, message: Message) -> None:
        if self._outbox is not None:
            self._outbox.put(message)

    async def _handed_over(self) -> None:
        self._notify()
        if self._outbox is not None:
            await self._outbox.handed_over()

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
