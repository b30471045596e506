"""Searching: what people type finds what they mean, in any script, and of their own issuer only."""

from __future__ import annotations

import itertools
from datetime import date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from issued import batch_of, credential_of, days
from laurea.actions import paging, searching
from laurea.actions.searching import Sort, Wanted
from laurea.actions.standing import Standing
from laurea.credentials.code import format_code
from laurea.records.models import Achievement, Credential, Design, Email, Issuer, Person


def names(issuer: Issuer, now: datetime, wanted: Wanted) -> list[str]:
    return [credential.name for credential in searching.credentials(issuer, wanted, now=now)]


@pytest.fixture
def several(achievement: Achievement, now: datetime) -> list[Credential]:
    """Credentials of many people, the newest last."""
    people = (
        ("Jürgen Müller", "j.mueller@example.org"),
        ("Łukasz Żak", ""),
        ("محمد الحسن", "m.hassan@example.org"),
        ("김민준", ""),
        ("Ольга Фёдорова", ""),
        ("Ada 100% _Lovelace\\", "ada@other.example"),
    )
    return [
        credential_of(achievement, name, email=email, issued=now - days(10 - number))
        for number, (name, email) in enumerate(people)
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("muller", ["Jürgen Müller"]),
        ("MUELLER jur", ["Jürgen Müller"]),
        ("j.mueller@EXAMPLE.org", ["Jürgen Müller"]),
        ("lukasz", ["Łukasz Żak"]),
        ("محمد", ["محمد الحسن"]),
        ("민준", ["김민준"]),
        ("федоров", ["Ольга Фёдорова"]),
        ("%", ["Ada 100% _Lovelace\\"]),
        ("_", ["Ada 100% _Lovelace\\"]),
        ("\\", ["Ada 100% _Lovelace\\"]),
        ("nobody", []),
        ("muller lukasz", []),
        ("' OR 1=1 --", []),
        ("ada personal data", ["Ada 100% _Lovelace\\"]),
    ],
)
def test_credentials_by_name_address_and_achievement(
    acme: Issuer, several: list[Credential], now: datetime, typed: str, found: list[str]
) -> None:
    assert names(acme, now, Wanted(text=typed)) == found


def test_credentials_by_code_however_it_is_written(acme: Issuer, several: list[Credential], now: datetime) -> None:
    wanted = several[1]
    for typed in (
        wanted.code,
        wanted.code.lower(),
        format_code(wanted.code),
        f" {format_code(wanted.code).replace('-', ' – ')} ",
        wanted.code.replace("0", "O").replace("1", "l"),
        f"https://badges.example.com/c/{wanted.code}",
    ):
        assert names(acme, now, Wanted(text=typed)) == [wanted.name]


def test_credentials_by_the_beginning_of_a_code(acme: Issuer, several: list[Credential], now: datetime) -> None:
    Credential.objects.filter(pk=several[2].pk).update(code="7K3M9Q2X41TD8WVN")
    for typed in ("7K3M9", "7k3m-9q", "7K3M 9Q2X", "7K3M-9Q2X-4"):
        assert names(acme, now, Wanted(text=typed)) == [several[2].name]
    assert names(acme, now, Wanted(text="7K3M8")) == []


def test_another_issuers_are_never_found(acme: Issuer, other: Issuer, several: list[Credential], now: datetime) -> None:
    assert names(other, now, Wanted(text=several[0].code)) == []
    assert names(other, now, Wanted(text="muller")) == []
    wanted = Wanted(achievement=several[0].achievement_id, batch=several[0].batch_id)
    assert names(other, now, wanted) == []


