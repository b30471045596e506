"""Logging entries: the desk where they get their places in the log and are published; by one worker at a time.

Acts never wait for it: their entries lie in the database, without a number, until the log takes them in. A place is
given once and for ever, in the order in which the acts were committed. The lease, with its fencing token, keeps two
workers apart; whoever dies is followed by somebody who goes on where the records say that he was.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from laurea.actions import chunks, ledger, log_key, publishing
from laurea.actions.ledger import FencedError
from laurea.credentials.errors import LaureaError
from laurea.records.models import Entry, Log

LEASE = timedelta(seconds=60)
RHYTHM = timedelta(seconds=1)
"""The least time between two publications: what was done meanwhile comes with the next one."""

PAUSE = timedelta(seconds=20)
"""How long the log rests when its storage, or what it finds in the database, is in trouble."""

MOST_AT_ONCE = 20_000
_SIGN_OF_LIFE = 5.0
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Held:
    """The log in our hands, as long as `token` is its newest."""

    log: int
    token: int
    renewed: float

    def write(self, **values: object) -> None:
        """Change the log's row, if it is still in our hands. Raises `FencedError`."""
        if not Log.objects.filter(pk=self.log, token=self.token).update(**values):
            raise FencedError

    def alive(self) -> None:
        """Say so, now and then. Raises `FencedError` when somebody else has taken over."""
        if transaction.get_connection().in_atomic_block or monotonic() - self.renewed > _SIGN_OF_LIFE:
            self.write(lease_until=timezone.now() + LEASE)
            self.renewed = monotonic()


def take_in_next(*, worker: str, now: datetime) -> bool:
    """Number the entries that wait, and publish; False when there is nothing to do, or somebody else does it."""
    if not _work_waits(now):
        return False
    try:
        held = _claim(now)
    except LaureaError as error:  # the installation can keep no keys
        _LOG.warning("The log waits: %s", error.code)
        return False
    if held is None:
        return False
    try:
        number(held)
        publishing.publish(Log.objects.get(pk=held.log), alive=held.alive, now=now)
        held.write(lease_until=now + RHYTHM, problem="")
    except FencedError:
        _LOG.warning("The log was taken over by another worker than %s", worker)
    except Exception as error:
        if not isinstance(error, LaureaError):
            chunks.log(error)
        explained = ledger.explained(error)
        _LOG.warning("The log waits: %s", explained.code)
        with suppress(FencedError):
            held.write(lease_until=now + PAUSE, problem=explained.message)
    return True


def number(held: _Held) -> int:
    """Give places to the entries that wait, at most `MOST_AT_ONCE`; give how many. Raises `FencedError`."""
    with transaction.atomic():
        held.alive()
        waiting = Entry.objects.filter(number=None).order_by("pk").values_list("pk", flat=True)
        taken = list(waiting[:MOST_AT_ONCE])
        if not taken:
            return 0
        last = Entry.objects.aggregate(last=Max("number"))["last"]
        size = max(Log.objects.get(pk=held.log).size, 0 if last is None else last + 1)
        for first, end in _runs(taken):
            # Numbers in a row for primary keys in a row: one statement, however many there are.
            run = Entry.objects.filter(pk__gte=first, pk__lt=end, number=None)
            size += run.update(number=F("pk") + (size - first))
        held.write(size=size)
    return len(taken)


def _runs(keys: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ascending numbers, as half-open ranges without gaps."""
    first = previous = keys[0]
    for key in keys[1:]:
        if key != previous + 1:
            yield first, previous + 1
            first = key
        previous = key
    yield first, previous + 1


def _work_waits(now: datetime) -> bool:
    """Whether anything is to be numbered or published and nobody is at it, for two small questions."""
    found = Log.objects.filter(pk=log_key.THE_ONE).values_list("lease_until", "size", "published").first()
    if found is None:
        return Entry.objects.exists()
    lease_until, size, published = found
    if lease_until is not None and lease_until > now:
        return False
    return published < size or Entry.objects.filter(number=None).exists()


def _claim(now: datetime) -> _Held | None:
    log = log_key.log(now=now)
    free = Log.objects.filter(Q(lease_until=None) | Q(lease_until__lte=now), pk=log.pk, token=log.token)
    if not free.update(lease_until=now + LEASE, token=F("token") + 1):
        return None
    return _Held(log.pk, log.token + 1, monotonic())
