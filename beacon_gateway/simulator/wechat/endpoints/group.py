"""`/shakearound/device/group/…`."""

from beacon_gateway.simulator.wechat.endpoints.identifiers import find_device, key_of
from beacon_gateway.simulator.wechat.endpoints.page import read_offset
from beacon_gateway.simulator.wechat.fields import WRONG_PARAMETERS, RequestFields
from beacon_gateway.simulator.wechat.request import ApiRequest, Reply
from beacon_gateway.simulator.wechat.state.account import EmulatedAccount

MAX_GROUP_ROWS = 1_000  # "Search groups list" and "Search grouping details" pages


def add(account: EmulatedAccount, request: ApiRequest) -> Reply:
    name = request.fields().text("group_name")
    return {"data": {"group_id": account.groups.add(name), "group_name": name}}


def update(account: EmulatedAccount, request: ApiRequest) -> Reply:
    fields = request.fields()
    account.groups.rename(fields.integer("group_id"), fields.text("group_name"))
    return {"data": {}}


def delete(account: EmulatedAccount, request: ApiRequest) -> Reply:
    account.groups.delete(request.fields().integer("group_id"))
    return {"data": {}}


def getlist(account: EmulatedAccount, request: ApiRequest) -> Reply:
    begin, count = read_offset(request.fields(), most=MAX_GROUP_ROWS, too_many=WRONG_PARAMETERS)
    groups = [{"group_id": group_id, "group_name": name} for group_id, name in account.groups.names.items()]
    return {"data": {"total_count": len(groups), "groups": groups[begin : begin + count]}}


def getdetail(account: EmulatedAccount, request: ApiRequest) -> Reply:
    fields = request.fields()
    group_id = fields.integer("group_id")
    members = account.groups.members(group_id)
    begin, count = read_offset(fields, most=MAX_GROUP_ROWS, too_many=WRONG_PARAMETERS)
    devices = [account.device(device_id) for device_id in members[begin : begin + count]]
    return {
        "data": {
            "group_id": group_id,
            "group_name": account.groups.names[group_id],
            "total_count": len(members),
            "devices": [{**key_of(device), "comment": device.comment, "poi_id": device.poi_id} for device in devices],
        }
    }


def adddevice(account: EmulatedAccount, request: ApiRequest) -> Reply:
    fields = request.fields()
    account.groups.join(fields.integer("group_id"), _device_ids(account, fields))
    return {"data": {}}


def deletedevice(account: EmulatedAccount, request: ApiRequest) -> Reply:
    fields = request.fields()
    account.groups.leave(fields.integer("group_id"), _device_ids(account, fields))
    return {"data": {}}


def _device_ids(account: EmulatedAccount, fields: RequestFields) -> list[int]:
    return [find_device(account, identifier).device_id for identifier in fields.parts("device_identifiers")]
