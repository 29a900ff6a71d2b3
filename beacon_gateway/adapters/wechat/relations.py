"""Relations: which device shows which page. `relation/search` is the only call that says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from beacon_gateway.adapters.wechat.devices import DeviceName, identifier
from beacon_gateway.adapters.wechat.lists import ROWS_PER_LIST, RowCollector, counted_list
from beacon_gateway.adapters.wechat.transport.answers import Row, beacon_key, data_of, number, rows_of
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.core.bindings.target import TryLater

SEARCH: Final = "/shakearound/relation/search"

OF_DEVICE: Final = 1
OF_PAGE: Final = 2


@dataclass(frozen=True, slots=True)
class ShownBy:
    """The devices that show a page."""

    devices: Sequence[DeviceName]
    unread: TryLater | None = None
    """Set where there are others, which cannot be told: a row says neither key nor id."""


class Relations:
    """The bindings of one account, from either side."""

    def __init__(self, client: WeChatClient) -> None:
        self._client = client

    async def pages_of(self, device: DeviceName) -> list[int]:
        """Read the ids of the pages that a device shows: one call, as there are 30 at most."""
        data = await self._search({"type": OF_DEVICE, "device_identifier": identifier(device)})
        return [number(row, "page_id") for row in rows_of(data, "relations")]

    async def devices_of(self, page_id: int) -> ShownBy:
        """Read the devices that show a page: a call for each 50, by offset. One without a sound key comes by its id."""

        async def ask(found: RowCollector[DeviceName]) -> Row:
            body = {"type": OF_PAGE, "page_id": page_id, "begin": len(found), "count": ROWS_PER_LIST}
            return await self._search(body)

        found = await counted_list(ask, "relations", _named)
        return ShownBy([*found.rows], found.nameless[0].error if found.nameless else None)

    async def _search(self, body: Row) -> Row:
        return data_of(await self._client.read(SEARCH, body))


def _named(row: Row) -> DeviceName:
    try:
        return beacon_key(row)
    except TryLater:
        return number(row, "device_id")
