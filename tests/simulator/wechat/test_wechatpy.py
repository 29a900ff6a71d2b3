"""wechatpy, which others wrote, against the emulator: what it sends is taken where the interface takes it.

It speaks the interface of 2015, so all of it works with `generation="legacy"`. Where today's interface reads the same
body otherwise, the emulator reads it as today's does.
"""

import asyncio
import inspect
import io
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final, Literal

import pytest
from wechatpy import WeChatClient, parse_message
from wechatpy.client.api.shakearound import WeChatShakeAround
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import APILimitedException, WeChatClientException

from beacon_gateway.simulator.wechat import CallbackTarget, EmulatedAccount, InjectedFault
from beacon_gateway.simulator.wechat.endpoints.table import shakearound
from beacon_gateway.simulator.wechat.events import shake_event, signed
from tests.simulator.wechat.test_events import AES_KEY, TOKEN, event_xml, shake
from tests.simulator.wechat.wechat_client import DAY, NOON, SETTINGS, TODAY, Wechat, png, serving

Generation = Literal["current", "legacy"]
GENERATIONS: Final[tuple[Generation, ...]] = ("current", "legacy")
REASON: Final = "六楼重新装修"


class _ShakeAround(WeChatShakeAround):  # type: ignore[misc]  # untyped
    API_BASE_URL = ""
    """Without one of its own it takes the client's."""


class _Client(WeChatClient):  # type: ignore[misc]  # untyped
    shakearound = _ShakeAround()

    def __init__(self, base_url: str) -> None:
        super().__init__(SETTINGS.appid, SETTINGS.secret)
        self.API_BASE_URL = f"{base_url}/"

    def fetch_access_token(self) -> Any:  # noqa: ANN401 - wechatpy's
        """Ask the emulator; wechatpy has WeChat's address written out here."""
        params = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(f"{self.API_BASE_URL}cgi-bin/token", params)


class Sdk:
    """Runs wechatpy, which blocks, beside the emulator's event loop."""

    def __init__(self, wechat: Wechat, client: _Client) -> None:
        self.wechat = wechat
        self._api = client.shakearound

    async def call(self, name: str, *args: object, **named: object) -> Any:  # noqa: ANN401 - wechatpy's
        return await asyncio.to_thread(getattr(self._api, name), *args, **named)

    async def errcode(self, name: str, *args: object, **named: object) -> int:
        with pytest.raises(WeChatClientException) as caught:
            await self.call(name, *args, **named)
        return int(caught.value.errcode)

    def devices(self, many: int = 1) -> list[int]:
        return [self.wechat.account.add_device(major=1, minor=minor) for minor in range(many)]

    def pages_of(self, device_id: int) -> list[int]:
        return sorted(self.wechat.account.device(device_id).page_ids)


@asynccontextmanager
async def wechatpy(generation: Generation) -> AsyncIterator[Sdk]:
    async with serving(replace(SETTINGS, generation=generation)) as wechat:
        yield Sdk(wechat, _Client(wechat.base_url))


@pytest.fixture(params=GENERATIONS)
async def sdk(request: pytest.FixtureRequest) -> AsyncIterator[Sdk]:
    """Either generation of the interface."""
    async with wechatpy(request.param) as sdk:
        yield sdk


@pytest.fixture
async def of_2015() -> AsyncIterator[Sdk]:
    async with wechatpy("legacy") as sdk:
        yield sdk


@pytest.fixture
async def of_today() -> AsyncIterator[Sdk]:
    async with wechatpy("current") as sdk:
        yield sdk


# Devices


async def test_an_application_is_taken_and_its_state_is_told(sdk: Sdk) -> None:
    asked = await sdk.call("apply_device_id", 3, REASON, comment="F6")
    sdk.wechat.clock.now += 10
    assert (await sdk.call("get_apply_status", asked["apply_id"]))["audit_status"] == 2
    assert [device.comment for device in sdk.wechat.account.devices.values()] == ["F6"] * 3


async def test_the_interface_of_2015_gives_a_small_batch_at_once(of_2015: Sdk) -> None:
    asked = await of_2015.call("apply_device_id", 3, REASON)
    found = await of_2015.call("search_device", apply_id=asked["apply_id"])
    assert [row["device_id"] for row in found["devices"]] == [row["device_id"] for row in asked["device_identifiers"]]


