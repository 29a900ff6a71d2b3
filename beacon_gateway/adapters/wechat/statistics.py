"""Shakes and clicks by Beijing day. Yesterday's are there from about eight in the morning; 90 days are kept."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from beacon_gateway.adapters.wechat.lists import ParsedRows, RowCollector, by_number, uncounted_list, understood
from beacon_gateway.adapters.wechat.transport.answers import Row, beacon_key, data_of, number, stripped
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.core.bindings.target import PageRef, Refused, TryLater
from beacon_gateway.core.model.beijing import beijing_midnight
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.wechat.figures import DayFigures, Figures

DEVICES: Final = "/shakearound/statistics/devicelist"
PAGES: Final = "/shakearound/statistics/pagelist"

MAX_FIGURE: Final = 10**10
"""Shakes of one day: more than there are people. Sums of years of these are still numbers that SQLite has."""
NOT_TOLD: Final = "9001031"
"""The errcode for days of which WeChat reports nothing."""


@dataclass(frozen=True, slots=True)
class DeviceFigures:
    key: BeaconKey
    figures: Figures


class StatisticsCalls:
    """The figures of one account."""

    def __init__(self, client: WeChatClient) -> None:
        self._client = client

    async def day(self, day: date) -> DayFigures:
        """Read one day of the whole account: a call for each 50 devices that had figures, then one for each 50 pages.

        Raise Refused only where WeChat reports nothing of that day (9001031: today, tomorrow, or 90 days ago). Any
        other refusal is TryLater, since it must not be taken for the end of this day.
        """
        try:
            devices, pages = await self.devices_on(day), await self.pages_on(day)
        except Refused as error:
            if error.code == NOT_TOLD:
                raise
            raise TryLater(str(error), error.code) from error
        return DayFigures(
            day,
            beacons={device.key: device.figures for device in devices.items.values()},
            pages={PageRef(str(page_id)): figures for page_id, figures in pages.items.items()},
            unread=sum(len(read.unread) + len(read.nameless) for read in (devices, pages)),
        )

    async def devices_on(self, day: date) -> ParsedRows[int, DeviceFigures]:
        """Read one day of every device that had any, by `device_id`. Raise Refused (9001031) as `day` does."""
        return understood(await self._on(DEVICES, day, "devices", "device_id"), _device_figures)

    async def pages_on(self, day: date) -> ParsedRows[int, Figures]:
        """Read one day of every page that had any, by `page_id`. Raise Refused (9001031) as `day` does."""
        return understood(await self._on(PAGES, day, "pages", "page_id"), _figures)

    async def _on(self, path: str, day: date, name: str, identity: str) -> RowCollector[int]:
        async def ask(_: RowCollector[int], answers: int) -> Row:
            answer = stripped(await self._client.read(path, {"date": _stamp(day), "page_index": answers + 1}))
            return {**answer, **data_of(answer)}  # `total_count` stands beside `data`

        return await uncounted_list(ask, name, by_number(identity), by_name=False)


def _stamp(day: date) -> int:
    return int(beijing_midnight(day).timestamp())


def _device_figures(row: Row) -> DeviceFigures:
    return DeviceFigures(beacon_key(row), _figures(row))


def _figures(row: Row) -> Figures:
    return Figures(*(number(row, name, MAX_FIGURE) for name in ("shake_pv", "shake_uv", "click_pv", "click_uv")))
