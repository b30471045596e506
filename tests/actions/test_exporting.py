"""Exports: they open everywhere, calculate nothing, and read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from issued import batch_of, credential_of, days
from laurea.actions import batches, exporting
from laurea.credentials.code import format_code
from laurea.records.models import Achievement, Credential, Delivery, Email, Issuer, Person


def table(pieces: Iterator[bytes], delimiter: str = ",") -> list[list[str]]:
    """The lines of a CSV file."""
    text = b"".join(pieces).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=delimiter, strict=True))


def test_a_line_holds_what_is_known(achievement: Achievement, ada: Person, now: datetime) -> None:
    made = credential_of(achievement, email="ada@example.org", person=ada, until=now + days(30))
    Delivery.objects.create(
        issuer=achievement.issuer, credential=made, address=made.email, language="en", state=Delivery.State.SENT
    )
    headings, line = table(exporting.csv_of(Credential.objects.all(), now=now))
    assert dict(zip(headings, line, strict=True)) == {
        "Name": "Ada Lovelace",
        "E-mail": "ada@example.org",
        "Employee number": "1001",
        "Department": "Research",
        "Achievement": "Safe Handling of Personal Data",
        "Date of award": "2026-11-23",
        "Issued on": "2026-11-23",
        "Expires on": "2026-12-23",
        "State": "Expires soon",
        "Code": format_code(made.code),
        "Link": f"https://badges.example.com/c/{made.code}",
        "Batch": "list.csv",
        "Mail": "Sent",
    }


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+49 30 1", "-1", "@SUM(A1)", "＝1", '=HYPERLINK("x";"y")'])
def test_formulas_are_text(achievement: Achievement, name: str) -> None:
    credential_of(achievement, name, batch=batch_of(achievement, "=list.csv"))
    _, line = table(exporting.csv_of(Credential.objects.all()))
    assert (line[0], line[11]) == (f"'{name}", "'=list.csv")


@pytest.mark.parametrize("name", ['Says "hello", twice', "Line\nbreak", "semi;colon", "محمد", "Zoë 🦆"])
def test_any_name_comes_back(achievement: Achievement, name: str) -> None:
    credential_of(achievement, name)
    assert table(exporting.csv_of(Credential.objects.all()))[1][0] == name


def test_germans_get_semicolons(achievement: Achievement) -> None:
    credential_of(achievement)
    with translation.override("de"):
        pieces = exporting.csv_of(Credential.objects.all())
    assert table(pieces, ";")[1][0] == "Ada Lovelace"


def test_queries_do_not_grow_with_the_list(
    achievement: Achievement, ada: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(8):
        credential_of(achievement, f"Person {number}", person=ada)
    with django_assert_num_queries(3):  # a page, its deliveries, and the empty page after it
        assert len(table(exporting.csv_of(Credential.objects.all()))) == 9


def test_people_read_back_as_they_were(acme: Issuer, ada: Person) -> None:
    Email.objects.create(issuer=acme, person=ada, address="a.lovelace@example.org", primary=False)
    Person.objects.create(issuer=acme, name="José Ñuñez", employee_number="007", active=False, language="de")
    written = b"".join(exporting.csv_of_people(Person.objects.all()))
    reading = batches.read(written, "people.csv", today=date(2026, 11, 23))
    assert (reading.errors, reading.questions) == ((), ())
    assert [
        (row.name, row.email, row.employee_number, row.department, row.job_role, row.language, row.extra["Active"])
        for row in reading.rows
    ] == [
        ("Ada Lovelace", "ada@example.org", "1001", "Research", "Analyst", None, "yes"),
        ("José Ñuñez", None, "007", None, None, "de", "no"),
    ]
    assert reading.rows[0].extra["Other e-mail addresses"] == "a.lovelace@example.org"
