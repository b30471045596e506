"""A list of people: shown before it is written, written as a whole."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from laurea.actions import exporting, people_lists
from laurea.actions.people import PeopleError
from laurea.actions.people_lists import Answers, Plan
from laurea.credentials.errors import TableError
from laurea.records.models import Account, Email, Issuer, Person

TODAY = date(2026, 11, 23)


def planned(issuer: Issuer, text: str, answers: Answers | None = None) -> Plan:
    return people_lists.plan(issuer, people_lists.read(text.encode(), "people.csv", answers or Answers(), today=TODAY))


def applied(issuer: Issuer, text: str, now: datetime) -> Plan:
    reading = people_lists.read(text.encode(), "people.csv", Answers(), today=TODAY)
    return people_lists.apply(issuer, reading, people_lists.plan(issuer, reading).digest, now=now, actor=None)


def edits(plan: Plan) -> list[tuple[str, str, str]]:
    return [(edit.field, edit.old, edit.new) for change in plan.changes for edit in change.edits]


@pytest.fixture
def grace(acme: Issuer) -> Person:
    """Another of Acme's people."""
    person = Person.objects.create(issuer=acme, name="Grace Hopper", employee_number="1002", department="Navy")
    Email.objects.create(issuer=acme, person=person, address="grace@example.org")
    return person


def test_new_changed_unchanged_and_wrong_lines_are_told_apart(acme: Issuer, ada: Person, grace: Person) -> None:
    plan = planned(
        acme,
        "Name,E-mail,Employee number,Department\n"
        "Ada Lovelace,ada@example.org,1001,Research\n"
        "Grace Hopper,grace@example.org,1002,IT\n"
        "Mary Shelley,mary@example.org,1003,Letters\n"
        "Mary Shelley,mary@example.org,1003,Letters\n"
        "No Address,nonsense,1004,\n",
    )
    assert (plan.unchanged, edits(plan)) == (1, [("department", "Navy", "IT")])
    assert [newcomer.row.name for newcomer in plan.newcomers] == ["Mary Shelley"]
    assert [(row.line, row.duplicate_of) for row in plan.twice] == [(5, 4)]
    assert [(error.line, error.column, error.code) for error in plan.errors] == [(6, "E-mail", "row.email")]
    assert Person.objects.count() == 2


def test_a_list_is_written_as_it_was_shown(acme: Issuer, ada: Person, grace: Person, now: datetime) -> None:
    text = (
        "Name;E-Mail;Personalnummer;Abteilung;Aktiv;Sprache\n"
        "Ada King;a.king@example.org;1001;;nein;de\n"
        "Jürgen Müller;J.Mueller@Example.org;1003;Vertrieb;ja;\n"
        "Gone Before;;1004;;nein;\n"
    )
    plan = applied(acme, text, now)
    assert edits(plan) == [
        ("name", "Ada Lovelace", "Ada King"),
        ("language", "", "de"),
        ("email", "ada@example.org", "a.king@example.org"),
        ("active", "yes", "no"),
    ]
    ada.refresh_from_db()
    assert (ada.name, ada.department, ada.active, ada.language) == ("Ada King", "Research", False, "de")
    assert (ada.search, ada.changed) == ("ada king 1001", now)
    assert list(ada.emails.order_by("pk").values_list("address", "primary")) == [
        ("ada@example.org", False),
        ("a.king@example.org", True),
    ]
    new = Person.objects.get(employee_number="1003")
    assert (new.name, new.department, new.active, new.search) == (
        "Jürgen Müller",
        "Vertrieb",
        True,
        "jurgen muller 1003",
    )
    assert new.emails.get().address == "j.mueller@example.org"
    assert not Person.objects.get(employee_number="1004").active
    grace.refresh_from_db()
    assert grace.changed != now
    again = planned(acme, text)
    assert (again.empty, again.unchanged) == (True, 3)


def test_only_columns_that_are_there_change_anything(acme: Issuer, ada: Person, now: datetime) -> None:
    applied(acme, "Name,Employee number,Job role\nAda Lovelace,1001,Countess\n", now)
    ada.refresh_from_db()
    assert (ada.department, ada.job_role, ada.emails.get().address) == ("Research", "Countess", "ada@example.org")


def test_an_earlier_address_becomes_the_one_for_mail_again(acme: Issuer, ada: Person, now: datetime) -> None:
    applied(acme, "Name,E-mail,Employee number\nAda Lovelace,new@example.org,1001\n", now)
    applied(acme, "Name,E-mail\nAda Lovelace,ada@example.org\n", now)
    assert list(ada.emails.order_by("pk").values_list("address", "primary")) == [
        ("ada@example.org", True),
        ("new@example.org", False),
    ]


def test_number_and_address_of_two_people_are_an_error(acme: Issuer, ada: Person, grace: Person) -> None:
    plan = planned(acme, "Name,E-mail,Employee number\nAda Lovelace,ada@example.org,1002\n")
    assert plan.empty
    assert [(error.line, error.column, error.code) for error in plan.errors] == [(2, "Employee number", "people.two")]
    assert "Grace Hopper" in plan.errors[0].reason
    assert "Ada Lovelace" in plan.errors[0].reason


