"""Whatever goes wrong on whichever call: its caller hears what to do, reads are repeated, writes are not."""

import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from structlog.testing import capture_logs

from beacon_gateway.adapters.wechat.account import AUDIT_STATUS
from beacon_gateway.adapters.wechat.transport.client import MAX_RATE_REFUSALS, PAUSES, RETRY_SPREAD_S
from beacon_gateway.core.bindings.target import NeedsOperator, Refused, SlowDown, TargetError, TryLater, WaitForQuota
from beacon_gateway.simulator.wechat import Emulator, InjectedFault
from tests.adapters.wechat.endpoints import ALL, APPLY, READS, WRITES, Scene, make_ready, set_up
from tests.services.bindings.scene import (
    SECRET,
    SETTINGS,
    TOKEN,
    Gateway,
    WallClock,
    WeChatSide,
    gateway_at,
    wechat_side,
)
from tests.services.bindings.test_tokens import told

TRIES: Final = len(PAUSES) + 1

CODES: Final[dict[int, type[TargetError]]] = {
    -1: TryLater,
    9001002: TryLater,
    9001005: TryLater,
    40013: NeedsOperator,
    40164: NeedsOperator,
    48001: NeedsOperator,
    50002: NeedsOperator,
    61003: NeedsOperator,
    89501: NeedsOperator,
    9001020: NeedsOperator,
    9001001: Refused,
    9001025: Refused,
    47001: Refused,
    123456: Refused,
}
FAULTS: Final = {
    "cut before": InjectedFault.drop(),
    "cut after": InjectedFault.lose_answer(),
    "half": InjectedFault.truncate(),
    "502": InjectedFault.http(502),
}
CUTS: Final = (InjectedFault.drop(), InjectedFault.lose_answer())
"""After these aiohttp repeats a GET once by itself, and nothing else."""


@asynccontextmanager
async def ready(wechat: WeChatSide, folder: Path, name: str) -> AsyncIterator[tuple[Gateway, Scene]]:
    """Open a gateway at an account in which the method `name` can do its deed."""
    async with gateway_at(wechat.url, folder) as gateway:
        at = set_up(wechat, gateway.client)
        make_ready(wechat, at, name)
        yield gateway, at


@pytest.mark.parametrize("name", ALL)
async def test_each_method_calls_its_path(wechat: WeChatSide, tmp_path: Path, name: str) -> None:
    path, deed = ALL[name]
    async with ready(wechat, tmp_path, name) as (_, at):
        await deed(at)
    assert set(wechat.calls()) == {TOKEN, path}


@pytest.mark.parametrize("name", ALL)
async def test_every_class_of_errors_reaches_the_caller_of_every_method(
    wechat: WeChatSide, tmp_path: Path, name: str
) -> None:
    path, deed = ALL[name]
    async with ready(wechat, tmp_path, name) as (_, at):
        for code, kind in CODES.items():
            wechat.calls()
            rule = wechat.emulator.faults.add(path, InjectedFault.error(code), times=None)
            with pytest.raises(kind) as caught:
                await deed(at)
            wechat.emulator.faults.remove(rule)
            assert caught.value.code == str(code)
            assert wechat.calls()[path] == (TRIES if kind is TryLater and name in READS else 1), code
        await deed(at)


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("fault", [*FAULTS.values(), InjectedFault.error(-1)], ids=[*FAULTS, "busy"])
async def test_a_read_outlives_a_trouble_that_is_over_at_once(
    wechat: WeChatSide, tmp_path: Path, name: str, fault: InjectedFault
) -> None:
    path, deed = READS[name]
    async with gateway_at(wechat.url, tmp_path) as gateway:
        at = set_up(wechat, gateway.client)
        untroubled = await deed(at)
        wechat.emulator.faults.add(path, fault, times=len(PAUSES))
        assert await deed(at) == untroubled
        taken = gateway.naps.taken
        assert all(0.5 * pause <= nap <= 1.5 * pause for pause, nap in zip(PAUSES, taken, strict=False))
        assert len(taken) == len(PAUSES) - (path == AUDIT_STATUS and fault in CUTS)
        wechat.emulator.faults.add(path, fault, times=None)
        with pytest.raises(TryLater):
            await deed(at)


@pytest.mark.parametrize("name", ALL)
async def test_texts_with_half_characters_are_read(wechat: WeChatSide, tmp_path: Path, name: str) -> None:
    path, deed = ALL[name]
    async with ready(wechat, tmp_path, name) as (_, at):
        wechat.emulator.faults.add(path, InjectedFault.garble(), times=None)
        await deed(at)


@pytest.mark.parametrize("name", WRITES | APPLY)
@pytest.mark.parametrize("fault", [*FAULTS.values(), InjectedFault.error(-1)], ids=[*FAULTS, "busy"])
async def test_a_write_is_never_repeated_blindly(
    wechat: WeChatSide, tmp_path: Path, name: str, fault: InjectedFault
) -> None:
    path, deed = ALL[name]
    async with ready(wechat, tmp_path, name) as (gateway, at):
        wechat.emulator.faults.add(path, fault)
        with pytest.raises(TryLater):
            await deed(at)
        assert wechat.calls()[path] == 1
        assert gateway.naps.taken == []


@pytest.mark.parametrize("name", ALL)
async def test_any_content_type_is_fine(wechat: WeChatSide, tmp_path: Path, name: str) -> None:
    path, deed = ALL[name]
    async with ready(wechat, tmp_path, name) as (_, at):
        wechat.emulator.faults.add(path, InjectedFault.content_type("text/plain"), times=None)
        await deed(at)


