"""An order on the page that fails at something unexpected: it is answered, and the next one is carried out."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from beacon_gateway.adapters.machine.clock import SystemClock
from beacon_gateway.core.files.editing import CheckResult, EditAction, EditOutcome, EditRequest, StoreFile
from beacon_gateway.core.model.visitor import Rank, Visitor
from beacon_gateway.services.files.edit_queue import EditQueue
from beacon_gateway.services.supervise import SupervisedPart, Supervisor
from tests.wiring.whole_gateway import whole_gateway


class Files:
    """A store's files; the first look at them fails at a bug."""

    looks = 0

    def find(self, name: str) -> StoreFile | None:
        del name
        self.looks += 1
        if self.looks == 1:
            raise ZeroDivisionError
        return None

    def check(self, name: str, text: str) -> CheckResult:
        raise KeyError(name, text)

    def save(self, file: StoreFile, text: str, *, who: str, at: datetime) -> bool:
        raise KeyError(file, text, who, at)


async def test_whoever_asked_is_told_and_the_next_one_is_served(tmp_path: Path) -> None:
    async with whole_gateway(tmp_path) as (gateway, _):
        editing = EditQueue(files=Files(), reload=gateway.store_reloader, sync=None, options=None, clock=SystemClock())
        supervisor = Supervisor(gateway.failures, first_pause_s=0.0)
        running = asyncio.create_task(supervisor.run([SupervisedPart("editing", editing.run)]))
        outcomes = []
        for _ in range(2):
            work = editing.begin(EditRequest(EditAction.CHECK, Visitor("linmei", Rank.IT), "F6"))
            assert work
            done = await editing.wait(work.ident, 30)
            assert done
            outcomes.append(done.outcome)
            assert "ZeroDivisionError" in str(done.trouble) if len(outcomes) == 1 else not done.trouble
        assert outcomes == [EditOutcome.NO_TARGET, EditOutcome.GONE]
        assert gateway.failures.status()["editing"].failures == 1
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
