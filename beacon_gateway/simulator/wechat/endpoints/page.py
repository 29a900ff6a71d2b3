"""`/shakearound/page/…`."""

from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.fields import WRONG_PARAMETERS, RequestFields
from beacon_gateway.simulator.wechat.request import ApiRequest, Reply
from beacon_gateway.simulator.wechat.state.account import EmulatedAccount
from beacon_gateway.simulator.wechat.state.records import EmulatedPage

MAX_PAGES_PER_CALL = 50  # "Query page list" page
MAX_PAGES_DELETED = 10  # legacy only
BY_LIST, ALL = 1, 2


def add(account: EmulatedAccount, request: ApiRequest) -> Reply:
    fields = request.fields()
    page_id = account.create_page(
        fields.text("title"),
        fields.text("description"),
        fields.text("page_url"),
        fields.text("icon_url"),
        fields.text("comment", ""),
    )
    return {"data": {"page_id": page_id}}


def update(account: EmulatedAccount, request: ApiRequest) -> Reply:
    """A full overwrite; only the comment may be left out."""
    fields = request.fields()
    page_id = fields.integer("page_id")
    kept = account.page(page_id).comment if account.settings.omitted_comment == "kept" else ""
    page = EmulatedPage(
        page_id,
        fields.text("title"),
        fields.text("description"),
        fields.text("page_url"),
        fields.text("icon_url"),
        fields.text("comment", kept),
    )
    account.replace_page(page)
    return {"data": {"page_id": page_id} if account.settings.generation == "legacy" else {}}


def search(account: EmulatedAccount, request: ApiRequest) -> Reply:
    """Paged by offset, so that a deletion during a scan shifts the rows."""
    fields = request.fields()
    legacy = account.settings.generation == "legacy"
    guessed = BY_LIST if "page_ids" in fields else ALL
    kind = fields.integer("type", guessed if legacy else None)
    if kind == BY_LIST:
        page_ids = dict.fromkeys(fields.integers("page_ids"))
        if len(page_ids) > MAX_PAGES_PER_CALL:
            raise EmulatedError(9001030)
        pages = [account.page(page_id) for page_id in page_ids]
    elif kind == ALL:
        begin, count = read_offset(fields, most=MAX_PAGES_PER_CALL, too_many=9001030)
        pages = list(account.pages.values())[begin : begin + count]
    else:
        raise EmulatedError(WRONG_PARAMETERS)
    return {"data": {"pages": [_row(page) for page in pages], "total_count": len(account.pages)}}


def delete(account: EmulatedAccount, request: ApiRequest) -> Reply:
    fields = request.fields()
    if account.settings.generation == "legacy" and "page_ids" in fields:
        page_ids = fields.integers("page_ids")
        if len(page_ids) > MAX_PAGES_DELETED:
            raise EmulatedError(9001028)
    else:
        page_ids = [fields.integer("page_id")]
    account.delete_pages(page_ids)
    return {"data": {}}


def read_offset(fields: RequestFields, *, most: int, too_many: int) -> tuple[int, int]:
    """`begin` and `count`. Raises 9001036 for a negative begin, `too_many` for a count above `most`."""
    begin, count = fields.integer("begin"), fields.integer("count")
    if begin < 0:
        raise EmulatedError(9001036)
    if count > most:
        raise EmulatedError(too_many)
    if count <= 0:
        raise EmulatedError(WRONG_PARAMETERS)
    return begin, count


def _row(page: EmulatedPage) -> dict[str, object]:
    return {
        "comment": page.comment,
        "description": page.description,
        "icon_url": page.icon_url,
        "page_id": page.page_id,
        "page_url": page.page_url,
        "title": page.title,
    }
