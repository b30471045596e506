"""Confirming: once, all at once, and with everything fixed that must not depend on who does the work."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from laurea.actions import confirming, ledger, status_lists
from laurea.credentials.errors import IssuingError
from laurea.records.models import Account, Achievement, Batch, Chunk, DesignVersion, Issuer, Person, Row

S, D = Row.State, Row.Decision


@pytest.fixture
def batch(acme: Issuer, achievement: Achievement) -> Batch:
    """A batch in review, without rows yet."""
    return Batch.objects.create(issuer=acme, achievement=achievement, state=Batch.State.REVIEW)


def fill(batch: Batch, rows: list[tuple[str, str]]) -> None:
    """Rows of these states and decisions, from line 2 on."""
    Row.objects.bulk_create(
        Row(batch=batch, line=line, state=state, decision=decision, name=f"Person {line}")
        for line, (state, decision) in enumerate(rows, 2)
    )


def test_what_is_fixed(batch: Batch, alice: Account, now: datetime) -> None:
    fill(batch, [(S.READY, "")] * 3)
    version = DesignVersion.objects.create(design=batch.achievement.design, number=2, base="modern")
    confirming.confirm(batch, send_mail=False, now=now.replace(microsecond=7), actor=alice)
    assert (batch.state, batch.confirmed_by, batch.send_mail, batch.rows_to_issue) == ("issuing", alice, False, 3)
    assert batch.design_version == version
    assert (len(bytes(batch.seed or b"")), batch.moment, batch.awarded) == (32, now, date(2026, 11, 23))
    assert [count for _, _, count in batch.status_spans] == [3]
    assert list(batch.rows.order_by("line").values_list("order", "chunk__number")) == [(0, 0), (1, 0), (2, 0)]
    assert list(batch.chunks.values_list("number", "rows_count", "state", "token")) == [(0, 3, "waiting", 0)]


def test_which_rows_are_issued(batch: Batch, now: datetime) -> None:
    every = [(state, decision) for state in S.values for decision in ("", D.ISSUE, D.LEAVE)]
    fill(batch, every)
    confirming.confirm(batch, send_mail=True, now=now, actor=None)
    chosen = set(batch.rows.filter(order__isnull=False).values_list("state", "decision"))
    assert chosen == {
        ("ready", ""), ("ready", "issue"), ("warning", ""), ("warning", "issue"), ("renewal", ""), ("renewal", "issue"),
        ("duplicate", "issue"), ("issued", "issue"),
    }  # fmt: skip


def test_it_is_confirmed_once(batch: Batch, now: datetime) -> None:
    fill(batch, [(S.READY, "")] * 5)
    confirming.confirm(batch, send_mail=True, now=now, actor=None)
    seed = batch.seed
    again = Batch.objects.get(pk=batch.pk)
    confirming.confirm(again, send_mail=False, now=now, actor=None)
    assert (again.seed, again.send_mail, again.chunks.count()) == (seed, True, 1)
    assert batch.issuer.status_lists.get().used == 5


@pytest.mark.parametrize("state", ["reading", "mapping", "failed"])
def test_only_what_was_reviewed_is_confirmed(batch: Batch, state: str, now: datetime) -> None:
    Batch.objects.filter(pk=batch.pk).update(state=state)
    with pytest.raises(IssuingError) as caught:
        confirming.confirm(batch, send_mail=True, now=now, actor=None)
    assert caught.value.code == "batch.not-in-review"


def test_nothing_to_issue_is_said(batch: Batch, now: datetime) -> None:
    fill(batch, [(S.ERROR, D.ISSUE), (S.READY, D.LEAVE)])
    with pytest.raises(IssuingError) as caught:
        confirming.confirm(batch, send_mail=True, now=now, actor=None)
    assert caught.value.code == "batch.nothing-to-issue"
    assert Batch.objects.get(pk=batch.pk).state == Batch.State.REVIEW


def test_many_rows_cost_no_more_statements_than_few(batch: Batch, now: datetime) -> None:
    fill(batch, [(S.READY, ""), (S.ERROR, "")] * 1_250)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        confirming.confirm(batch, send_mail=True, now=now, actor=None)
    assert len(asked) < 25
    places = list(batch.rows.filter(order__isnull=False).order_by("line").values_list("order", "chunk__number"))
    size = batch.chunks.get(number=0).rows_count
    assert places == [(place, place // size) for place in range(1_250)]
    assert sum(batch.chunks.values_list("rows_count", flat=True)) == 1_250


def test_the_day_is_the_issuers(batch: Batch, acme: Issuer) -> None:
    acme.time_zone = "Pacific/Auckland"
    acme.save()
    fill(batch, [(S.READY, "")])
    confirming.confirm(batch, send_mail=True, now=datetime(2026, 6, 1, 20, tzinfo=UTC), actor=None)
    assert batch.awarded == date(2026, 6, 2)


def test_one_by_hand(acme: Issuer, achievement: Achievement, alice: Account, ada: Person, now: datetime) -> None:
    batch = confirming.issue_one(
        acme, achievement, name="Ada", email="ada@example.org", awarded=date(2026, 5, 1), hours=8.0, person=ada,
        renews=True, now=now, actor=alice,
    )  # fmt: skip
    row = batch.rows.get()
    assert (batch.by_hand, batch.state, batch.awarded, batch.created_by) == (True, "issuing", date(2026, 5, 1), alice)
    assert (row.state, row.person, row.order) == ("renewal", ada, 0)
    assert row.values == {"name": "Ada", "email": "ada@example.org", "awarded": "2026-05-01", "hours": 8.0}


def test_a_stopped_batch_waits_and_goes_on(batch: Batch, now: datetime) -> None:
    fill(batch, [(S.READY, "")] * 25)
    confirming.confirm(batch, send_mail=True, now=now, actor=None)
    under_way = ledger.claim("one", now)
    assert under_way is not None
    confirming.stop(batch, now=now, actor=None)
    assert (batch.state, ledger.claim("two", now)) == ("stopped", None)
    ledger.done(under_way, now)  # what was begun is ended
    confirming.resume(batch, now=now, actor=None)
    assert batch.state == "issuing"
    following = ledger.claim("two", now)
    assert following is not None
    assert following.chunk != under_way.chunk


def test_a_batch_stopped_in_its_last_chunk_is_done(batch: Batch, now: datetime) -> None:
    fill(batch, [(S.READY, "")])
    confirming.confirm(batch, send_mail=True, now=now, actor=None)
    last = ledger.claim("one", now)
    assert last is not None
    confirming.stop(batch, now=now, actor=None)
    ledger.done(last, now)
    batch.refresh_from_db()
    assert (batch.state, batch.finished) == ("done", now)
    confirming.stop(batch, now=now, actor=None)
    confirming.resume(batch, now=now, actor=None)
    assert batch.state == "done"


def test_rows_know_their_entries(batch: Batch, now: datetime) -> None:
    fill(batch, [(S.READY, "")] * 40)
    confirming.confirm(batch, send_mail=True, now=now, actor=None)
    other = Batch.objects.create(issuer=batch.issuer, achievement=batch.achievement, state=Batch.State.REVIEW)
    fill(other, [(S.READY, "")] * 40)
    confirming.confirm(other, send_mail=True, now=now, actor=None)
    entries = [
        (entry.status_list.pk, entry.index)
        for each in (batch, other)
        for order in range(40)
        for entry in [status_lists.Entries(each.status_spans).of(order)]
        if entry
    ]
    assert len(set(entries)) == 80
    assert Chunk.objects.filter(batch=other).count() == 4
