"""XLSX, ODS and XLS files, written here by other software."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from laurea.actions.batches import Reading, read
from laurea.credentials.errors import TableError

TODAY = date(2026, 11, 24)
HEADER = ("Name", "E-Mail", "Personalnummer", "Datum", "Punkte")
ROWS: Sequence[Sequence[object]] = (
    ("Anna Müller", "anna@example.com", 42, date(2026, 11, 20), 87.5),
    ("Jo Groß", "jo@example.com", "0043", datetime.fromisoformat("2026-11-21 14:05"), 90),
)


def saved(workbook: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def workbook(*sheets: tuple[str, Sequence[Sequence[object]]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return book


def people(data: bytes, **options: object) -> Reading:
    return read(data, "list.xlsx", today=TODAY, **options)  # type: ignore[arg-type]


def test_dates_numbers_and_text() -> None:
    reading = people(saved(workbook(("Liste", (HEADER, *ROWS)))))
    assert [(row.line, row.name, row.employee_number, row.awarded, row.result) for row in reading.rows] == [
        (2, "Anna Müller", "42", date(2026, 11, 20), "87.5"),
        (3, "Jo Groß", "0043", date(2026, 11, 21), "90"),
    ]
    assert (reading.kind, reading.sheet, reading.encoding, reading.notes) == ("xlsx", "Liste", None, ())


def test_a_form_with_merged_cells_numbers_and_places_to_sign() -> None:
    book = workbook(
        (
            "Teilnehmerliste",
            (
                ("Teilnehmerliste Brandschutz",), ("Datum: 20.11.2026",), (),
                ("Nr.", "Name", None, "E-Mail *", "Datum", "Unterschrift"), (None, "Nachname", "Vorname"),
                (1, "Müller", "Anna", "anna@example.com", date(2026, 11, 20)), (2, "Weber", "Jo", None, 46346),
                (3,), (4,), ("Summe", 2), (), ("Ort, Datum: Berlin, 20.11.2026",), ("Kurt Frey (Dozent)",),
            ),
        )
    )  # fmt: skip
    assert book.active is not None
    for merged in ("A1:F1", "A2:F2", "B4:C4"):
        book.active.merge_cells(merged)
    reading = people(saved(book))
    assert [(row.line, row.name, row.awarded) for row in reading.rows] == [
        (6, "Anna Müller", date(2026, 11, 20)),
        (7, "Jo Weber", date(2026, 11, 20)),
    ]
    assert reading.errors == ()
    assert [(span.first, span.last, span.reason) for span in reading.skipped] == [
        (1, 2, "before the header"), (4, 4, "before the header"), (8, 9, "nobody"), (10, 10, "totals"),
        (11, 11, "blank"), (12, 12, "a remark"), (13, 13, "nobody"),
    ]  # fmt: skip


def test_hidden_rows_are_read_and_said() -> None:
    book = workbook(("Übersicht", (("Stand",),)), ("Kurs & Liste", (HEADER, *ROWS, *ROWS, *ROWS)))
    sheet = book["Kurs & Liste"]
    for line in (3, 5, 6):
        sheet.row_dimensions[line].hidden = True
    reading = people(saved(book))
    assert [row.line for row in reading.rows] == [2, 3, 4, 5, 6, 7]
    assert [note.message for note in reading.notes if note.code == "file.hidden-rows"] == [
        "Rows that are hidden in the workbook are read, too: 3, 5–6"
    ]
    book["Kurs & Liste"].sheet_state = "hidden"
    book["Übersicht"].append(["Name", "E-Mail"])
    assert "file.hidden-rows" not in [note.code for note in people(saved(book), sheet="Übersicht").notes]


def test_many_hidden_rows_are_named_in_part() -> None:
    book = workbook(("Liste", (HEADER, *ROWS * 15)))
    assert book.active is not None
    for line in range(3, 30, 2):
        book.active.row_dimensions[line].hidden = True
    assert [note.message for note in people(saved(book)).notes] == [
        "Rows that are hidden in the workbook are read, too: 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, …"
    ]


def test_formulas_without_a_saved_value_are_said() -> None:
    reading = people(saved(workbook(("Liste", (HEADER, *ROWS, ("=A2", "=B2"))))))
    assert [row.line for row in reading.rows] == [2, 3]
    assert [(note.code, "(2)" in note.message) for note in reading.notes] == [("file.unsaved-formulas", True)]


def test_dates_that_a_program_may_have_swapped_are_said() -> None:
    rows = (("Name", "E-Mail", "Datum"), ("Anna Müller", "a@example.com", date(2026, 3, 4)))
    reading = people(saved(workbook(("Liste", (*rows, ("Jo Groß", "j@example.com", "13/04/2026"))))))
    assert [note.code for note in reading.notes] == ["dates.swapped"]
    assert people(saved(workbook(("Liste", (*rows, ("Jo Groß", "j@example.com", "2026-04-13")))))).notes == ()


def test_dates_since_1904() -> None:
    book = workbook(("Liste", (HEADER, *ROWS, ("Lea Vogt", "lea@example.com", 44, 44884, 1))))
    book.epoch = CALENDAR_MAC_1904
    assert [row.awarded for row in people(saved(book)).rows] == [
        date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 20),
    ]  # fmt: skip


def test_a_serial_number_without_date_format() -> None:
    assert people(saved(workbook(("L", (HEADER, ("Lea Vogt", "l@example.com", 1, 46346, 1)))))).rows[0].awarded == date(
        2026, 11, 20
    )


def test_merged_title_empty_rows_and_an_offset() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["C2"] = "Participants of the course"
    sheet.merge_cells("C2:F2")
    for column, value in enumerate(HEADER, 3):
        sheet.cell(4, column, value)
    for line, row in enumerate(ROWS, 5):
        for column, value in enumerate(row, 3):
            sheet.cell(line, column, value)
    reading = people(saved(book))
    assert (reading.header_line, [row.line for row in reading.rows]) == (4, [5, 6])
    assert [(column.letter, column.header) for column in reading.columns if column.field == "name"] == [("C", "Name")]


def test_the_sheet_with_a_list_is_taken() -> None:
    reading = people(saved(workbook(("Read me", (("How to fill in",),)), ("Liste", (HEADER, *ROWS)))))
    assert (reading.sheet, [note.code for note in reading.notes]) == ("Liste", ["file.sheet"])


def test_several_lists_are_a_question() -> None:
    data = saved(workbook(("May", (HEADER, *ROWS)), ("June", (HEADER, *ROWS[:1]))))
    (question,) = people(data).questions
    assert (question.parameter, [choice.value for choice in question.choices]) == ("sheet", ["May", "June"])
    assert [row.name for row in people(data, sheet="June").rows] == ["Anna Müller"]
    with pytest.raises(TableError) as caught:
        people(data, sheet="July")
    assert (caught.value.code, caught.value.hint) == ("table.unknown-sheet", "The sheets are “May”, “June”")


def test_hidden_sheets_only_when_nothing_else_is_there() -> None:
    book = workbook(("May", (HEADER, *ROWS)), ("Old", (HEADER, *ROWS)))
    book["Old"].sheet_state = "hidden"
    assert people(saved(book)).sheet == "May"


def test_formulas_count_by_the_value_that_was_saved() -> None:
    reading = people(
        saved(workbook(("L", (("Name", "Datum"), ("=1+1", date(2026, 1, 1)), ("Anna Müller", time(9, 30))))))
    )
    assert [(error.line, error.code) for error in reading.errors] == [(2, "row.no-name"), (3, "row.date")]


def test_ods() -> None:
    rows = "".join(
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>{name}</text:p>'
        f"</table:table-cell>{cell}</table:table-row>"
        for name, cell in (
            ("Name", '<table:table-cell office:value-type="string"><text:p>Datum</text:p></table:table-cell>'),
            ("Anna Müller", '<table:table-cell office:value-type="date" office:date-value="2026-11-20"/>'),
        )
    )
    reading = people(
        ods(rows + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>')
    )
    assert [(row.line, row.name, row.awarded) for row in reading.rows] == [(2, "Anna Müller", date(2026, 11, 20))]
    assert reading.kind == "ods"


def ods(rows: str) -> bytes:
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="L">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return stream.getvalue()


def test_an_ods_cell_repeated_over_the_whole_sheet_is_refused() -> None:
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell>"
    )
    with pytest.raises(TableError) as caught:
        people(ods(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'))
    assert caught.value.code == "table.too-large"
