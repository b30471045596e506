"""Where a stranger comes from, and how often one may be wrong: guessing codes must not pay."""

from __future__ import annotations

from django.http import HttpRequest

from laurea.actions import callers
from laurea.actions.callers import MOST_MISSES, SECONDS, address

__all__ = ["MOST_FILES", "MOST_MISSES", "SECONDS", "address", "asks_too_often", "has_missed_too_often", "missed"]

MOST_FILES = 20
"""So many files are taken from one address in SECONDS, counted by each process."""


def missed(request: HttpRequest, times: int = 1) -> None:
    """Count a code that leads nowhere."""
    if times:
        callers.count("misses", request, seconds=SECONDS, more=times)


def misses_left(request: HttpRequest) -> int:
    """How many more codes may lead nowhere."""
    return max(0, MOST_MISSES - callers.counted("misses", request))


def has_missed_too_often(request: HttpRequest) -> bool:
    """Whether no further code is taken from this address for the moment."""
    return not misses_left(request)


def asks_too_often(request: HttpRequest) -> bool:
    """Count a file, or several at once, that is handed over; whether it is one too many."""
    return callers.count("files", request, seconds=SECONDS) > MOST_FILES
