"""The desks of a worker: each is asked, and one that is broken stops none of the others."""

from __future__ import annotations

from datetime import datetime

import pytest

from laurea.actions import chunks, confirming, delivering, working
from laurea.records.models import Achievement, Batch, Chunk, Issuer


@pytest.mark.django_db
def test_nothing_to_do_is_said() -> None:
    assert working.Turns("one").take() is False


def test_a_broken_desk_stops_no_other(
    acme: Issuer, achievement: Achievement, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def broken(*, now: datetime, worker: str) -> bool:
        asked.append(worker)
        raise ZeroDivisionError

    monkeypatch.setattr(working, "DESKS", (broken, chunks.work_on_next))
    batch = confirming.issue_one(acme, achievement, name="Ada", now=now, actor=None)
    with pytest.raises(ZeroDivisionError):
        working.Turns("one").take()
    batch.refresh_from_db()
    assert (batch.state, asked) == (Batch.State.DONE, ["one"])


@pytest.mark.django_db
def test_messages_let_certificates_go_first_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    work = [True, True, True, False]
    sent: list[float] = []

    def send_due(*, now: datetime) -> int:
        sent.append(clock[0])
        return 0

    monkeypatch.setattr(working, "monotonic", lambda: clock[0])
    monkeypatch.setattr(working, "DESKS", (lambda *, now, worker: work.pop(0),))
    monkeypatch.setattr(delivering, "send_due", send_due)
    turns = working.Turns("one")
    for seconds in (1.0, 1.0, working.MAIL_WAITS, 1.0):
        clock[0] += seconds
        turns.take()
    assert sent == [107.0, 108.0]


def test_idle_desks_are_asked_when_somebody_has_written_or_time_has_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, state = [100.0], [1]
    asked: list[float] = []
    work = [False, False, True, False]

    def desk(*, now: datetime, worker: str) -> bool:
        asked.append(clock[0])
        return work.pop(0)

    monkeypatch.setattr(working, "monotonic", lambda: clock[0])
    monkeypatch.setattr(working, "_state_of_database", lambda: state[0])
    monkeypatch.setattr(working, "DESKS", (desk,))
    monkeypatch.setattr(delivering, "send_due", lambda *, now: 0)
    turns = working.Turns("one")
    turns.take()  # idle at 100.0
    clock[0] = 100.5
    turns.take()  # nobody has written
    state[0] = 2
    turns.take()  # somebody has
    clock[0] = 101.5
    turns.take()  # time has passed; there is work
    turns.take()  # after work, the desks are asked at once
    assert asked == [100.0, 100.5, 101.5, 101.5]


def test_who_takes_a_dead_workers_place_takes_its_leases(acme: Issuer, achievement: Achievement, now: datetime) -> None:
    confirming.issue_one(acme, achievement, name="Ada", now=now, actor=None)
    Chunk.objects.update(worker="dead", lease_until=now, token=1, attempts=1)
    working.get_ready("dead")
    assert Chunk.objects.get().lease_until is None
