"""What is measured of a start is what the daemon imports, and no more than it needs."""

import os

import pytest

from tests.bench.memory import environment_of_unit
from tests.bench.start import IMPORTS, Start


@pytest.mark.parametrize("imports", IMPORTS.values())
async def test_imports_can_be_measured(imports: str) -> None:
    assert await Start(imports).cpu() > 0


async def test_what_cannot_be_imported_is_not_measured() -> None:
    with pytest.raises(RuntimeError, match="no_such_module"):
        await Start("import no_such_module").cpu()


async def test_what_the_first_scan_does_not_need_is_loaded_after_it() -> None:
    heavy = {
        "aiohttp",
        "jinja2",
        "rich",
        "sqlite3",
        "wechatpy",
        "beacon_gateway.wiring.gateway",
        "beacon_gateway.wiring.opening",
    }
    await Start(f"{IMPORTS['ours']}; import sys; assert not {heavy} & set(sys.modules)").cpu()


async def test_what_dependencies_would_bring_for_nothing_is_left_out_of_the_daemon() -> None:
    daemon = (
        "import beacon_gateway.commands.daemon, beacon_gateway.wiring.pages, beacon_gateway.adapters.wechat.shakearound"
    )
    left_out = {"bz2", "greenlet", "lzma", "rich"}
    typed = "from beacon_gateway.cli import parser; parser().parse_args(['run'])"
    await Start(f"{typed}; {IMPORTS['ours']}; {daemon}; import sys; assert not {left_out} & set(sys.modules)").cpu()


async def test_as_the_unit_starts_it_the_daemon_loads_no_library_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment_of_unit().items():
        monkeypatch.setitem(os.environ, name, value)
    typed = "from beacon_gateway.cli import parser; parser()"
    mapped = "from pathlib import Path; mapped = Path('/proc/self/maps').read_text()"
    unused = ("libbz2", "liblzma", "libstdc++")
    check = f"assert 'libcrypto' in mapped; assert not [name for name in {unused} if name in mapped]"
    await Start(f"{typed}; {IMPORTS['ours']}; import beacon_gateway.wiring.pages; {mapped}; {check}").cpu()


async def test_what_was_left_out_is_found_by_who_wants_it() -> None:
    await Start(f"{IMPORTS['ours']}; import bz2, lzma, rich.console, tarfile").cpu()
