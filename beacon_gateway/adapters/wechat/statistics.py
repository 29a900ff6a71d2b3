"""Shakes and clicks by Beijing day. Yesterday's are there from about eight in the morning; 90 days are kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from beacon_gateway.adapters.wechat.devices import DeviceName, identifier
from beacon_gateway.adapters.wechat.lists import Found, Understood, by_number, uncounted_list, understood
from beacon_gateway.adapters.wechat.transport.answers import Row, beacon_key, data_of, moment, number, rows_of, stripped
from beacon_gateway.adapters.wechat.transport.client import Client
from beacon_gateway.core.bindings.target import PageRef, Refused, TryLater
from beacon_gateway.core.model.beijing import beijing_day, beijing_midnight
from beacon_gateway.core.model.ibeacon import BeaconKey
from beacon_gateway.core.wechat.figures import DayFigures, Figures

OF_DEVICE: Final = "/shakearound/statistics/device"
OF_PAGE: Final = "/shakearound/statistics/page"
DEVICES: Final = "/shakearound/statistics/devicelist"
PAGES: Final = "/shakearound/statistics/pagelist"

SPAN_DAYS: Final = 30
"""Days of one call at most (9001031)."""
MAX_FIGURE: Final = 10**10
"""Shakes of one day: more than there are people. Sums of years of these are still numbers that SQLite has."""
NOT_TOLD: Final = "9001031"
"""The errcode for days of which WeChat tells nothing."""


@dataclass(frozen=True, slots=True)
class DeviceFigures:
    device_id: int
    key: BeaconKey
    figures: Figures


class Statistics:
    """The figures of one account. Each method raises Refused (9001031) for today, tomorrow, or 90 days ago."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def of_device(self, device: DeviceName, first: date, last: date) -> dict[date, Figures]:
        """Read a device's figures from day to day, the last one included: a call for each 30 days."""
        return await self._by_day(OF_DEVICE, {"device_identifier": identifier(device)}, first, last)

    async def of_page(self, page_id: int, first: date, last: date) -> dict[date, Figures]:
        """Read a page's figures, as `of_device` does."""
        return await self._by_day(OF_PAGE, {"page_id": page_id}, first, last)

    async def devices_on(self, day: date) -> list[DeviceFigures]:
        """Read one day of every device that had any, those with most people first: a call for each 50."""
        return [*(await self._devices_on(day)).items.values()]

    async def pages_on(self, day: date) -> Mapping[int, Figures]:
        """Read one day of every page that had any, by its id, those with most people first: a call for each 50."""
        return (await self._pages_on(day)).items

    async def day(self, day: date) -> DayFigures:
        """Read one day of the whole account: the calls of `devices_on`, then those of `pages_on`.

        Raises Refused only where WeChat tells nothing of that day; any other refusal is TryLater, since whoever keeps
        the days must not take it for the end of this one.
        """
        try:
            devices, pages = await self._devices_on(day), await self._pages_on(day)
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

    async def _devices_on(self, day: date) -> Understood[int, DeviceFigures]:
        return understood(await self._on(DEVICES, day, "devices", "device_id"), _device_figures)

    async def _pages_on(self, day: date) -> Understood[int, Figures]:
        return understood(await self._on(PAGES, day, "pages", "page_id"), _figures)

    async def _by_day(self, path: str, whose: Mapping[str, object], first: date, last: date) -> dict[date, Figures]:
        found: dict[date, Figures] = {}
        for begin, end in _spans(first, last):
            answer = await self._client.read(path, {**whose, "begin_date": _stamp(begin), "end_date": _stamp(end)})
            for row in rows_of(stripped(answer), "data"):  # an array here
                found[_day(row)] = _figures(row)
        return found

    async def _on(self, path: str, day: date, name: str, identity: str) -> Found[int]:
        async def ask(_: Found[int], answers: int) -> Row:
            answer = stripped(await self._client.read(path, {"date": _stamp(day), "page_index": answers + 1}))
            return {**answer, **data_of(answer)}  # `total_count` stands beside `data`

        return await uncounted_list(ask, name, by_number(identity), by_name=False)


def _spans(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        end = min(last, first + timedelta(days=SPAN_DAYS - 1))
        yield first, end
        first = end + timedelta(days=1)


def _stamp(day: date) -> int:
    return int(beijing_midnight(day).timestamp())


def _day(row: Row) -> date:
    begin = moment(row, "ftime")
    if begin is None:
        raise TryLater("an answer with a day that is none")
    return beijing_day(begin)


def _device_figures(row: Row) -> DeviceFigures:
    return DeviceFigures(number(row, "device_id"), beacon_key(row), _figures(row))


def _figures(row: Row) -> Figures:
    return Figures(*(number(row, name, MAX_FIGURE) for name in ("shake_pv", "shake_uv", "click_pv", "click_uv")))
