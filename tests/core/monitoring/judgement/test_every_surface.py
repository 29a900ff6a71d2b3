"""One judgement: whatever is wrong, all that say how the gateway is say the same, in both languages."""

import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from beacon_gateway.adapters.secrets.secret import read_secret
from beacon_gateway.core.log.event import EventKind
from beacon_gateway.core.model.settings import Language
from beacon_gateway.services.bindings.sync import ManualRequest
from beacon_gateway.services.wechat.secret_source import SecretSource
from beacon_gateway.simulator.wechat import InjectedFault
from tests.core.monitoring.judgement.surfaces import Scene, Setup, Surfaces, floor_text, look, scene, typed
from tests.services.bindings.scene import BIND, PAGES, RELATIONS
from tests.services.status.ears import Ears

pytestmark = pytest.mark.outside

CODES = {"failed": 1, "operator": 4, "braked": 3, "pending": 2, "fine": 0}
USUAL = Setup()
Deed = Callable[[Scene], Awaitable[object]]


@dataclass(frozen=True)
class Case:
    """A situation, and what all surfaces are to say of it."""

    name: str
    deed: Deed
    """Brings it about, and waits for it."""
    state: str
    """Of the gateway."""
    troubles: tuple[str, ...]
    target: str
    """State of the binding target."""
    zh: str = ""
    """What the sentence says is wrong or to be done."""
    en: str = ""
    setup: Setup = USUAL


def comes(*states: str) -> Deed:
    return lambda scene: scene.until(*states)


def fault(path: str, fault: InjectedFault, state: str) -> Deed:
    async def deed(scene: Scene) -> None:
        await scene.until("in-sync")
        scene.wechat.emulator.faults.add(path, fault, times=None)
        await scene.save("draw")
        await scene.until(state)

    return deed


async def is_held(scene: Scene) -> None:
    await scene.until("in-sync")
    await scene.save("draw")
    await scene.until_it_is(lambda _: scene.wechat.shown(1) == ["幸运抽奖"])
    await scene.until("in-sync")
    async with scene.sync.turn:
        await scene.sync.undo(ManualRequest("wang", "too early"))
    await scene.until("held")


async def is_braked(scene: Scene) -> None:
    await scene.until("in-sync")
    await scene.save("", changed=8)
    await scene.until("braked")


async def loses_most_of_a_floor(scene: Scene) -> None:
    await scene.until("in-sync")
    cut = "".join(floor_text().splitlines(keepends=True)[:6])
    (scene.folder / "store" / "floors" / "F6.yaml").write_text(cut, encoding="utf-8")
    await scene.gateway.store_reloader.load()
    await scene.until("vanished")


async def is_emptied_elsewhere(scene: Scene) -> None:
    await scene.until("in-sync")
    for number in range(1, 9):
        scene.wechat.bind(number)
    await scene.save("draw")
    await scene.until("listing")


async def has_a_page_that_says_nothing(scene: Scene) -> None:
    await scene.until("in-sync")
    rule = f'"page_id": {scene.wechat.page()}'
    scene.wechat.emulator.faults.add(RELATIONS, InjectedFault.error(9001001), times=None, only=rule)
    await scene.save("draw")
    await scene.until("unread")


async def has_no_ledger(scene: Scene) -> None:
    await scene.until("in-sync")
    ledger = scene.folder / "state" / "ledger.db"
    for file in ledger.parent.glob("ledger.db*"):
        file.unlink()
    ledger.mkdir()
    await scene.save("draw")
    await scene.until("ledger")


async def cannot_log(scene: Scene) -> None:
    await scene.until("in-sync")
    log = scene.folder / "state" / "hits.db"
    for file in log.parent.glob("hits.db*"):
        file.unlink()
    log.mkdir()
    journal = scene.gateway.beacon_monitor.journal
    journal.event(EventKind.RUNG, journal.now(), {"rung": "new-scanner", "cause": "silent"})
    await scene.until_it_is(lambda status: status.log_trouble)


async def has_faulty_files(scene: Scene) -> None:
    await scene.until("in-sync")
    (scene.folder / "store" / "floors" / "F6.yaml").write_text("floor: [")
    await scene.gateway.store_reloader.load()
    await scene.until_it_is(lambda status: status.store.errors)


