"""`/shakearound/material/add`."""

from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.fields import WRONG_PARAMETERS
from beacon_gateway.simulator.wechat.request import ApiRequest, Reply
from beacon_gateway.simulator.wechat.state.account import EmulatedAccount


def add(account: EmulatedAccount, request: ApiRequest) -> Reply:
    """`type` stands in the query, or in the form as one SDK sends it; in any case of letters; `icon` if missing."""
    kind = (request.query.get("type") or request.form.get("type") or "icon").lower()
    if request.media is None:
        raise EmulatedError(9001007)
    if kind == "icon":
        url = account.materials.add_icon(request.media, account.now())
    elif kind == "license":
        url = account.materials.add_license(request.media, account.now())
    else:
        raise EmulatedError(WRONG_PARAMETERS)
    return {"data": {"pic_url": url}}
