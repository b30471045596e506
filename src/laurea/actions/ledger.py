"""The ledger of chunks: who works on what, so that each row is done once by any number of workers that may die.

A claim is a lease with a fencing token. The lease runs out when its holder no longer renews it; the next claim raises
the token, and whoever holds an older one can no longer write: every write here is conditional on the token. Nothing
else is needed to survive a `kill -9`: what waits is a row, and what is done is done in one transaction with the row
that says so.

Batches take turns, so that one of 50,000 rows does not hold up one that was issued by hand.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Max, Q, QuerySet

from laurea.credentials.errors import IssuingError, LaureaError
from laurea.records.models import Batch, Chunk, Row

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
"""Claims of one chunk whose workers died, before it is cut in two to find the row that kills them."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=2), timedelta(seconds=60)
_LOG = logging.getLogger(__name__)


class FencedError(Exception):
    """The claim is no longer ours: somebody else has taken the chunk. Nothing was written; forget the work."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A chunk in our hands, as long as `token` is its newest. `attempts` counts this claim."""

    chunk: int
    batch: int
    token: int
    state: str
    attempts: int
    rows: int


def waiting(now: datetime) -> QuerySet[Chunk]:
    """Chunks that may be claimed, those of the batch that was served longest ago first, a new batch before all."""
    return (
        Chunk.objects.filter(
            ~Q(state=Chunk.State.DONE),
            Q(lease_until=None) | Q(lease_until__lte=now),
            Q(batch__not_before=None) | Q(batch__not_before__lte=now),
            batch__state=Batch.State.ISSUING,
        )
        .select_related("batch")
        .order_by(F("batch__served").asc(nulls_first=True), "batch__confirmed", "batch_id", "number")
    )


def claim(worker: str, now: datetime) -> Claim | None:
    """Take the chunk whose turn it is; None when there is nothing to do."""
    chunks = waiting(now)
    if not chunks.exists():  # the usual answer, without taking the right to write
        return None
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            chunks = chunks.select_for_update(skip_locked=True, of=("self",), no_key=True)
        chunk = chunks.first()
        if chunk is None:
            return None
        taken = Chunk.objects.filter(pk=chunk.pk, token=chunk.token).update(
            token=chunk.token + 1,
            lease_until=now + LEASE,
            worker=worker,
            attempts=F("attempts") + 1,
            rendered=chunk.rendered if chunk.state == Chunk.State.SIGNED else 0,
        )
        if not taken:
            return None
        Batch.objects.filter(pk=chunk.batch_id).update(served=now)
    return Claim(chunk.pk, chunk.batch_id, chunk.token + 1, chunk.state, chunk.attempts + 1, chunk.rows_count)


def write(held: Claim, **values: object) -> None:
    """Change the chunk, if the claim still holds. Raises `FencedError`."""
    if not Chunk.objects.filter(pk=held.chunk, token=held.token).update(**values):
        raise FencedError


def renew(held: Claim, now: datetime, *, rendered: int) -> None:
    """Say that we are alive, and how many rows are drawn. Raises `FencedError`."""
    write(held, lease_until=now + LEASE, rendered=rendered)


def release(held: Claim, trouble: LaureaError, now: datetime) -> None:
    """Give the chunk back because the machine is in trouble: no fault of the chunk, so this attempt does not count.

    The batch says what the trouble is and rests, longer from time to time, up to a minute.
    """
    with transaction.atomic():
        write(held, lease_until=None, worker="", attempts=held.attempts - 1)
        batch = Batch.objects.select_for_update(no_key=True).only("troubles", "not_before").get(pk=held.batch)
        if batch.not_before is None or batch.not_before <= now:  # else another worker has met the trouble already
            pause = min(_FIRST_PAUSE * 2 ** min(batch.troubles, 10), _LONGEST_PAUSE)
            Batch.objects.filter(pk=held.batch).update(
                troubles=min(batch.troubles + 1, 100), not_before=now + pause, problem=trouble.message
            )
    _LOG.warning("Batch %s waits: %s", held.batch, trouble.code)