async def test_the_third_argument_of_an_application_is_a_store_so_a_comment_there_is_refused(sdk: Sdk) -> None:
    """`apply_device_id(quantity, reason, poi_id, comment)`: a comment in the third place is sent as `poi_id`."""
    assert await sdk.errcode("apply_device_id", 3, REASON, "F6") == 9001001
    assert (await sdk.call("apply_device_id", 3, REASON, 555, "F6"))["apply_id"]


async def test_devices_are_searched_without_a_type_in_the_interface_of_2015(of_2015: Sdk) -> None:
    ids = of_2015.devices(12)
    first, rest = await of_2015.call("search_device"), await of_2015.call("search_device", begin=10, count=10)
    assert [row["device_id"] for row in (*first["devices"], *rest["devices"])] == ids
    assert first["total_count"] == 12
    named = await of_2015.call("search_device", [{"device_id": ids[3]}, {"device_id": ids[7]}])
    assert [row["device_id"] for row in named["devices"]] == [ids[3], ids[7]]
    page_id = of_2015.wechat.add_page()
    of_2015.wechat.account.bind(ids[3], [page_id])
    (row,) = (await of_2015.call("search_device", [{"device_id": ids[3]}]))["devices"]
    assert row["page_ids"] == str(page_id)


async def test_todays_interface_wants_the_type_that_wechatpy_never_sends(of_today: Sdk) -> None:
    (device_id,) = of_today.devices()
    assert await of_today.errcode("search_device") == 9001001
    assert await of_today.errcode("search_device", [{"device_id": device_id}]) == 9001001


async def test_a_device_is_named_by_its_id_or_its_key_with_the_other_null(sdk: Sdk) -> None:
    first, second = sdk.devices(2)
    key = {"uuid": sdk.wechat.account.device(second).uuid, "major": 1, "minor": 1}
    await sdk.call("update_device", first, comment="前门")
    await sdk.call("update_device", comment="后门", **key)
    await sdk.call("bind_device_location", 555, first)
    await sdk.call("bind_device_location", 777, **key)
    devices = [sdk.wechat.account.device(device_id) for device_id in (first, second)]
    assert [(device.comment, device.poi_id) for device in devices] == [("前门", 555), ("后门", 777)]
    assert await sdk.errcode("update_device", uuid=key["uuid"], comment="x") == 9001001
    assert await sdk.errcode("update_device", 1, comment="x") == 9001025


# Pages


async def test_a_page_is_made_with_its_icon_edited_found_and_deleted(sdk: Sdk) -> None:
    icon = io.BytesIO(png())
    icon.name = "icon.png"
    address = (await sdk.call("add_material", icon))["pic_url"]
    texts = {"description": "全场八折起", "icon_url": address, "page_url": "https://h5.example.com/"}
    page_id = (await sdk.call("add_page", "春季新品", comment="bg:1", **texts))["page_id"]
    await sdk.call("update_page", page_id, "夏季新品", **texts)
    assert await sdk.call("search_pages", page_id) == await sdk.call("search_pages", count=50)
    (row,) = (await sdk.call("search_pages", [page_id]))["pages"]
    assert row == {**texts, "page_id": page_id, "title": "夏季新品", "comment": "bg:1"}
    await sdk.call("delete_page", page_id)
    assert (await sdk.call("search_pages"))["pages"] == []


async def test_an_upload_that_is_repeated_with_another_token_brings_no_file(sdk: Sdk) -> None:
    """Wechatpy does not rewind the file that it sends again."""
    sdk.wechat.emulator.faults.add("/shakearound/material/add", InjectedFault.error(40001))
    icon = io.BytesIO(png())
    icon.name = "icon.png"
    assert await sdk.errcode("add_material", icon) == 9001007


# Bindings


@pytest.mark.parametrize(
    ("flags", "as_in_2015", "as_today"),
    [
        ({"bind": 1, "append": 0}, "new", "new"),
        ({"bind": 1, "append": 1}, "old and new", "new"),
        ({"bind": 0, "append": 0}, "old", "new"),
    ],
)
async def test_the_flags_of_a_binding_mean_something_in_2015_only(
    flags: dict[str, int], as_in_2015: str, as_today: str
) -> None:
    for generation, expected in (("legacy", as_in_2015), ("current", as_today)):
        async with wechatpy(generation) as sdk:  # type: ignore[arg-type]  # a tuple's
            (device_id,) = sdk.devices()
            old, new = sdk.wechat.add_page("旧"), sdk.wechat.add_page("新")
            sdk.wechat.account.bind(device_id, [old])
            await sdk.call("bind_device_pages", new, **flags, device_id=device_id)
            assert sdk.pages_of(device_id) == {"old": [old], "new": [new], "old and new": [old, new]}[expected]


