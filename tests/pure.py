"""A plugin for `make pure`: a test that reaches out of its process fails, and says where it belongs."""

import sys
from collections.abc import Iterator
from typing import Any, Final

import pytest

REACHING_OUT: Final = frozenset(
    {
        *("subprocess.Popen", "os.posix_spawn", "os.fork", "os.exec", "os.system"),
        *("socket.bind", "socket.connect", "socket.getaddrinfo", "sqlite3.connect"),
    }
)
"""Audit events of Python (PEP 578)."""
_running: list[str] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    _running.append(item.nodeid)
    try:
        return (yield)
    finally:
        _running.pop()


def _watch(event: str, _: tuple[Any, ...]) -> None:
    if _running and event in REACHING_OUT:
        raise AssertionError(f"{event} in a pure test: mark it with pytest.mark.outside")


sys.addaudithook(_watch)
