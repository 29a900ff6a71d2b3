"""Each picture is uploaded once, and the one that was checked: what changed meanwhile waits for the next look."""

import errno
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from beacon_gateway.adapters.files.last_good import LastGoodCopy
from beacon_gateway.adapters.wechat.shakearound import Shakearound
from beacon_gateway.core.bindings.plan_calls import calls_of
from beacon_gateway.core.bindings.target import IconAway
from beacon_gateway.core.model.settings import Role
from beacon_gateway.core.model.store import OwnPage
from beacon_gateway.core.model.target_status import TargetState
from beacon_gateway.services.bindings.progress import SyncState, SyncStep
from beacon_gateway.services.status.target_status import LastAttempt
from beacon_gateway.simulator.wechat import InjectedFault
from tests.adapters.files.folders import FLOOR_HEAD, store_folder, write
from tests.pictures import png
from tests.services.bindings.scene import (
    BIND,
    EDIT,
    ICON,
    MAKE,
    Gateway,
    WeChatSide,
    beacon,
    gateway_at,
    icon_of,
    own,
    store,
)

TEN = [own(f"page-{number}", title=f"页面{number}") for number in range(10)]
SPRING, DRAW = own("spring-sale"), own("lucky-draw", title="幸运抽奖", icon="draw")


@pytest.fixture(autouse=True)
def _beacons(wechat: WeChatSide) -> None:
    """Let the account have beacons: without any it is believed to be another's."""
    wechat.devices(1, 2)


async def test_ten_pages_with_one_icon_need_one_upload(wechat: WeChatSide, gateway: Gateway) -> None:
    planned = await gateway.once(store([], TEN), write=False)
    assert calls_of(planned.plan).uploads == 1
    await gateway.once(store([], TEN))
    assert wechat.writes() == {ICON: 1, MAKE: 10}
    assert len({page.icon_url for page in wechat.account.pages.values()}) == 1


