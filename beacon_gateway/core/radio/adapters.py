"""Which of the machine's Bluetooth adapters the radio scans with, and which one it tries next."""

from collections.abc import Sequence
from dataclasses import dataclass

from beacon_gateway.core.radio.trouble import RadioCause, RadioTrouble


@dataclass(frozen=True, slots=True)
class Adapter:
    path: str
    """Of its object on D-Bus."""
    address: str
    powered: bool
    central: bool
    """Whether it can scan."""

    @property
    def name(self) -> str:
        """Return its name of the moment (hciN)."""
        return self.path.rpartition("/")[2]


def phrase_of(adapter: Adapter) -> str:
    """Return the phrase of the catalogue that says an adapter and what it can do now."""
    if not adapter.central:
        return "adapter.unable"
    return "adapter.on" if adapter.powered else "adapter.off"


@dataclass(frozen=True, slots=True)
class ChosenAdapter:
    """What is worth remembering over a restart. Addresses, since names move."""

    address: str
    """Of the adapter that receives."""
    instead_of: str = ""
    """Of the one that received nothing before; "" where there is none."""


class AdapterChoice:
    """One adapter for the next scan: the one that gateway.yaml names, or else one that receives.

    Where none is named, it is the one that received last, else the first that has power; `move_on` takes the next one.
    """

    def __init__(self, wanted: str | None = None, remembered: ChosenAdapter | None = None) -> None:
        """`wanted` is an address; None: any adapter will do."""
        self._wanted = wanted
        self._name = ""
        self._address = remembered.address if remembered and not wanted else ""
        self.instead_of = remembered.instead_of if remembered and not wanted else ""
        """The address of the adapter that received nothing before this one was taken; "" where there is none."""
        self.seen: tuple[Adapter, ...] = ()
        """All that were there at the last choice."""
        self.chosen: Adapter | None = None
        self._usable: tuple[Adapter, ...] = ()
        self._left: Adapter | None = None
        self._moves = 0

    @property
    def has_other(self) -> bool:
        """True if there was another adapter to scan with at the last choice."""
        return self._wanted is None and len(self._usable) > 1

    @property
    def remembered(self) -> ChosenAdapter | None:
        """Return what is worth remembering; None where there is no choice."""
        chosen = self.chosen
        if self._wanted or chosen is None or not chosen.address or not (self.has_other or self._address):
            return None
        return ChosenAdapter(chosen.address, self.instead_of)

    def choose(self, adapters: Sequence[Adapter]) -> Adapter:
        """Return the adapter to scan with. Raise RadioTrouble where there is none."""
        self.seen = tuple(adapters)
        if self._wanted:
            self.chosen = _named(self._wanted, adapters)
            return self.chosen
        able = [adapter for adapter in adapters if adapter.central]
        if not able:
            raise RadioTrouble(RadioCause.ADAPTER_GONE, "there is no Bluetooth adapter that can scan")
        self._usable = tuple(adapter for adapter in able if adapter.powered)
        before, self.chosen = self.chosen, self._last_one(self._usable) or (self._usable or able)[0]
        lost_power = before and any(_is_same(before, adapter) and not adapter.powered for adapter in able)
        if before and lost_power and not _is_same(before, self.chosen) and not self._moves:
            self._left, self._moves = before, 1
        if self.instead_of not in {adapter.address for adapter in adapters} - {self.chosen.address}:
            self.instead_of = ""
        return self.chosen

    def move_on(self) -> str:
        """Take the next adapter from now on; return its name of the moment."""
        others = [adapter for adapter in self._usable if adapter != self.chosen]
        if not others or self._wanted:
            return ""
        later = [adapter for adapter in others if self.chosen and _number(adapter) > _number(self.chosen)]
        self._left, following = self.chosen, (later or others)[0]
        self._name, self._address = following.name, following.address
        self._moves += 1
        return following.name

    def received(self) -> None:
        """Note that the adapter of the last choice receives.

        Only a single move shows that the other one was at fault: after several, the air may have been silent.
        """
        if self._moves:
            self.instead_of = self._left.address if self._left and self._moves == 1 else ""
            self._moves = 0
        if self.has_other and self.chosen:
            self._name, self._address = self.chosen.name, self.chosen.address

    def _last_one(self, usable: Sequence[Adapter]) -> Adapter | None:
        """Return the one that was taken last; by its name too, since cheap dongles share an address."""
        same = [adapter for adapter in usable if adapter.address == self._address]
        return next((adapter for adapter in same if adapter.name == self._name), same[0] if same else None)


def _named(address: str, adapters: Sequence[Adapter]) -> Adapter:
    for adapter in adapters:
        if adapter.address == address:
            return adapter
    known = ", ".join(adapter.address for adapter in adapters) or "none at all"
    raise RadioTrouble(RadioCause.ADAPTER_GONE, f"there is no adapter with the address {address} (there is: {known})")


def _is_same(one: Adapter, other: Adapter) -> bool:
    return (one.name, one.address) == (other.name, other.address)


def _number(adapter: Adapter) -> int:
    """Return N of hciN."""
    digits = adapter.name.removeprefix("hci")
    return int(digits) if digits.isdecimal() else 0
