"""Several processes for one long piece of work, in order, with a bounded amount of it under way.

Workers are started afresh (spawn), because the renderer has threads of its own. They never outlive whoever started
them, not even a `kill -9`, and leave Ctrl-C to it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Generic, TypeVar

from laurea.credentials.errors import IssuingError, LaureaError

Setup = TypeVar("Setup")
Work = TypeVar("Work")
Tool = TypeVar("Tool")
Result = TypeVar("Result")

_AHEAD = 3
"""Pieces of work handed out for each worker, so that none waits for the next."""

_tool: object = None
_failure: LaureaError | None = None


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Crew(Generic[Tool]):
    """Worker processes, each of which made its own tool from the same setup."""

    def __init__(self, executor: ProcessPoolExecutor, size: int) -> None:
        self._executor = executor
        self._size = size

    def do(self, work: Callable[[Tool, Work], Result], pieces: Iterable[Work]) -> Iterator[Result]:
        """`work(tool, piece)` for each piece, in the order of the pieces; a worker's error is raised here.

        `work` must be a function of a module.
        """
        waiting: deque[Future[Result]] = deque()
        try:
            for piece in pieces:
                with _deaf_to_interrupts():  # a worker started by this call inherits it
                    waiting.append(self._executor.submit(_work, work, piece))
                if len(waiting) >= self._size * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise IssuingError(
                "issuing.worker-died",
                "A worker process was ended from outside, perhaps because memory ran out",
                "Continue with --resume, with fewer --jobs if memory is short",
            ) from None
        finally:
            for future in waiting:
                future.cancel()


@contextmanager
def crew(size: int, make_tool: Callable[[Setup], Tool], setup: Setup) -> Iterator[Crew[Tool]]:
    """`size` workers, each with `make_tool(setup)`. Both must be able to go to another process (pickle)."""
    executor = ProcessPoolExecutor(
        size, mp_context=multiprocessing.get_context("spawn"), initializer=_start, initargs=(make_tool, setup)
    )
    try:
        yield Crew(executor, size)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _start(make_tool: Callable[[Setup], object], setup: Setup) -> None:
    global _tool, _failure
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    try:
        _tool = make_tool(setup)
    except LaureaError as error:
        _failure = error  # raised by the first piece of work, where it can reach the parent


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(work: Callable[[Tool, Work], Result], piece: Work) -> Result:
    if _failure is not None:
        raise _failure
    return work(_tool, piece)  # type: ignore[arg-type]  # made by `_start` with the function that `crew` was given


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ctrl-C goes to every process of a terminal: a worker must not die of it before it can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
