"""Progress: how far a confirmed batch has come, told from its chunks alone: asking every second costs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, Sum

from laurea.records.models import Batch, Chunk

_WINDOW = timedelta(seconds=15)
"""Over how long a time the rate is taken."""

_PATIENCE = timedelta(seconds=20)
"""How long nothing may happen before we say that nobody seems to be at work."""

NOBODY_WORKS = "No worker is running, so nothing happens. It goes on when one is started: laurea worker"


@dataclass(frozen=True, slots=True)
class Progress:
    """Rows of a batch: `total` are to become credentials, `issued` have one on record, `rendered` are drawn, `failed`
    will never be. `rate` is rows a second of late; `seconds_left` is None while nobody can say. `problem` says in plain
    English, to be translated, why it waits.
    """

    total: int
    issued: int
    rendered: int
    failed: int
    rate: float
    seconds_left: int | None
    problem: str
    finished: bool

    @property
    def done(self) -> int:
        """Rows that were worked on: what a progress bar shows."""
        return min(self.rendered + self.failed, self.total)

    @property
    def per_cent(self) -> int:
        """`done` of `total`, rounded down: 100 means all of them."""
        return self.done * 100 // self.total if self.total else 0


def of(batch: Batch, now: datetime) -> Progress:
    """How far `batch` is; it was loaded just now."""
    recent = now - _WINDOW
    under_way = Q(lease_until__gt=now)
    sums = batch.chunks.aggregate(
        all_issued=Sum("issued", default=0),
        all_rendered=Sum("rendered", default=0),
        all_failed=Sum("failed", default=0),
        of_late=Sum("rendered", filter=Q(finished__gte=recent) | under_way & ~Q(state=Chunk.State.DONE), default=0),
        last_lease=Max("lease_until"),
        last_finished=Max("finished"),
    )
    total = batch.rows_to_issue
    seconds = min(_WINDOW, now - (batch.confirmed or recent)).total_seconds()
    rate = sums["of_late"] / seconds if seconds > 0 and batch.state == Batch.State.ISSUING else 0.0
    left = max(total - sums["all_rendered"] - sums["all_failed"], 0)
    return Progress(
        total=total,
        issued=sums["all_issued"],
        rendered=sums["all_rendered"],
        failed=sums["all_failed"],
        rate=rate,
        seconds_left=round(left / rate) if rate and left else None if left else 0,
        problem=_problem(batch, sums["last_lease"], sums["last_finished"], now),
        finished=batch.state == Batch.State.DONE,
    )


def _problem(batch: Batch, lease: datetime | None, finished: datetime | None, now: datetime) -> str:
    if batch.state != Batch.State.ISSUING:
        return ""
    if batch.problem:
        return batch.problem
    last = max(moment for moment in (batch.confirmed, batch.served, lease, finished, now - 2 * _PATIENCE) if moment)
    return NOBODY_WORKS if now - last > _PATIENCE else ""
