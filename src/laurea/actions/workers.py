"""Several processes for one long piece of work, in order, with a bounded amount of it under way.

They can be started before it is known what they will work with. Where a process may copy itself (Linux, while it is of
a single thread: the renderer, once it has drawn, has more of them) they are copies (fork) and ready at once; elsewhere
they are started afresh (spawn), which takes as long as a hundred credentials. They never outlive whoever started them,
not even a `kill -9`, and leave Ctrl-C to it.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from laurea.credentials.errors import IssuingError

Setup = TypeVar("Setup")
Work = TypeVar("Work")
Tool = TypeVar("Tool")
Result = TypeVar("Result")

_AHEAD = 3
"""Pieces of work handed out for each worker, so that none waits for the next."""

_tools: dict[bytes, object] = {}
"""In a worker: the one tool it has made, by what it was made from."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Crew:
    """Worker processes, to be got from `crew`."""

    def __init__(self, executor: ProcessPoolExecutor, size: int) -> None:
        self._executor = executor
        self.size = size

    def do(
        self,
        work: Callable[[Tool, Work], Result],
        pieces: Iterable[Work],
        *,
        make_tool: Callable[[Setup], Tool],
        setup: Setup,
    ) -> Iterator[Result]:
        """`work(tool, piece)` for each piece, in the order of the pieces; a worker's error is raised here.

        Each worker makes its own tool, `make_tool(setup)`, once. Functions must be those of a module, and everything
        that goes to a worker must be fit for it (pickle).
        """
        recipe = pickle.dumps((make_tool, setup))
        waiting: deque[Future[Result]] = deque()
        try:
            for piece in pieces:
                waiting.append(self._submit(recipe, work, piece))
                if len(waiting) >= self.size * _AHEAD:
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

    def _submit(self, recipe: bytes, work: Callable[[Tool, Work], Result], piece: Work) -> Future[Result]:
        with _deaf_to_interrupts():  # a worker started by this call inherits it
            return self._executor.submit(_work, recipe, work, piece)


@contextmanager
def crew(size: int, *, module: str) -> Iterator[Crew]:
    """`size` workers, which start at once and import `module`, so that they are ready when there is work."""
    context = multiprocessing.get_context("fork" if may_fork() else "spawn")
    executor = ProcessPoolExecutor(size, mp_context=context, initializer=_start, initargs=(module,))
    try:
        with _deaf_to_interrupts():
            for _worker in range(size):
                executor.submit(_ready)
        yield Crew(executor, size)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def may_fork() -> bool:
    """Whether this process may copy itself: a lock that another thread holds would stay locked in the copy for ever."""
    return sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1


def _start(module: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    importlib.import_module(module)


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _ready() -> None:
    """Nothing: the first piece of work, for which the executor starts a process."""


def _work(recipe: bytes, work: Callable[[Tool, Work], Result], piece: Work) -> Result:
    if recipe not in _tools:
        _tools.clear()
        make_tool, setup = pickle.loads(recipe)  # noqa: S301 - from the process that started this one, over its pipe
        _tools[recipe] = make_tool(setup)
    return work(_tools[recipe], piece)  # type: ignore[arg-type]  # the tool that `work` was handed over with


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
