"""The threads of a command's event loop: they do what they are told, and keep no process from ending."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from beacon_gateway.commands.shared.event_loop import DaemonThreads, run_interruptible, run_until_stopped

WAITING_FOR_EVENTS = ("232 ", "281 ", "22 ")
"""epoll_wait and epoll_pwait of x86-64, epoll_pwait of arm64."""


@pytest.fixture
def threads() -> Iterator[DaemonThreads]:
    made = DaemonThreads(3)
    yield made
    made.shutdown()


def test_what_is_asked_for_is_done_and_what_it_raises_is_raised(threads: DaemonThreads) -> None:
    assert threads.submit(divmod, 7, 3).result() == (2, 1)
    with pytest.raises(ZeroDivisionError):
        threads.submit(divmod, 7, 0).result()


def test_a_thread_that_is_free_is_used_again(threads: DaemonThreads) -> None:
    names = set()
    for _ in range(20):
        names.add(threads.submit(lambda: threading.current_thread().name).result())
    assert len(names) <= 3


def test_there_are_never_more_threads_than_the_limit(threads: DaemonThreads) -> None:
    go_on = threading.Event()
    waiting = [threads.submit(go_on.wait) for _ in range(9)]
    assert sum(thread.name.startswith("worker-") for thread in threading.enumerate()) <= 3
    go_on.set()
    assert all(future.result() for future in waiting)


def test_a_thread_that_hangs_is_left_behind() -> None:
    threads, hangs, entered = DaemonThreads(2, timeout_s=0.01), threading.Event(), threading.Event()

    def hang() -> None:
        entered.set()
        hangs.wait()

    stuck = threads.submit(hang)
    entered.wait()
    threads.shutdown()
    assert not stuck.done()
    with pytest.raises(RuntimeError):
        threads.submit(print)
    hangs.set()
    stuck.result()


@pytest.mark.parametrize("cancel", [False, True])
def test_what_waits_is_done_before_the_end_unless_it_is_cancelled(cancel: bool) -> None:
    threads, go_on, entered = DaemonThreads(1), threading.Event(), threading.Event()

    def hold() -> None:
        entered.set()
        go_on.wait()

    first = threads.submit(hold)
    entered.wait()
    second = threads.submit(lambda: "done")
    threads.shutdown(wait=False, cancel_futures=cancel)
    go_on.set()
    first.result()
    if cancel:
        with pytest.raises(CancelledError):
            second.result()
    else:
        assert second.result() == "done"


def test_a_loop_gives_its_threads_what_is_to_be_done_there() -> None:
    async def work() -> str:
        return await asyncio.to_thread(lambda: threading.current_thread().name)

    assert str(run_until_stopped(work())).startswith("worker-")


def test_a_signal_that_another_thread_was_given_ends_a_command_at_once() -> None:
    main = Path(f"/proc/self/task/{threading.get_native_id()}/syscall")

    def interrupt() -> None:
        while not main.read_text().startswith(WAITING_FOR_EVENTS):
            pass
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)  # this thread: the other one goes on waiting

    async def wait() -> None:
        threading.Thread(target=interrupt).start()
        await asyncio.Event().wait()

    with pytest.raises(KeyboardInterrupt):
        run_interruptible(wait())
