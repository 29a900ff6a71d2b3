"""Asking for beacons through the real client: whatever is lost, there is one batch."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.adapters.database.ledger.request_notes import RequestNotes
from beacon_gateway.adapters.wechat.applications import ANOTHER_PENDING, NEVER_BEGUN, ApplicationCalls
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.core.bindings.target import Refused, TryLater
from beacon_gateway.core.wechat.application import BeaconRequest, ReviewDecision
from beacon_gateway.services.wechat.beacon_applicant import BeaconApplicant
from beacon_gateway.simulator.wechat import Emulator, EmulatorSettings, InjectedFault
from tests.patience import until
from tests.services.bindings.scene import SECRET, UnixClock

APPLYID = "/shakearound/device/applyid"


@dataclass
class Asking:
    emulator: Emulator
    applying: BeaconApplicant

    @property
    def devices(self) -> int:
        return len(self.emulator.account.devices)


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncIterator[Asking]:
    clock = UnixClock()
    settings = EmulatorSettings(appid="wx0000000000000001", secret=SECRET)
    emulator = Emulator(settings, clock=clock, rng=random.Random(1))

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    async with (
        emulator.serve() as url,
        WeChatClient(api_base=url, appid=settings.appid, secret=SECRET) as client,
        LedgerFile(tmp_path) as ledger,
    ):
        yield Asking(
            emulator,
            BeaconApplicant(
                ApplicationCalls(client),
                RequestNotes(ledger),
                sleep,
                lambda: datetime.fromtimestamp(clock.now, UTC),
                another_pending=ANOTHER_PENDING,
                never_begun=NEVER_BEGUN,
            ),
        )


async def test_a_small_batch_is_granted_while_it_is_followed(asking: Asking) -> None:
    application = await asking.applying.apply(BeaconRequest(60, "x", "门"))
    assert application.number
    assert application.verdict.decision is ReviewDecision.PENDING

    granted = await asking.applying.follow(application.number, 30.0, 60)
    assert granted.verdict.decision is ReviewDecision.GRANTED
    assert len(granted.beacons) == asking.devices == 60


@pytest.mark.parametrize("fault", [InjectedFault.lose_answer(), InjectedFault.truncate()], ids=lambda fault: fault.kind)
async def test_a_batch_whose_answer_was_lost_is_found_by_its_beacons(asking: Asking, fault: InjectedFault) -> None:
    asking.emulator.account.add_device(major=1, minor=1)
    asking.emulator.faults.add(APPLYID, fault)

    application = await asking.applying.apply(BeaconRequest(3, "x", ""))
    assert (application.number, application.verdict.decision) == (None, ReviewDecision.GRANTED)
    assert len(application.beacons) == 3
    assert asking.emulator.count(APPLYID) == 1
    assert asking.devices == 4


async def test_a_large_batch_whose_answer_was_lost_is_not_asked_for_twice(asking: Asking) -> None:
    asking.emulator.faults.add(APPLYID, InjectedFault.lose_answer())

    application = await asking.applying.apply(BeaconRequest(501, "x", ""))
    assert (application.number, application.verdict.decision) == (None, ReviewDecision.PENDING)
    with pytest.raises(Exception, match=ANOTHER_PENDING):
        await asking.applying.apply(BeaconRequest(501, "x", ""))


@pytest.mark.parametrize(
    "fault", [InjectedFault.drop(), InjectedFault.http(502), InjectedFault.error(-1)], ids=lambda fault: fault.kind
)
async def test_an_application_that_never_arrived_is_sent_again(asking: Asking, fault: InjectedFault) -> None:
    asking.emulator.faults.add(APPLYID, fault)

    application = await asking.applying.apply(BeaconRequest(3, "x", ""))
    assert application.number
    assert asking.emulator.count(APPLYID) == 2


async def test_the_quota_is_no_lost_answer(asking: Asking) -> None:
    asking.emulator.faults.add(APPLYID, InjectedFault.error(45009))

    with pytest.raises(TryLater):
        await asking.applying.apply(BeaconRequest(3, "x", ""))
    assert asking.emulator.count(APPLYID) == 1


async def test_a_failed_look_at_the_application_does_not_lose_it(asking: Asking) -> None:
    application = await asking.applying.apply(BeaconRequest(3, "x", ""))
    asking.emulator.faults.add("/shakearound/device/applystatus", InjectedFault.http(502), times=3)

    assert application.number
    assert len((await asking.applying.follow(application.number, 30.0, 3)).beacons) == 3


async def test_a_refusal_is_told_with_its_reason(asking: Asking) -> None:
    application = await asking.applying.apply(BeaconRequest(501, "x", ""))
    assert application.number
    asking.emulator.account.review(application.number, approve=False, comment="数量太多")

    refused = await asking.applying.follow(application.number, 0.0)
    assert (refused.verdict.decision, refused.verdict.said) == (ReviewDecision.REJECTED, "数量太多")


async def until_it_is_sent(asking: Asking, quantity: int) -> None:
    """Ask, and end as a kill does: when the account has the request, and nothing was noted of its answer."""
    asked = asyncio.create_task(asking.applying.apply(BeaconRequest(quantity, "x", "")))
    await until(lambda: asking.emulator.count(APPLYID))
    asked.cancel()
    await asyncio.wait([asked])


async def test_a_batch_that_was_granted_to_a_process_that_ended_is_shown_and_not_asked_for_again(
    asking: Asking,
) -> None:
    await until_it_is_sent(asking, 3)
    came_of = await asking.applying.unfinished()
    assert came_of
    noted, application = came_of
    assert noted.request == BeaconRequest(3, "x", "")
    assert application.verdict.decision is ReviewDecision.GRANTED
    assert len(application.beacons) == asking.devices == 3
    await asking.applying.told(application)
    assert await asking.applying.unfinished() is None


async def test_a_batch_under_review_that_a_process_left_behind_is_not_asked_for_twice(asking: Asking) -> None:
    await until_it_is_sent(asking, 501)
    assert await asking.applying.unfinished() is None  # its number is lost, and nothing came of it yet
    with pytest.raises(Refused, match=ANOTHER_PENDING):
        await asking.applying.apply(BeaconRequest(501, "x", ""))
    assert asking.devices == 0


def put_a_folder_in_place_of(file: Path) -> None:
    file.unlink()
    file.mkdir()


async def test_what_cannot_be_noted_is_not_asked_for(asking: Asking, tmp_path: Path) -> None:
    put_a_folder_in_place_of(tmp_path / "ledger.db")
    with pytest.raises(OSError, match="ledger"):
        await asking.applying.apply(BeaconRequest(3, "x", ""))
    assert asking.emulator.count(APPLYID) == 0


async def test_a_refused_request_leaves_nothing_to_look_at(asking: Asking) -> None:
    asking.emulator.faults.add(APPLYID, InjectedFault.error(9001038))
    with pytest.raises(Refused):
        await asking.applying.apply(BeaconRequest(3, "x", ""))
    assert await asking.applying.unfinished() is None
