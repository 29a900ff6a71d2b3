from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.wechat.history.scene import Scene, scene_at


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene_at(tmp_path) as scene:
        yield scene