def hand_back(held: Claim) -> None:
    """Give the chunk back untouched, to be claimed at once."""
    with suppress(FencedError):
        write(held, lease_until=None, worker="", attempts=held.attempts - 1)


def signed(held: Claim, now: datetime, *, issued: int, failed: int) -> None:
    """Note, in the transaction that stores them, that the chunk's credentials are there. Raises `FencedError`."""
    write(
        held,
        state=Chunk.State.SIGNED,
        issued=issued,
        failed=failed,
        attempts=0,
        lease_until=now + LEASE,
    )


def done(held: Claim, now: datetime) -> None:
    """Note, in the transaction that releases its mail, that nothing is left to do. Raises `FencedError`."""
    write(held, state=Chunk.State.DONE, rendered=F("issued"), lease_until=None, worker="", finished=now)
    Batch.objects.filter(Q(troubles__gt=0) | ~Q(problem=""), pk=held.batch).update(
        troubles=0, not_before=None, problem=""
    )
    finish_batch(held.batch, now)


def finish_batch(batch: int, now: datetime) -> None:
    """Call the batch done when its last chunk is. To be called in the transaction that may have finished it."""
    # The row of the batch is locked first (claims lock it, too): of two last chunks, one sees the other's end.
    Batch.objects.select_for_update(no_key=True).only("pk").get(pk=batch)
    if not Chunk.objects.filter(~Q(state=Chunk.State.DONE), batch=batch).exists():
        Batch.objects.filter(pk=batch, state__in=[Batch.State.ISSUING, Batch.State.STOPPED]).update(
            state=Batch.State.DONE, finished=now, problem=""
        )


def split(held: Claim) -> None:
    """Cut the chunk in two, to come nearer to the row that cannot be worked on. Raises `FencedError`."""
    with transaction.atomic():
        rows = list(Row.objects.filter(chunk=held.chunk).order_by("order").values_list("pk", flat=True))
        kept, moved = rows[: len(rows) // 2], rows[len(rows) // 2 :]
        write(held, attempts=_begun(kept), lease_until=None, worker="", **_counted(held.state, kept))
        batch = Batch.objects.select_for_update(no_key=True).only("pk").get(pk=held.batch)
        last = Chunk.objects.filter(batch=batch).aggregate(Max("number"))["number__max"]
        second = Chunk.objects.create(
            batch=batch, number=last + 1, attempts=_begun(moved), **_counted(held.state, moved)
        )
        Row.objects.filter(pk__in=moved).update(chunk=second)
    _LOG.warning("Batch %s: chunk %s is cut in two of %s and %s rows", held.batch, held.chunk, len(kept), len(moved))


def _counted(state: str, rows: Sequence[int]) -> dict[str, object]:
    failed = Row.objects.filter(pk__in=rows, outcome=Row.Outcome.FAILED).count()
    issued = len(rows) - failed if state == Chunk.State.SIGNED else 0
    return {"state": state, "rows_count": len(rows), "issued": issued, "failed": failed, "rendered": 0}


def _begun(rows: Sequence[int]) -> int:
    """How many attempts half a chunk begins with: less patience on the way down, all of it for a single row."""
    return MOST_ATTEMPTS - 2 if len(rows) > 1 else 0


def free(worker: str) -> None:
    """Take the leases of a worker that is known to be dead, instead of waiting until they run out."""
    Chunk.objects.filter(~Q(state=Chunk.State.DONE), worker=worker).update(lease_until=None)


def explained(error: Exception) -> LaureaError:
    """What is wrong with the machine, in plain words."""
    if isinstance(error, LaureaError):
        return error
    if isinstance(error, DatabaseError):
        full = ": its disk is full" if "full" in str(error) or "No space" in str(error) else ""
        return IssuingError("issuing.database", f"The database cannot be written just now{full}", "It is tried again")
    if isinstance(error, OSError) and error.strerror:
        return IssuingError("issuing.machine", f"The machine is in trouble: {error.strerror}", "It is tried again")
    return IssuingError(
        "issuing.machine", f"The machine is in trouble ({type(error).__name__})", "See the worker's log; it goes on"
    )
