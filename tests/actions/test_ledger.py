"""The ledger: leases that run out, tokens that fence, batches that take turns, trouble that passes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, OperationalError

from laurea.actions import confirming, ledger
from laurea.actions.ledger import LEASE, Claim, FencedError
from laurea.actions.storing import StoringError
from laurea.records.models import Achievement, Batch, Chunk, Issuer, Row

SECOND = timedelta(seconds=1)
TROUBLE = StoringError("storing.disk", "The storage cannot be used: No space left on device")


@pytest.fixture
def confirmed(acme: Issuer, achievement: Achievement, now: datetime) -> Callable[[int], Batch]:
    """Makes confirmed batches of so many rows; ten rows are a chunk."""

    def make(rows: int) -> Batch:
        batch = Batch.objects.create(issuer=acme, achievement=achievement, state=Batch.State.REVIEW)
        Row.objects.bulk_create(Row(batch=batch, line=line, state="ready") for line in range(2, rows + 2))
        confirming.confirm(batch, send_mail=True, now=now + Batch.objects.count() * SECOND, actor=None)
        return batch

    return make


def claimed(now: datetime, worker: str = "one") -> Claim:
    held = ledger.claim(worker, now)
    assert held is not None
    return held


def test_a_claim_is_nobody_elses(confirmed: Callable[[int], Batch], now: datetime) -> None:
    batch = confirmed(20)
    first, second = claimed(now, "one"), claimed(now, "two")
    assert (first.batch, first.token, first.attempts, first.rows) == (batch.pk, 1, 1, 10)
    assert first.chunk != second.chunk
    assert ledger.claim("three", now) is None


def test_a_lease_that_runs_out_fences_its_holder(confirmed: Callable[[int], Batch], now: datetime) -> None:
    confirmed(1)
    old = claimed(now, "one")
    assert ledger.claim("two", now + LEASE - SECOND) is None
    new = claimed(now + LEASE, "two")
    assert (new.chunk, new.token, new.attempts) == (old.chunk, 2, 2)
    for write in (
        lambda: ledger.renew(old, now, rendered=1),
        lambda: ledger.signed(old, now, issued=1, failed=0),
        lambda: ledger.done(old, now),
        lambda: ledger.split(old),
        lambda: ledger.release(old, TROUBLE, now),
    ):
        with pytest.raises(FencedError):
            write()
    ledger.hand_back(old)  # nothing to hand back: no error, no effect
    chunk = Chunk.objects.get()
    assert (chunk.state, chunk.token, chunk.worker, chunk.rendered) == ("waiting", 2, "two", 0)
    assert Batch.objects.get().problem == ""


def test_a_sign_of_life_keeps_the_lease(confirmed: Callable[[int], Batch], now: datetime) -> None:
    confirmed(1)
    held = claimed(now)
    ledger.renew(held, now + LEASE - SECOND, rendered=1)
    assert ledger.claim("two", now + LEASE) is None
    assert Chunk.objects.get().rendered == 1


def test_batches_take_turns(confirmed: Callable[[int], Batch], now: datetime) -> None:
    big = confirmed(60)
    for number in range(3):
        claimed(now + number * SECOND)
    small, third = confirmed(1), confirmed(20)
    order = [claimed(now + (10 + number) * SECOND).batch for number in range(6)]
    assert order == [small.pk, third.pk, big.pk, third.pk, big.pk, big.pk]


def test_the_leases_of_a_dead_worker_are_taken_at_once(confirmed: Callable[[int], Batch], now: datetime) -> None:
    confirmed(20)
    mine = claimed(now, "one")
    claimed(now, "two")
    ledger.free("one")
    assert claimed(now, "three").chunk == mine.chunk
    assert ledger.claim("three", now) is None


def test_the_last_chunk_ends_the_batch(confirmed: Callable[[int], Batch], now: datetime) -> None:
    batch = confirmed(20)
    first, second = claimed(now), claimed(now)
    ledger.signed(first, now, issued=9, failed=1)
    ledger.done(first, now)
    batch.refresh_from_db()
    assert (batch.state, batch.finished) == ("issuing", None)
    ledger.done(second, now)
    batch.refresh_from_db()
    assert (batch.state, batch.finished) == ("done", now)
    chunk = Chunk.objects.get(pk=first.chunk)
    assert (chunk.state, chunk.issued, chunk.rendered, chunk.failed, chunk.worker) == ("done", 9, 9, 1, "")


def test_trouble_rests_the_batch_longer_from_time_to_time(confirmed: Callable[[int], Batch], now: datetime) -> None:
    batch = confirmed(20)
    pauses = []
    for _ in range(8):
        held = claimed(now)
        ledger.release(held, TROUBLE, now)
        batch.refresh_from_db()
        assert batch.not_before is not None
        assert batch.problem == TROUBLE.message
        assert ledger.claim("two", batch.not_before - SECOND) is None
        pauses.append((batch.not_before - now).total_seconds())
        now = batch.not_before
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]
    assert Chunk.objects.get(pk=held.chunk).attempts == 0  # no fault of the chunk
    ledger.done(claimed(now), now)
    batch.refresh_from_db()
    assert (batch.problem, batch.troubles, batch.not_before) == ("", 0, None)


def test_two_workers_in_the_same_trouble_rest_once(confirmed: Callable[[int], Batch], now: datetime) -> None:
    batch = confirmed(20)
    first, second = claimed(now), claimed(now)
    ledger.release(first, TROUBLE, now)
    ledger.release(second, TROUBLE, now)
    batch.refresh_from_db()
    assert (batch.troubles, batch.not_before) == (1, now + 2 * SECOND)


def test_trouble_of_one_batch_is_not_that_of_others(confirmed: Callable[[int], Batch], now: datetime) -> None:
    confirmed(1)
    other = confirmed(1)
    ledger.release(claimed(now), TROUBLE, now)
    assert claimed(now).batch == other.pk


def test_a_chunk_is_cut_in_two(confirmed: Callable[[int], Batch], now: datetime) -> None:
    batch = confirmed(13)
    held = claimed(now)
    ledger.split(held)
    found = batch.chunks.order_by("number")
    assert list(found.values_list("rows_count", "attempts", "worker", "lease_until")) == [
        (5, 1, "", None), (3, 0, "", None), (5, 1, "", None),
    ]  # fmt: skip
    assert [sorted(chunk.rows.values_list("order", flat=True)) for chunk in found] == [
        [0, 1, 2, 3, 4], [10, 11, 12], [5, 6, 7, 8, 9],
    ]  # fmt: skip


def test_a_single_row_has_all_of_our_patience(confirmed: Callable[[int], Batch], now: datetime) -> None:
    batch = confirmed(2)
    held = claimed(now)
    ledger.split(held)
    assert list(batch.chunks.values_list("rows_count", "attempts")) == [(1, 0), (1, 0)]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (TROUBLE, TROUBLE.message),
        (OperationalError("database or disk is full"), "The database cannot be written just now: its disk is full"),
        (DatabaseError("secret"), "The database cannot be written just now"),
        (OSError(24, "Too many open files"), "The machine is in trouble: Too many open files"),
        (ValueError("secret"), "The machine is in trouble (ValueError)"),
    ],
)
def test_trouble_in_plain_words(error: Exception, message: str) -> None:
    assert ledger.explained(error).message == message
