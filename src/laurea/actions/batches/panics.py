"""Panics of the reader of workbooks, which is written in Rust: told as errors, and not as pages about its own code.

Rust writes about a panic to standard error before Python hears of it. So standard error goes aside meanwhile, and what
others wrote to it is handed on afterwards.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_STANDARD_ERROR = 2
_turns = Lock()


class PanicError(Exception):
    """A panic."""


@contextmanager
def told() -> Iterator[None]:
    """Turns a panic inside into a `PanicError`. Threads take turns."""
    with _turns, tempfile.TemporaryFile() as aside:
        before = _turned_to(aside.fileno())
        try:
            yield
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # a BaseException of Rust's, which has no name to import
                raise
            aside.truncate(0)
            raise PanicError(str(error)) from None
        finally:
            _turn_back(before)
            aside.seek(0)
            if before is not None and (said := aside.read()):
                os.write(_STANDARD_ERROR, said)


def _turned_to(other: int) -> int | None:
    """Standard error as it was, now that it leads to `other`; None where there is none."""
    try:
        before = os.dup(_STANDARD_ERROR)
    except OSError:
        return None
    os.dup2(other, _STANDARD_ERROR)
    return before


def _turn_back(before: int | None) -> None:
    if before is not None:
        os.dup2(before, _STANDARD_ERROR)
        os.close(before)
