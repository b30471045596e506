"""People are added, corrected and let go; nobody gets what is somebody else's."""

from __future__ import annotations

from datetime import datetime

import pytest

from issued import credential_of, days
from laurea.actions import people
from laurea.actions.people import Details, PeopleError
from laurea.records.models import Achievement, Email, Issuer, Person


def addresses(person: Person) -> list[tuple[str, bool]]:
    return list(person.emails.order_by("-primary", "address").values_list("address", "primary"))


def test_everything_that_is_known_is_kept(acme: Issuer, now: datetime) -> None:
    person = people.add(
        acme,
        Details(
            "  Ada \u00a0 Lovelace ", ["Ada@Example.org", "", "a.l@example.org", "ada@example.org"], " 1001 ",
            "Research", "Analyst", "de", False,
        ),
        now=now,
        actor=None,
    )  # fmt: skip
    person.refresh_from_db()
    assert (person.name, person.employee_number, person.department, person.job_role, person.language) == (
        "Ada Lovelace", "1001", "Research", "Analyst", "de",
    )  # fmt: skip
    assert (person.active, person.created, person.changed, person.search) == (False, now, now, "ada lovelace 1001")
    assert addresses(person) == [("ada@example.org", True), ("a.l@example.org", False)]


def test_a_correction_takes_the_place_of_what_was_known(acme: Issuer, ada: Person, now: datetime) -> None:
    Email.objects.create(issuer=acme, person=ada, address="old@example.org", primary=False)
    people.edit(ada, Details("Ada King", ["new@example.org", "ada@example.org"]), now=now + days(1), actor=None)
    ada.refresh_from_db()
    assert (ada.name, ada.employee_number, ada.search, ada.changed) == ("Ada King", "", "ada king", now + days(1))
    assert addresses(ada) == [("new@example.org", True), ("ada@example.org", False)]
    people.edit(ada, Details("Ada King"), now=now, actor=None)
    assert addresses(ada) == []


@pytest.mark.parametrize(
    ("details", "code", "field"),
    [
        (Details(""), "row.no-name", "name"),
        (Details("x" * 200), "name.long", "name"),
        (Details("=cmd|x"), "name.formula", "name"),
        (Details("a\u202eb"), "name.direction", "name"),
        (Details("Ann", ["not an address"]), "row.email", "emails"),
        (Details("Ann", [f"a{n}@example.org" for n in range(11)]), "people.addresses", "emails"),
        (Details("Ann", employee_number="9" * 101), "people.long", "employee_number"),
        (Details("Ann", employee_number="1001"), "people.number-taken", "employee_number"),
        (Details("Ann", ["ADA@example.org"]), "people.address-taken", "emails"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    acme: Issuer, ada: Person, now: datetime, details: Details, code: str, field: str
) -> None:
    with pytest.raises(PeopleError) as caught:
        people.add(acme, details, now=now, actor=None)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert Person.objects.count() == 1


def test_issuers_do_not_know_each_others_people(other: Issuer, ada: Person, now: datetime) -> None:
    people.add(other, Details("Ada Lovelace", ["ada@example.org"], "1001"), now=now, actor=None)
    assert Person.objects.filter(employee_number="1001").count() == 2


def test_two_people_without_number_or_address_are_two(acme: Issuer, now: datetime) -> None:
    for _ in range(2):
        people.add(acme, Details("John Smith"), now=now, actor=None)
    assert Person.objects.filter(name="John Smith").count() == 2


def test_a_leaver_keeps_everything(achievement: Achievement, ada: Person, now: datetime) -> None:
    credential_of(achievement, person=ada)
    people.deactivate(ada, now=now, actor=None)
    ada.refresh_from_db()
    assert (ada.active, ada.credentials.count(), ada.emails.count()) == (False, 1, 1)
    people.activate(ada, now=now, actor=None)
    assert Person.objects.get(pk=ada.pk).active


def test_only_who_holds_nothing_can_be_deleted(achievement: Achievement, ada: Person, now: datetime) -> None:
    made = credential_of(achievement, person=ada)
    with pytest.raises(PeopleError) as caught:
        people.remove(ada, now=now, actor=None)
    assert caught.value.code == "people.holds"
    type(made).objects.all().delete()
    people.remove(ada, now=now, actor=None)
    assert (Person.objects.count(), Email.objects.count()) == (0, 0)
