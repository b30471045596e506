"""Who came in and who did not, in the trail of whoever it concerns; and never what was typed."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from laurea.actions import signing_in
from laurea.records.models import Account, Entry, Issuer, Member, Role


@pytest.fixture(autouse=True)
def nothing_yet(acme: Issuer, other: Issuer) -> None:
    """Forget what the fixtures have entered."""
    Entry.objects.all().delete()


def test_every_organisation_of_the_member_has_it_in_its_trail(
    acme: Issuer, other: Issuer, alice: Account, now: datetime
) -> None:
    signing_in.succeeded(alice, now=now)
    Member.objects.create(issuer=other, account=alice, role=Role.VIEWER)
    signing_in.failed(" Alice@Example.com", step="password", now=now)
    entries = list(Entry.objects.order_by("pk").values_list("act", "issuer", "identifier", "actor", "at"))
    key = str(alice.pk)
    assert entries == [
        ("account.signed-in", acme.pk, key, alice.pk, now),
        ("account.sign-in-failed", acme.pk, key, None, now),  # whoever that was
        ("account.sign-in-failed", other.pk, key, None, now),
    ]


def test_what_a_stranger_typed_is_not_kept(now: datetime) -> None:
    signing_in.failed("my-secret-password", step="password", now=now)
    entry = Entry.objects.get()
    assert (entry.issuer, entry.kind, entry.identifier) == (None, "account", "")
    assert json.loads(entry.content)["facts"] == {"step": "password"}
    assert "secret" not in entry.content


def test_guessing_by_the_million_does_not_fill_the_log(
    monkeypatch: pytest.MonkeyPatch, alice: Account, now: datetime
) -> None:
    monkeypatch.setattr(signing_in, "MOST_STRANGERS", 3)
    for minute in range(5):
        signing_in.failed(f"{minute}@example.org", step="password", now=now + timedelta(minutes=minute))
    signing_in.failed(alice.email, step="password", now=now + timedelta(minutes=6))
    assert Entry.objects.count() == 3 + 1
    signing_in.failed("5@example.org", step="password", now=now + timedelta(minutes=62))
    assert Entry.objects.count() == 3 + 1 + 1


def test_a_change_says_what(acme: Issuer, alice: Account, now: datetime) -> None:
    signing_in.changed(alice, "account.changed", {"changes": {"email": ["a@b.example", "c@d.example"]}}, now=now)
    entry = Entry.objects.get()
    assert (entry.act, entry.issuer, entry.actor) == ("account.changed", acme, alice)
    assert json.loads(entry.content)["facts"] == {"changes": {"email": ["a@b.example", "c@d.example"]}}
