"""One page or device of the account that cannot be read is its own trouble: it is named, and the rest is done."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from beacon_gateway.adapters.wechat.account_reader import AccountReader
from beacon_gateway.core.bindings.target import Refused, TryLater
from beacon_gateway.core.model.settings import Role
from beacon_gateway.core.model.target_status import TargetState
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.services.status.target_status import LastAttempt
from beacon_gateway.simulator.wechat import InjectedFault
from beacon_gateway.simulator.wechat.request import Reply
from tests.services.bindings.liars import Liar, lying
from tests.services.bindings.scene import (
    BIND,
    DEVICES,
    NOON,
    RELATIONS,
    Gateway,
    WeChatSide,
    beacon,
    gateway_at,
    key,
    own,
    store,
)

SPRING, DRAW = own("spring-sale"), own("lucky-draw", title="幸运抽奖", icon="draw")
WANTED = store([beacon(1, "spring-sale"), beacon(2, "spring-sale")], [SPRING, DRAW])
EDITED = store([beacon(1, "lucky-draw"), beacon(2, "spring-sale")], [SPRING, DRAW])


@pytest.fixture
async def account() -> AsyncIterator[tuple[WeChatSide, Liar]]:
    async with lying() as (wechat, liar):
        wechat.devices(1, 2, 3)
        yield wechat, liar


def spoil(device_id: int, **fields: object) -> Callable[[str, Reply], Reply]:
    """Answer with these fields of one device in all lists."""

    def lie(path: str, reply: Reply) -> Reply:
        data: dict[str, Any] = reply.get("data", {})  # type: ignore[assignment]  # JSON
        for name in {DEVICES: ["devices"], RELATIONS: ["relations"]}.get(path, []):
            data[name] = [row | fields if row["device_id"] == device_id else row for row in data[name]]
        return reply

    return lie


@pytest.mark.parametrize("fields", [{"uuid": "no-uuid"}, {"uuid": None}, {"major": 70000}, {"minor": "x"}])
async def test_a_device_without_a_sound_key_is_named_and_the_rest_is_done(
    account: tuple[WeChatSide, Liar], tmp_path_factory: pytest.TempPathFactory, fields: dict[str, object]
) -> None:
    wechat, liar = account
    odd = wechat.device_id(3)
    wechat.bind(3, wechat.page())
    liar.lie = spoil(odd, **fields)
    async with gateway_at(wechat.url, tmp_path_factory.mktemp("state")) as gateway:
        progress = await gateway.once(WANTED)
        assert (progress.state, [*map(str, progress.unread)]) == (SyncState.IN_SYNC, [f"device {odd}"])
        assert (wechat.shown(1), wechat.shown(2)) == ([SPRING.title], [SPRING.title])
        status = LastAttempt(gateway.sync, Role.WRITER).status(NOON)
        assert (status.state, [item.subject for item in status.failed]) == (TargetState.UNREAD, [f"device {odd}"])
        assert "device" in status.failed[0].reason or "number" in status.failed[0].reason
        assert len((await AccountReader(gateway.client).read()).beacons) == 2


async def test_devices_that_all_make_no_sense_are_no_empty_account(
    account: tuple[WeChatSide, Liar], gateway_of_account: Gateway
) -> None:
    wechat, liar = account
    wechat.devices(4, 5, 6, 7)

    def lie(path: str, reply: Reply) -> Reply:
        if path == DEVICES:
            for row in reply["data"]["devices"]:  # type: ignore[index]  # JSON
                row["uuid"] = ""
        return reply

    liar.lie = lie
    with pytest.raises(TryLater, match="no UUID"):
        await gateway_of_account.once(WANTED)


@pytest.fixture
async def gateway_of_account(
    account: tuple[WeChatSide, Liar], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Gateway]:
    async with gateway_at(account[0].url, tmp_path_factory.mktemp("state")) as gateway:
        yield gateway


async def test_a_page_that_never_says_what_shows_it_is_its_own_trouble_from_the_second_time(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    wechat.devices(1, 2)
    theirs = wechat.page()
    wechat.bind(1, theirs)
    await gateway.settle(WANTED)
    rule = wechat.emulator.faults.add(RELATIONS, InjectedFault.error(9001001), times=None, only=f'"page_id": {theirs}')
    with pytest.raises(Refused):
        await gateway.once(EDITED)
    wechat.calls()
    progress = await gateway.once(EDITED)
    assert (progress.state, [*progress.unread]) == (SyncState.IN_SYNC, [f"会员日 ({theirs})"])
    assert wechat.writes() == {BIND: 1}
    assert wechat.shown(1) == sorted(["会员日", DRAW.title])  # as it is known to
    status = LastAttempt(gateway.sync, Role.WRITER).status(NOON)
    assert (status.state, [item.subject for item in status.failed]) == (TargetState.UNREAD, [f"会员日 ({theirs})"])
    wechat.emulator.faults.remove(rule)
    assert not (await gateway.once(EDITED)).unread
    assert LastAttempt(gateway.sync, Role.WRITER).status(NOON).state == TargetState.IN_SYNC


async def test_what_is_not_known_to_show_it_is_asked_before_it_is_bound(wechat: WeChatSide, gateway: Gateway) -> None:
    wechat.devices(1, 2)
    await gateway.settle(WANTED)
    theirs = wechat.page()
    wechat.devices(3)
    wechat.bind(3, theirs)
    wechat.emulator.faults.add(RELATIONS, InjectedFault.error(9001001), times=None, only=f'"page_id": {theirs}')
    more = store([*EDITED.beacons.values(), beacon(3, "lucky-draw")], [SPRING, DRAW])
    with pytest.raises(Refused):
        await gateway.once(more)
    await gateway.once(more)
    assert wechat.shown(1) == [DRAW.title]
    assert wechat.shown(3) == ["会员日"]  # and never overwritten
    assert (await gateway.ledger.read()).verified.bindings[key(1)] == {str(wechat.page_id(DRAW.title))}


@pytest.mark.parametrize("code", [-1, 45009])
async def test_a_trouble_of_every_page_is_no_pages_own(wechat: WeChatSide, gateway: Gateway, code: int) -> None:
    wechat.devices(1, 2)
    await gateway.settle(WANTED)
    wechat.calls()
    wechat.emulator.faults.add(RELATIONS, InjectedFault.error(code), times=None)
    for _ in range(4):  # by the last each page was the first to fail once
        with pytest.raises(TryLater):
            await gateway.once(EDITED)
    assert wechat.writes() == {}
