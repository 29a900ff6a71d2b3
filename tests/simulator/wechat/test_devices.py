"""device/applyid, applystatus, search, update, bindlocation."""

from dataclasses import replace

import pytest

from tests.simulator.wechat.wechat_client import DAY, NOON, SETTINGS, TODAY, Json, Wechat, serving

UUID = "FDA50693-A4E2-4FB1-AFCF-C6EB07647825"
LEGACY = replace(SETTINGS, generation="legacy")
ALL = {"type": 2, "last_seen": 0, "count": 50}


def application(quantity: int = 3, **changed: object) -> Json:
    return {"quantity": quantity, "apply_reason": "entrance", "comment": "gw", **changed}


async def device(wechat: Wechat, device_id: int) -> Json:
    found = await wechat.data("device/search", {"type": 1, "device_identifiers": [{"device_id": device_id}]})
    row: Json = found["devices"][0]
    return row


# Search


@pytest.mark.parametrize("body", [{"last_seen": 0, "count": 50}, {"begin": 0, "count": 10}, {"type": 0}])
async def test_a_search_without_type_is_refused(wechat: Wechat, body: Json) -> None:
    assert await wechat.errcode("device/search", body) == 9001001


async def test_a_new_device_looks_like_this(wechat: Wechat) -> None:
    device_id = wechat.account.add_device(major=10006, minor=1, comment="gate")
    assert await wechat.data("device/search", ALL) == {
        "devices": [
            {
                "device_id": device_id,
                "uuid": UUID,
                "major": 10006,
                "minor": 1,
                "comment": "gate",
                "status": 0,
                "last_active_time": 0,
                "poi_id": 0,
            }
        ],
        "total_count": 1,
    }


async def test_total_count_is_that_of_the_account(wechat: Wechat) -> None:
    devices = [wechat.account.add_device(major=1, minor=minor) for minor in range(3)]
    body = {"type": 1, "device_identifiers": [{"device_id": devices[0]}]}
    found = await wechat.data("device/search", body)
    assert len(found["devices"]) == 1
    assert found["total_count"] == 3


async def test_paging_goes_on_after_last_seen_in_the_order_of_ids(wechat: Wechat) -> None:
    wechat.account.add_device(major=1, minor=0, device_id=30_000)
    wechat.account.add_device(major=1, minor=1, device_id=100)
    for minor in range(2, 7):
        wechat.account.add_device(major=1, minor=minor)
    seen: list[int] = []
    while rows := (await wechat.data("device/search", {"type": 2, "last_seen": seen[-1] if seen else 0, "count": 2}))[
        "devices"
    ]:
        if len(seen) == 2:
            wechat.account.add_device(major=2, minor=2)
        seen += [row["device_id"] for row in rows]
    assert seen == sorted(wechat.account.devices)
    assert len(seen) == 8


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"type": 2, "last_seen": 0, "count": 51}, 9001024),
        ({"type": 2, "last_seen": 0, "count": 0}, 9001001),
        ({"type": 2, "last_seen": 0}, 9001001),
        ({"type": 2, "count": 50}, 9001001),
        ({"type": 2, "begin": 0, "count": 50}, 9001001),
        ({"type": 1, "device_identifiers": [{"device_id": 20001}] * 51}, 9001024),
        ({"type": 1, "device_identifiers": [{"device_id": 1}]}, 9001025),
        ({"type": 1}, 9001001),
        ({"type": 3, "last_seen": 0, "count": 50}, 9001001),
        ({"type": 3, "apply_id": 1, "last_seen": 0, "count": 50}, 9001047),
    ],
)
async def test_too_much_or_too_little_is_refused_never_cut(wechat: Wechat, body: Json, errcode: int) -> None:
    wechat.account.add_device(major=1, minor=1, device_id=20001)
    assert await wechat.errcode("device/search", body) == errcode


async def test_the_legacy_search_guesses_its_type_and_pages_by_offset() -> None:
    async with serving(LEGACY) as wechat:
        devices = [wechat.account.add_device(major=1, minor=minor) for minor in range(3)]
        page_ids = [wechat.add_page(), wechat.add_page()]
        wechat.account.bind(devices[0], page_ids)
        identifiers = [{"device_id": devices[0]}]
        by_list = await wechat.data("device/search", {"device_identifiers": identifiers, "begin": 0, "count": 10})
        by_offset = await wechat.data("device/search", {"begin": 1, "count": 10})
        assert await wechat.errcode("device/search", {"begin": -1, "count": 10}) == 9001036
    assert by_list["devices"][0]["page_ids"] == f"{page_ids[0]},{page_ids[1]}"
    assert [row["device_id"] for row in by_offset["devices"]] == devices[1:]
    assert by_offset["devices"][0]["page_ids"] == ""
    assert "last_active_time" not in by_offset["devices"][0]


