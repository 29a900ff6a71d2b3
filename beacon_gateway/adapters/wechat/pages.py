"""Pages and their icons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from beacon_gateway.adapters.wechat.lists import (
    ROWS_PER_LIST,
    RowCollector,
    blocks,
    by_number,
    counted_list,
    understood,
)
from beacon_gateway.adapters.wechat.transport.answers import Row, data_of, number, rows_of, text
from beacon_gateway.adapters.wechat.transport.client import Upload, WeChatClient
from beacon_gateway.core.bindings.target import TryLater

SEARCH: Final = "/shakearound/page/search"
ADD: Final = "/shakearound/page/add"
UPDATE: Final = "/shakearound/page/update"
DELETE: Final = "/shakearound/page/delete"
ADD_ICON: Final = "/shakearound/material/add"

BY_LIST: Final = 1
ALL: Final = 2


@dataclass(frozen=True, slots=True)
class PageContent:
    """All that a page says. WeChat keeps nothing of the old page when it is updated."""

    title: str
    description: str
    url: str
    icon_url: str
    """From `add_icon`."""
    comment: str


@dataclass(frozen=True, slots=True)
class WeChatPage:
    page_id: int
    draft: PageContent


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """A row of the list of pages that makes no sense."""

    page_id: int | None
    place: int | None
    """In the list, from 1, where it says no number."""
    comment: str | None
    error: TryLater


@dataclass(frozen=True, slots=True)
class ListedPages:
    """All pages of an account."""

    pages: Sequence[WeChatPage]
    unread: Sequence[UnreadPage]


@dataclass(frozen=True, slots=True)
class FoundPages:
    """Pages that were asked for by number."""

    pages: Sequence[WeChatPage]
    unread: Mapping[int, TryLater]
    """Those that are there, and of which the answer makes no sense."""


class PageCalls:
    """The pages of one account."""

    def __init__(self, client: WeChatClient) -> None:
        self._client = client

    async def all(self) -> Sequence[WeChatPage]:
        """Read every page that can be read; see `listed`."""
        return (await self.listed()).pages

    async def listed(self) -> ListedPages:
        """Read every page: a call for each 50, by offset.

        A page that cannot be read is its own trouble; several one after another are the whole list's.
        """

        async def ask(found: RowCollector[int]) -> Row:
            return await self._search({"type": ALL, "begin": len(found), "count": ROWS_PER_LIST})

        found = await counted_list(ask, "pages", by_number("page_id"))
        read = understood(found, _page)
        unread = [
            UnreadPage(page_id, None, _comment(found.rows[page_id]), error) for page_id, error in read.unread.items()
        ]
        unread += [UnreadPage(None, item.place, _comment(item.row), item.error) for item in read.nameless]
        return ListedPages([*read.items.values()], unread)

    async def count(self) -> int:
        """Return how many pages there are."""
        return number(await self._search({"type": ALL, "begin": 0, "count": 1}), "total_count")

    async def find(self, page_ids: Sequence[int]) -> FoundPages:
        """Read these, a call for each 50. Raises Refused (9001026) if one is not the account's."""
        pages: list[WeChatPage] = []
        unread: dict[int, TryLater] = {}
        for block in blocks(page_ids):
            found = RowCollector(by_number("page_id"))
            found.take(rows_of(await self._search({"type": BY_LIST, "page_ids": [*block]}), "pages"))
            read = understood(found, _page)
            pages += read.items.values()
            unread |= read.unread
            if read.nameless:  # these are the ones that no other row is of
                unread |= dict.fromkeys(set(block) - found.rows.keys(), read.nameless[0].error)
        return FoundPages(pages, unread)

    async def add(self, draft: PageContent) -> int:
        """Make a page; return its id. After a TryLater it may exist: look for its comment before making another."""
        return number(data_of(await self._client.call(ADD, _body(draft))), "page_id")

    async def update(self, page_id: int, draft: PageContent) -> None:
        """Overwrite a page in full."""
        await self._client.call(UPDATE, {"page_id": page_id, **_body(draft)})

    async def delete(self, page_id: int) -> None:
        """Delete a page that no device shows. Raises Refused: 9001029 if one does, 9001026 if it is gone already."""
        await self._client.call(DELETE, {"page_id": page_id})

    async def add_icon(self, icon: Upload) -> str:
        """Upload an icon; return the address that a page wants."""
        address = data_of(await self._client.upload(ADD_ICON, "icon", icon)).get("pic_url")
        if not isinstance(address, str) or not address:
            raise TryLater("an answer without the icon's address")
        return address

    async def _search(self, body: Row) -> Row:
        return data_of(await self._client.read(SEARCH, body))


def _body(draft: PageContent) -> dict[str, object]:
    return {
        "title": draft.title,
        "description": draft.description,
        "page_url": draft.url,
        "icon_url": draft.icon_url,
        "comment": draft.comment,
    }


def _comment(row: Row) -> str | None:
    """Return a page's comment, None where it is missing or no text: what it says is not known then."""
    comment = row.get("comment")
    return comment if isinstance(comment, str) else None


def _page(row: Row) -> WeChatPage:
    draft = PageContent(
        title=text(row, "title"),
        description=text(row, "description"),
        url=text(row, "page_url"),
        icon_url=text(row, "icon_url"),
        comment=text(row, "comment"),
    )
    return WeChatPage(number(row, "page_id"), draft)
