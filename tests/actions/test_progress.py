"""Progress: told from chunks, in few questions, with a word on why it waits."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from laurea.actions import confirming, ledger, progress
from laurea.records.models import Achievement, Batch, Issuer, Row

SECOND = timedelta(seconds=1)


@pytest.fixture
def batch(acme: Issuer, achievement: Achievement, now: datetime) -> Batch:
    """A confirmed batch of 30 rows in three chunks."""
    batch = Batch.objects.create(issuer=acme, achievement=achievement, state=Batch.State.REVIEW)
    Row.objects.bulk_create(Row(batch=batch, line=line, state="ready") for line in range(2, 32))
    confirming.confirm(batch, send_mail=True, now=now, actor=None)
    return batch


def after(batch: Batch, now: datetime) -> progress.Progress:
    return progress.of(Batch.objects.get(pk=batch.pk), now)


def test_from_nothing_to_all(batch: Batch, now: datetime, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        begun = progress.of(batch, now)
    assert (begun.total, begun.done, begun.per_cent, begun.seconds_left, begun.finished) == (30, 0, 0, None, False)
    first = ledger.claim("one", now)
    assert first is not None
    ledger.renew(first, now + SECOND, rendered=4)
    assert after(batch, now + 2 * SECOND).rate == 2.0
    assert after(batch, now + 2 * SECOND).seconds_left == 13
    ledger.signed(first, now + SECOND, issued=8, failed=2)
    ledger.done(first, now + 2 * SECOND)
    third = after(batch, now + 4 * SECOND)
    assert (third.issued, third.rendered, third.failed, third.done, third.per_cent) == (8, 8, 2, 10, 33)
    assert (third.rate, third.seconds_left) == (2.0, 10)
    for _ in range(2):
        held = ledger.claim("one", now)
        assert held is not None
        ledger.signed(held, now, issued=10, failed=0)
        ledger.done(held, now + 5 * SECOND)
    whole = after(batch, now + 6 * SECOND)
    assert (whole.done, whole.per_cent, whole.rate, whole.seconds_left, whole.finished) == (30, 100, 0.0, 0, True)


def test_the_rate_is_that_of_late(batch: Batch, now: datetime) -> None:
    held = ledger.claim("one", now)
    assert held is not None
    ledger.signed(held, now, issued=10, failed=0)
    ledger.done(held, now + SECOND)
    assert after(batch, now + 11 * SECOND).rate == pytest.approx(10 / 11)
    assert after(batch, now + 60 * SECOND).rate == 0


def test_trouble_is_told(batch: Batch, now: datetime) -> None:
    held = ledger.claim("one", now)
    assert held is not None
    ledger.release(held, ledger.explained(OSError(28, "No space left on device")), now)
    assert after(batch, now).problem == "The machine is in trouble: No space left on device"


def test_nobody_at_work_is_told(batch: Batch, now: datetime) -> None:
    assert after(batch, now + 20 * SECOND).problem == ""
    assert after(batch, now + 21 * SECOND).problem == progress.NOBODY_WORKS
    assert ledger.claim("one", now + 22 * SECOND)
    assert after(batch, now + 30 * SECOND).problem == ""
    assert after(batch, now + 22 * SECOND + ledger.LEASE + 21 * SECOND).problem == progress.NOBODY_WORKS
    confirming.stop(batch, now=now, actor=None)
    assert after(batch, now + timedelta(days=1)).problem == ""
