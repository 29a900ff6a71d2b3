"""`/shakearound/device/…` without the groups."""

from collections.abc import Iterable
from itertools import islice

from beacon_gateway.simulator.wechat.endpoints.identifiers import find_device, key_of
from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.fields import WRONG_PARAMETERS, RequestFields
from beacon_gateway.simulator.wechat.request import ApiRequest, Reply
from beacon_gateway.simulator.wechat.state.account import MAX_PAGES_PER_DEVICE, EmulatedAccount
from beacon_gateway.simulator.wechat.state.applications import APPROVED
from beacon_gateway.simulator.wechat.state.records import EmulatedDevice

MAX_DEVICES_PER_CALL = 50  # "Query device list" page
OWN_STORE, FOREIGN_STORE = 1, 2
BY_LIST, ALL, BY_BATCH = 1, 2, 3


def applyid(account: EmulatedAccount, request: ApiRequest) -> Reply:
    fields = request.fields()
    apply_id = account.apply_for_devices(
        fields.integer("quantity"),
        fields.text("apply_reason"),
        fields.text("comment", ""),
        fields.integer("poi_id", 0),
    )
    batch = account.applications.batch(apply_id)
    if account.settings.generation == "legacy":
        account.settle()
        if account.applications.batch(apply_id).audit_status == APPROVED:
            devices = [key_of(device) for device in account.sorted_devices() if device.apply_id == apply_id]
            return {"data": {"apply_id": apply_id, "device_identifiers": devices}}
    return {
        "data": {"apply_id": apply_id, "audit_status": batch.audit_status, "audit_comment": batch.audit_comment},
    }


def applystatus(account: EmulatedAccount, request: ApiRequest) -> Reply:
    batch = account.applications.batch(request.fields().integer("apply_id"))
    return {
        "data": {
            "apply_time": batch.apply_time,
            "audit_comment": batch.audit_comment,
            "audit_status": batch.audit_status,
            "audit_time": batch.audit_time,
        }
    }


def update(account: EmulatedAccount, request: ApiRequest) -> Reply:
    fields = request.fields()
    device = find_device(account, fields.part("device_identifier"))
    account.describe_device(device.device_id, fields.text("comment"))
    return {"data": {}}


def bindlocation(account: EmulatedAccount, request: ApiRequest) -> Reply:
    fields = request.fields()
    device = find_device(account, fields.part("device_identifier"))
    kind = fields.integer("type", OWN_STORE)
    if kind not in {OWN_STORE, FOREIGN_STORE}:
        raise EmulatedError(WRONG_PARAMETERS)
    owner = fields.text("poi_appid") if kind == FOREIGN_STORE else ""
    account.place_device(device.device_id, fields.integer("poi_id"), owner)
    return {"data": {}}


def bindpage(account: EmulatedAccount, request: ApiRequest) -> Reply:
    """The whole set is replaced. The flags `bind` and `append` are ignored, except in the legacy API."""
    fields = request.fields()
    device = find_device(account, fields.part("device_identifier"))
    page_ids = fields.integers("page_ids", ill_typed=9001032)
    if len(set(page_ids)) > MAX_PAGES_PER_DEVICE:
        raise EmulatedError(9001037)
    if account.settings.generation == "legacy":
        page_ids = _with_flags(fields, device.page_ids, page_ids)
    account.bind(device.device_id, page_ids)
    return {"data": {}}


def _with_flags(fields: RequestFields, existing: Iterable[int], page_ids: list[int]) -> list[int]:
    bind, append = fields.integer("bind", 1), fields.integer("append", 0)
    if bind not in {0, 1} or append not in {0, 1}:
        raise EmulatedError(9001032)
    if not bind:
        return [page_id for page_id in existing if page_id not in page_ids]
    return [*existing, *page_ids] if append else page_ids


def search(account: EmulatedAccount, request: ApiRequest) -> Reply:
    """Rows ascend by `device_id`; `total_count` is that of the account, whatever was asked."""
    fields = request.fields()
    legacy = account.settings.generation == "legacy"
    kind = fields.integer("type", _guessed_type(fields) if legacy else None)
    total = len(account.devices)
    if kind == BY_LIST:
        identifiers = list(fields.parts("device_identifiers"))
        if len(identifiers) > MAX_DEVICES_PER_CALL:
            raise EmulatedError(9001024)
        devices = [find_device(account, identifier) for identifier in identifiers]
        rows = sorted(set(devices), key=lambda device: device.device_id)
    elif kind in {ALL, BY_BATCH}:
        devices = account.sorted_devices()
        if kind == BY_BATCH:
            batch = account.applications.batch(fields.integer("apply_id"))
            devices = [device for device in devices if device.apply_id == batch.apply_id]
            total = len(devices) if account.settings.batch_total_count else total
        rows = _page(fields, devices, legacy=legacy)
    else:
        raise EmulatedError(WRONG_PARAMETERS)
    return {"data": {"devices": [_row(account, device, legacy=legacy) for device in rows], "total_count": total}}


def _guessed_type(fields: RequestFields) -> int:
    if "device_identifiers" in fields:
        return BY_LIST
    return BY_BATCH if "apply_id" in fields else ALL


def _page(fields: RequestFields, devices: list[EmulatedDevice], *, legacy: bool) -> list[EmulatedDevice]:
    count = fields.integer("count")
    if count > MAX_DEVICES_PER_CALL:
        raise EmulatedError(9001024)
    if count <= 0:
        raise EmulatedError(WRONG_PARAMETERS)
    if legacy:
        begin = fields.integer("begin", 0)
        if begin < 0:
            raise EmulatedError(9001036)
        return devices[begin : begin + count]
    last_seen = fields.integer("last_seen")
    return list(islice((device for device in devices if device.device_id > last_seen), count))


def _row(account: EmulatedAccount, device: EmulatedDevice, *, legacy: bool) -> dict[str, object]:
    foreign = bool(device.poi_appid)
    shown = account.settings.foreign_store_shown or not foreign
    last_active = account.statistics.last_active(device.device_id, account.now())
    row = {
        "comment": device.comment,
        **key_of(device),
        "status": int(last_active > 0),
        "poi_id": device.poi_id if shown else 0,
    }
    if foreign and shown:
        row["poi_appid"] = device.poi_appid
    if legacy:  # status: 0 not activated, 1 activated but idle, 2 in use; what tells 1 from 2 is undocumented
        row["status"] = 2 if last_active else 0
        row["page_ids"] = ",".join(map(str, device.page_ids))
    else:
        row["last_active_time"] = last_active
    return row
