"""Long lists: read in slices, looked over and corrected without waiting."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from laurea.actions import intake, reviewing
from laurea.records.models import Account, Achievement, Batch, Email, Issuer, Person

pytestmark = pytest.mark.django_db


def _list(rows: int) -> bytes:
    names = ["Anna Keller", "Bo Ek", "Zoë Brandt", "Yara Schäfer"]
    lines = (f"{names[n % 4]}-{chr(65 + n % 26)}abc,E{n},a{n}@example.org,2026-03-18\n" for n in range(rows))
    return ("Name,Employee ID,E-mail,Date\n" + "".join(lines)).encode()


@pytest.mark.parametrize("rows", [4_500, pytest.param(50_000, marks=pytest.mark.slow)])
def test_a_long_list(
    acme: Issuer, achievement: Achievement, bob: Account, client: Client, now: datetime, rows: int, monkeypatch: Any
) -> None:
    known = [Person(issuer=acme, name="Somebody Else", employee_number=f"E{n}") for n in range(0, rows, 100)]
    Person.objects.bulk_create(known)
    Email.objects.bulk_create(Email(issuer=acme, person=who, address=f"{who.pk}@example.com") for who in known)
    batch = intake.upload(acme, achievement, name="long.csv", content=_list(rows), now=now, actor=bob)
    assert intake.read_next(now=now, worker="one")
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (Batch.State.REVIEW, rows)
    asked = len(known)
    assert reviewing.counts(batch).states == {"ready": rows - asked, "warning": asked}
    assert batch.reading["asked"] == asked

    row, others = reviewing.correct(batch, 1002, {3: "a1@example.org"}, now=now, actor=bob)
    assert (row.state, others) == ("error", [])
    assert reviewing.counts(batch).states == {"ready": rows - asked, "warning": asked - 1, "error": 1}
    assert reviewing.settle(batch, batch.rows.all(), keep=True, now=now, actor=bob) == asked - 1
    assert reviewing.counts(batch).states == {"ready": rows - 1, "error": 1}
    assert reviewing.counted(batch) == {
        state: {decision: number for decision, number in by_decision.items() if number}
        for state, by_decision in batch.reading["counts"].items()
        if any(by_decision.values())
    }

    client.force_login(bob)
    address = reverse("console:batch-review", args=["acme", batch.pk])
    client.get(address)
    for query in ("", f"?page={rows // 50}", "?q=zoë", "?state=error"):
        begun = time.process_time()
        assert client.get(address + query).status_code == 200
        assert time.process_time() - begun < 0.6  # a tenth of a second where nothing else is going on
