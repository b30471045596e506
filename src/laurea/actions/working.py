"""Working: what a worker does in turn. The desks are asked one after the other; each takes at most one piece of work."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from django.utils import timezone

from laurea.actions import chunks, delivering, intake, ledger, workshop


class _Desk(Protocol):
    def __call__(self, *, now: datetime, worker: str) -> object: ...


def _deliver(*, now: datetime, worker: str) -> int:
    return delivering.send_due(now=now)


DESKS: tuple[_Desk, ...] = (intake.read_next, chunks.work_on_next, _deliver)


def take_turns(worker: str) -> bool:
    """Ask each desk for one piece of work; whether any of them had one.

    Raises what a desk could not handle itself, after the others were asked: one that is broken stops none of them.
    """
    busy = False
    broken: Exception | None = None
    for desk in DESKS:
        try:
            busy |= bool(desk(now=timezone.now(), worker=worker))
        except Exception as error:
            broken = error
    if broken is not None:
        raise broken
    return busy


def get_ready(predecessor: str = "") -> None:
    """Load what is slow to load, and take the leases of a worker that has died in our place."""
    if predecessor:
        ledger.free(predecessor)
    workshop.warm()