CASES = [
    Case("in sync", comes("in-sync"), "fine", (), "in-sync"),
    Case(
        "no network",
        comes("unreachable"),
        "pending",
        ("wechat:unreachable",),
        "unreachable",
        "无法连接微信",
        "WeChat cannot be reached; next try at",
        Setup(reachable=False),
    ),
    Case(
        "wrong secret",
        comes("operator"),
        "operator",
        ("wechat:operator",),
        "operator",
        "公众号或 AppSecret 有问题，需要 IT 处理；信标照常记录。",
        "The account or its secret needs IT",
        Setup(secret="wr0ng" * 6),
    ),
    Case(
        "no secret",
        comes("operator"),
        "operator",
        ("wechat:operator",),
        "operator",
        "没有可用的 AppSecret。由 systemd 启动的，请把它写进 /etc/beacon-gateway/wechat-secret，再重启",
        "No usable AppSecret.",
        Setup(secret=SecretSource(partial(read_secret, {}))),
    ),
    Case(
        "recalled account",
        comes("operator"),
        "operator",
        ("wechat:operator",),
        "operator",
        "公众号或 AppSecret 有问题，需要 IT 处理；信标照常记录。",
        "The account or its secret needs IT",
        Setup(recalled=True),
    ),
    Case(
        "calls used up",
        fault(PAGES, InjectedFault.error(45009, "reach max api daily quota limit"), "quota"),
        "pending",
        ("wechat:quota",),
        "quota",
        "/shakearound/page/search 今天的调用次数已用完，北京时间",
        "Today's calls of /shakearound/page/search are used up. They reset at",
    ),
    Case(
        "an answer of no use",
        fault(PAGES, InjectedFault.http(404), "retrying"),
        "pending",
        ("wechat:retrying",),
        "retrying",
        "这次应用或核对没有成功",
        "The last attempt at WeChat failed; next try at",
    ),
    Case(
        "ledger of no use",
        has_no_ledger,
        "pending",
        ("wechat:ledger",),
        "ledger",
        "状态文件夹里的账本（ledger.db）无法使用",
        "The ledger in the state folder (ledger.db) cannot be used",
    ),
    Case(
        "an account without these beacons",
        comes("no-beacons"),
        "pending",
        ("wechat:no-beacons",),
        "no-beacons",
        "公众号里没有文件中的信标",
        "The account has none of the beacons in the files",
        Setup(devices=0),
    ),
    Case(
        "apply: manual",
        comes("pending"),
        "pending",
        ("wechat:pending",),
        "pending",
        "处改动等待应用：先查看 sudo beacon-gateway plan",
        "waiting to be applied: review with sudo beacon-gateway plan",
        Setup(options=", apply: manual"),
    ),
    Case(
        "role: reader",
        comes("reader"),
        "pending",
        ("wechat:reader",),
        "reader",
        "这台网关只读（role: reader），由负责写入的网关应用",
        "This gateway only reads (role: reader); the one that writes applies them.",
        Setup(options=", role: reader"),
    ),
    Case(
        "refused",
        fault(BIND, InjectedFault.error(9001024, "invalid page id"), "refused"),
        "pending",
        ("wechat:refused",),
        "refused",
        "微信拒绝了 2 处改动（1 号、2 号）",
        "WeChat rejected 2 changes (1 号, 2 号)",
    ),
    Case(
        "braked",
        is_braked,
        "braked",
        ("wechat:braked",),
        "braked",
        "这次改动会让 8 个信标里的 8 个失去页面，已停止",
        "Stopped by the brake: 8 of 8 beacons would lose a page.",
    ),
    Case(
        "a file that is cut off",
        loses_most_of_a_floor,
        "braked",
        ("wechat:vanished",),
        "vanished",
        "F6 (4 号, 5 号, 6 号…)：5 个信标一下子从门店文件里消失",
        "F6 (4 号, 5 号, 6 号…): 5 beacons disappeared from the store's files all at once",
    ),
    Case(
        "a list that is too short",
        is_emptied_elsewhere,
        "pending",
        ("wechat:listing",),
        "listing",
        "微信这次列出的页面或绑定比已知的少得多",
        "WeChat listed far fewer pages or bindings than are known to exist",
    ),
    Case(
        "a page that does not say what shows it",
        has_a_page_that_says_nothing,
        "pending",
        ("wechat:unread",),
        "unread",
        "公众号里有 1 项无法识别（会员日 (",
        "1 item in the WeChat account cannot be read (会员日 (",
    ),
    Case(
        "held after an undo",
        is_held,
        "braked",
        ("wechat:held",),
        "held",
        "回滚过改动，在文件里改动它们之前，这些改动不会自动应用（其他照常）。",
        "it is not applied automatically until it is edited in the files",
    ),
    Case(
        "a log that cannot be written",
        cannot_log,
        "failed",
        ("log",),
        "in-sync",
        "记录现在无法写入",
        "The log cannot be written",
    ),
    Case(
        "faulty files",
        has_faulty_files,
        "pending",
        ("files",),
        "in-sync",
        "门店文件有 1 个错误",
        "The store's files have 1 error;",
    ),
]


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ears]:
    with Ears.somewhere() as ears:
        monkeypatch.setenv("NOTIFY_SOCKET", ears.name)
        yield ears


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
async def test_every_surface_says_the_same(case: Case, tmp_path: Path, ears: Ears) -> None:
    async with scene(tmp_path, ears, case.setup) as here:
        await case.deed(here)
        found = await look(here)
    same_for_machines(case, found)
    same_for_people(case, found)


