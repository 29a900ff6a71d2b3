"""What is measured of a start is what the daemon imports, and no more than it needs."""

import pytest

from tests.bench.start import IMPORTS, Start


@pytest.mark.parametrize("imports", IMPORTS.values())
async def test_imports_can_be_measured(imports: str) -> None:
    assert await Start(imports).cpu() > 0


async def test_what_cannot_be_imported_is_not_measured() -> None:
    with pytest.raises(RuntimeError, match="no_such_module"):
        await Start("import no_such_module").cpu()


async def test_what_the_first_scan_does_not_need_is_loaded_after_it() -> None:
    heavy = {"aiohttp", "jinja2", "rich", "sqlite3", "wechatpy", "beacon_gateway.app"}
    await Start(f"{IMPORTS['ours']}; import sys; assert not {heavy} & set(sys.modules)").cpu()


async def test_the_views_still_find_rich() -> None:
    await Start(f"{IMPORTS['ours']}; import rich.console").cpu()
