"""A people file becomes rows, or errors with line, column, value and reason."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laurea.actions.batches import PersonRow, Reading, RowError, read
from laurea.actions.batches.synonyms import SYNONYMS, UNUSED
from laurea.credentials.errors import TableError

TODAY = date(2026, 11, 24)


def people(text: str, encoding: str = "utf-8", **options: object) -> Reading:
    return read(text.encode(encoding), "list.csv", today=TODAY, **options)  # type: ignore[arg-type]


def codes(reading: Reading) -> list[tuple[int, str]]:
    return [(error.line, error.code) for error in reading.errors]


def test_a_row_with_everything() -> None:
    reading = people(
        "Name,E-Mail,Personalnummer,Abteilung,Funktion,Kurs,Ausgestellt am,Gültig bis,Ergebnis,Stunden,Nachweis,"
        "Sprache,Bemerkung,Standort\n"
        "Anna Müller,Anna@example.com,0042,Vertrieb,Leiterin,Brandschutz,20.11.2026,20.11.2028,sehr gut,\"7,5 h\","
        "https://example.com/a,Deutsch,keine,Berlin\n",
    )  # fmt: skip
    assert reading.rows == (
        PersonRow(
            2, "Anna Müller", "Anna@example.com", "0042", "Vertrieb", "Leiterin", "Brandschutz", date(2026, 11, 20),
            date(2028, 11, 20), "sehr gut", 7.5, "https://example.com/a", "de", "keine", None, {"Standort": "Berlin"},
        ),
    )  # fmt: skip
    assert (reading.errors, reading.warnings, reading.questions, reading.notes) == ((), (), (), ())


def test_an_error_names_line_column_value_reason_and_hint() -> None:
    reading = people('Name,E-Mail\n"Anna\nMüller",anna\nJo Groß,jo@example.com\n')
    assert reading.errors == (
        RowError(
            2, "E-Mail", "anna", "this is no e-mail address", "Write it like anna@example.com, or leave the cell empty",
            "row.email", 2,
        ),
    )  # fmt: skip
    assert [(row.line, row.name) for row in reading.rows] == [(4, "Jo Groß")]
    assert reading.rejected == {2: ("Anna\nMüller", "anna")}
    assert reading.counts() == {"ready": 1, "warning": 0, "duplicate": 0, "error": 1}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac-roman"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends(encoding: str, delimiter: str, end: str) -> None:
    rows = ["Nachname,Vorname,Prüfung", "Müller,Jörg,Öl", "Weiß,Änne,Grün", "Lefèvre,Chloé,Blau", "Çelik,Özge,Weiß"]
    reading = people(end.join(rows).replace(",", delimiter) + end, encoding)
    assert [(row.line, row.name) for row in reading.rows] == [
        (2, "Jörg Müller"), (3, "Änne Weiß"), (4, "Chloé Lefèvre"), (5, "Özge Çelik"),
    ]  # fmt: skip
    assert reading.delimiter == delimiter


def test_an_apostrophe_of_windows_does_not_make_a_mac() -> None:
    reading = people("Name\nSiobhan O’Connor\nJohn O’Brien\n", "cp1252")
    assert reading.encoding == "cp1252"
    assert reading.rows[0].name == "Siobhan O’Connor"
    assert [note.code for note in reading.notes] == ["file.encoding", "columns.no-email"]


def test_the_user_may_name_the_encoding() -> None:
    data = "Name\nОлена Шевчук\n".encode("cp1251")
    assert read(data, "x.csv", today=TODAY, encoding="windows-1251").rows[0].name == "Олена Шевчук"
    with pytest.raises(TableError) as caught:
        read(data, "x.csv", today=TODAY, encoding="zip")
    assert caught.value.code == "table.unknown-encoding"


def test_sep_line_quotes_and_delimiters_inside() -> None:
    reading = people('sep=;\r\nName;Kurs\r\n"Müller; ""Jo"" Anna";"a,b\r\nc"\r\n')
    assert [(row.line, row.name, row.course) for row in reading.rows] == [(3, 'Müller; "Jo" Anna', "a,b c")]
    assert reading.delimiter == ";"


def test_names_with_commas_do_not_make_the_comma_the_delimiter() -> None:
    reading = people("Name;E-Mail\nMüller, Anna;anna@example.com\nGroß, Jo;jo@example.com\n")
    assert [row.name for row in reading.rows] == ["Anna Müller", "Jo Groß"]
    assert people("Name\nMüller, Anna\nGroß, Jo\n").rows[0].name == "Anna Müller"


def test_a_single_comma_is_a_warning() -> None:
    reading = people("Name;E-Mail\nMüller, Anna;a@example.com\nJo Groß;j@example.com\nLea Vogt;l@example.com\n")
    assert [(warning.line, warning.code) for warning in reading.warnings] == [(2, "name.comma")]


def test_same_person_twice() -> None:
    reading = people(
        "Name,E-Mail,Personalnummer\n"
        "Anna Müller,anna@example.com,1\n"
        "Dr. Anna MÜLLER,ANNA@example.com,\n"
        "Anna Mueller,other@example.com,1\n"
        "Jo Groß,anna@example.com,2\n"
        "Lea Vogt,,\n"
        "lea vogt,,\n"
        "Anna Müller,,\n",
    )
    assert [(row.line, row.state, row.duplicate_of) for row in reading.rows] == [
        (2, "ready", None), (3, "duplicate", 2), (4, "duplicate", 2), (6, "warning", None), (7, "duplicate", 6),
        (8, "warning", None),
    ]  # fmt: skip
    assert codes(reading) == [(5, "row.two-people")]
    assert [row.line for row in reading.to_issue] == [2, 6, 8]


@pytest.mark.parametrize(
    ("awarded", "expires", "code"),
    [
        ("2026-11-25", "", "row.future"), ("2026-11-24", "2026-11-23", "row.expires"), ("soon", "", "row.date"),
        ("1949-01-01", "", "row.date-range"), ("", "30.02.2027", "row.date"),
    ],
)  # fmt: skip
def test_dates_that_cannot_be(awarded: str, expires: str, code: str) -> None:
    assert codes(people(f"Name,Issued,Expires\nAnna Müller,{awarded},{expires}\n")) == [(2, code)]


def test_today_is_fine_and_an_expired_one_is_mentioned() -> None:
    reading = people("Name,Issued,Expires\nAnna Müller,2026-11-24,2026-11-24\nJo Groß,2020-01-01,2022-01-01\n")
    assert [(row.name, row.state) for row in reading.rows] == [("Anna Müller", "ready"), ("Jo Groß", "warning")]


def test_one_date_column_decides_for_the_other() -> None:
    reading = people("Name,Issued,Expires\nAnna Müller,03/04/2026,31/12/2028\n")
    assert reading.rows[0].awarded == date(2026, 4, 3)


def test_unclear_dates_hold_back_their_rows_only() -> None:
    reading = people("Name,Issued\nAnna Müller,03/04/2026\nJo Groß,2026-04-03\nLea Vogt,\n")
    assert [row.name for row in reading.rows] == ["Jo Groß", "Lea Vogt"]
    assert codes(reading) == [(2, "row.date-ambiguous")]
    assert [question.parameter for question in reading.questions] == ["date_order"]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("Evidence", "see folder", "row.evidence"), ("Evidence", "javascript:alert(1)", "row.evidence"),
        ("Evidence", "https://user@example.com/", "row.evidence"),
        ("Evidence", "https://example.com/?tx[id]=5", "row.evidence"), ("Hours", "many", "row.hours"),
        ("Comment", "x" * 2001, "row.long"), ("Course", "BefÃ¤higung", "row.damaged"),
    ],
)  # fmt: skip
def test_values_that_cannot_be(column: str, value: str, code: str) -> None:
    assert codes(people(f"Name,{column}\nAnna Müller,{value}\n")) == [(2, code)]


def test_a_delimiter_without_quotes_shifts_cells_and_is_an_error() -> None:
    assert sorted(codes(people("Name,Dept,E-Mail\nAnna Müller,Sales, North,a@example.com\n"))) == [
        (2, "row.cells"),
        (2, "row.email"),
    ]


def test_corrections_replace_cells() -> None:
    text = "Name,E-Mail\nAnna Müller,anna\nJo Groß,jo@example.com\n"
    error = people(text).errors[0]
    fixed = people(text, corrections={(error.line, error.position): "anna@example.com"})
    assert [row.email for row in fixed.rows] == ["anna@example.com", "jo@example.com"]


def test_where_keeps_equal_values_only() -> None:
    text = "Name,Kurs,Status\nAnna Müller,A,Bestanden\nJo Groß,B, bestanden \nLea Vogt,A,offen\n"
    assert [row.name for row in people(text, where=[("status", "bestanden")]).rows] == ["Anna Müller", "Jo Groß"]
    assert [row.name for row in people(text, where=[("Status", "Bestanden"), ("course", "a")]).rows] == ["Anna Müller"]
    with pytest.raises(TableError) as caught:
        people(text, where=[("Statuss", "x")])
    assert caught.value.hint.startswith("Did you mean “Status”?")


def test_no_column_for_the_name_is_a_question() -> None:
    reading = people("Wer,E-Mail\nAnna Müller,a@example.com\n")
    assert [(question.code, question.field) for question in reading.questions] == [("columns.no-name", "name")]
    assert [(choice.value, choice.examples) for choice in reading.questions[0].choices] == [("Wer", ("Anna Müller",))]
    assert people("Wer,E-Mail\nAnna Müller,a@example.com\n", mapping={"name": "Wer"}).rows[0].name == "Anna Müller"


def test_a_file_without_header() -> None:
    reading = people("Anna Müller,a@example.com\nJo Groß,j@example.com\n", header_line=0, mapping={"name": "A"})
    assert [(row.line, row.name, row.email) for row in reading.rows] == [
        (1, "Anna Müller", "a@example.com"), (2, "Jo Groß", "j@example.com"),
    ]  # fmt: skip


def test_pages_that_repeat_the_header_and_totals() -> None:
    reading = people("Name,Kurs\nAnna Müller,A\n\nName,Kurs\nJo Groß,B\n\nSumme,2\n")
    assert [row.line for row in reading.rows] == [2, 5]
    assert [(span.first, span.reason) for span in reading.skipped] == [
        (3, "blank"), (4, "the header again"), (6, "blank"), (7, "totals"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "remark",
    [
        "Total participants: 2", "Total: 2", "Anzahl: 2", "2 record(s)", "(2 rows)", "Page 1 of 1", "Seite 1 von 1",
        "Report generated on 20.11.2026", "Erstellt am 20.11.2026 von Kurt Frey", "Stand: 20.11.2026",
        "Unterschrift Trainer", "Ort, Datum:", "____________", "* Pflichtfeld", "Signature:",
    ],
)  # fmt: skip
def test_remarks_below_the_list_are_nobody(remark: str) -> None:
    reading = people(f"Name;E-Mail;Kurs\nAnna Müller;a@example.com;A\n{remark};;\n\n{remark}\n")
    assert [row.name for row in reading.rows] == ["Anna Müller"]
    assert [(span.first, span.reason) for span in reading.skipped] == [(3, "a remark"), (4, "blank"), (5, "a remark")]


def test_who_has_only_a_name_is_somebody() -> None:
    reading = people("Name;E-Mail;Kurs\nAnna Müller;;\nName;E-Mail;Kurs\nJo Groß;;\n")
    assert [row.name for row in reading.rows] == ["Anna Müller", "Jo Groß"]
    assert [row.name for row in people("Name\nAnna Müller\nName\nJo Groß\n").rows] == ["Anna Müller", "Jo Groß"]


def test_pages_with_a_title_each_are_one_list() -> None:
    reading = people("Liste;\nName;Kurs\nAnna Müller;A\n\nListe, Fortsetzung;\nName;Kurs\nJo Groß;B\n")
    assert [row.line for row in reading.rows] == [3, 7]


def test_a_title_over_another_header_ends_the_list() -> None:
    reading = people("Name;Kurs\nAnna Müller;A\nDozenten;\nNachname;Vorname\nFrey;Kurt\n")
    assert [row.name for row in reading.rows] == ["Anna Müller"]
    assert [(span.first, span.last) for span in reading.skipped] == [(3, 5)]


def test_lines_that_are_numbered_and_empty_are_nobody() -> None:
    reading = people("Nr.;Name;E-Mail;Ort\n1;Anna Müller;a@example.com;Bonn\n2;;;\n3;;;\n;;;Kurt Frey (Dozent)\n")
    assert [row.name for row in reading.rows] == ["Anna Müller"]
    assert reading.errors == ()
    assert [(span.first, span.last, span.reason) for span in reading.skipped] == [(3, 5, "nobody")]


def test_a_line_with_an_address_but_no_name_is_an_error() -> None:
    assert codes(people("Name;E-Mail\n;a@example.com\n")) == [(2, "row.no-name")]


def test_a_header_of_two_lines() -> None:
    reading = people("Liste;;;;\nNr.;Name;;E-Mail;Datum\n;Nachname;Vorname;;\n1;Müller;Anna;a@example.com;20.11.2026\n")
    assert [(row.line, row.name, row.email, row.awarded) for row in reading.rows] == [
        (4, "Anna Müller", "a@example.com", date(2026, 11, 20))
    ]


def test_a_list_that_begins_with_a_person() -> None:
    reading = people("Anna Müller;a@example.com\nJo Groß;j@example.com\n")
    assert [(row.line, row.name, row.email) for row in reading.rows] == [
        (1, "Anna Müller", "a@example.com"),
        (2, "Jo Groß", "j@example.com"),
    ]
    assert [note.code for note in reading.notes] == ["file.no-header", "columns.guessed", "columns.guessed"]


def test_who_has_not_finished_gets_nothing_unless_the_status_is_left_out() -> None:
    text = "Name;Status;Kursstatus\nAnna Müller;Abgeschlossen;a\nJo Groß;in Bearbeitung;b\nLea Vogt;;c\n"
    assert codes(people(text)) == [(3, "row.status")]
    assert [row.status for row in people(text).rows] == ["Abgeschlossen", None]
    assert [row.name for row in people(text, mapping={"status": ""}).rows] == ["Anna Müller", "Jo Groß", "Lea Vogt"]
    assert codes(people(text, corrections={(3, 2): "abgeschlossen"})) == []


def test_a_mark_is_for_those_who_have_it() -> None:
    assert codes(people("Name;Anwesend\nAnna Müller;x\nJo Groß;\nLea Vogt;-\nIda Lang;✓\n")) == [
        (3, "row.status"),
        (4, "row.status"),
    ]
    assert codes(people("Name;Anwesend\nAnna Müller;ja\nJo Groß;\n")) == []


def test_who_has_failed_by_the_result_gets_nothing() -> None:
    text = (
        "Name;Ergebnis\nAnna Müller;bestanden\nJo Groß;nicht bestanden\nLea Vogt;Failed\nIda Lang;87,5 %\nUwe Ott;N\n"
    )
    assert codes(people(text)) == [(3, "row.status"), (4, "row.status")]


def test_what_belongs_to_a_family_name_stands_before_it() -> None:
    reading = people("Titel;Vorname;Nachname;Namenszusatz\nDr.;Anna;Müller;\n;Jo;Heide;von der\n")
    assert [row.name for row in reading.rows] == ["Dr. Anna Müller", "Jo von der Heide"]


def test_an_empty_day_of_completion_is_an_error_where_others_have_one() -> None:
    text = "Name;Completion Date\nAnna Müller;2026-11-20\nJo Groß;\n"
    assert codes(people(text)) == [(3, "row.no-day")]
    assert codes(people(text, mapping={"awarded": ""})) == []
    assert codes(people("Name;Completion Date\nAnna Müller;\nJo Groß;\n")) == []
    assert codes(people("Name;Date of Issue\nAnna Müller;2026-11-20\nJo Groß;\n")) == []


def test_where_means_the_header_of_that_name_before_the_field() -> None:
    text = "Name;Completion Status;Status\nAnna Müller;Completed;VIP\nJo Groß;Completed;Guest\n"
    assert [row.name for row in people(text, where=[("status", "vip")]).rows] == ["Anna Müller"]


def test_a_header_that_stands_twice_is_mentioned() -> None:
    reading = people("Name;E-Mail;Datum;Datum\nAnna Müller;a@example.com;20.11.2026;21.11.2026\n")
    assert [row.awarded for row in reading.rows] == [date(2026, 11, 20)]
    assert [(note.code, note.message) for note in reading.notes] == [
        ("columns.twice", "“Datum” is the header of several columns: C was taken, not D")
    ]


def test_the_header_says_how_dates_are_written() -> None:
    text = 'Name;"Date\n(MM/DD/YYYY)"\nAnna Müller;03/04/2026\n'
    assert [row.awarded for row in people(text).rows] == [date(2026, 3, 4)]
    assert people(text).columns[1].header == "Date (MM/DD/YYYY)"
    other = people(text + "Jo Groß;13/04/2026\n")  # the values are stronger than the header
    assert [row.awarded for row in other.rows] == [date(2026, 4, 3), date(2026, 4, 13)]


@pytest.mark.slow
def test_fifty_thousand_rows() -> None:
    rows = "\n".join(f"Anna Müller;anna.{number}@example.com;{number};20.11.2026" for number in range(50_000))
    reading = people(f"Name;E-Mail;Personalnummer;Datum\n{rows}\n\n\n")
    assert reading.counts() == {"ready": 50_000, "warning": 0, "duplicate": 0, "error": 0}


def test_an_empty_list_is_said_to_be_empty() -> None:
    assert [note.code for note in people("Name,E-Mail\n").notes] == ["file.empty"]


def test_example_files(examples: Path) -> None:
    counts = {
        name: read((examples / name).read_bytes(), name, today=TODAY).counts()
        for name in ("people-25.csv", "people-500.csv", "people-awkward.csv", "teilnehmer-cp1252.csv")
    }
    assert counts == {
        "people-25.csv": {"ready": 25, "warning": 0, "duplicate": 0, "error": 0},
        "people-500.csv": {"ready": 500, "warning": 0, "duplicate": 0, "error": 0},
        "people-awkward.csv": {"ready": 24, "warning": 3, "duplicate": 1, "error": 6},
        "teilnehmer-cp1252.csv": {"ready": 8, "warning": 0, "duplicate": 0, "error": 0},
    }


def test_the_reference_lists_every_synonym_and_code(root: Path) -> None:
    from_source = {
        match
        for path in (root / "src/laurea/actions/batches").glob("*.py")
        for match in re.findall(
            r'"((?:row|name|email|table|file|columns|dates|names)\.[a-z-]+)"', path.read_text("utf-8")
        )
    }
    page = (root / "docs/reference/people-files.md").read_text("utf-8")
    assert {code for code in from_source if f"`{code}`" not in page} == set()
    for field, entries in SYNONYMS.items():
        (line,) = [line for line in page.splitlines() if line.startswith(f"| `{field}` |")]
        assert line.endswith(f"| {' · '.join(entries)} |")
    assert " · ".join(UNUSED) in page


@given(st.binary(max_size=400))
def test_any_bytes_give_a_reading_or_one_clear_error(data: bytes) -> None:
    try:
        rows = read(data, "x", today=TODAY).rows
    except TableError:
        rows = ()
    assert all(row.name for row in rows)


_CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.lists(_CELL, min_size=3, max_size=3), max_size=6))
def test_any_cells_below_a_header(rows: list[list[str]]) -> None:
    quoted = [",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows]
    reading = people("\n".join(["Name,E-Mail,Datum", *quoted]))
    lines = [row.line for row in reading.rows]
    assert lines == sorted(set(lines) - set(reading.rejected))
