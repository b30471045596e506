"""The desks of a worker: each is asked, and one that is broken stops none of the others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from laurea.actions import chunks, confirming, delivering, intake, working
from laurea.records.models import Achievement, Batch, Chunk, Issuer


def test_every_kind_of_work_has_its_desk() -> None:
    assert [desk for desk in working.DESKS if desk in (intake.read_next, chunks.work_on_next)] == [
        intake.read_next,
        chunks.work_on_next,
    ]
    assert len(working.DESKS) == 3


@pytest.mark.django_db
def test_nothing_to_do_is_said() -> None:
    assert working.take_turns("one") is False


def test_a_broken_desk_stops_no_other(
    acme: Issuer, achievement: Achievement, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def broken(*, now: datetime, worker: str) -> bool:
        asked.append(worker)
        raise ZeroDivisionError

    def mail(*, now: datetime, worker: str) -> int:
        asked.append("mail")
        return 0

    monkeypatch.setattr(working, "DESKS", (broken, chunks.work_on_next, mail))
    batch = confirming.issue_one(acme, achievement, name="Ada", now=now, actor=None)
    with pytest.raises(ZeroDivisionError):
        working.take_turns("one")
    batch.refresh_from_db()
    assert (batch.state, asked) == (Batch.State.DONE, ["one", "mail"])


def test_messages_are_a_desk_of_their_own(monkeypatch: pytest.MonkeyPatch, db: Any) -> None:
    monkeypatch.setattr(delivering, "send_due", lambda *, now: 3)
    assert working.take_turns("one") is True


def test_who_takes_a_dead_workers_place_takes_its_leases(acme: Issuer, achievement: Achievement, now: datetime) -> None:
    confirming.issue_one(acme, achievement, name="Ada", now=now, actor=None)
    Chunk.objects.update(worker="dead", lease_until=now, token=1, attempts=1)
    working.get_ready("dead")
    assert Chunk.objects.get().lease_until is None