async def test_a_device_wakes_up_at_the_nightly_roll_up(wechat: Wechat) -> None:
    device_id = wechat.account.add_device(major=1, minor=1)
    wechat.account.bind(device_id, [wechat.add_page()])
    wechat.account.shake(device_id, "someone")
    seen = []
    for hour in (13, 24, 24 + 7, 24 + 8):
        wechat.clock.now = TODAY + hour * 3_600
        row = await device(wechat, device_id)
        seen.append((row["status"], row["last_active_time"]))
    assert seen == [(0, 0), (0, 0), (0, 0), (1, NOON)]


async def test_a_device_shaken_every_day_shows_yesterday(wechat: Wechat) -> None:
    device_id = wechat.account.add_device(major=1, minor=1)
    wechat.account.bind(device_id, [wechat.add_page()])
    for day in range(5):
        wechat.clock.now = NOON + day * DAY
        wechat.account.shake(device_id, "someone")
        wechat.account.shake(device_id, "another")
    assert (await device(wechat, device_id))["last_active_time"] == NOON + 3 * DAY
    wechat.clock.now = TODAY + 5 * DAY
    assert (await device(wechat, device_id))["last_active_time"] == NOON + 3 * DAY


# Comment and store


async def test_an_update_overwrites_the_comment(wechat: Wechat) -> None:
    device_id = wechat.account.add_device(major=1, minor=1, comment="old")
    body = {"device_identifier": {"device_id": device_id}, "comment": "新" * 15}
    assert await wechat.data("device/update", body) == {}
    assert (await device(wechat, device_id))["comment"] == "新" * 15
    assert await wechat.errcode("device/update", {**body, "comment": "新" * 15 + "a"}) == 9001034
    assert await wechat.errcode("device/update", {**body, "comment": None}) == 9001001


async def test_a_store_is_linked_overwritten_and_cleared_with_zero(wechat: Wechat) -> None:
    device_id = wechat.account.add_device(major=1, minor=1)
    seen = []
    for poi_id in (555, 556, 0):
        body = {"device_identifier": {"device_id": device_id}, "poi_id": poi_id}
        await wechat.data("device/bindlocation", body)
        seen.append((await device(wechat, device_id))["poi_id"])
    assert seen == [555, 556, 0]


async def test_only_the_store_of_another_account_shows_its_owner(wechat: Wechat) -> None:
    device_id = wechat.account.add_device(major=1, minor=1)
    body = {"device_identifier": {"device_id": device_id}, "poi_id": 555}
    await wechat.data("device/bindlocation", {**body, "type": 2, "poi_appid": "wx00000000000000aa"})
    assert (await device(wechat, device_id))["poi_appid"] == "wx00000000000000aa"
    await wechat.data("device/bindlocation", body)
    assert "poi_appid" not in await device(wechat, device_id)


async def test_the_store_of_another_account_may_be_hidden() -> None:
    async with serving(replace(SETTINGS, foreign_store_shown=False)) as wechat:
        device_id = wechat.account.add_device(major=1, minor=1)
        body = {"device_identifier": {"device_id": device_id}, "poi_id": 555, "type": 2, "poi_appid": "wxaa"}
        await wechat.data("device/bindlocation", body)
        row = await device(wechat, device_id)
    assert row["poi_id"] == 0
    assert "poi_appid" not in row


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"poi_id": -1}, 9001033),
        ({"poi_id": 8}, 9001033),
        ({}, 9001001),
        ({"poi_id": 7, "type": 3}, 9001001),
        ({"poi_id": 7, "type": 2}, 9001001),
        ({"poi_id": 7, "device_identifier": {"device_id": 1}}, 9001025),
    ],
)
async def test_a_store_must_exist(body: Json, errcode: int) -> None:
    async with serving(replace(SETTINGS, stores=frozenset({7}))) as wechat:
        device_id = wechat.account.add_device(major=1, minor=1)
        body = {"device_identifier": {"device_id": device_id}, **body}
        assert await wechat.errcode("device/bindlocation", body) == errcode


# Applications


async def test_a_small_batch_is_pending_first_and_approved_soon(wechat: Wechat) -> None:
    applied = await wechat.data("device/applyid", application(poi_id=555))
    assert applied["audit_status"] == 1
    apply_id = applied["apply_id"]
    batch = {"type": 3, "apply_id": apply_id, "last_seen": 0, "count": 50}
    status = await wechat.data("device/applystatus", {"apply_id": apply_id})
    assert status == {"apply_time": NOON, "audit_comment": "审核中", "audit_status": 1, "audit_time": 0}
    assert (await wechat.data("device/search", batch))["devices"] == []

    wechat.clock.now += 10
    status = await wechat.data("device/applystatus", {"apply_id": apply_id})
    assert status == {"apply_time": NOON, "audit_comment": "", "audit_status": 2, "audit_time": NOON + 10}
    rows = (await wechat.data("device/search", batch))["devices"]
    assert len(rows) == 3
    assert {(row["uuid"], row["comment"], row["poi_id"]) for row in rows} == {(UUID, "gw", 555)}


