"""The event loop of a command: it ends in order on a signal, and is kept from ending by no thread that hangs."""

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue
from typing import Any, Final, TypeVar

T = TypeVar("T")

MAX_THREADS: Final = 32
MAX_SIGNALS_AT_ONCE: Final = 64
SHUTDOWN_TIMEOUT_S: Final = 5.0
"""For what still runs in threads when the loop ends: a file that is being saved, for example."""


def run_until_stopped(work: Coroutine[None, None, T], *, stops_at_hangup: bool = True) -> T | None:
    """Run the work to its end and return what came of it; None if SIGINT, SIGTERM or SIGHUP cancelled it.

    Where SIGHUP does not stop it, the work itself says what it does; until then it does nothing. `nohup` is respected.
    """

    async def stoppable() -> T | None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(DaemonThreads(MAX_THREADS))
        working = asyncio.ensure_future(work)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, working.cancel)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            loop.add_signal_handler(signal.SIGHUP, working.cancel if stops_at_hangup else _nothing)
        try:
            return await working
        except asyncio.CancelledError:
            return None

    return asyncio.run(stoppable())


def run_interruptible(work: Coroutine[Any, Any, T]) -> T:
    """Run the work to its end and return what came of it. Raise KeyboardInterrupt where SIGINT ended it.

    As `asyncio.run`, in which a signal may be overlooked until the next timer: one that comes just before the loop
    begins to wait, or that the kernel gives to another thread. In another thread than the main one, Python handles no
    signals.
    """

    async def woken_by_signals() -> T:
        loop = asyncio.get_running_loop()
        reading, writing = socket.socketpair()
        with reading, writing:
            for end in (reading, writing):
                end.setblocking(False)
            loop.add_reader(reading, reading.recv, MAX_SIGNALS_AT_ONCE)
            before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
            try:
                return await work
            finally:
                signal.set_wakeup_fd(before)
                loop.remove_reader(reading)

    is_main = threading.current_thread() is threading.main_thread()
    return asyncio.run(woken_by_signals() if is_main else work)


def _nothing() -> None:
    """Do nothing."""


class DaemonThreads(ThreadPoolExecutor):
    """Threads that the end of the process does not wait for longer than a few seconds.

    A shared folder, or a name server, may hang for minutes; with Python's own threads the process would hang with it,
    after all is said and written, until systemd kills it.
    """

    def __init__(self, max_workers: int, *, timeout_s: float = SHUTDOWN_TIMEOUT_S) -> None:
        super().__init__(max_workers)
        self._limit, self._timeout_s = max_workers, timeout_s
        self._jobs: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self._free = threading.Semaphore(0)
        self._alone = threading.Lock()
        self._workers: list[threading.Thread] = []
        self._has_ended = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:  # noqa: ANN401 - whatever `fn` takes
        """Run `fn` in one of the threads. Raises RuntimeError after the end."""
        future: Future[T] = Future()
        with self._alone:
            if self._has_ended:
                raise RuntimeError("the threads have ended")
            self._jobs.put((future, partial(fn, *args, **kwargs)))
            if not self._free.acquire(blocking=False) and len(self._workers) < self._limit:
                worker = threading.Thread(target=self._work, name=f"worker-{len(self._workers)}", daemon=True)
                self._workers.append(worker)
                worker.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more; wait a while for what runs. What waits is done all the same, unless it is cancelled."""
        with self._alone:
            self._has_ended = True
        if cancel_futures:
            while not self._jobs.empty():
                if job := self._jobs.get():
                    job[0].cancel()
        for _ in self._workers:
            self._jobs.put(None)
        until = time.monotonic() + (self._timeout_s if wait else 0.0)
        for worker in self._workers:
            worker.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            _do(*job)
            del job  # or its result would be kept until the next one
            self._free.release()


def _do(future: Future[T], work: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - raised where it is awaited
        future.set_exception(error)
    else:
        future.set_result(result)