@pytest.mark.parametrize("name", ALL)
async def test_nothing_waits_for_ever(wechat: WeChatSide, tmp_path: Path, name: str) -> None:
    path, deed = ALL[name]
    async with gateway_at(wechat.url, tmp_path / "before") as gateway:
        at = set_up(wechat, gateway.client)
    make_ready(wechat, at, name)
    async with gateway_at(wechat.url, tmp_path, call_seconds=0.05) as gateway:
        at = replace(at, client=gateway.client)
        wechat.emulator.faults.add(path, InjectedFault.hang())
        while not wechat.emulator.count(path):  # on a busy machine the call for the token may be the one that waits
            with pytest.raises(TryLater, match="TimeoutError"):
                await deed(at)
    assert wechat.emulator.count(path) == 1, "a time-out has waited already"


@pytest.mark.parametrize("name", ALL)
async def test_a_token_revoked_under_a_call_costs_one_refresh(wechat: WeChatSide, tmp_path: Path, name: str) -> None:
    path, deed = ALL[name]
    async with ready(wechat, tmp_path, name) as (_, at):
        wechat.emulator.faults.add(path, InjectedFault.error(40001))
        await deed(at)
        assert wechat.calls()[TOKEN] == 2
        wechat.emulator.faults.add(path, InjectedFault.error(40001), times=None)
        with pytest.raises(NeedsOperator):
            await deed(at)
        assert wechat.calls() == {TOKEN: 1, path: 2}


@pytest.mark.parametrize("name", ALL)
async def test_a_used_up_day_stops_that_path_only_and_without_a_call(
    wechat: WeChatSide, tmp_path: Path, name: str
) -> None:
    path, deed = ALL[name]
    async with ready(wechat, tmp_path, name) as (gateway, at):
        wechat.emulator.faults.add(path, InjectedFault.error(45009))
        for _ in range(3):
            with pytest.raises(WaitForQuota) as caught:
                await deed(at)
            assert caught.value.path == path
            assert path in str(caught.value)
        assert wechat.calls() == {TOKEN: 1, path: 1}
        for other_path, other in READS.values():
            if other_path != path:
                await other(at)
        gateway.clock.now = caught.value.until
        await deed(at)


@pytest.mark.parametrize("name", ALL)
async def test_a_used_up_minute_is_waited_out_by_reads_and_writes(
    wechat: WeChatSide, tmp_path: Path, name: str
) -> None:
    """WeChat refused it before it did anything, so that even a page can be made at the next try."""
    path, deed = ALL[name]
    async with ready(wechat, tmp_path, name) as (gateway, at):
        wechat.emulator.faults.add(path, InjectedFault.error(45011), times=MAX_RATE_REFUSALS - 1)
        await deed(at)
        assert 60 <= sum(gateway.naps.taken) <= 2 * (60 + RETRY_SPREAD_S)
        assert wechat.emulator.count(path) >= MAX_RATE_REFUSALS


async def test_a_minute_that_is_never_over_is_told(wechat: WeChatSide, tmp_path: Path) -> None:
    path, deed = WRITES["add page"]
    async with gateway_at(wechat.url, tmp_path) as gateway:
        at = set_up(wechat, gateway.client)
        wechat.emulator.faults.add(path, InjectedFault.error(45011), times=None)
        with pytest.raises(SlowDown) as caught:
            await deed(at)
        assert 0 < (caught.value.until - gateway.clock.now).total_seconds() <= 60 + RETRY_SPREAD_S
    assert wechat.calls()[path] == MAX_RATE_REFUSALS


async def test_a_limit_by_the_minute_is_kept_to_after_one_complaint(tmp_path: Path) -> None:
    path, deed = READS["an application"]
    settings = replace(SETTINGS, minute_limits={path: 10})
    clock = WallClock()

    def unix_now() -> float:
        return clock.now.timestamp()

    emulator = Emulator(settings, clock=unix_now, rng=random.Random(1))
    async with wechat_side(emulator=emulator) as wechat, gateway_at(wechat.url, tmp_path, clock=clock) as gateway:
        at = set_up(wechat, gateway.client)
        for _ in range(40):
            await deed(at)
        refused = [call for call in wechat.emulator.calls if call.errcode == 45011]
    assert len(refused) == 1


TROUBLES: Final = {
    **FAULTS,
    "busy": InjectedFault.error(-1),
    "day": InjectedFault.error(45009),
    "recalled": InjectedFault.error(48001),
}


@pytest.mark.parametrize("name", ALL)
async def test_no_trouble_of_any_method_tells_the_secret_or_the_token(
    wechat: WeChatSide, tmp_path: Path, name: str
) -> None:
    path, deed = ALL[name]
    token, _ = wechat.emulator.tokens.stable(wechat.clock.now)
    text = ""
    async with gateway_at(wechat.url, tmp_path / "first") as gateway:
        at = set_up(wechat, gateway.client)
    with capture_logs() as events:
        for number, fault in enumerate(TROUBLES.values()):
            async with gateway_at(wechat.url, tmp_path / str(number)) as gateway:
                at = replace(at, client=gateway.client)
                rule = wechat.emulator.faults.add(path, fault, times=None)
                with pytest.raises(TargetError) as caught:
                    await deed(at)
                wechat.emulator.faults.remove(rule)
                text += told(caught.value)
    text += json.dumps(events, default=repr)
    assert path in text
    for secret in (SECRET, token):
        assert secret not in text