async def test_keys_never_repeat_and_ids_ascend_with_gaps(wechat: Wechat) -> None:
    wechat.account.add_device(major=10_001, minor=2)
    for _ in range(3):
        await wechat.data("device/applyid", application(quantity=15))
        wechat.clock.now += 10
        await wechat.call("device/search", ALL)
    devices = list(wechat.account.devices.values())
    ids = [found.device_id for found in devices]
    assert len({(found.uuid, found.major, found.minor) for found in devices}) == 46
    assert ids == sorted(ids)
    assert ids[-1] - ids[0] > 46


@pytest.mark.parametrize(("approve", "status", "devices"), [(True, 2, 50), (False, 0, 0)])
async def test_a_large_batch_waits_for_the_staff(wechat: Wechat, approve: bool, status: int, devices: int) -> None:
    apply_id = (await wechat.data("device/applyid", application(quantity=501)))["apply_id"]
    wechat.clock.now += DAY
    assert (await wechat.data("device/applystatus", {"apply_id": apply_id}))["audit_status"] == 1
    wechat.account.review(apply_id, approve=approve, comment="seen")
    answer = await wechat.data("device/applystatus", {"apply_id": apply_id})
    assert (answer["audit_status"], answer["audit_comment"], answer["audit_time"]) == (status, "seen", NOON + DAY)
    found = await wechat.data("device/search", {"type": 3, "apply_id": apply_id, "last_seen": 0, "count": 50})
    assert len(found["devices"]) == devices


async def test_one_application_at_a_time(wechat: Wechat) -> None:
    await wechat.data("device/applyid", application())
    assert await wechat.errcode("device/applyid", application()) == 9001023
    wechat.clock.now += 10
    assert await wechat.errcode("device/applyid", application()) == 0


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [
        ({"quantity": 0}, 9001022),
        ({"quantity": -1}, 9001022),
        ({"quantity": None}, 9001001),
        ({"apply_reason": None}, 9001001),
        ({"apply_reason": "因" * 101}, 9001035),
        ({"comment": "x" * 31}, 9001034),
        ({"poi_id": -5}, 9001033),
        ({"quantity": 10_001}, 9001038),
    ],
)
async def test_an_application_names_its_fault(wechat: Wechat, changed: Json, errcode: int) -> None:
    assert await wechat.errcode("device/applyid", application(**changed)) == errcode


async def test_the_device_quota_is_a_setting() -> None:
    async with serving(replace(SETTINGS, device_quota=3)) as wechat:
        wechat.account.add_device(major=1, minor=1)
        assert await wechat.errcode("device/applyid", application(quantity=3)) == 9001038
        assert await wechat.errcode("device/applyid", application(quantity=2)) == 0


async def test_an_unknown_batch_has_no_status(wechat: Wechat) -> None:
    assert await wechat.errcode("device/applystatus", {"apply_id": 1}) == 9001047


async def test_total_count_of_a_batch_is_a_setting() -> None:
    async with serving(replace(SETTINGS, batch_total_count=True)) as wechat:
        wechat.account.add_device(major=1, minor=1)
        apply_id = (await wechat.data("device/applyid", application()))["apply_id"]
        wechat.clock.now += 10
        body = {"type": 3, "apply_id": apply_id, "last_seen": 0, "count": 1}
        assert (await wechat.data("device/search", body))["total_count"] == 3


async def test_the_legacy_api_answers_a_small_batch_at_once() -> None:
    async with serving(LEGACY) as wechat:
        applied = await wechat.data("device/applyid", application())
        assert [set(row) for row in applied["device_identifiers"]] == [{"device_id", "uuid", "major", "minor"}] * 3
        assert await wechat.errcode("device/applyid", application()) == 9001021
        batch = {"apply_id": applied["apply_id"], "begin": 0, "count": 50}
        assert len((await wechat.data("device/search", batch))["devices"]) == 3


def test_a_seeded_device_cannot_take_a_place_twice(wechat: Wechat) -> None:
    wechat.account.add_device(major=1, minor=1, device_id=7)
    with pytest.raises(ValueError, match="exists already"):
        wechat.account.add_device(major=1, minor=1)
    with pytest.raises(ValueError, match="exists already"):
        wechat.account.add_device(major=1, minor=2, device_id=7)
    with pytest.raises(ValueError, match="must be"):
        wechat.account.add_device(major=65_536, minor=2)
