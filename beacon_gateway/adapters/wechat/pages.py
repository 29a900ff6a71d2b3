"""Pages and their icons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from beacon_gateway.adapters.wechat.answers import Row, data_of, number, rows_of, text
from beacon_gateway.adapters.wechat.client import Client, Upload
from beacon_gateway.adapters.wechat.lists import LIST_LENGTH, Found, blocks, counted_list
from beacon_gateway.core.target import TryLater

SEARCH: Final = "/shakearound/page/search"
ADD: Final = "/shakearound/page/add"
UPDATE: Final = "/shakearound/page/update"
DELETE: Final = "/shakearound/page/delete"
ADD_ICON: Final = "/shakearound/material/add"

BY_LIST: Final = 1
ALL: Final = 2


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a page says. WeChat keeps nothing of the old page when it is updated."""

    title: str
    description: str
    url: str
    icon_url: str
    """From `add_icon`."""
    comment: str


@dataclass(frozen=True, slots=True)
class Page:
    page_id: int
    draft: Draft


class Pages:
    """The pages of one account."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def all(self) -> list[Page]:
        """Read every page: a call for each 50, by offset."""

        async def ask(found: Found) -> Row:
            return await self._search({"type": ALL, "begin": len(found), "count": LIST_LENGTH})

        return [_page(row) for row in await counted_list(ask, "pages", "page_id")]

    async def count(self) -> int:
        """Give how many pages there are."""
        return number(await self._search({"type": ALL, "begin": 0, "count": 1}), "total_count")

    async def find(self, page_ids: Sequence[int]) -> list[Page]:
        """Read these, a call for each 50. Raises Refused (9001026) if one is not the account's."""
        found: list[Page] = []
        for block in blocks(page_ids):
            data = await self._search({"type": BY_LIST, "page_ids": [*block]})
            found += [_page(row) for row in rows_of(data, "pages")]
        return found

    async def add(self, draft: Draft) -> int:
        """Make a page; give its id. After a TryLater it may exist: look for its comment before making another."""
        return number(data_of(await self._client.call(ADD, _body(draft))), "page_id")

    async def update(self, page_id: int, draft: Draft) -> None:
        """Overwrite a page in full."""
        await self._client.call(UPDATE, {"page_id": page_id, **_body(draft)})

    async def delete(self, page_id: int) -> None:
        """Delete a page that no device shows. Raises Refused: 9001029 if one does, 9001026 if it is gone already."""
        await self._client.call(DELETE, {"page_id": page_id})

    async def add_icon(self, icon: Upload) -> str:
        """Upload an icon; give the address that a page wants."""
        address = data_of(await self._client.upload(ADD_ICON, "icon", icon)).get("pic_url")
        if not isinstance(address, str) or not address:
            raise TryLater("an answer without the icon's address")
        return address

    async def _search(self, body: Row) -> Row:
        return data_of(await self._client.read(SEARCH, body))


def _body(draft: Draft) -> dict[str, object]:
    return {
        "title": draft.title,
        "description": draft.description,
        "page_url": draft.url,
        "icon_url": draft.icon_url,
        "comment": draft.comment,
    }


def _page(row: Row) -> Page:
    draft = Draft(
        title=text(row, "title"),
        description=text(row, "description"),
        url=text(row, "page_url"),
        icon_url=text(row, "icon_url"),
        comment=text(row, "comment"),
    )
    return Page(number(row, "page_id"), draft)
