"""Whatever an account holds: its files are sound, and a plan made from them changes nothing."""

import asyncio
import hashlib
import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beacon_gateway.adapters.files.store_files import StoreFiles
from beacon_gateway.adapters.files.store_writer import StoreWriter, can_be_written
from beacon_gateway.adapters.wechat.account_reader import AccountReader
from beacon_gateway.adapters.wechat.transport.client import WeChatClient
from beacon_gateway.core.bindings.ownership import mark
from beacon_gateway.core.bindings.plan import make_plan
from beacon_gateway.core.bindings.schedule import desired
from beacon_gateway.core.bindings.target import Ledger
from beacon_gateway.core.files.outline import MAX_OUTLINED_FLOORS, OutlinedIcon, RememberedIds, outline
from beacon_gateway.core.model.problems import Severity
from beacon_gateway.core.model.settings import STORE_ZONE, Language
from beacon_gateway.core.model.store import OwnPage
from beacon_gateway.simulator.wechat import EmulatedAccount, Emulator, EmulatorSettings
from tests.services.bindings.scene import NOON, SECRET, picture

APPID = "wx0000000000000001"
ICONS = [OutlinedIcon(picture(name), "png") for name in ("spring", "winter")]
UUIDS = ["FDA50693-A4E2-4FB1-AFCF-C6EB07647825", "00000000-0000-0000-0000-000000000001"]
SLUGS = ["spring", "null", "a", "12345678", "much-too-long"]

TEXTS = st.sampled_from(
    ["on", "010", "~", "null", "'\"", "a: b", "# x", "- ", "\x07", "\n", "\u2028", "\ufeff", "👍", "会员日"]
)
TITLES = TEXTS | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
ADDRESSES = st.sampled_from(["https://h5.example.com/a", "http://x y", "https://a/#'\"", "https://会/\u200b"])
COMMENTS = st.sampled_from(["", "gate", "Gate 1", "北扶梯口", "bg:spring--:00000000:00000000"]) | TITLES
MARKS = st.builds(
    lambda slug, icon: mark(OwnPage(slug, "", "", "", "", icon.digest)), st.sampled_from(SLUGS), st.sampled_from(ICONS)
)
PAGES = st.tuples(TITLES, TITLES, ADDRESSES, COMMENTS | MARKS)
DEVICES = st.tuples(
    st.sampled_from(UUIDS),
    st.sampled_from([1, 10001, 65535]),
    st.integers(0, 8),
    COMMENTS,
    st.lists(st.integers(0, 39)),
)


def fill(
    account: EmulatedAccount,
    pages: list[tuple[str, str, str, str]],
    devices: list[tuple[str, int, int, str, list[int]]],
) -> None:
    numbers = [
        account.add_page(title=title, description=text, page_url=url, comment=comment)
        for title, text, url, comment in pages
    ]
    for uuid, major, minor, comment, shown in devices:
        device = account.add_device(uuid=uuid, major=major, minor=minor, comment=comment)
        account.bind(device, [numbers[at] for at in dict.fromkeys(shown) if at < len(numbers)][:30])


async def import_into(folder: Path, emulator: Emulator, rng: random.Random, remembered: RememberedIds) -> int:
    """Read over HTTP, write, read the files, and plan; return how many floor files there are."""
    async with emulator.serve() as url, WeChatClient(api_base=url, appid=APPID, secret=SECRET) as client:
        inventory = await AccountReader(client).read()
    icons = {page.number: rng.choice(ICONS) for page in inventory.pages if rng.random() < 0.7}
    decided = outline(inventory, icons, remembered, can_be_written)
    writer = StoreWriter(folder / "store", Language.ENGLISH, trouble={}, account=APPID)
    writer.write(decided)
    writer.keep()

    store, problems = StoreFiles(folder / "store", STORE_ZONE).read()
    assert not [problem for problem in problems if problem.severity is Severity.ERROR]
    assert set(store.beacons) == {beacon.key for beacon in inventory.beacons}
    assert all(beacon.pages is not None for beacon in store.beacons.values())
    plan = make_plan(store, desired(store, NOON), inventory.existing(), Ledger())
    assert not plan, plan
    assert not plan.withheld
    return len(decided.floors)


def emulator_of_its_own() -> Emulator:
    return Emulator(EmulatorSettings(appid=APPID, secret=SECRET), clock=time.time, rng=random.Random(1))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    pages=st.lists(PAGES, max_size=40),
    devices=st.lists(DEVICES, max_size=20, unique_by=lambda device: device[:3]),
    seed=st.integers(0, 9),
    slugs=st.frozensets(st.sampled_from(SLUGS)),
)
def test_any_account_plans_no_change(
    pages: list[tuple[str, str, str, str]],
    devices: list[tuple[str, int, int, str, list[int]]],
    seed: int,
    slugs: frozenset[str],
) -> None:
    emulator = emulator_of_its_own()
    sound = [page for page in pages if accepted(emulator.account, page)]
    fill(emulator.account, sound, [device for device in devices if len(device[3].encode("gbk", "replace")) <= 30])
    with TemporaryDirectory() as folder:
        asyncio.run(import_into(Path(folder), emulator, random.Random(seed), RememberedIds(slugs, icons=tuple(ICONS))))


def accepted(account: EmulatedAccount, page: tuple[str, str, str, str]) -> bool:
    """True if WeChat takes such a page."""
    title, text, url, comment = page
    try:
        number = account.add_page(title=title, description=text, page_url=url, comment=comment)
    except Exception:  # noqa: BLE001 - whatever it refuses
        return False
    account.delete_pages([number])
    return True


async def test_a_page_is_ours_by_its_mark_even_if_its_slug_is_long_and_its_icon_came_back_changed(
    tmp_path: Path,
) -> None:
    emulator = emulator_of_its_own()
    digest = hashlib.sha256(ICONS[0].content).hexdigest()
    page = OwnPage("much-too-long", "春季", "八折", "https://h5.example.com/a", "", digest)
    emulator.account.add_page(title="春季", description="八折", page_url=page.url, comment=mark(page))
    remembered = RememberedIds(frozenset({"much-too-long"}), icons=(ICONS[0],))

    await import_into(tmp_path, emulator, random.Random(1), remembered)
    store, _ = StoreFiles(tmp_path / "store", STORE_ZONE).read()
    assert isinstance(store.pages["much-too-long"], OwnPage)


async def test_more_majors_than_there_may_be_files_are_put_together(tmp_path: Path) -> None:
    emulator = emulator_of_its_own()
    for major in range(400):
        emulator.account.add_device(major=major, minor=1, comment="门")

    assert await import_into(tmp_path, emulator, random.Random(1), RememberedIds()) <= MAX_OUTLINED_FLOORS
