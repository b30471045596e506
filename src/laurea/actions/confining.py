"""Confining: a design that somebody brought along draws in a process of its own, within bounds.

A design is a program. It has no network and no files but its own, but nothing in its language keeps it from counting to
a billion, or from filling the memory. The designs that the package brings are trusted and draw where they are called.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol

from laurea.credentials.errors import LaureaError, RenderingError
from laurea.rendering.certificate import Appearance, CertificateRenderer
from laurea.rendering.design import FOLDER, Design

if sys.platform != "win32":
    import resource

MOST_SECONDS = 3
"""Of a processor's time, for one certificate. One of a packaged design takes some milliseconds, the first one 0.3 s."""

MOST_MEMORY = 128 * 1024 * 1024
"""Bytes that drawing may take besides the 100 MB that fonts and compiler have."""

_MOST_PATIENCE = 60.0
"""Seconds until the other process is given up, whatever keeps it."""

_STATUS = Path("/proc/self/status")
_OUT_OF_TIME = -getattr(signal, "SIGPROF", 0)
_OUT_OF_MEMORY = -getattr(signal, "SIGABRT", 0)


class Renderer(Protocol):
    """What draws certificates of one design in one appearance, as `CertificateRenderer` does."""

    def pdf(
        self, document: Mapping[str, object], *, credential_text: bytes, code: str, address: str | None, made: datetime
    ) -> bytes:
        """The certificate as a PDF."""

    def picture(self, document: Mapping[str, object], *, code: str, address: str | None, width: int = 1600) -> bytes:
        """The certificate as a PNG."""


def renderer(design: Design, appearance: Appearance) -> Renderer:
    """What draws certificates: here for a design that the package brings, in a confined process for any other.

    Raises RenderingError as `CertificateRenderer` does. So does drawing; in a confined process also
    ``rendering.design-slow``, ``rendering.design-large`` and ``rendering.design-broken``.
    """
    if design.folder.parent == FOLDER.resolve():
        return CertificateRenderer(design, appearance)
    return _Confined(design, appearance)


class _Confined:
    """Draws in a process that is ended when it takes too much, and started anew for the next certificate."""

    def __init__(self, design: Design, appearance: Appearance) -> None:
        self._design = design
        self._appearance = appearance
        self._hand = self._hire()

    def pdf(
        self, document: Mapping[str, object], *, credential_text: bytes, code: str, address: str | None, made: datetime
    ) -> bytes:
        said = {"credential_text": credential_text, "code": code, "address": address, "made": made}
        return self._ask("pdf", document, said)

    def picture(self, document: Mapping[str, object], *, code: str, address: str | None, width: int = 1600) -> bytes:
        return self._ask("picture", document, {"code": code, "address": address, "width": width})

    def _hire(self) -> _Hand:
        hand = _Hand(self._design, self._appearance)
        hand.answer()
        return hand

    def _ask(self, method: str, document: Mapping[str, object], said: Mapping[str, object]) -> bytes:
        if self._hand.gone:
            self._hand = self._hire()
        self._hand.ask((method, dict(document), said))
        return self._hand.answer()


class _Hand:
    """The other process, at the end of a line."""

    def __init__(self, design: Design, appearance: Appearance) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        process = context.Process(target=_draw, args=(theirs, design, appearance), daemon=True)
        process.start()
        theirs.close()
        self._process: BaseProcess = process
        self._name = design.name
        self.gone = False

    def ask(self, question: object) -> None:
        with suppress(OSError):  # then there is no answer, either
            self._line.send(question)

    def answer(self) -> bytes:
        """What the process says; an error is raised. If it ended, what ended it tells why."""
        patient = self._line.poll(_MOST_PATIENCE)
        answer: bytes | LaureaError | None = None
        with suppress(EOFError, OSError):
            answer = self._line.recv() if patient else None
        if answer is None:
            answer = self._explained(patient)
        if isinstance(answer, LaureaError):
            raise answer
        return answer

    def _explained(self, patient: bool) -> RenderingError:
        if patient:
            self._process.join(_MOST_PATIENCE)
        self._process.kill()
        self._process.join()
        self._line.close()
        self.gone = True
        if not patient or self._process.exitcode == _OUT_OF_TIME:
            return RenderingError(
                "rendering.design-slow",
                f"The design “{self._name}” takes longer than {MOST_SECONDS} seconds to draw one certificate",
                "Look for loops in it, and for pictures that are larger than they need be",
            )
        if self._process.exitcode == _OUT_OF_MEMORY:
            return _too_large(self._name)
        return RenderingError(
            "rendering.design-broken",
            f"The design “{self._name}” broke the program that draws it",
            "Take out what was added last, and try again",
        )


def _too_large(name: str) -> RenderingError:
    return RenderingError(
        "rendering.design-large",
        f"The design “{name}” takes more than {MOST_MEMORY // 1024**2} MiB of memory to draw one certificate",
        "Look for lists in it, and for pictures, that are larger than they need be",
    )


def _draw(line: Connection, design: Design, appearance: Appearance) -> None:
    """In the confined process: draw what is asked for, as long as there is somebody who asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["RAYON_NUM_THREADS"] = "1"  # the stack of each further thread of the compiler would count as memory
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where a compiler that breaks writes pages about itself
    drawing: CertificateRenderer | None = None

    def begin() -> bytes:
        nonlocal drawing
        drawing = CertificateRenderer(design, appearance)
        return b""

    with suppress(EOFError, OSError):
        line.send(_within_time(begin, design.name))
        _bound_memory()
        while drawing is not None:
            method, document, said = line.recv()
            line.send(_within_time(partial(getattr(drawing, method), document, **said), design.name))


def _within_time(work: Callable[[], bytes], name: str) -> bytes | LaureaError:
    """What `work` gives, or its error. The system ends the process when it takes more time than it may."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        return work()
    except LaureaError as error:
        return error
    except MemoryError:
        return _too_large(name)
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)


def _bound_memory() -> None:
    """No more than MOST_MEMORY besides what there is, where the system tells and can hold a process to that."""
    if sys.platform == "win32" or not _STATUS.exists():
        return
    held = dict(line.partition(":")[::2] for line in _STATUS.read_text("ascii", "replace").splitlines())
    most = int(held["VmData"].split()[0]) * 1024 + MOST_MEMORY
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
