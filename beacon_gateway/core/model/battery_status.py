"""What a beacon said of its battery, as the status gives it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BatteryStatus:
    """What a beacon said of its battery, in percent or in millivolts."""

    percent: int | None
    millivolts: int | None
    low: bool
    """It is time to change it."""
    at: datetime | None
    """When it was said; None where that is not known: before a restart, or before the clock was set."""
    before: int | None = None
    """The oldest of the last month, in the same unit; None where there is none of an earlier day."""
    before_day: str | None = None
    """Of that, as ISO 8601 writes it."""

    @property
    def text(self) -> str:
        return charge_text(self.percent, self.millivolts)

    @property
    def before_text(self) -> str:
        """Return what was said before; "" where nothing was."""
        return charge_text(*((self.before, None) if self.millivolts is None else (None, self.before)))


def charge_text(percent: int | None, millivolts: int | None) -> str:
    """Return one of the two as people of any language write it; "" for neither."""
    if millivolts is not None:
        return f"{millivolts / 1000:.2f} V"
    return "" if percent is None else f"{percent} %"
