"""`/shakearound/relation/search`: the only way to read bindings in the current API."""

from beacon_gateway.simulator.wechat.endpoints.device import MAX_DEVICES_PER_CALL
from beacon_gateway.simulator.wechat.endpoints.identifiers import find_device, key_of
from beacon_gateway.simulator.wechat.endpoints.page import read_offset
from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.fields import WRONG_PARAMETERS
from beacon_gateway.simulator.wechat.request import ApiRequest, Reply
from beacon_gateway.simulator.wechat.state.account import EmulatedAccount

OF_DEVICE, OF_PAGE = 1, 2


def search(account: EmulatedAccount, request: ApiRequest) -> Reply:
    """The pages of a device, all at once, or the devices of a page, by offset."""
    fields = request.fields()
    kind = fields.integer("type")
    if kind == OF_DEVICE:
        device = find_device(account, fields.part("device_identifier"))
        relations = [{**key_of(device), "page_id": page_id} for page_id in device.page_ids]
        total = len(relations)
    elif kind == OF_PAGE:
        page_id = account.page(fields.integer("page_id")).page_id
        begin, count = read_offset(fields, most=MAX_DEVICES_PER_CALL, too_many=9001024)
        devices = account.devices_of_page(page_id)
        relations = [{**key_of(device), "page_id": page_id} for device in devices[begin : begin + count]]
        total = len(devices)
    else:
        raise EmulatedError(WRONG_PARAMETERS)
    return {"data": {"relations": relations, "total_count": total}}
