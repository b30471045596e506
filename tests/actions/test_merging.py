"""Two people who are one: all that either holds is kept, and the log finds nothing amiss."""

from __future__ import annotations

from datetime import datetime

import pytest

from issued import credential_of
from laurea.actions import auditing, confirming, merging, people
from laurea.actions.people import Details, PeopleError
from laurea.credentials.document import parse
from laurea.records.models import Account, Achievement, Credential, Email, Entry, Issuer, Person, Row


@pytest.fixture
def twin(acme: Issuer) -> Person:
    """Ada again, as another list knew her."""
    person = Person.objects.create(issuer=acme, name="Ada King", job_role="Countess", language="de", active=False)
    Email.objects.create(issuer=acme, person=person, address="ada@king.example")
    Email.objects.create(issuer=acme, person=person, address="countess@king.example", primary=False)
    return person


def test_one_has_all_that_both_had(
    ada: Person, twin: Person, achievement: Achievement, bob: Account, now: datetime
) -> None:
    first, second = credential_of(achievement, person=ada), credential_of(achievement, "Ada King", person=twin)
    row = Row.objects.get(pk=second.row_id)
    Row.objects.filter(pk=row.pk).update(person=twin)
    merging.merge(ada, twin, now=now, actor=bob)
    assert Person.objects.get() == ada
    assert (ada.name, ada.job_role, ada.department, ada.language, ada.active) == (
        "Ada Lovelace", "Analyst", "Research", "de", True,
    )  # fmt: skip
    assert list(ada.emails.order_by("pk").values_list("address", "primary")) == [
        ("ada@example.org", True), ("ada@king.example", False), ("countess@king.example", False),
    ]  # fmt: skip
    assert set(ada.credentials.all()) == {first, second}
    assert Row.objects.get(pk=row.pk).person == ada
    second.refresh_from_db()
    assert (second.name, second.text) == ("Ada King", second.text)  # as it was signed


def test_what_only_the_other_had_is_filled_in(ada: Person, twin: Person, now: datetime) -> None:
    """The number moves although only one person may have it."""
    ada.emails.all().delete()
    merging.merge(twin, ada, now=now, actor=None)
    assert (twin.name, twin.employee_number, twin.department, twin.job_role) == (
        "Ada King", "1001", "Research", "Countess",
    )  # fmt: skip
    assert twin.active


def test_an_address_becomes_the_first_where_there_was_none(ada: Person, twin: Person, now: datetime) -> None:
    ada.emails.all().delete()
    merging.merge(ada, twin, now=now, actor=None)
    assert ada.emails.get(primary=True).address == "ada@king.example"


def test_it_is_said_before_what_will_come_of_it(ada: Person, twin: Person, achievement: Achievement) -> None:
    credential_of(achievement, person=twin)
    coming = merging.prospect(ada, twin)
    assert coming == merging.Merger(
        name="Ada Lovelace",
        addresses=("ada@example.org", "ada@king.example", "countess@king.example"),
        filled_in={"language": "de"},
        dropped=(("name", "Ada King"), ("job_role", "Countess")),
        credentials=1,
    )
    assert Person.objects.count() == 2


def test_each_credential_has_its_entry_and_older_entries_are_found_by_whom_it_is_now(
    ada: Person, twin: Person, achievement: Achievement, acme: Issuer, bob: Account, now: datetime
) -> None:
    held = credential_of(achievement, "Ada King", person=twin)
    people.edit(twin, Details("Ada King", ["ada@king.example"], job_role="Lady"), now=now, actor=bob)
    before = Entry.objects.filter(person=twin).count()
    merging.merge(ada, twin, now=now, actor=bob)
    assert Entry.objects.filter(person=ada).count() == before + 2
    moved, merged = Entry.objects.filter(person=ada).order_by("pk")[before:]
    assert (moved.act, moved.identifier, merged.act, merged.identifier) == (
        "credential.moved", held.identifier, "person.merged", str(ada.pk),
    )  # fmt: skip
    facts = parse(moved.content)["facts"]
    assert isinstance(facts, dict)
    assert facts["record"] == auditing.fingerprint(Credential.objects.get(pk=held.pk))
    assert "King" not in merged.content


def test_whoever_cannot_be_merged(ada: Person, twin: Person, other: Issuer, now: datetime) -> None:
    stranger = Person.objects.create(issuer=other, name="Ada Lovelace")
    gone = Person(pk=10_000, issuer=ada.issuer, name="Nobody")
    for second, code in ((ada, "merging.same"), (stranger, "merging.same"), (gone, "merging.gone")):
        with pytest.raises(PeopleError) as caught:
            merging.merge(ada, second, now=now, actor=None)
        assert caught.value.code == code
    for number in range(9):
        Email.objects.create(issuer=ada.issuer, person=twin, address=f"a{number}@b.example", primary=False)
    with pytest.raises(PeopleError) as caught:
        merging.merge(ada, twin, now=now, actor=None)
    assert caught.value.code == "merging.addresses"
    assert Person.objects.filter(issuer=ada.issuer).count() == 2


def test_a_changed_address_keeps_everything(ada: Person, achievement: Achievement, now: datetime) -> None:
    held = credential_of(achievement, email="ada@example.org", person=ada)
    people.edit(ada, Details("Ada Lovelace", ["ada@new.example"], employee_number="1001"), now=now, actor=None)
    held.refresh_from_db()
    assert (held.person, held.email) == (ada, "ada@example.org")  # as it was signed
    assert ada.emails.get().address == "ada@new.example"


def test_what_is_issued_in_that_very_moment_goes_to_whoever_stays(
    ada: Person, twin: Person, acme: Issuer, achievement: Achievement, now: datetime
) -> None:
    batch = confirming.issue_one(acme, achievement, name="Ada King", person=twin, now=now, actor=None)
    merging.merge(ada, twin, now=now, actor=None)
    assert batch.rows.get().person == ada
