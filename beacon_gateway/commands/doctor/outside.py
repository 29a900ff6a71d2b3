"""What `doctor` asks of others: bluetoothd, the air, the account, and the ledger of what was done there."""

import asyncio
import os
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from beacon_gateway.adapters.bluez.inspection import inspect
from beacon_gateway.adapters.database.ledger.ledger import FILE as LEDGER
from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.commands.shared.configuration import remembered_adapter
from beacon_gateway.core.bindings.target import ExistingPage, Ledger, PageRef, TargetError
from beacon_gateway.core.doctor.account import AccountEvidence, AccountRefused, NoAccount, disputes
from beacon_gateway.core.doctor.air import MIN_REPORTS_WITHOUT_LEVEL, AirEvidence, NoScan
from beacon_gateway.core.doctor.bluetooth import BluezEvidence
from beacon_gateway.core.doctor.checks import AUDIT_DAYS
from beacon_gateway.core.doctor.daemon import DaemonReport
from beacon_gateway.core.doctor.finding import FindingReason, Unavailable
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.model.settings import RadioSettings, ScanMode, Settings, WeChatSettings
from beacon_gateway.core.model.store import NOTHING, Store
from beacon_gateway.core.radio.adapters import ChosenAdapter
from beacon_gateway.core.radio.trouble import RadioState, RadioTrouble
from beacon_gateway.core.tracking.survey import Survey

T = TypeVar("T")

SCAN_START_TIMEOUT_S: Final = 15.0
"""Seconds for a scan to begin and end, beside its own length."""
ACCOUNT_TIMEOUT_S: Final = 20.0
LEDGER_TIMEOUT_S: Final = 10.0
MAX_LEDGER_LINES: Final = 20_000
"""Of the audit log."""
SCAN_POLL_S: Final = 0.5
"""Seconds between two looks whether a scan has heard enough."""


@dataclass(frozen=True, slots=True)
class AccountProbe:
    """How to ask the account."""

    account: WeChatSettings
    secret: str = field(repr=False)
    secret_path: str


@dataclass(frozen=True, slots=True)
class ExternalEvidence:
    """What the others said."""

    bluez: BluezEvidence | Unavailable
    air: AirEvidence | NoScan | DaemonReport | Unavailable
    account: AccountEvidence | AccountRefused | NoAccount | Unavailable
    ledger: Ledger | Unavailable
    disputes: Mapping[BeaconKey, int] | Unavailable


async def look_outside(
    settings: Settings | None,
    store: Store | None,
    reported: DaemonReport | Unavailable,
    door: AccountProbe | NoAccount | Unavailable,
    *,
    scan_seconds: float,
) -> ExternalEvidence:
    """Ask all of them at once."""
    wanted = settings.radio if settings else RadioSettings()
    remembered = remembered_adapter(settings) if settings else None
    (bluez, air), account, ledger = await asyncio.gather(
        _radio(wanted, remembered, store or NOTHING, reported, scan_seconds),
        _account(door),
        _ledger(settings),
    )
    if isinstance(ledger, Unavailable):
        return ExternalEvidence(bluez, air, account, ledger, ledger)
    return ExternalEvidence(bluez, air, account, *ledger)


async def _in_time(look: Awaitable[T | Unavailable], within: float) -> T | Unavailable:
    """Return what a look sees, or why it does not."""
    try:
        async with asyncio.timeout(within):
            return await look
    except TimeoutError:
        return Unavailable(FindingReason.NO_ANSWER)
    except PermissionError:
        return Unavailable(FindingReason.NEEDS_ROOT)
    except Exception as error:  # noqa: BLE001 - what one look stumbles over must not hide what the others see
        return Unavailable(
            FindingReason.FAILED, type(error).__name__
        )  # its text may hold an address with the token in it


async def _radio(
    wanted: RadioSettings,
    remembered: ChosenAdapter | None,
    store: Store,
    reported: DaemonReport | Unavailable,
    seconds: float,
) -> tuple[BluezEvidence | Unavailable, AirEvidence | NoScan | DaemonReport | Unavailable]:
    """Look at Bluetooth, and listen if no daemon does; where nothing comes, listen for reports without a level."""
    bluez = await _in_time(inspect(wanted.adapter, remembered=remembered), SCAN_START_TIMEOUT_S)
    powered = isinstance(bluez, BluezEvidence) and bluez.adapter is not None and bluez.adapter.powered
    air: AirEvidence | NoScan | DaemonReport | Unavailable
    if isinstance(reported, DaemonReport):
        air = reported
        deaf = reported.state == RadioState.DEAF
    elif not powered:
        return bluez, Unavailable(FindingReason.NO_BLUETOOTH)
    else:
        air = await _in_time(_scan(wanted, remembered, store, seconds), seconds + SCAN_START_TIMEOUT_S)
        deaf = isinstance(air, AirEvidence) and not air.advertisements and not air.without_level
    if deaf and powered:
        unmeasured = await _in_time(
            _scan_without_level(wanted, remembered, store, seconds / 2), seconds + SCAN_START_TIMEOUT_S
        )
        air = unmeasured if isinstance(unmeasured, AirEvidence) else air
    return bluez, air