def same_for_machines(case: Case, found: Surfaces) -> None:
    judged = found.file["judgement"]
    assert (judged["state"], found.code) == (case.state, CODES[case.state])
    assert [trouble["name"] for trouble in judged["troubles"]] == list(case.troubles)
    assert found.file["targets"]["wechat"]["state"] == case.target
    assert found.api["judgement"] == judged
    health = json.loads(found.health.body)
    # Only a gateway that does not receive or cannot log rings a bell; what else is wrong is named.
    assert found.health.code == (503 if case.state == "failed" else 200)
    assert (health["state"], health["troubles"]) == (case.state, list(case.troubles))
    assert health["reasons"] == (list(case.troubles) if case.state == "failed" else [])
    assert found.of_metric("state", "state") == [case.state]
    assert found.of_metric("trouble", "name") == sorted(case.troubles)
    assert found.of_metric("sync_state", "state") == [case.target]
    assert f"sync {case.target}" in found.systemd
    assert found.systemd.startswith("STATUS=radio ")
    assert found.systemd.endswith(f"; {case.state}: {', '.join(case.troubles)}") == bool(case.troubles)


def same_for_people(case: Case, found: Surfaces) -> None:
    for language, sentence in ((Language.CHINESE, case.zh), (Language.ENGLISH, case.en)):
        needs = found.overview[language].partition("需要处理" if language is Language.CHINESE else "Needs attention")[2]
        well = "一切正常" if language is Language.CHINESE else "No problems"
        assert (well in needs) == (not case.troubles)
        assert sentence in needs
        assert sentence in found.status[language]
        if case.troubles and case.troubles[0].startswith("wechat:"):
            assert sentence in found.doctor[language]
        nothing_waits = "没有待应用的改动" if language is Language.CHINESE else "None pending"
        assert (nothing_waits in found.overview[language]) == (case.target == "in-sync")
        agrees = "与文件一致" if language is Language.CHINESE else "in sync with the files"
        assert (agrees in found.bindings[language]) == (case.target == "in-sync")
        (line,) = (line for line in found.status[language].splitlines() if line.startswith(("微信：", "WeChat: ")))
        assert line in found.bindings[language]


async def test_a_port_that_another_program_has_is_said_wherever_there_are_no_pages_to_say_it(
    tmp_path: Path, ears: Ears
) -> None:
    async with scene(tmp_path, ears, Setup()) as here:
        with socket.socket() as other:
            other.bind(("127.0.0.1", here.port))
            other.listen()
            await here.until("in-sync")
            await here.until_it_is(lambda status: status.pages and status.pages.trouble)
            english, chinese = (typed(tmp_path, language) for language in (Language.ENGLISH, Language.CHINESE))
    assert (english[0], chinese[0]) == (2, 2)
    assert (
        f"! The pages are unavailable: another program uses 127.0.0.1:{here.port}. To see which: sudo ss -ltnp"
        in english[1]
    )
    assert f"！网页无法打开：127.0.0.1:{here.port} 被别的程序占用" in chinese[1]
    assert [word for word in ears.heard() if word.endswith("; pending: pages:taken")]
