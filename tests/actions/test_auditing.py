"""What an entry fixes, and what it takes for a record to look as its entry says."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import hypothesis
import pytest
from django.db import transaction
from hypothesis import strategies

from laurea.actions import auditing
from laurea.actions.auditing import Act
from laurea.credentials.canonical import jcs
from laurea.credentials.errors import CanonicalError
from laurea.records.models import Account, Credential, Entry, Issuer, Person

ODD = 'Zoë "Ω" \\ \x7f\x1f\u2028 \U0001f600\nB.'


def unsaved() -> Credential:
    """A credential with a value of each kind, among them what JSON must escape."""
    moment = datetime(2026, 11, 23, 9, 30, 0, 120, tzinfo=UTC)
    return Credential(
        issuer_id=1, achievement_id=2, code="7K3M9QXR2V5T8WHF", identifier="urn:uuid:1", text=f'{{"name": "{ODD}"}}',
        person_id=None, design_version_id=3, key_id=4, batch_id=5, row_id=6, name=ODD, email="zoe@example.org",
        awarded=date(2026, 11, 23), valid_from=moment, published=True, created=moment,
    )  # fmt: skip


def test_a_fingerprint_is_over_the_canonical_form_of_all_columns() -> None:
    credential = unsaved()
    said = {name: getattr(credential, name) for name in auditing.CREDENTIAL_COLUMNS}
    said |= {name: value.isoformat() for name, value in said.items() if isinstance(value, date)}
    said["text"] = hashlib.sha256(credential.text.encode()).hexdigest()
    assert auditing.fingerprint(credential) == hashlib.sha256(jcs(said)).hexdigest()


VALUES = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.integers(-(2**53) + 1, 2**53 - 1)
    | strategies.floats(allow_nan=False, allow_infinity=False)
    | strategies.text(),
    lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text(), inner),
)


@hypothesis.given(VALUES)
def test_the_quick_way_writes_what_the_specification_says(value: Any) -> None:
    assert auditing.canonical(value) == jcs(value)


@pytest.mark.parametrize("value", [2**53, {"a": [-(2**53)]}, "\ud800", float("nan")])
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(CanonicalError):
        auditing.canonical(value)


def test_every_column_of_a_credential_is_vouched_for_or_follows_from_others() -> None:
    follow = {
        "id",
        "text",
        "sha256",
        "search",
    }  # the number of a row; what the fingerprint adds; what is read from both
    columns = {field.attname for field in Credential._meta.concrete_fields}
    assert set(auditing.CREDENTIAL_COLUMNS) | follow == columns


def test_the_time_zone_in_which_a_moment_is_told_does_not_matter() -> None:
    here, there = unsaved(), unsaved()
    there.valid_from = there.valid_from.astimezone(timezone(timedelta(hours=5)))
    assert auditing.fingerprint(here) == auditing.fingerprint(there)


@pytest.mark.django_db
def test_an_entry_holds_what_was_done_under_a_salted_hash(
    acme: Issuer, ada: Person, alice: Account, now: datetime
) -> None:
    act = Act("person.changed", "person", str(ada.pk), {"before": ODD, "after": {"B": 1, "a": None}}, ada)
    with transaction.atomic(), auditing.from_where("console:people"):
        first, second = (auditing.note(act, issuer=acme, now=now, actor=alice) for _ in range(2))
    entry = Entry.objects.get(pk=first.pk)
    said = json.loads(entry.content)
    assert entry.content.encode() == jcs(said)
    assert said == {
        "act": "person.changed",
        "at": "2026-11-23T09:30:00+00:00",
        "by": alice.pk,
        "facts": {"before": ODD, "after": {"B": 1, "a": None}},
        "from": "console:people",
        "issuer": "acme",
        "object": {"id": str(ada.pk), "kind": "person"},
        "person": ada.pk,
    }
    assert len(entry.salt) == 32
    assert bytes(entry.leaf) == hashlib.sha256(bytes(entry.salt) + entry.content.encode()).digest()
    assert bytes(entry.leaf) != bytes(second.leaf)  # the same act twice: nobody can guess from one what the other says


@pytest.mark.django_db(transaction=True)
def test_an_entry_without_the_transaction_of_its_act_is_refused(now: datetime) -> None:
    with pytest.raises(RuntimeError):
        auditing.note(Act("issuer.changed"), issuer=None, now=now, actor=None)
    assert not Entry.objects.exists()
