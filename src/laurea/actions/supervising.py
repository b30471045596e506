"""Supervising: worker processes are started, and started anew when they die, until we are told to end.

A worker that was killed in the middle of a chunk leaves a lease behind: whoever takes its place takes it over at once.
"""

from __future__ import annotations

import logging
import secrets
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from time import monotonic

_LOG = logging.getLogger(__name__)

GRACE = 20.0
"""Seconds that workers have to end what they are at."""

_LOOK = 0.1
_YOUNG = 5.0
_LONGEST_PAUSE = 30.0


@dataclass(slots=True)
class _Post:
    """The place of one worker, held by one process after the other."""

    name: str
    generation: int = 0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    not_before: float = 0.0
    failures: int = field(default=0)

    @property
    def worker(self) -> str:
        return f"{self.name}.{self.generation}"

    def look(self) -> None:
        """Fill the post when it is vacant, at once or, where workers fail as soon as they start, after a while."""
        if self.process is not None and (code := self.process.poll()) is not None:
            self._vacate(code)
        if self.process is None and monotonic() >= self.not_before:
            self._fill()

    def _vacate(self, code: int) -> None:
        _LOG.warning("Worker %s has ended (%s); another one takes its place", self.worker, code)
        self.process = None
        # Python ends with 1 when it cannot even begin, which will happen again; all other ends are accidents.
        self.failures = self.failures + 1 if code == 1 and monotonic() - self.started < _YOUNG else 0
        self.not_before = monotonic() + (min(2.0 ** (self.failures - 1), _LONGEST_PAUSE) if self.failures else 0)

    def _fill(self) -> None:
        predecessor = self.worker if self.generation else ""
        self.generation += 1
        self.started = monotonic()
        # -P: nothing that lies in the current folder is imported in place of what we mean.
        command = [sys.executable, "-P", "-m", "laurea.worker", self.worker, predecessor]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 - our own program


def supervise(jobs: int, *, until: threading.Event) -> None:
    """Keep `jobs` workers at work until `until` is set; then let each end its piece of work, for GRACE seconds.

    Workers leave by themselves when this process dies. They read their settings from the environment.
    """
    name = f"{socket.gethostname()[:60]}.{secrets.token_hex(4)}"
    posts = [_Post(f"{name}.{number}") for number in range(1, jobs + 1)]
    try:
        while not until.is_set():
            for post in posts:
                post.look()
            until.wait(_LOOK)
    finally:
        _dismiss([post.process for post in posts if post.process is not None])


def _dismiss(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(deadline - monotonic(), 0))
        except subprocess.TimeoutExpired:
            process.kill()  # what it was at is taken up when its lease runs out
            process.wait()
        if process.stdin:
            process.stdin.close()