def test_the_same_person_under_number_and_address_is_an_error(acme: Issuer, ada: Person) -> None:
    plan = planned(
        acme, "Name,E-mail,Employee number,Department\nAda Lovelace,,1001,IT\nAda King,ada@example.org,,HR\n"
    )
    assert [(error.line, error.code) for error in plan.errors] == [(3, "people.again")]
    assert edits(plan) == [("department", "Research", "IT")]


def test_a_name_or_number_that_may_be_somebody_else_is_marked(acme: Issuer, ada: Person, grace: Person) -> None:
    plan = planned(
        acme,
        "Name,E-mail,Employee number\nSomebody Else,ada@example.org,1001\nGrace Hopper,grace@example.org,7\n",
    )
    assert [change.doubtful for change in plan.changes] == [True, True]
    assert [change.doubtful for change in planned(acme, "Name,Employee number\nAda LOVELACE,1001\n").changes] == [False]


@pytest.mark.parametrize(("said", "active"), [("yes", True), ("Nein", False), ("0", False), ("x", True), ("", True)])
def test_active_is_understood(acme: Issuer, now: datetime, said: str, active: bool) -> None:
    applied(acme, f"Name,Employee number,Active\nAnn Smith,5,{said}\n", now)
    assert Person.objects.get().active == active


def test_neither_yes_nor_no_is_an_error(acme: Issuer) -> None:
    plan = planned(acme, "Name,Employee number,Active\nAnn Smith,5,perhaps\n")
    assert [(error.line, error.column, error.value, error.code) for error in plan.errors] == [
        (2, "Active", "perhaps", "people.active")
    ]


def test_what_the_records_cannot_take_is_an_error(acme: Issuer) -> None:
    plan = planned(acme, f"Name,Employee number\nAnn Smith,{'9' * 101}\n")
    assert [(error.column, error.code) for error in plan.errors] == [("Employee number", "people.long")]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"%PDF-1.7 nonsense", "table.kind"), (b"", "table.empty"), (b"\x89PNG\r\n\x1a\n\x00\x00", "table.kind")],
)
def test_what_is_no_list_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(TableError) as caught:
        people_lists.read(content, "x.csv", Answers(), today=TODAY)
    assert caught.value.code.startswith("table.")


def test_a_list_without_a_name_column_asks(acme: Issuer) -> None:
    text = "Who,Number of employee\nAda Lovelace,1001\n"
    reading = people_lists.read(text.encode(), "people.csv", Answers(), today=TODAY)
    assert [(question.parameter, question.field) for question in reading.questions] == [("mapping", "name")]
    assert len(planned(acme, text, Answers(mapping={"name": "Who"})).newcomers) == 1


def test_what_changed_meanwhile_is_not_written(acme: Issuer, ada: Person, now: datetime) -> None:
    reading = people_lists.read(b"Name,Employee number\nAda King,1001\nNew One,7\n", "p.csv", Answers(), today=TODAY)
    digest = people_lists.plan(acme, reading).digest
    Person.objects.filter(pk=ada.pk).update(name="Ada Byron")
    with pytest.raises(PeopleError) as caught:
        people_lists.apply(acme, reading, digest, now=now, actor=None)
    assert caught.value.code == "people.changed-meanwhile"
    assert list(Person.objects.values_list("name", flat=True)) == ["Ada Byron"]


def test_another_issuers_people_are_not_touched(other: Issuer, ada: Person, now: datetime) -> None:
    applied(other, "Name,E-mail,Employee number\nSomebody Else,ada@example.org,1001\n", now)
    ada.refresh_from_db()
    assert ada.name == "Ada Lovelace"
    assert Person.objects.filter(employee_number="1001").count() == 2


def test_an_export_taken_in_again_changes_nothing(acme: Issuer, ada: Person, grace: Person) -> None:
    Person.objects.create(issuer=acme, name="Zoë Ünal", employee_number="-7", active=False, language="de")
    written = b"".join(exporting.csv_of_people(Person.objects.all()))
    plan = people_lists.plan(acme, people_lists.read(written, "people.csv", Answers(), today=TODAY))
    assert (plan.empty, plan.errors) == (True, [])


def test_a_file_is_kept_until_the_review_is_over(acme: Issuer, alice: Account, bob: Account) -> None:
    digest = people_lists.keep(acme, b"one", actor=alice)
    assert people_lists.kept(acme, digest, actor=alice) == b"one"
    assert people_lists.kept(acme, digest, actor=bob) is None
    people_lists.keep(acme, b"two", actor=alice)
    assert people_lists.kept(acme, digest, actor=alice) is None
    people_lists.forget(acme, actor=alice)
    people_lists.forget(acme, actor=alice)


@pytest.mark.slow
def test_fifty_thousand_lines_are_a_few_statements(acme: Issuer, now: datetime) -> None:
    lines = "\n".join(f"Person Number{chr(97 + n % 26)},p{n}@example.org,{n},Dept {n % 40}" for n in range(50_000))
    header = "Name,E-mail,Employee number,Department\n"
    assert len(applied(acme, header + lines, now).newcomers) == 50_000
    assert len(applied(acme, header + lines.replace("Dept", "Team"), now).changes) == 50_000
    assert Person.objects.filter(department__startswith="Team").count() == 50_000
