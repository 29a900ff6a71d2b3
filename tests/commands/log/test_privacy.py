"""`privacy report`: what is stored, since when, for how long."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from beacon_gateway.adapters.database.ledger.ledger import LedgerFile
from beacon_gateway.adapters.database.log.hit_log import HitLogFile
from beacon_gateway.core.bindings.history.audit import AuditCause, AuditLine, LedgerEntry
from tests.adapters.database.days import BOOT, HOUR, SHANGHAI, enter, hour_of, shake
from tests.commands.command import run

CONFIG = """\
gateway: f6-east
floor: F6
state: state
runtime: run
hits: {retain: 60d}
wechat: {appid: wx0123456789abcdef, events: {basis: 公众号隐私政策第 3 条, retain: 7d}}
"""


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    (tmp_path / "gateway.yaml").write_text(CONFIG, encoding="utf-8")
    async with HitLogFile(tmp_path / "state") as log:
        await log.append([enter(HOUR), enter(2 * HOUR), *hour_of(1, 2, begins=HOUR), shake(HOUR, 7)], [BOOT])
        await log.fold(BOOT.boot, SHANGHAI, datetime.now(UTC))
    async with LedgerFile(tmp_path / "state") as ledger:
        line = AuditLine(datetime(2026, 11, 21, tzinfo=UTC), AuditCause("apply", "ling"), "p", "r", 1, "c", "verified")
        await ledger.record(LedgerEntry(lines=(line,)))
    return tmp_path


async def test_it_says_what_is_stored_since_when_and_for_how_long(folder: Path) -> None:
    done = await run("privacy", "report", "--config", str(folder / "gateway.yaml"))
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[1:8] == [
        "  信标的到达、远近变化和离开（固定信标，不是人）：2 条，2026-11-20 起，保留 60 天，到期自动删除",
        "  每分钟收到哪些信标、信号多强：120 条，2026-11-20 起，保留 60 天，到期自动删除",
        "  网关每分钟是否在接收：60 条，2026-11-20 起，保留 60 天，到期自动删除",
        "  蓝牙、时钟和信标的事件：0 条，还没有，保留 60 天，到期自动删除",
        "  微信通知的摇一摇：时间、信标，和一个 8 字节代号：1 条，2026-11-20 起，保留 7 天，到期自动删除",
        "  按楼层和小时的合计（只有次数）：2 条，2026-11-20 起，一直保留",
        "  微信的统计：每天次数和人数：0 条，还没有，一直保留",
    ]
    assert lines[8] == "  改动记录，含操作人的系统用户名：1 条，2026-11-21 起，一直保留"
    assert "收集摇一摇的依据：公众号隐私政策第 3 条" in lines
    assert "openid" in lines[9]


async def test_a_script_gets_the_same(folder: Path) -> None:
    done = await run("privacy", "report", "--json", "--config", str(folder / "gateway.yaml"))
    told = json.loads(done.out)
    stored = {item["what"]: (item["rows"], item["retain_days"]) for item in told["stored"]}
    assert stored == {
        "hits": (2, 60),
        "presence": (120, 60),
        "minutes": (60, 60),
        "events": (0, 60),
        "shakes": (1, 7),
        "sums": (2, None),
        "figures": (0, None),
        "audit": (1, None),
    }
    assert told["basis"] == "公众号隐私政策第 3 条"


async def test_before_the_first_start_nothing_is_stored(tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").write_text("gateway: g\nfloor: F6\nstate: state\nlanguage: en\n")
    done = await run("privacy", "report", "--config", str(tmp_path / "gateway.yaml"))
    assert (done.code, done.out.splitlines()[1]) == (0, "  Nothing is stored yet.")


async def test_a_log_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").write_text("gateway: g\nfloor: F6\nstate: state\nlanguage: en\n")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "hits.db").write_text("no database")
    done = await run("privacy", "report", "--config", str(tmp_path / "gateway.yaml"))
    assert (done.code, done.out) == (1, "")
    assert "hits.db" in done.err