# Shakes


async def test_a_ticket_tells_the_shake_and_the_next_day_its_figures(sdk: Sdk) -> None:
    (device_id,), page_id = sdk.devices(), sdk.wechat.add_page()
    sdk.wechat.account.bind(device_id, [page_id])
    shaken = sdk.wechat.account.shake(device_id, "oEmu0001", distance=3.21)
    assert shaken
    told = await sdk.call("get_shake_info", shaken.ticket)
    assert (told["openid"], told["page_id"], told["beacon_info"]["distance"]) == ("oEmu0001", page_id, 3.21)
    assert await sdk.errcode("get_shake_info", "x") == 9001003
    sdk.wechat.clock.now = NOON + DAY
    row = {"ftime": TODAY, "shake_pv": 1, "shake_uv": 1, "click_pv": 0, "click_uv": 0}
    assert await sdk.call("get_device_statistics", TODAY, TODAY, device_id) == [row]
    assert await sdk.call("get_page_statistics", page_id, TODAY, TODAY) == [row]
    assert await sdk.errcode("get_page_statistics", page_id, NOON + DAY, NOON + DAY) == 9001031


# What is the same for all calls


class _Noting(_ShakeAround):
    """Makes each call, and notes its path in place of sending it."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []

    def _post(self, url: str, **_: object) -> None:
        self.paths.append(url)

    _get = _post


def test_each_path_of_wechatpy_is_served() -> None:
    api = _Noting()
    methods = [
        (name, method)
        for name, method in inspect.getmembers(WeChatShakeAround, inspect.isfunction)
        if not name.startswith("_")
    ]
    for name, method in methods:
        wanted = [
            argument
            for argument in inspect.signature(method).parameters.values()
            if argument.default is argument.empty and argument.name != "self"
        ]
        getattr(api, name)(*[1] * len(wanted))
    assert len(api.paths) == len(methods) == 14
    served = shakearound(EmulatedAccount(SETTINGS, lambda: NOON, random.Random(1)))
    assert {f"/{path}" for path in api.paths} <= served.keys()


async def test_a_rejected_token_is_fetched_anew_and_the_call_repeated(sdk: Sdk) -> None:
    await sdk.call("search_pages")
    for errcode in (40001, 40014, 42001):
        sdk.wechat.emulator.faults.add("/shakearound/page/search", InjectedFault.error(errcode))
        assert await sdk.call("search_pages") == {"pages": [], "total_count": 0}


async def test_a_used_up_quota_is_the_only_error_that_has_a_class_of_its_own(sdk: Sdk) -> None:
    for errcode, kind in ((45009, APILimitedException), (45011, WeChatClientException), (-1, WeChatClientException)):
        sdk.wechat.emulator.faults.add("/shakearound/page/search", InjectedFault.error(errcode))
        with pytest.raises(WeChatClientException) as caught:
            await sdk.call("search_pages")
        assert (type(caught.value), caught.value.errcode) == (kind, errcode)


# Events


async def test_wechatpy_opens_what_the_emulator_encrypts(wechat: Wechat) -> None:
    event = shake_event(shake(wechat), wechat.account)
    assert event
    callback = CallbackTarget("http://unused.invalid", TOKEN, "safe", AES_KEY)
    push = signed(event, callback, appid=SETTINGS.appid, timestamp=NOON, nonce="1", prefix=bytes(16))
    opened = WeChatCrypto(TOKEN, AES_KEY, SETTINGS.appid).decrypt_message(
        push.body, push.query["msg_signature"], push.query["timestamp"], push.query["nonce"]
    )
    assert opened == event.xml()


@pytest.mark.parametrize("around", [0, 2, 5])
async def test_wechatpy_reads_the_emulators_events(wechat: Wechat, around: int) -> None:
    told = parse_message(event_xml(wechat, around))
    assert (told.event, told.source, told.chosen_beacon["minor"]) == ("shakearound_user_shake", "oEmu0001", "301")
    assert [beacon["minor"] for beacon in told.around_beacons] == [str(302 + index) for index in range(around)]
