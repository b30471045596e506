"""Renewals: who is on the list, and what comes of it, from the list to credentials with the codes that people know."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from issued import batch_of, credential_of, days
from laurea.actions import chunks, confirming, intake, renewing, storing
from laurea.credentials.errors import IssuingError
from laurea.records.models import Achievement, Batch, Credential, Email, Issuer, Person


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "laurea.actions.storing.LocalFiles", "OPTIONS": {"location": tmp_path / "files"}}
    }


@pytest.fixture
def now() -> datetime:
    """Workers ask the clock."""
    return timezone.now()


def person(issuer: Issuer, name: str, **more: object) -> Person:
    made = Person.objects.create(issuer=issuer, name=name, **more)
    Email.objects.create(issuer=issuer, person=made, address=f"{name.split()[0].lower()}@new.example")
    return made


def listed(batch: Batch) -> list[str]:
    return storing.get(batch.file).decode().splitlines()[1:]


def ending(achievement: Achievement, name: str, left: int, now: datetime, **more: object) -> Credential:
    """A credential of two years of which so many days are left."""
    return credential_of(achievement, name, issued=now - days(730 - left), until=now + days(left), **more)  # type: ignore[arg-type]


def test_who_is_on_the_list(acme: Issuer, achievement: Achievement, now: datetime) -> None:
    ada = person(acme, "Ada Lovelace", employee_number="1001")
    ending(achievement, "A. Lovelase", 30, now, person=ada)
    ending(achievement, "Only An Address", 10, now, email="only@example.org")
    ending(achievement, "Only A Name", 10, now)
    ending(achievement, "Not Yet", 90, now, email="late@example.org")
    ending(achievement, "Has Left", 10, now, person=person(acme, "Has Left", active=False))
    ending(achievement, "Over", -5, now, email="over@example.org")
    ending(achievement, "Long Over", -400, now, email="long@example.org")
    gone = ending(achievement, "Gone", 10, now, email="gone@example.org")
    leaves = ending(achievement, "Leaves", 10, now, email="leaves@example.org")
    Credential.objects.filter(pk=gone.pk).update(revoked=now)
    Credential.objects.filter(pk=leaves.pk).update(revoke_at=now + days(3))
    assert listed(renewing.begin(acme, achievement, now=now, actor=None)) == [
        "Ada Lovelace,ada@new.example,1001", "Only An Address,only@example.org,",
    ]  # fmt: skip
    assert "Over,over@example.org," in listed(renewing.begin(acme, achievement, expired=True, now=now, actor=None))


def test_what_waits_is_counted_by_achievement(acme: Issuer, achievement: Achievement, now: datetime) -> None:
    other = Achievement.objects.create(issuer=acme, design=achievement.design, name="First Aid", description="x")
    ending(achievement, "Later", 40, now)
    ending(achievement, "Over", -5, now)
    batch = batch_of(other, "other.csv")
    first = ending(other, "Sooner", 3, now, batch=batch)
    # A span so short that it always ends soon counts in its last third alone.
    credential_of(other, "Short", issued=now, until=now + days(20), batch=batch)
    found = [(each.achievement.name, each.expiring, each.expired) for each in renewing.waiting(acme, now)]
    assert found == [("First Aid", 1, 0), (achievement.name, 1, 1)]
    assert renewing.waiting(acme, now)[0].first == first.valid_until


def test_pressed_twice_there_is_one_list(acme: Issuer, achievement: Achievement, now: datetime) -> None:
    ending(achievement, "Ada Lovelace", 10, now, email="ada@example.org")
    first = renewing.begin(acme, achievement, now=now, actor=None)
    assert renewing.begin(acme, achievement, now=now + days(1), actor=None) == first
    ending(achievement, "Grace Hopper", 20, now, email="grace@example.org")
    second = renewing.begin(acme, achievement, now=now, actor=None)
    assert second != first  # other people: another list
    Batch.objects.filter(pk=second.pk).update(confirmed=now, state=Batch.State.ISSUING)
    assert renewing.begin(acme, achievement, now=now, actor=None) not in (first, second)


def test_nobody_to_renew(acme: Issuer, achievement: Achievement, other: Issuer, now: datetime) -> None:
    for archived, code in ((None, "renewing.nobody"), (now, "renewing.archived")):
        achievement.archived = archived
        with pytest.raises(IssuingError) as caught:
            renewing.begin(acme, achievement, now=now, actor=None)
        assert caught.value.code == code
    assert renewing.waiting(other, now) == []


def test_from_the_list_to_credentials_with_the_same_codes(
    acme: Issuer, achievement: Achievement, now: datetime
) -> None:
    """Issued two years ago; her address and her name have changed since."""
    then = now - timedelta(days=700)
    confirming.issue_one(
        acme, achievement, name="Ada Lovelace", email="ada@old.example", awarded=then.date(), now=then, actor=None
    )
    while chunks.work_on_next(worker="one", now=now):
        pass
    old = Credential.objects.get()
    assert old.person is not None
    old.person.emails.update(address="ada@new.example")
    Person.objects.filter(pk=old.person.pk).update(name="Ada King")

    batch = renewing.begin(acme, achievement, now=now, actor=None)
    while intake.read_next(worker="one", now=timezone.now()):
        pass
    batch.refresh_from_db()
    assert batch.state == "review"
    assert [(row.name, row.state) for row in batch.rows.all()] == [("Ada King", "renewal")]
    confirming.confirm(batch, send_mail=False, now=now, actor=None)
    while chunks.work_on_next(worker="one", now=now):
        pass
    new = Credential.objects.get(superseded=None)
    assert (new.code, new.supersedes, new.because) == (old.code, old, "renewal")
    assert (new.name, new.email, new.person) == ("Ada King", "ada@new.example", old.person)
    assert new.valid_until is not None
    assert new.valid_until > now + days(700)
