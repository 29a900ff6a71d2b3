"""What is wrong with this machine's bluetoothd for a passive scan, where gateway.yaml asks for one."""

from pathlib import Path

from beacon_gateway.core.model.settings import Language, ScanMode, Settings
from beacon_gateway.core.radio.passive import monitor_fault, version_in
from beacon_gateway.core.sentences.messages import say


def passive_warning(settings: Settings, language: Language, root: Path = Path("/")) -> str:
    """Return the warning in a sentence; "" where there is none. Nothing is refused."""
    if settings.radio.mode is not ScanMode.PASSIVE:
        return ""
    from beacon_gateway.adapters.machine.observing import SystemTools  # noqa: PLC0415 - only for a passive scan
    from beacon_gateway.adapters.machine.radios import bluetoothd_version  # noqa: PLC0415 - as above

    version = version_in(bluetoothd_version(root, SystemTools()))
    fault = monitor_fault(version) if version else None
    return say(f"passive.{fault}", language, version="{}.{}".format(*version)) if version and fault else ""
