"""From files on disk to the account and back, wired as the program wires it."""

import random
from pathlib import Path

from beacon_gateway.adapters.files.gateway_file import read_settings
from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.core.model.settings import Settings
from beacon_gateway.core.model.store import Store
from beacon_gateway.services.bindings.progress import SyncState
from beacon_gateway.simulator import store as example
from beacon_gateway.simulator.wechat import Emulator, EmulatorSettings
from beacon_gateway.wiring.account import open_sync
from tests.pictures import png
from tests.services.bindings.scene import BIND, EDIT, ICON, MAKE, NOON, SECRET, WeChatSide, wechat_side


def emulator() -> Emulator:
    settings = EmulatorSettings(appid=example.APPID, secret=SECRET)
    emulator = Emulator(settings, clock=NOON.timestamp, rng=random.Random(1))
    for key in example.all_keys():
        emulator.account.add_device(uuid=str(key.uuid).upper(), major=key.major, minor=key.minor)
    return emulator


def settle(wechat: WeChatSide, folder: Path) -> Settings:
    """Write the example store; return the settings of the gateway that writes."""
    gateways = example.write_files(folder, console_page_id=wechat.page("会员日"), api_base=wechat.url)
    settings, _, problems = read_settings(gateways[0])
    assert settings is not None, problems
    return settings


def files(settings: Settings) -> Store:
    wanted, problems = StoreFiles(settings.store, settings.timezone).read()
    assert problems == []
    return wanted


async def test_the_example_store_is_brought_to_the_account_and_stays_there(tmp_path: Path) -> None:
    async with wechat_side(emulator=emulator()) as wechat:
        settings = settle(wechat, tmp_path)
        wanted = files(settings)
        async with open_sync(settings, SECRET) as sync:
            sync.use(wanted)
            progress = await sync.once(write=True, cause="files")
            assert progress.state is SyncState.IN_SYNC
            assert progress.applied == progress.verified == len(progress.plan) == 5 + 33
            assert wechat.writes() == {ICON: 5, MAKE: 5, BIND: 33}
        async with open_sync(settings, SECRET) as sync:
            sync.use(files(settings))
            assert (await sync.once(write=True, cause="files")).state is SyncState.IN_SYNC
        assert wechat.writes() == {}


async def test_an_edited_file_costs_one_call(tmp_path: Path) -> None:
    async with wechat_side(emulator=emulator()) as wechat:
        settings = settle(wechat, tmp_path)
        async with open_sync(settings, SECRET) as sync:
            sync.use(files(settings))
            await sync.once(write=True, cause="files")
            wechat.calls()
            example.reassign(tmp_path)
            sync.use(files(settings))
            progress = await sync.once(write=True, cause="files")
        assert (len(progress.plan), progress.verified) == (1, 1)
        assert wechat.writes() == {BIND: 1}


async def test_another_picture_under_the_same_name_is_uploaded(tmp_path: Path) -> None:
    async with wechat_side(emulator=emulator()) as wechat:
        settings = settle(wechat, tmp_path)
        async with open_sync(settings, SECRET) as sync:
            sync.use(files(settings))
            await sync.once(write=True, cause="files")
            wechat.calls()
            (settings.store / "icons" / "welcome.png").write_bytes(png(text="another"))
            sync.use(files(settings))
            progress = await sync.once(write=True, cause="files")
        assert progress.verified == len(progress.plan) == 1
        assert wechat.writes() == {ICON: 1, EDIT: 1}


async def test_a_picture_that_went_away_stops_only_its_page(tmp_path: Path) -> None:
    async with wechat_side(emulator=emulator()) as wechat:
        settings = settle(wechat, tmp_path)
        wanted = files(settings)
        (settings.store / "icons" / "welcome.png").unlink()
        async with open_sync(settings, SECRET) as sync:
            sync.use(wanted)
            progress = await sync.once(write=True, cause="files")
        assert progress.state is SyncState.RETRYING
        assert wechat.titles() == sorted(["会员日", "春季新品", "新品上架", "咖啡券", "幸运抽奖"])
        assert progress.verified == 4 + 33 - 9
