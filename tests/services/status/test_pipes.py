"""A pipe under a name of ours stops nothing: to open one for writing would be to wait for ever."""

import os
import stat
from pathlib import Path

from beacon_gateway.adapters.database.ledger.ledger import LOCK_FILE, LedgerFile
from beacon_gateway.adapters.state.status_file import StatusFile
from tests.services.status.test_heartbeat import status


def test_the_status_is_written_past_a_pipe_under_its_new_name(tmp_path: Path) -> None:
    for name in (".status.json.new", "status.json"):
        os.mkfifo(tmp_path / name)
    file = StatusFile(tmp_path)
    file.write(status())
    read = file.read()
    assert read
    assert read["gateway"] == "f6-east"
    assert stat.S_IMODE((tmp_path / "status.json").stat().st_mode) == 0o644


async def test_the_target_is_written_beside_a_pipe_under_the_locks_name(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / LOCK_FILE)
    async with LedgerFile(tmp_path) as ledger, ledger.writing():
        await ledger.begin_run("r")
