"""Which path is answered by what."""

from collections.abc import Mapping
from functools import partial

from beacon_gateway.simulator.wechat.endpoints import (
    device,
    group,
    material,
    opening,
    page,
    relation,
    statistics,
    user,
)
from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.request import ApiRequest, Endpoint, Reply
from beacon_gateway.simulator.wechat.state.account import EmulatedAccount

_POST = {
    "account/register": opening.register,
    "device/applyid": device.applyid,
    "device/applystatus": device.applystatus,
    "device/update": device.update,
    "device/bindlocation": device.bindlocation,
    "device/bindpage": device.bindpage,
    "device/search": device.search,
    "device/group/add": group.add,
    "device/group/update": group.update,
    "device/group/delete": group.delete,
    "device/group/getlist": group.getlist,
    "device/group/getdetail": group.getdetail,
    "device/group/adddevice": group.adddevice,
    "device/group/deletedevice": group.deletedevice,
    "page/add": page.add,
    "page/update": page.update,
    "page/search": page.search,
    "page/delete": page.delete,
    "material/add": material.add,
    "relation/search": relation.search,
    "user/getshakeinfo": user.getshakeinfo,
    "statistics/device": statistics.device,
    "statistics/page": statistics.page,
    "statistics/devicelist": statistics.devicelist,
    "statistics/pagelist": statistics.pagelist,
}
# The page of auditstatus names no verb, and SDKs send both.
_GET_OR_POST = {
    "account/auditstatus": opening.auditstatus,
}
_RED_PACKETS = ("addlotteryinfo", "setprizebucket", "setlotteryswitch", "querylottery")


def shakearound(account: EmulatedAccount) -> Mapping[str, Endpoint]:
    """Every shakearound path of an account."""
    both = ("GET", "POST")
    return {
        **{f"/shakearound/{name}": Endpoint(partial(call, account)) for name, call in _POST.items()},
        **{f"/shakearound/{name}": Endpoint(partial(call, account), both) for name, call in _GET_OR_POST.items()},
        **{f"/shakearound/lottery/{name}": Endpoint(_no_red_packets, both) for name in _RED_PACKETS},
    }


def _no_red_packets(_request: ApiRequest) -> Reply:
    """Red packets are not emulated: the account never has the permission for them."""
    raise EmulatedError(9001067)