def test_filters_hold_together(acme: Issuer, design: Design, achievement: Achievement, now: datetime) -> None:
    second = Achievement.objects.create(issuer=acme, design=design, name="First Aid", description="Helps.")
    batch = batch_of(second, "first-aid.csv")
    credential_of(achievement, "Old", issued=now - days(400), until=now - days(1))
    credential_of(achievement, "Older", issued=now - days(500), until=now - days(9))
    credential_of(achievement, "Soon", issued=now - days(300), until=now + days(50))
    credential_of(achievement, "Sooner", issued=now - days(200), until=now + days(5))
    for name in ("Zoe", "Ann"):
        credential_of(second, name, batch=batch)
    revoked = credential_of(second, "Revoked")
    replaced = credential_of(second, "Replaced")
    Credential.objects.filter(pk=revoked.pk).update(revoked=now)
    Credential.objects.filter(pk=replaced.pk).update(superseded=now)
    assert names(acme, now, Wanted()) == ["Revoked", "Ann", "Zoe", "Sooner", "Soon", "Old", "Older"]
    assert names(acme, now, Wanted(sort=Sort.NAME)) == ["Ann", "Old", "Older", "Revoked", "Soon", "Sooner", "Zoe"]
    assert names(acme, now, Wanted(sort=Sort.OLDEST)) == ["Older", "Old", "Soon", "Sooner", "Zoe", "Ann", "Revoked"]
    assert names(acme, now, Wanted(standing=Standing.EXPIRED)) == ["Old", "Older"]
    assert names(acme, now, Wanted(standing=Standing.EXPIRING)) == ["Sooner", "Soon"]
    assert names(acme, now, Wanted(standing=Standing.REVOKED)) == ["Revoked"]
    assert names(acme, now, Wanted(standing=Standing.VALID)) == ["Ann", "Zoe"]
    assert names(acme, now, Wanted(standing=Standing.EXPIRED, text="older")) == ["Older"]
    assert names(acme, now, Wanted(achievement=second.pk)) == ["Revoked", "Ann", "Zoe"]
    assert names(acme, now, Wanted(batch=batch.pk)) == ["Zoe", "Ann", "Revoked"]
    assert names(acme, now, Wanted(text="first aid", standing=Standing.VALID)) == ["Ann", "Zoe"]
    period = Wanted(since=(now - days(400)).date(), until=(now - days(200)).date())
    assert names(acme, now, period) == ["Sooner", "Soon", "Old"]
    assert names(acme, now, Wanted(until=date.max)) == names(acme, now, Wanted())


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["Ada Lovelace", "Jürgen Müller"]),
        ("mueller", ["Jürgen Müller"]),
        ("ADA@example", ["Ada Lovelace"]),
        ("countess", ["Ada Lovelace"]),
        ("1001", ["Ada Lovelace"]),
        ("ada 1001", ["Ada Lovelace"]),
        ("ada 1002", []),
    ],
)
def test_people_by_name_address_and_number(acme: Issuer, ada: Person, typed: str, found: list[str]) -> None:
    Email.objects.create(issuer=acme, person=ada, address="countess@example.org", primary=False)
    Person.objects.create(issuer=acme, name="Jürgen Müller", department="Sales", active=False)
    assert [person.name for person in searching.people(acme, text=typed)] == found


def test_people_by_department_and_whether_they_are_active(acme: Issuer, other: Issuer, ada: Person) -> None:
    Person.objects.create(issuer=acme, name="Gone", department="Research", active=False)
    assert [person.name for person in searching.people(acme, department="Research")] == ["Ada Lovelace", "Gone"]
    assert [person.name for person in searching.people(acme, department="Research", active=False)] == ["Gone"]
    assert list(searching.people(acme, department="")) == []
    assert list(searching.people(other, text="ada")) == []


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_hold_everybody_once_in_both_directions(achievement: Achievement, now: datetime, sort: Sort) -> None:
    for number in range(23):
        credential_of(achievement, f"Name {number % 3}", issued=now - days(number % 4))
    found = searching.credentials(achievement.issuer, Wanted(sort=sort), now=now)
    order = Wanted(sort=sort).order
    pages = [paging.slice_of(found, order, size=5)]
    assert pages[0].before is None
    while pages[-1].after is not None:
        pages.append(paging.slice_of(found, order, after=pages[-1].after, size=5))
    assert [record for page in pages for record in page.records] == list(found)
    for earlier, later in reversed(list(itertools.pairwise(pages))):
        back = paging.slice_of(found, order, before=later.before, size=5)
        assert (back.records, back.before) == (earlier.records, earlier.before)


def test_a_page_behind_a_key_of_somebody_else_is_the_first(
    acme: Issuer,
    several: list[Credential],
    other: Issuer,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    found = searching.credentials(acme, Wanted(), now=now)
    with django_assert_num_queries(2):
        assert paging.slice_of(found, Wanted().order, after=10**9, size=2).records == several[:-3:-1]
    foreign = searching.credentials(other, Wanted(), now=now)
    assert paging.slice_of(foreign, Wanted().order, after=several[0].pk).records == []


def test_counting_stops(acme: Issuer, several: list[Credential], now: datetime) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(searching, "COUNTED", 3)
        assert searching.counted(searching.credentials(acme, Wanted(), now=now)) == 4
        assert searching.counted(searching.credentials(acme, Wanted(text="ada"), now=now)) == 1