async def _scan(
    wanted: RadioSettings, remembered: ChosenAdapter | None, store: Store, seconds: float
) -> AirEvidence | NoScan:
    """Listen until a beacon of the files is heard, or so long."""
    from beacon_gateway.adapters.bluez.radio import BluezRadio, BluezTimeouts  # noqa: PLC0415 - bleak, only to scan

    begun = time.monotonic()
    survey = Survey(store.beacons, begun)
    radio = BluezRadio(wanted, BluezTimeouts(start=5.0, stop=2.0), remembered=remembered)
    try:
        async with radio.scanning(lambda data, rssi: survey.hear(data, rssi, time.monotonic())) as scan:
            while (left := begun + seconds - time.monotonic()) > 0 and not survey.overview(time.monotonic()).declared:
                if cause := await scan.lost(min(left, SCAN_POLL_S)):
                    return NoScan(str(cause))
    except RadioTrouble as trouble:
        return NoScan(str(trouble))
    heard = survey.overview(time.monotonic())
    strongest = max((one for one in heard.unknown if one.look_alike), key=lambda one: one.rssi, default=None)
    return AirEvidence(
        advertisements=heard.adverts,
        declared=len(store.beacons),
        heard=len(heard.declared),
        unknown=len(heard.unknown) if store.beacons else 0,
        look_alike=strongest.look_alike if strongest else None,
        seconds=round(time.monotonic() - begun),
        without_level=radio.phantoms,
    )


async def _scan_without_level(
    wanted: RadioSettings, remembered: ChosenAdapter | None, store: Store, seconds: float
) -> AirEvidence | Unavailable:
    """Listen with a filter that lets reports without a level through; return them if all are.

    It needs an active scan. A daemon that scans beside it receives nothing either.
    """
    from beacon_gateway.adapters.bluez.radio import WITHOUT_RSSI, BluezRadio, BluezTimeouts  # noqa: PLC0415 - as in _scan

    begun, levels = time.monotonic(), set[int]()
    active, waits = replace(wanted, mode=ScanMode.ACTIVE), BluezTimeouts(start=5.0, stop=2.0)
    radio = BluezRadio(active, waits, remembered=remembered, filters=WITHOUT_RSSI)
    try:
        async with radio.scanning(lambda _, rssi: levels.add(rssi)) as scan:
            while radio.phantoms < MIN_REPORTS_WITHOUT_LEVEL and (left := begun + seconds - time.monotonic()) > 0:
                if await scan.lost(min(left, SCAN_POLL_S)):
                    break
    except RadioTrouble:
        pass  # the scan before reported more
    if levels or radio.phantoms < MIN_REPORTS_WITHOUT_LEVEL:
        return Unavailable(FindingReason.NOT_TOLD)
    took = round(time.monotonic() - begun)
    return AirEvidence(0, len(store.beacons), 0, seconds=took, without_level=radio.phantoms)


async def _account(
    door: AccountProbe | NoAccount | Unavailable,
) -> AccountEvidence | AccountRefused | NoAccount | Unavailable:
    return await _in_time(_ask(door), ACCOUNT_TIMEOUT_S) if isinstance(door, AccountProbe) else door


async def _ask(door: AccountProbe) -> AccountEvidence | AccountRefused:
    """Ask the account with one token: how its review stands, how many devices, which pages."""
    from beacon_gateway.adapters.wechat.account import opening  # noqa: PLC0415 - aiohttp, only with an account
    from beacon_gateway.adapters.wechat.devices import DeviceCalls  # noqa: PLC0415 - as above
    from beacon_gateway.adapters.wechat.pages import PageCalls  # noqa: PLC0415 - as above
    from beacon_gateway.adapters.wechat.reviews import ReviewVerdict  # noqa: PLC0415 - as above
    from beacon_gateway.adapters.wechat.transport.client import WeChatClient  # noqa: PLC0415 - as above

    states = {ReviewVerdict.REJECTED: "rejected", ReviewVerdict.PENDING: "pending", ReviewVerdict.APPROVED: "open"}
    appid = door.account.appid
    try:
        async with WeChatClient(
            api_base=door.account.api_base, appid=appid, secret=door.secret, longest_wait=ACCOUNT_TIMEOUT_S / 2
        ) as client:
            review = await opening(client)
            if review.verdict is not ReviewVerdict.APPROVED:
                return AccountEvidence(appid, states[review.verdict], review.comment, 0, {})
            devices = await DeviceCalls(client).count()
            pages = {PageRef(str(page.page_id)): page.draft for page in await PageCalls(client).all()}
    except TargetError as error:
        return AccountRefused(appid, error, door.secret_path)
    existing = {
        ref: ExistingPage(draft.title, draft.description, draft.url, draft.comment) for ref, draft in pages.items()
    }
    return AccountEvidence(appid, "open", review.comment, devices, existing)


async def _ledger(settings: Settings | None) -> tuple[Ledger, Mapping[BeaconKey, int]] | Unavailable:
    if settings is None:
        return Unavailable(FindingReason.NO_CONFIG)
    if settings.wechat is None:
        return Unavailable(FindingReason.NO_ACCOUNT)
    state = settings.state
    if _is_there(state) and not os.access(state, os.R_OK | os.X_OK):
        return Unavailable(FindingReason.NEEDS_ROOT)
    return await _in_time(_read(state), LEDGER_TIMEOUT_S) if _is_there(state / LEDGER) else (Ledger(), {})


async def _read(state: Path) -> tuple[Ledger, Mapping[BeaconKey, int]] | Unavailable:
    """Read what this Pi did at the account, and count in the audit log of the last days who else did something."""
    try:
        async with LedgerFile(state, read_only=True) as file:
            since = datetime.now(UTC) - timedelta(days=AUDIT_DAYS)
            return await file.read(), disputes(await file.audit(since=since, limit=MAX_LEDGER_LINES))
    except PermissionError:
        raise
    except OSError as error:  # its text names the file
        return Unavailable(FindingReason.FAILED, str(error))


def _is_there(path: Path) -> bool:
    """Unlike `Path.exists`, say "no" where nobody may look."""
    return os.path.lexists(path)
