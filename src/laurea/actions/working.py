"""Working: what a worker does in turn. Desks are asked one after the other; each takes one piece of work at most."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Protocol

from django.db import connection
from django.utils import timezone

from laurea.actions import chunks, delivering, intake, ledger, logging_entries, revoking, witnessing, workshop

MAIL_WAITS = 5.0
"""Seconds that messages wait while there are certificates to be made: people look at those as they appear."""


LOOK_AGAIN = 1.0
"""Seconds after which the desks are asked although nobody has written anything: pauses and leases run out."""


class _Desk(Protocol):
    def __call__(self, *, now: datetime, worker: str) -> object: ...


DESKS: tuple[_Desk, ...] = (
    intake.read_next,
    chunks.work_on_next,
    revoking.revoke_due,
    logging_entries.take_in_next,
    witnessing.inform_next,
)


class Turns:
    """The turns of one worker."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._mail_asked = monotonic()
        self._seen: int | None = None
        self._look_again = 0.0

    def take(self) -> bool:
        """Ask each desk for one piece of work; whether any of them had one.

        Raises what a desk could not handle itself, after the others were asked: one that is broken stops none of them.
        """
        state = _state_of_database()
        if state is not None and state == self._seen and monotonic() < self._look_again:
            return False
        busy = self._ask_all()
        self._seen, self._look_again = (None if busy else state), monotonic() + LOOK_AGAIN
        return busy

    def _ask_all(self) -> bool:
        busy = False
        broken: list[Exception] = []
        for desk in DESKS:
            busy |= self._ask(partial(desk, now=timezone.now(), worker=self._worker), broken)
        if not busy or monotonic() - self._mail_asked >= MAIL_WAITS:
            busy |= self._ask(partial(delivering.send_due, now=timezone.now()), broken)
            self._mail_asked = monotonic()
        if broken:
            raise broken[0]
        return busy

    @staticmethod
    def _ask(desk: Callable[[], object], broken: list[Exception]) -> bool:
        try:
            return bool(desk())
        except Exception as error:
            broken.append(error)
            return False


def _state_of_database() -> int | None:
    """A number that changes when somebody else writes to the database, for next to nothing; None where there is none.

    Idle workers ask it four times a second, and the desks only when it has changed.
    """
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])


def get_ready(predecessor: str = "") -> None:
    """Load what is slow to load, and take the leases of a worker that has died in our place."""
    if predecessor:
        ledger.free(predecessor)
    workshop.warm()
