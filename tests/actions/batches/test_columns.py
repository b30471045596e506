"""Which column means what."""

from __future__ import annotations

import pytest

from laurea.actions.batches import synonyms
from laurea.actions.batches.columns import find_column, header_score, letter, recognise
from laurea.actions.batches.synonyms import SYNONYMS, UNUSED, meanings
from laurea.credentials.errors import TableError


def fields(header: str, *rows: str, **mapping: str) -> dict[str, str]:
    sample = [row.split("|") for row in rows]
    found = recognise(header.split("|"), sample, mapping)
    return {column.header: column.field for column in found.columns if column.field}


def test_every_synonym_is_recognised_in_any_dress() -> None:
    for field, entries in SYNONYMS.items():
        for entry in entries:
            for dressed in (
                entry,
                entry.upper(),
                f" {entry.lower()}: ",
                entry.replace(" ", "_"),
                entry if "(" in entry else f"{entry} [x]",
            ):
                assert field in dict(meanings(dressed)), (field, dressed)


def test_no_header_is_both_used_and_unused() -> None:
    assert [header for header in UNUSED if meanings(header)] == []


def test_only_note_has_two_meanings() -> None:
    assert {folded for folded, found in synonyms.KNOWN.items() if len(found) > 1} == {"note"}


def test_note_is_a_grade_or_a_remark_by_what_stands_in_it() -> None:
    assert fields("Name|Note", "Anna Weber|1,3", "Jo Weber|2,0")["Note"] == "result"
    assert fields("Name|Note", "Anna Weber|came late", "Jo Weber|")["Note"] == "note"


def test_titel_is_academic_or_nothing() -> None:
    assert fields("Name|Titel", "Anna Weber|Dr.", "Jo Weber|Prof. Dr.-Ing.")["Titel"] == "title"
    assert "Titel" not in fields("Name|Titel", "Anna Weber|Leiterin", "Jo Weber|Dr.")


@pytest.mark.parametrize(
    ("header", "value", "field"),
    [
        ("Vollstandiger Nmae", "Anna Weber", "name"), ("Fulll Name", "Anna Weber", "name"), ("E-Maill",
        "a@example.com", "email"),
        ("Departement", "Sales", "department"), ("Abteilungg", "Sales", "department"), ("Expirey Date",
        "2027-01-01", "expires"),
        ("Austellungsdatum", "01.02.2026", "awarded"), ("Personalnumer", "4711", "employee_number"),
    ],
)  # fmt: skip
def test_misspelt_headers(header: str, value: str, field: str) -> None:
    assert fields(f"{header}|X", f"{value}|x").get(header) == field


@pytest.mark.parametrize(
    ("header", "value"),
    [("Bundesland", "Bayern"), ("Geburtsdatum", "01.02.1990"), ("Host Email", "h@example.com"),
    ("Datum Einladung", "1.1.2026"),
     ("Content Type", "Course"), ("Company Name", "Example Ltd")],
)  # fmt: skip
def test_other_columns_stay_extra(header: str, value: str) -> None:
    assert header not in fields(f"Name|{header}", f"Anna Weber|{value}")


def test_a_date_header_never_becomes_a_department() -> None:
    assert fields("Name|Ausstellungsdatum", "Anna Weber|01.02.2026")["Ausstellungsdatum"] == "awarded"
    assert "Ausstellungsdatumm der Abteilung" not in fields("Name|Ausstellungsdatumm der Abteilung", "Anna Weber|Sales")


def test_name_beside_vorname_is_the_family_name() -> None:
    assert fields("Name|Vorname", "Weber|Anna", "Groß|Jo") == {"Name": "last_name", "Vorname": "first_name"}
    assert fields("Name|Vorname", "Anna Weber|Anna", "Jo Groß|Jo") == {"Name": "name"}
    assert fields("Display Name|First name|Last name", "Anna M. Weber|Anna|Weber") == {"Display Name": "name"}
    assert fields("Display Name|First name|Last name", "Anna W|Anna|Weber") == {
        "First name": "first_name",
        "Last name": "last_name",
    }
    assert fields("Name|First name|Last name", "x1|Anna|Weber") == {
        "First name": "first_name",
        "Last name": "last_name",
    }


