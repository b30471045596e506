"""The parts of a running installation: processes that are started, watched, started again, and stopped together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from laurea.cli import console

PATIENCE = 25.0
"""Seconds that a part has to end what it is doing."""

_LONGEST_PAUSE = 30.0
_STEADY = 60.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LAUREA = (sys.executable, "-m", "laurea")


@dataclass
class Part:
    """A process that shall run as long as we do; `name` is what people are told."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = field(default=0.5)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches it through us alone."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            [*_LAUREA, *self.arguments],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def ended(self) -> int | None:
        """The exit code, once it has one."""
        return self.process.poll() if self.process else None


class Stop:
    """Whether somebody asked us to stop, by Ctrl-C or a signal."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def __bool__(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait that long, or until it is asked for."""
        return self._event.wait(seconds)

    @contextmanager
    def on_signals(self) -> Iterator[Stop]:
        """Listen to the signals that mean “stop”."""
        before = {number: signal.signal(number, lambda *_: self._event.set()) for number in _SIGNALS}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def watch(parts: Sequence[Part], stop: Stop) -> int:
    """Keep the parts running until a stop is asked for; give the exit code.

    One that dies is started again, after a pause that grows. One that says it was used wrongly (2) ends everything.
    """
    due: dict[int, float] = {}
    while not stop.wait(0.2):
        now = time.monotonic()
        for index, part in enumerate(parts):
            if index in due:
                if now >= due[index]:
                    del due[index]
                    part.start()
                continue
            code = part.ended()
            if code is None:
                continue
            if code == 2:
                return code
            if now - part.started > _STEADY:
                part.pause = 0.5
            console.warn(f"{part.name} ended unasked (exit code {code}); it is started again in {part.pause:.0f} s")
            due[index] = now + part.pause
            part.pause = min(part.pause * 2, _LONGEST_PAUSE)
    return 0


def end(parts: Sequence[Part]) -> None:
    """Ask all parts to stop, wait, and make an end of what is left, children of theirs included."""
    running = [part.process for part in parts if part.process is not None]
    for process in running:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
    for process in running:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _die_with_parent() -> None:
    """On Linux: be told to stop when whoever started us is gone, even by `kill -9`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
