"""Whatever leaves as a list is written down first: what, how many, chosen by what; not what was searched for."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from issued import batch_of, credential_of
from laurea.actions import releasing
from laurea.records.models import Account, Achievement, Credential, Entry, Issuer, Person, Row


@pytest.fixture(autouse=True)
def nothing_yet(achievement: Achievement) -> None:
    """Forget what the fixtures have entered."""
    Entry.objects.all().delete()


def told() -> list[tuple[str, str, Any]]:
    entries = Entry.objects.order_by("pk")
    return [(each.act, f"{each.kind} {each.identifier}", json.loads(each.content)["facts"]) for each in entries]


def test_credentials_as_a_table_and_as_files(
    acme: Issuer, achievement: Achievement, alice: Account, now: datetime
) -> None:
    credential_of(achievement)
    chosen, asked = Credential.objects.all(), {"state": "valid", "searched": True}
    pieces = releasing.table(acme, chosen, asked, now=now, actor=alice)
    assert told() == [("export.credentials", "list ", {"as": "csv", "count": 1, **asked})]  # before the first byte
    assert b"Ada Lovelace" in b"".join(pieces)
    assert b"".join(releasing.files(acme, chosen, {"batch": 7}, now=now, actor=alice)).startswith(b"PK")
    assert told()[1:] == [("export.credentials", "list ", {"as": "zip", "count": 1, "batch": 7})]
    assert set(Entry.objects.values_list("actor", "issuer")) == {(alice.pk, acme.pk)}


def test_people(acme: Issuer, ada: Person, alice: Account, now: datetime) -> None:
    content = b"".join(releasing.people(acme, Person.objects.all(), {"active": None}, now=now, actor=alice))
    assert b"ada@example.org" in content
    assert told() == [("export.people", "list ", {"as": "csv", "count": 1, "active": None})]


def test_rows_of_a_list(achievement: Achievement, alice: Account, now: datetime) -> None:
    batch = batch_of(achievement)
    batch.rows.create(line=2, state=Row.State.ERROR, cells=["x"])
    _, lines = releasing.refused_rows(batch, "error", now=now, actor=alice)
    assert len(list(lines)) == 1
    facts = {"as": "csv", "count": 1, "state": "error", "batch": batch.pk}
    assert told() == [("export.rows", f"batch {batch.pk}", facts)]


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_cannot_be_written_lets_nothing_out(
    acme: Issuer, alice: Account, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Entry.objects, "bulk_create", full)
    assert not transaction.get_connection().in_atomic_block
    with pytest.raises(OSError, match="disk full"):
        releasing.table(acme, Credential.objects.all(), {}, now=now, actor=alice)