async def test_an_icon_that_was_uploaded_is_not_uploaded_for_a_later_page_or_edit(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    await gateway.once(store([], [SPRING, DRAW]))
    wechat.calls()
    later = store([], [own("spring-sale", icon="draw"), DRAW, own("new", icon="spring")])
    planned = await gateway.once(later, write=False)
    assert calls_of(planned.plan).uploads == 0
    assert (await gateway.once(later)).state is SyncState.IN_SYNC
    assert wechat.writes() == {MAKE: 1, EDIT: 1}


async def test_a_process_that_begins_knows_no_addresses_and_its_plan_says_so(
    wechat: WeChatSide, tmp_path: Path
) -> None:
    async with gateway_at(wechat.url, tmp_path) as gateway:
        await gateway.once(store([], [SPRING]))
    wechat.calls()
    async with gateway_at(wechat.url, tmp_path) as gateway:
        wanted = store([], [SPRING, own("new", title="新品")])
        planned = await gateway.once(wanted, write=False)
        assert calls_of(planned.plan).uploads == 1
        await gateway.once(wanted)
    assert wechat.writes() == {ICON: 1, MAKE: 1}


async def test_an_address_that_wechat_takes_no_more_is_replaced_by_another_upload(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    await gateway.once(store([], [SPRING]))
    wechat.account.materials.forget()
    wechat.calls()
    progress = await gateway.once(store([], [SPRING, own("new", title="新品")]))
    assert progress.state is SyncState.IN_SYNC
    assert wechat.writes() == {MAKE: 2, ICON: 1}


async def test_a_page_that_is_refused_for_its_title_costs_one_upload_more_and_no_endless_ones(
    wechat: WeChatSide, gateway: Gateway
) -> None:
    await gateway.once(store([], [SPRING]))
    wechat.calls()
    bad = own("new", title="这个标题实在是太长了")
    await gateway.once(store([], [SPRING, bad]))
    assert wechat.writes() == {MAKE: 2, ICON: 1}


async def test_pages_whose_icon_was_uploaded_need_no_quota_for_icons(wechat: WeChatSide, gateway: Gateway) -> None:
    await gateway.once(store([], [SPRING]))
    wechat.emulator.faults.add(ICON, InjectedFault.error(45009), times=None)
    new = own("new", title="新品")
    progress = await gateway.once(
        store([beacon(1, "a-draw"), beacon(2, "new")], [SPRING, replace(DRAW, slug="a-draw"), new])
    )
    assert progress.state is SyncState.RETRYING
    assert [wechat.shown(1), wechat.shown(2)] == [[], ["新品"]]


async def test_an_icon_that_changed_after_it_was_checked_is_not_sent_and_holds_up_nothing_else(
    wechat: WeChatSide, tmp_path: Path
) -> None:
    changed = {"spring-sale"}

    def icon(page: OwnPage) -> bytes:
        if page.slug in changed:
            raise OSError(errno.ESTALE, "the icon was changed since the files were read", page.icon)
        return icon_of(page)

    wanted = store([beacon(1, "spring-sale"), beacon(2, "lucky-draw")], [SPRING, DRAW])
    async with gateway_at(wechat.url, tmp_path, icon=icon) as gateway:
        progress = await gateway.once(wanted)
        assert [wechat.shown(number) for number in (1, 2)] == [[], [DRAW.title]]
        assert sorted(progress.steps.values()) == [
            SyncStep.BLOCKED,
            SyncStep.POSTPONED,
            SyncStep.VERIFIED,
            SyncStep.VERIFIED,
        ]
        assert [type(error) for error in progress.later.values()] == [IconAway]
        status = LastAttempt(gateway.sync, Role.WRITER).status(gateway.clock.utc())
        assert (status.state, status.failed[0].code, status.failed[0].reason) == (
            TargetState.UNFINISHED,
            "icon",
            SPRING.icon,
        )
        assert not (await gateway.ledger.read()).setbacks
        changed.clear()
        assert (await gateway.once(wanted)).state is SyncState.IN_SYNC
    assert wechat.shown(1) == [SPRING.title]


@pytest.mark.parametrize("gone", [range(10), range(3, 9)])
async def test_however_many_icons_went_away_wechat_is_not_blamed(
    wechat: WeChatSide, tmp_path: Path, gone: range
) -> None:
    def icon(page: OwnPage) -> bytes:
        if page.slug in {f"page-{number}" for number in gone}:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", page.icon)
        return icon_of(page)

    pages = [own(f"page-{number}", title=f"页面{number}", icon=f"icon-{number}") for number in range(10)]
    async with gateway_at(wechat.url, tmp_path, icon=icon) as gateway:
        await gateway.once(store([beacon(1)], [SPRING]))
        wechat.calls()
        progress = await gateway.once(store([beacon(1, "spring-sale")], [SPRING, *pages]))
        assert progress.state is SyncState.RETRYING
        assert wechat.shown(1) == [SPRING.title]
        assert wechat.writes().get(MAKE, 0) == 10 - len(gone)
        assert wechat.order_of_writes()[-1] == BIND


async def test_a_share_that_hangs_holds_up_no_pass_for_ever(gateway: Gateway) -> None:
    answers = threading.Event()

    def icon(page: OwnPage) -> bytes:
        answers.wait(60)
        return icon_of(page)

    try:
        with pytest.raises(IconAway):
            await Shakearound(gateway.client, icon, icon_seconds=0.01).make_page(SPRING)
    finally:
        answers.set()


async def test_the_last_good_copy_has_the_icon_that_went_away_or_was_swapped(
    wechat: WeChatSide, tmp_path: Path
) -> None:
    text = "pages:\n  a: {title: 春季, description: b, url: https://h5.example.com/, icon: icons/春.PNG}\n"
    files = store_folder(tmp_path, pages=text, floor=FLOOR_HEAD)
    write(files.folder, {"icons/春.PNG": png()})
    wanted, _ = files.read()
    copy = LastGoodCopy(files, tmp_path / "state" / "last-good")
    copy.keep()
    write(files.folder, {"icons/春.PNG": png(text="another")})
    async with gateway_at(wechat.url, tmp_path / "state", icon=copy.icon) as gateway:
        assert (await gateway.once(wanted)).state is SyncState.IN_SYNC
    (page,) = wechat.account.pages.values()
    assert wechat.account.materials.picture(page.icon_url.removeprefix(wechat.account.materials.home)) == png()


def test_without_the_copy_a_swapped_icon_is_not_given_away(tmp_path: Path) -> None:
    text = "pages:\n  a: {title: 春季, description: b, url: https://h5.example.com/, icon: icons/a.png}\n"
    files = store_folder(tmp_path, pages=text, floor=FLOOR_HEAD)
    write(files.folder, {"icons/a.png": png()})
    (page,) = files.read()[0].pages.values()
    assert isinstance(page, OwnPage)
    copy = LastGoodCopy(files, tmp_path / "state" / "last-good")
    assert copy.icon(page) == png()
    write(files.folder, {"icons/a.png": png(text="another")})
    with pytest.raises(OSError, match="changed"):
        copy.icon(page)
