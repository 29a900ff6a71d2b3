"""`/shakearound/user/getshakeinfo`: who opened the page, and where."""

from beacon_gateway.simulator.wechat.request import ApiRequest, Reply
from beacon_gateway.simulator.wechat.state.account import EmulatedAccount


def getshakeinfo(account: EmulatedAccount, request: ApiRequest) -> Reply:
    """`poi_id` only if asked for and if the device is in a store of this account; there is no null."""
    fields = request.fields()
    shake = account.tickets.find(fields.text("ticket"), account.now())
    device = account.device(shake.device_id)
    beacon: dict[str, object] = {
        "distance": shake.distance,
        "major": device.major,
        "minor": device.minor,
        "uuid": device.uuid,
    }
    data: dict[str, object] = {"page_id": shake.page_id, "beacon_info": beacon, "openid": shake.openid}
    if fields.integer("need_poi", 0) == 1 and device.poi_id and not device.poi_appid:
        data["poi_id"] = device.poi_id
    if account.settings.extra_shake_fields:
        data["brand_userame"] = account.settings.original_id  # [sic]
        beacon |= {"measure_power": -59, "rssi": -65}
    return {"data": data}
