"""statistics/device, page, devicelist, pagelist."""

from dataclasses import replace

import pytest

from tests.simulator.wechat.wechat_client import DAY, NOON, SETTINGS, TODAY, Json, Wechat, serving

ZERO = {"shake_pv": 0, "shake_uv": 0, "click_pv": 0, "click_uv": 0}


def shaken(wechat: Wechat, *openids: str, opened: int = 0) -> tuple[int, int]:
    """A device and its page, shaken today by these people; the first `opened` shakes are opened."""
    device_id, page_id = wechat.account.add_device(major=1, minor=len(wechat.account.devices)), wechat.add_page()
    wechat.account.bind(device_id, [page_id])
    for index, openid in enumerate(openids):
        shake = wechat.account.shake(device_id, openid)
        assert shake is not None
        if index < opened:
            wechat.account.open_page(shake.ticket)
    return device_id, page_id


def of_device(device_id: int, begin: int, end: int) -> Json:
    return {"device_identifier": {"device_id": device_id}, "begin_date": begin, "end_date": end}


async def test_one_row_a_day_zero_days_too_in_a_bare_array(wechat: Wechat) -> None:
    device_id, page_id = shaken(wechat, "ann", "ann", "bob", opened=2)
    wechat.clock.now = NOON + DAY
    rows = [
        {"ftime": TODAY - DAY, **ZERO},
        {"ftime": TODAY, "shake_pv": 3, "shake_uv": 2, "click_pv": 2, "click_uv": 1},
    ]
    assert await wechat.data("statistics/device", of_device(device_id, TODAY - DAY, TODAY)) == rows
    of_page = {"page_id": page_id, "begin_date": TODAY - DAY, "end_date": TODAY}
    assert await wechat.data("statistics/page", of_page) == rows


async def test_any_second_stands_for_its_day_in_beijing(wechat: Wechat) -> None:
    device_id, _ = shaken(wechat, "ann")
    wechat.clock.now = NOON + DAY
    rows = await wechat.data("statistics/device", of_device(device_id, TODAY + 1, TODAY + DAY - 1))
    assert [row["ftime"] for row in rows] == [TODAY]


async def test_yesterday_is_missing_until_eight(wechat: Wechat) -> None:
    device_id, _ = shaken(wechat, "ann")
    seen = []
    for hour in (7, 8):
        wechat.clock.now = TODAY + DAY + hour * 3_600
        rows = await wechat.data("statistics/device", of_device(device_id, TODAY - DAY, TODAY))
        listed = await wechat.call("statistics/devicelist", {"date": TODAY, "page_index": 1})
        seen.append((len(rows), listed["total_count"]))
    assert seen == [(1, 0), (2, 1)]


@pytest.mark.parametrize(
    ("begin", "end", "errcode"),
    [
        (-1, -1, 0),
        (-30, -1, 0),
        (-31, -1, 9001031),
        (-1, -2, 9001031),
        (-90, -89, 0),
        (-91, -90, 9001031),
        (-1, 0, 9001031),
        (0, 0, 9001031),
        (1, 1, 9001031),
    ],
)
async def test_a_range_has_thirty_days_of_the_last_ninety_and_never_today(
    wechat: Wechat, begin: int, end: int, errcode: int
) -> None:
    device_id, page_id = shaken(wechat)
    stamps = {"begin_date": TODAY + begin * DAY, "end_date": TODAY + end * DAY}
    identifier = {"device_id": device_id}
    assert await wechat.errcode("statistics/device", {"device_identifier": identifier, **stamps}) == errcode
    assert await wechat.errcode("statistics/page", {"page_id": page_id, **stamps}) == errcode


@pytest.mark.parametrize(("days", "errcode"), [(-1, 0), (-90, 0), (-91, 9001031), (0, 9001031), (1, 9001031)])
@pytest.mark.parametrize("name", ["statistics/devicelist", "statistics/pagelist"])
async def test_a_ranking_is_of_a_past_day(wechat: Wechat, name: str, days: int, errcode: int) -> None:
    assert await wechat.errcode(name, {"date": TODAY + days * DAY, "page_index": 1}) == errcode


async def test_early_questions_may_get_empty_answers() -> None:
    async with serving(replace(SETTINGS, early_statistics="empty")) as wechat:
        device_id, _ = shaken(wechat, "ann")
        assert await wechat.data("statistics/device", of_device(device_id, TODAY, TODAY + DAY)) == []
        assert await wechat.data("statistics/devicelist", {"date": TODAY, "page_index": 1}) == {"devices": []}


async def test_a_ranking_leaves_out_zeros_and_puts_its_counts_beside_data(wechat: Wechat) -> None:
    quiet, _ = shaken(wechat, "ann", "ann", "ann")
    busy, busy_page = shaken(wechat, "ann", "bob", opened=1)
    shaken(wechat)
    wechat.clock.now = NOON + DAY
    devices = await wechat.call("statistics/devicelist", {"date": NOON, "page_index": 1})
    pages = await wechat.call("statistics/pagelist", {"date": NOON, "page_index": 1})
    assert [row["device_id"] for row in devices["data"]["devices"]] == [busy, quiet]
    assert set(devices) == {"data", "date", "total_count", "page_index", "errcode", "errmsg"}
    assert (devices["date"], devices["total_count"], devices["page_index"]) == (TODAY, 2, 1)
    row = {"shake_pv": 2, "shake_uv": 2, "click_pv": 1, "click_uv": 1}
    assert pages["data"]["pages"][0] == {"page_id": busy_page, **row}
    assert {"uuid", "major", "minor"} < set(devices["data"]["devices"][0])


async def test_a_ranking_has_fifty_rows_a_page(wechat: Wechat) -> None:
    for _ in range(51):
        shaken(wechat, "ann")
    wechat.clock.now = NOON + DAY
    counts = []
    for index in (1, 2, 3):
        answer = await wechat.call("statistics/devicelist", {"date": TODAY, "page_index": index})
        counts.append((len(answer["data"]["devices"]), answer["total_count"]))
    assert counts == [(50, 51), (1, 51), (0, 51)]
    assert await wechat.errcode("statistics/devicelist", {"date": TODAY, "page_index": 0}) == 9001001
