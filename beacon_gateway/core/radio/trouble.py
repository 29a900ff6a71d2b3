"""What can be wrong with a radio: the words between the side that scans and the side that decides."""

from enum import StrEnum


class RadioCause(StrEnum):
    """Why nothing is heard, as far as it is known."""

    SILENT = "silent"
    """The scan runs, and nothing at all arrives."""
    NO_LEVEL = "no-level"
    """Reports arrive, and none has a signal strength: the adapter measures none."""
    CANARIES = "canaries"
    """Strangers are heard, and none of the beacons that were heard steadily."""
    ENDED = "ended"
    """bluetoothd says that it does not scan any more."""
    REFUSED = "refused"
    """bluetoothd will not scan, or its controller will not."""
    NO_ANSWER = "no-answer"
    """bluetoothd does not answer."""
    DAEMON_GONE = "daemon-gone"
    """bluetoothd is not there."""
    BUS_GONE = "bus-gone"
    """D-Bus is not there."""
    ADAPTER_GONE = "adapter-gone"
    POWERED_OFF = "powered-off"
    BLOCKED = "blocked"
    """By rfkill: switched off for the whole machine, by a key or by software."""
    NO_PERMISSION = "no-permission"
    """D-Bus turns us away."""
    NO_MONITORS = "no-monitors"
    """A passive scan was asked for, and this bluetoothd does not offer one."""


class RadioTrouble(Exception):  # noqa: N818 - a trouble of the radio's, no error of ours
    """A radio could not begin or do what it was asked to. `args[0]` is the refusal's own words."""

    def __init__(self, cause: RadioCause, reason: str) -> None:
        super().__init__(reason)
        self.cause = cause


class RadioState(StrEnum):
    """The one answer to "does it listen?"; `core.sentences.messages` says each, with the command that mends it."""

    STARTING = "starting"
    """The first scan has not heard anything yet."""
    LISTENING = "listening"
    RECOVERING = "recovering"
    """It stopped hearing a moment ago, and is at it."""
    DEAF = "deaf"
    """It has tried everything once and hears nothing still."""
    NO_ADAPTER = "no-adapter"
    NO_BLUETOOTHD = "no-bluetoothd"
    BLOCKED = "blocked"
    NO_PERMISSION = "no-permission"
    NO_LEVEL = "no-level"
    """The adapter gives no signal strength, so nothing can be done with what it reports."""


_PLAIN = {
    RadioCause.ADAPTER_GONE: RadioState.NO_ADAPTER,
    RadioCause.BLOCKED: RadioState.BLOCKED,
    RadioCause.NO_LEVEL: RadioState.NO_LEVEL,
    RadioCause.NO_MONITORS: RadioState.DEAF,
    RadioCause.NO_PERMISSION: RadioState.NO_PERMISSION,
}
_IN_THE_END = {
    RadioCause.DAEMON_GONE: RadioState.NO_BLUETOOTHD,
    RadioCause.BUS_GONE: RadioState.NO_BLUETOOTHD,
    RadioCause.POWERED_OFF: RadioState.BLOCKED,
}


def state_of(cause: RadioCause, *, tried_everything: bool) -> RadioState:
    """Return the state of a radio that hears nothing for this cause: what people can mend is said at once."""
    if cause in _PLAIN:
        return _PLAIN[cause]
    return _IN_THE_END.get(cause, RadioState.DEAF) if tried_everything else RadioState.RECOVERING
