"""`/shakearound/statistics/…`."""

from collections.abc import Sequence

from beacon_gateway.simulator.wechat.beijing import midnight
from beacon_gateway.simulator.wechat.endpoints.identifiers import find_device, key_of
from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.fields import WRONG_PARAMETERS, RequestFields
from beacon_gateway.simulator.wechat.request import ApiRequest, Reply
from beacon_gateway.simulator.wechat.state.account import EmulatedAccount

ROWS_PER_PAGE = 50  # "Batch query device statistics" page


def device(account: EmulatedAccount, request: ApiRequest) -> Reply:
    """`data` is an array here."""
    fields = request.fields()
    device_id = find_device(account, fields.part("device_identifier")).device_id
    begin, end = fields.integer("begin_date"), fields.integer("end_date")
    return {"data": account.statistics.of_device(device_id, begin, end, account.now())}


def page(account: EmulatedAccount, request: ApiRequest) -> Reply:
    """`data` is an array here."""
    fields = request.fields()
    page_id = account.page(fields.integer("page_id")).page_id
    begin, end = fields.integer("begin_date"), fields.integer("end_date")
    return {"data": account.statistics.of_page(page_id, begin, end, account.now())}


def devicelist(account: EmulatedAccount, request: ApiRequest) -> Reply:
    """`date`, `total_count` and `page_index` stand beside `data`, not inside."""
    fields = request.fields()
    ranking = account.statistics.devices_on(fields.integer("date"), account.now())
    rows = [{**key_of(account.device(device_id)), **counters} for device_id, counters in ranking]
    return _one_page(fields, "devices", rows)


def pagelist(account: EmulatedAccount, request: ApiRequest) -> Reply:
    """As `devicelist`; pages deleted since are still counted."""
    fields = request.fields()
    ranking = account.statistics.pages_on(fields.integer("date"), account.now())
    return _one_page(fields, "pages", [{"page_id": page_id, **counters} for page_id, counters in ranking])


def _one_page(fields: RequestFields, name: str, rows: Sequence[object]) -> Reply:
    index = fields.integer("page_index")
    if index < 1:
        raise EmulatedError(WRONG_PARAMETERS)
    begin = (index - 1) * ROWS_PER_PAGE
    return {
        "data": {name: rows[begin : begin + ROWS_PER_PAGE]},
        "date": midnight(fields.integer("date")),
        "total_count": len(rows),
        "page_index": index,
    }