def test_an_address_for_work_goes_before_a_private_one() -> None:
    assert fields("Name|E-Mail|E-Mail (dienstlich) *", "Anna Weber|a@example.org|b@example.com") == {
        "Name": "name",
        "E-Mail (dienstlich) *": "email",
    }
    assert fields("Name|Private Email|Mail", "Anna Weber|a@example.org|b@example.com")["Mail"] == "email"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("User - User Email", "email"), ("Transcript - Transcript Completed Date", "awarded"),
        ("Grade/10.00", "result"),
        ("Bewertung/10,00", "result"), ("E-Mail *", "email"), ("Dauer [h]", None),
        ("Quiz: Final - Completion date", None),
        ("Groups", None),
    ],
)  # fmt: skip
def test_what_programs_hang_on_headers(header: str, field: str | None) -> None:
    found = meanings(header)
    assert (found[0][0] if found else None) == field


def test_a_status_column_says_how_it_ended_or_is_none() -> None:
    assert fields("Name|Status", "Anna Weber|In progress", "Jo Groß|whatever")["Status"] == "status"
    assert "Status" not in fields("Name|Status", "Anna Weber|Student", "Jo Groß|Student")
    assert "State" not in fields("Name|State", "Anna Weber|CA", "Jo Groß|NO")
    assert "Attendance" not in fields("Name|Attendance", "Anna Weber|95 %", "Jo Groß|100 %")
    assert fields("Name|Progress", "Anna Weber|95 %", "Jo Groß|100 %")["Progress"] == "status"
    assert fields("Name|Passed", "Anna Weber|y", "Jo Groß|n")["Passed"] == "status"
    assert fields("Name|Completed", "Anna Weber|yes", "Jo Groß|no")["Completed"] == "status"
    assert fields("Name|Completed", "Anna Weber|2026-11-20", "Jo Groß|no")["Completed"] == "awarded"


def test_two_names_that_differ_are_a_question() -> None:
    found = recognise(["Full name", "Participant"], [["Anna Weber", "Jo Groß"]], {})
    assert [question.code for question in found.questions] == ["columns.two-names"]
    assert [choice.value for choice in found.questions[0].choices] == ["Full name", "Participant"]
    assert recognise(["Full name", "Participant"], [["Anna Weber", "Anna Weber"]], {}).questions == ()
    assert recognise(["Full name", "Participant"], [["Anna Weber", "4711"]], {}).questions == ()
    assert recognise(["Full name", "Participant"], [["Anna Weber", "Jo Groß"]], {"name": "B"}).questions == ()


def test_columns_without_header_are_found_by_what_stands_in_them() -> None:
    found = recognise(
        ["", "", "Status"], [["Anna Weber", "a@example.com", "blue"], ["Jo Groß", "j@example.com", "red"]], {}
    )
    assert [(column.field, column.how) for column in found.columns] == [
        ("name", "values"),
        ("email", "values"),
        (None, None),
    ]


def test_mapping_by_header_letter_number_and_nothing() -> None:
    assert fields("A1|B1|C1", "x|y|z", name="b1", email="C", course="1") == {
        "B1": "name",
        "C1": "email",
        "A1": "course",
    }
    assert fields("Name|Datum", "Anna Weber|1.1.2026", awarded="") == {"Name": "name"}
    assert fields("Name|X", "Anna Weber|Sales", **{"job-role": "X"}) == {"Name": "name", "X": "job_role"}


def test_unknown_columns_and_fields_are_explained() -> None:
    with pytest.raises(TableError) as caught:
        find_column("Nmae", ["Name", "E-Mail", "Datum"])
    assert (caught.value.code, caught.value.message) == ("table.unknown-column", "There is no column “Nmae”")
    assert caught.value.hint.startswith("Did you mean “Name”? The columns are “Name”, ")
    with pytest.raises(TableError) as caught:
        fields("Name|X", "Anna|y", shoesize="X")
    assert caught.value.code == "table.unknown-field"


def test_rows_do_not_look_like_headers() -> None:
    assert header_score(["Anna Müller", "anna@example.com", "23.11.2026"]) == 0
    assert header_score(["Meeting title", "Datenschutz"]) == 0
    assert header_score(["akm1", "Course", "COURSE_COMPLETE", "anna@example.com"]) == 0
    assert header_score(["Name", "E-Mail", "Datum"]) > header_score(["Name"]) > 0


def test_letters() -> None:
    assert [letter(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
